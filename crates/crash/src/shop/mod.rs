//! The load: a small shop, and clients that buy in it and work on its orders.

mod book;
mod buyer;
mod catalogue;
mod drive;
mod facts;
mod order;
mod request;
mod stock;

pub(crate) use book::{KnownOrder, Place};
pub(crate) use buyer::{Buyer, Count, Traffic};
pub(crate) use catalogue::open;
pub(crate) use facts::Facts;
