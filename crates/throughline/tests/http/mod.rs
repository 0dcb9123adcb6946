//! Stories over HTTP, a file for each part of the API.

mod amending;
mod availability;
mod batch;
mod calendars;
mod carriers;
mod catalogue;
mod choices;
mod closures;
mod drafts;
mod errors;
mod events;
mod fulfilling;
mod geo;
mod idempotency;
mod keys;
mod lists;
mod orders;
mod permissions;
mod promises;
mod reports;
mod screening;
mod server;
mod sourcing;
mod stock;
mod supply;
mod support;
