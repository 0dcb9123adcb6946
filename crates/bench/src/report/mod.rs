//! The table that comes out, and the document it is written to.

pub(crate) mod document;
pub(crate) mod machine;
pub(crate) mod notes;
pub(crate) mod row;
