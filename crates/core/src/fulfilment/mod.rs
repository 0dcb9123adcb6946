//! Fulfilments: what one location does for an order, from accepting to the outcome.

mod accept;
mod collect;
mod lots;
mod merge;
mod move_to;
mod outcome;
mod pack;
mod pick;
mod ready;
mod reject;
mod serials;
mod ship;
mod split;
mod turned_down;
mod variance;

pub use accept::{AcceptFulfilment, accept_fulfilment};
pub use collect::{CollectFulfilment, collect_fulfilment};
pub use lots::ScannedLot;
pub(crate) use merge::can_merge;
#[cfg(test)]
pub(crate) use merge::fits_together;
pub use merge::{MergeFulfilments, merge_fulfilments};
pub(crate) use move_to::can_move;
pub use move_to::{MoveFulfilment, move_fulfilment};
pub use outcome::{OutcomeScope, RecordOutcome, record_outcome};
pub use pack::{NewPackage, PackFulfilment, pack_fulfilment};
pub use pick::{PickFulfilment, PickLine, pick_fulfilment};
pub use ready::{MarkReady, mark_ready};
pub use reject::{RejectFulfilment, reject_fulfilment};
pub use ship::{ShipFulfilment, ShippedPackage, ship_fulfilment};
pub(crate) use split::can_split;
#[cfg(test)]
pub(crate) use split::smallest_part;
pub use split::{SplitFulfilment, split_fulfilment};
pub use variance::Variance;
