//! Returns: goods coming back.

pub mod get;
pub mod receive;
pub mod view;
