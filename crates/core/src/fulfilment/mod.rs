//! Fulfilments: what one location does for an order, from accepting to the outcome.

mod accept;
mod collect;
mod outcome;
mod pack;
mod pick;
mod ready;
mod reject;
mod ship;
mod turned_down;
mod variance;

pub use accept::{AcceptFulfilment, accept_fulfilment};
pub use collect::{CollectFulfilment, collect_fulfilment};
pub use outcome::{OutcomeScope, RecordOutcome, record_outcome};
pub use pack::{NewPackage, PackFulfilment, pack_fulfilment};
pub use pick::{PickFulfilment, PickLine, pick_fulfilment};
pub use ready::{MarkReady, mark_ready};
pub use reject::{RejectFulfilment, reject_fulfilment};
pub use variance::Variance;
pub use ship::{ShipFulfilment, ShippedPackage, ship_fulfilment};
