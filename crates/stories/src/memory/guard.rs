//! The guards of a commit: whatever a process has cached, only what fits the tables is written.

use throughline_core::Decision;
use throughline_core::id::ItemId;
use throughline_core::inventory::{Level, LotLevel, ReservationState, StockMove};
use throughline_core::network::CapacityUnit;

use super::database::Database;
use crate::check::queue;

/// What was not as the batch had been decided on.
#[derive(Debug, Default)]
pub(super) struct FailedGuards {
    /// Items whose stock or master data is other than it was seen.
    pub(super) items: Vec<ItemId>,
    /// Whether claims exist already that the batch takes.
    pub(super) claims: bool,
    /// Whether orders or reservations are other than they were seen.
    pub(super) bodies: bool,
    /// Whether days of locations are fuller than they were seen.
    pub(super) days: bool,
    /// Whether the settings are others.
    pub(super) settings: bool,
}

impl FailedGuards {
    fn is_empty(&self) -> bool {
        self.items.is_empty() && !self.claims && !self.bodies && !self.days && !self.settings
    }
}

impl Database {
    /// Writes the batch, or nothing of it.
    pub(super) fn commit(
        &mut self,
        decisions: &[Decision],
        network: i64,
    ) -> Result<(), FailedGuards> {
        let mut failed = FailedGuards {
            settings: self.network.version != network,
            ..FailedGuards::default()
        };
        let mut next = self.clone();
        for decision in decisions {
            next.guard(decision, &mut failed);
            next.write(decision);
        }
        if failed.is_empty() {
            *self = next;
            Ok(())
        } else {
            Err(failed)
        }
    }

    fn guard(&self, decision: &Decision, failed: &mut FailedGuards) {
        for revised in &decision.count_tasks {
            let known = self.count_tasks.get(&revised.after.id);
            failed.bodies |= known.map_or(0, |task| task.version) != revised.was;
        }
        failed.claims |= decision
            .claims
            .iter()
            .any(|(key, _)| self.claims.contains_key(key));
        failed.bodies |= decision.orders.iter().any(|revised| {
            let before = revised.before.as_ref().map(|order| order.version);
            before
                != self
                    .orders
                    .get(&revised.after.id)
                    .map(|told| told.order.version)
        });
        failed.bodies |= decision.reservations.iter().any(|reservation| {
            let known = self.reservations.get(&reservation.id);
            known.is_some_and(|known| known.state != ReservationState::Active)
        });
        failed.days |= decision.loads.iter().any(|changed| {
            let known = self.loads.get(&changed.day).copied().unwrap_or_default();
            let is_over = |unit| {
                let (was, change) = (known.of(unit), changed.change.of(unit));
                change > 0 && was > 0 && was + change > changed.most.of(unit)
            };
            [
                CapacityUnit::Orders,
                CapacityUnit::Lines,
                CapacityUnit::Units,
            ]
            .into_iter()
            .any(is_over)
        });
        failed.days |= decision.bookings.iter().any(|changed| {
            let known = self
                .bookings
                .get(&changed.slot)
                .copied()
                .unwrap_or_default();
            let units = known + changed.change;
            units < 0 || changed.change > 0 && units > changed.most
        });
        failed.bodies |= decision.supplies.iter().any(|revised| {
            let known = self.supplies.get(&revised.after.id);
            known.map_or(0, |told| told.supply.version) != revised.was
        });
        failed.bodies |= decision.tallies.iter().any(|(key, tally)| {
            let known = self.tallies.get(key).map_or(0, |known| known.version);
            known + 1 != tally.version
        });
        failed.bodies |= decision.accounts.iter().any(|(customer, account)| {
            let known = self.accounts.get(customer).map_or(0, |known| known.version);
            known + 1 != account.version
        });
        for item in &decision.items {
            let known = self.items.get(&item.id).map_or(0, |known| known.version);
            if known + 1 != item.version {
                failed.items.push(item.id);
            }
        }
        for (item, seen) in &decision.waited_seen {
            let orders = self.orders.values().map(|told| told.order.as_ref());
            let waited: i64 = queue(orders, *item).iter().map(|row| row.quantity).sum();
            if waited != *seen {
                failed.items.push(*item);
            }
        }
        for known in &decision.lots {
            let key = (known.item, known.lot.code.clone());
            if self.known_lots.contains_key(&key) {
                failed.items.push(known.item);
            }
        }
        for entry in &decision.serials {
            let key = (entry.item, entry.serial.clone());
            let new = decision.serials.iter();
            let new =
                new.filter(|other| (other.item, &other.serial) == (entry.item, &entry.serial));
            let first = new.map(|other| other.seq).min().unwrap_or(entry.seq);
            let known = self.serials.get(&key).map_or(0, |last| last.seq);
            if first != known + 1 {
                failed.items.push(entry.item);
            }
        }
        self.guard_levels(&decision.moves, failed);
        self.guard_lots(&decision.moves, failed);
    }

    /// The same for the lots that they name.
    fn guard_lots(&self, moves: &[StockMove], failed: &mut FailedGuards) {
        let mut lots = self.lots.clone();
        for moved in moves {
            let Some(lot) = &moved.lot else { continue };
            let place = (moved.item, moved.location, lot.code.clone());
            let level = lots.entry(place);
            let level = level.or_insert_with(|| LotLevel::empty(moved.location, lot.clone()));
            let seen = moved.saw_on_hand.is_none_or(|saw| saw == level.on_hand);
            level.apply(&moved.change);
            if !seen || !level.is_sound() {
                failed.items.push(moved.item);
            }
        }
    }

    /// Each move on the level as the earlier ones have left it.
    fn guard_levels(&self, moves: &[StockMove], failed: &mut FailedGuards) {
        let mut levels = self.levels.clone();
        for moved in moves {
            let limit = self
                .items
                .get(&moved.item)
                .map_or(0, |item| item.oversell_limit);
            let level = levels.entry((moved.item, moved.location));
            let level = level.or_insert_with(|| Level::empty(moved.location, limit));
            let seen = moved.saw_of_level();
            let seen = seen.is_none_or(|saw| saw == level.on_hand);
            level.apply(&moved.change);
            let safety = if moved.claims() { level.safety } else { 0 };
            let claimable =
                level.on_hand + level.oversell_limit - level.allocated - level.reserved - safety;
            if !seen || claimable < 0 || !level.is_sound() {
                failed.items.push(moved.item);
            }
        }
    }
}
