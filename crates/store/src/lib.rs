//! The only place with SQL: migrations, load, commit, views, feeds and jobs, on SQLite and PostgreSQL.
//!
//! [`Store`] is one concrete type over two engines. A [`Writer`] loads facts and commits batches of decisions;
//! [`Store::read`] lends a connection with a consistent snapshot to the views.

mod claim;
mod engine;
mod error;
pub mod jobs;
mod load;
mod migrate;
mod numbers;
mod store;
mod write;

pub use engine::{Connection, Engine, Fault, Faults};
pub use error::{FailedGuards, Retry, StoreError};
pub use migrate::Database;
pub use store::{Options, Store};
pub use write::{Batch, Committed, Writer};
