//! Visits: somebody comes and does a service, after the goods that it is for are there.

pub mod book;
pub mod complete;
pub mod get;
pub mod list;
pub mod miss;
pub mod rebook;
pub mod slots;
mod verb;
pub mod view;

pub(super) use verb::visit_of;
