//! `throughline demo`: real orders, from placing to return, on a database of their own, and then the API over them.
//!
//! The orders are those of `data/uci`, and so are their units, prices, customers' numbers and cancellations. What the data
//! does not know is made up by rule and the same each time: a few locations with stock, a town for every customer, and
//! what happens on the way. Nobody is invented: customers stay numbers.

mod database;
mod fate;
mod network;
mod report;
mod run;
mod sheet;
mod stock;
mod tally;
mod towns;
mod walk;

pub(super) use run::{DemoArgs, demo};
