//! Orders: what was ordered, how far it is, and the journal that made it so.

mod actions;
pub mod amend;
pub mod bulk;
pub mod cancel;
pub(crate) mod cases;
pub(crate) mod checks;
pub mod choice;
mod effects;
mod entry;
pub mod escalate;
mod evolve;
pub mod hold;
mod invariants;
mod leg;
mod load;
mod lots;
pub mod note;
pub mod place;
mod placed;
mod production;
mod progress;
pub mod queue;
pub mod replay;
pub mod schedule;
pub mod screening;
mod serials;
pub mod source;
mod status;
mod totals;
mod visit;

pub use actions::{Verb, available_actions};
pub use effects::stock_moves;
pub use entry::{
    Allotment, Awaited, BegunBecause, Entry, FulfilmentUnits, LineUnits, PaymentChange, Record,
    ReleaseReason, Route,
};
pub use evolve::{evolve, fold};
pub use invariants::{Violation, violations};
pub use leg::{Leg, LegKind, LegState, legs};
pub use load::{LocationDay, load_changes, loads};
pub use lots::{FulfilmentLot, LineLot, PickedLot, ReleasedLot, ReturnedLot, shipped_lots};
pub(crate) use lots::{complete as complete_lots, used as used_of_lot};
pub use placed::{Charge, Line, Method, Placed};
pub use production::{Production, ProductionState, is_being_made, waits_for_stock};
pub use progress::{
    Cancelled, Found, Fulfilment, FulfilmentLine, Hold, HoldKind, LineProgress, Outcome, Package,
    Progress, RequestStatus, Return, ReturnLine, Schedule, Shipment, TRIES_MAX, Try, Units,
    WorkDay,
};
pub(crate) use serials::complete as complete_serials;
pub use serials::{
    LineSerial, ReleasedSerial, ReturnedSerial, SerialChange, serial_changes, shipped_serials,
};
pub use status::{
    FulfilmentState, FulfilmentStatus, OrderStatus, PaymentStatus, ReturnStatus, ReturnsStatus,
    Statuses, statuses,
};
pub use totals::{Totals, cancelled_units, totals};
pub use visit::{Visit, VisitReason, VisitState, VisitTime, left_to_deliver};

use std::sync::Arc;

use crate::id::{ItemId, OrderId};
use crate::network::LocationId;
use crate::time::Millis;

/// One order: what was ordered and how far it is. Only [`evolve`] changes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Identity.
    pub id: OrderId,
    /// The number people use.
    pub number: u64,
    /// The sequence number of the last journal entry, from 1.
    pub version: u64,
    /// When it last changed: the time of its latest entry.
    pub updated_at: Millis,
    /// What was ordered; rewritten only by placing and amending.
    pub placed: Arc<Placed>,
    /// How far it is; rewritten by every verb.
    pub progress: Progress,
}

impl Order {
    /// Units of an item that its unshipped fulfilment lines claim at a location.
    #[must_use]
    pub fn claimed(&self, item: ItemId, location: LocationId) -> i64 {
        let fulfilments = self.progress.fulfilments.iter();
        let here = fulfilments.filter(|fulfilment| fulfilment.location == Some(location));
        let lines = here.flat_map(|fulfilment| &fulfilment.lines);
        let of_item = lines.filter(|entry| {
            let line = self.placed.line(entry.line);
            line.is_some_and(|line| line.item == Some(item))
        });
        of_item.map(|entry| entry.units.unshipped()).sum()
    }

    /// An order without contents, to stand in while the real one is being evolved.
    #[must_use]
    pub(crate) fn placeholder() -> Self {
        Self {
            id: OrderId::from_uuid(uuid::Uuid::nil()),
            number: 0,
            version: 0,
            updated_at: Millis(0),
            placed: Arc::default(),
            progress: Progress::default(),
        }
    }
}
