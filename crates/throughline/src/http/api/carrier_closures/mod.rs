//! Closures of carrier services: a strike, a storm.

pub mod body;
pub mod create;
pub mod end;
pub mod get;
pub mod list;
pub mod put;
pub mod report;
pub mod view;
