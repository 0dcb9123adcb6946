//! Calendars: on which days, and in which hours, somebody works.

pub mod body;
pub mod create;
pub mod get;
pub mod hours;
pub mod list;
pub mod put;
pub mod view;
