//! What the tests share: throw-away databases on both engines, and a small shop that decides and commits.

mod databases;
mod shop;

pub(crate) use databases::{Database, on_every_engine};
pub(crate) use shop::{Shop, line, load_order, order};
