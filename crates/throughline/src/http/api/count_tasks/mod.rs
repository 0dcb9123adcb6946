//! Cycle counts: tasks to count, what was counted, and who agreed.

pub mod count;
pub mod create;
pub mod decide;
pub mod get;
pub mod list;
pub mod rounds;
pub mod view;
