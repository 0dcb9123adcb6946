//! What the product is measured against: the disk, a server that stores nothing, and the same
//! orders written by hand into PostgreSQL and SQLite.

pub(crate) mod disk;
pub(crate) mod postgres;
pub(crate) mod same_rows;
pub(crate) mod sqlite_loop;
