//! Channels: where orders come from.

pub mod body;
pub mod create;
pub mod get;
pub mod list;
pub mod put;
mod schedule;
pub mod sells;
pub mod slips;
pub mod view;
