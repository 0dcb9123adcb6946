//! Blanket agreements: what customers call off in a period, at agreed prices.

pub mod calls;
pub mod close;
pub mod create;
pub mod get;
pub mod list;
pub mod view;
