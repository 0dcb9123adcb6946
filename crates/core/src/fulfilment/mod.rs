//! Fulfilments: what one location does for an order, from accepting to the outcome.

mod accept;
mod collect;
mod lots;
mod outcome;
mod pack;
mod pick;
mod ready;
mod reject;
mod ship;

pub use accept::{AcceptFulfilment, accept_fulfilment};
pub use collect::{CollectFulfilment, collect_fulfilment};
pub use lots::ScannedLot;
pub use outcome::{OutcomeScope, RecordOutcome, record_outcome};
pub use pack::{NewPackage, PackFulfilment, pack_fulfilment};
pub use pick::{PickFulfilment, PickLine, pick_fulfilment};
pub use ready::{MarkReady, mark_ready};
pub use reject::{RejectFulfilment, reject_fulfilment};
pub use ship::{ShipFulfilment, ShippedPackage, ship_fulfilment};
