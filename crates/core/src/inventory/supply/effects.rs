//! What an entry of supply does to stock. Units of a transfer leave with the entry that begins it, and are in transit
//! where they will come to for as long as they are outstanding.

use super::{Supply, SupplyEntry, SupplyRecord};
use crate::inventory::{LevelChange, Lot, MoveReason, Reference, StockMove};
use crate::network::LocationId;

/// The movements of stock that go with an entry. `before` is nothing for the entry that begins the supply.
#[must_use]
pub(crate) fn supply_moves(
    before: Option<&Supply>,
    after: &Supply,
    entry: &SupplyEntry,
) -> Vec<StockMove> {
    let came = before.map_or(0, Supply::outstanding) - after.outstanding();
    match &entry.record {
        SupplyRecord::Created { note, .. } => {
            let Some(from) = after.left_from() else {
                return Vec::new();
            };
            let told = Told::of(after, None, note.as_deref()).lot(after.lot.as_ref());
            vec![
                told.on_hand(from, -after.ordered, MoveReason::TransferredOut),
                told.in_transit(after.ordered, MoveReason::TransferStarted),
            ]
        }
        SupplyRecord::Changed { .. } => Vec::new(),
        SupplyRecord::Received {
            quantity,
            lost,
            reference,
            reason,
            lot,
        } => {
            let told = Told::of(after, reference.as_deref(), reason.as_deref());
            let told = told.lot(lot.as_ref());
            match after.left_from() {
                None => vec![told.on_hand(after.location, *quantity, MoveReason::Received)],
                Some(_) => told.arrival(*quantity, came - lost, *lost),
            }
        }
        SupplyRecord::Cancelled { quantity, reason } => {
            let Some(from) = after.left_from() else {
                return Vec::new();
            };
            let told = Told::of(after, None, Some(reason)).lot(after.lot.as_ref());
            vec![
                told.in_transit(-quantity, MoveReason::TransferRecalled),
                told.on_hand(from, *quantity, MoveReason::TransferRecalled),
            ]
        }
    }
}

/// Movements of one supply, and what is said of them.
struct Told<'a> {
    supply: &'a Supply,
    reference: Reference,
    lot: Option<Lot>,
}

impl<'a> Told<'a> {
    fn of(supply: &'a Supply, reference: Option<&str>, note: Option<&str>) -> Self {
        let reference = Reference::Supply {
            id: supply.id,
            reference: reference.map(str::to_owned),
            note: note.map(str::to_owned),
        };
        Self {
            supply,
            reference,
            lot: None,
        }
    }

    fn lot(self, lot: Option<&Lot>) -> Self {
        Self {
            lot: lot.cloned(),
            ..self
        }
    }

    fn moved(&self, location: LocationId, change: LevelChange, reason: MoveReason) -> StockMove {
        StockMove {
            item: self.supply.item,
            location,
            change,
            reason,
            reference: self.reference.clone(),
            saw_on_hand: None,
            lot: self.lot.clone(),
        }
    }

    fn on_hand(&self, location: LocationId, units: i64, reason: MoveReason) -> StockMove {
        let change = LevelChange {
            on_hand: units,
            ..LevelChange::default()
        };
        self.moved(location, change, reason)
    }

    fn in_transit(&self, units: i64, reason: MoveReason) -> StockMove {
        let change = LevelChange {
            in_transit: units,
            ..LevelChange::default()
        };
        self.moved(self.supply.location, change, reason)
    }

    /// Units of a transfer come in; of these so many were in transit, and others are lost.
    fn arrival(&self, units: i64, were_in_transit: i64, lost: i64) -> Vec<StockMove> {
        let change = LevelChange {
            on_hand: units,
            in_transit: -were_in_transit,
            ..LevelChange::default()
        };
        let came = self.moved(self.supply.location, change, MoveReason::TransferredIn);
        let lost = self.in_transit(-lost, MoveReason::LostInTransit);
        vec![came, lost]
    }
}
