//! `throughline import`: a spreadsheet of orders becomes orders, once, however often it is run; and tables of postal
//! codes ([`geo`]) become places.
//!
//! The file is read twice. The first reading ([`Plan`](plan::Plan)) says which items and channels are needed, so that
//! they are there before the first order. The second one places orders, many at a time; cancellations follow when all
//! orders are known. Every command carries a key made of the file's own names, so that a run after an interruption, or
//! a second run, finds what is there already and changes nothing.

mod account;
mod cancellations;
mod customers;
mod files;
mod fingerprint;
mod geo;
mod made;
mod orders;
mod placing;
mod plan;
mod prepare;
mod reasons;
mod rejects;
mod report;
mod run;
mod take_back;
mod verify;

pub(super) use orders::{new_order, place, total_minor};
pub(super) use prepare::item;
pub(super) use run::{Import, import};
