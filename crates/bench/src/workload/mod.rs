//! The shop that every measurement serves: what it sells, where it keeps it, what is ordered.

pub(crate) mod catalogue;
pub(crate) mod order;
pub(crate) mod request;
pub(crate) mod stream;
