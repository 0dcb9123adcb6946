//! Stories over HTTP, a file for each part of the API.

mod amending;
mod availability;
mod batch;
mod calendars;
mod carriers;
mod catalogue;
mod collecting;
mod drafts;
mod errors;
mod events;
mod fulfilling;
mod geo;
mod idempotency;
mod keys;
mod legs;
mod lists;
mod orders;
mod permissions;
mod reports;
mod screening;
mod server;
mod sourcing;
mod stock;
mod supply;
mod support;
mod tracking;
