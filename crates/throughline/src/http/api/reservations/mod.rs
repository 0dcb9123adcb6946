//! Reservations: soft claims on stock with an expiry.

pub mod create;
pub mod end;
pub mod get;
pub mod view;
