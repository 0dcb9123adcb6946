//! Two engines behind one concrete type: statements go in as text with columns of parameters, rows come out as cells.

mod columns;
mod connection;
mod faults;
pub(crate) mod postgres;
mod rows;
mod sqlite;
mod statement;

pub use connection::Connection;
pub use faults::{Fault, Faults};

pub(crate) use columns::Columns;
pub(crate) use connection::{Outcome, Step, Target};
pub(crate) use rows::{Cell, Row, Rows};
pub(crate) use sqlite::SqliteTarget;
pub(crate) use statement::Statement;

/// Which database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}
