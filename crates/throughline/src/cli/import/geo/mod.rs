//! `throughline import geo`: tables of postal codes become places that addresses are found by.

mod report;
mod run;
mod table;
mod unpack;

pub(in crate::cli) use run::{GeoArgs, import};
