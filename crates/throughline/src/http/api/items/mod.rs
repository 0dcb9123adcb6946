//! Items: the master data of SKUs.

pub mod body;
pub mod create;
pub mod get;
pub mod list;
pub mod lots;
pub mod making;
pub mod prices;
pub mod put;
pub mod selling;
pub mod serials;
pub mod tracking;
pub mod view;
pub mod visiting;
