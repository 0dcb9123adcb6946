//! Where addresses are: points, postal codes, the middles of countries, and how exactly a place is known.

mod centre;
mod code;
mod located;
mod point;
mod wanted;

pub use centre::country_centre;
pub use code::{Area, areas, normalised};
pub use located::{Located, LocatedBy};
pub use point::Point;
pub use wanted::wanted;
