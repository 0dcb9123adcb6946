//! The only place with SQL: migrations, load, commit, views, feeds and jobs, on SQLite and PostgreSQL.
//!
//! [`Store`] is one concrete type over two engines. A [`Writer`] loads facts and commits batches of decisions;
//! [`Store::read`] lends a connection with a consistent snapshot to the views.

pub mod bulk;
mod claim;
pub mod closures;
mod cursor;
mod engine;
mod error;
pub mod feed;
mod integrity;
pub mod jobs;
pub mod keys;
mod load;
mod migrate;
mod numbers;
mod postal;
mod projection;
mod prune;
pub mod sourcing_runs;
mod sql;
mod store;
pub mod views;
mod write;

pub use engine::postgres::POSTGRES_OPTIONS;
pub use engine::{Connection, Engine, Fault, Faults};
pub use error::{FailedGuards, Retry, StoreError};
pub use integrity::{VIOLATIONS_MAX, check_file, check_invariants};
pub use keys::ApiKey;
pub use migrate::Database;
pub use postal::{PostalArea, PostalLoaded, PostalLoader};
pub use projection::Pace;
pub use prune::{KEPT_MS, Pruner, RUNS_KEPT_MS};
pub use sql::{StatementText, migrations, statements};
pub use store::{Options, Store};
pub use write::{Batch, Committed, Loader, Writer};
