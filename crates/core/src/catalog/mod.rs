//! Items: the master data of SKUs.

mod gtin;
mod item;
mod put_item;

pub use gtin::{Gtin, InvalidGtin};
pub use item::{Component, Dimensions, Item};
pub use put_item::{PutItem, put_item};
