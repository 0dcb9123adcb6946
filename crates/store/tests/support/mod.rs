//! What the tests share: throw-away databases on both engines, and a small shop that decides and commits.

mod databases;
mod shop;

pub(crate) use databases::{BEGIN, Database, on_every_engine, server};
pub(crate) use shop::{Planned, Shop, line, order};
