//! Orders.

pub mod amend;
pub mod approvals;
pub mod batch;
pub mod body;
pub mod bulk_actions;
pub mod cancel;
pub mod choice_view;
pub mod choices;
pub mod entry;
pub mod get;
pub mod hold_view;
pub mod holds;
pub mod journal;
pub mod kinds;
pub mod list;
pub mod notes;
pub mod payments;
pub mod place;
pub mod priority;
pub mod promised;
pub mod returns;
pub mod source;
pub mod sourcing;
pub mod tags;
pub mod view;
pub mod weighing;
