//! The same orders as a careful developer would write them into PostgreSQL by hand: one
//! transaction an order, prepared statements, guarded stock updates in one lock order.

pub(crate) mod cluster;
pub(crate) mod hand;
pub(crate) mod one_statement;
pub(crate) mod separate;
