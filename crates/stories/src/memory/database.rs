//! The tables of the database in memory. What is written goes through its text form, as it would on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use throughline_core::Decision;
use throughline_core::booking::Slot;
use throughline_core::catalog::Item;
use throughline_core::decision::{RevisedOrder, RevisedSupply};
use throughline_core::facts::{Claim, ClaimKey};
use throughline_core::id::{CountTaskId, CustomerId, ItemId, OrderId, ReservationId, SupplyId};
use throughline_core::inventory::{
    CountTask, Exclusion, KnownLot, Level, LotCode, LotLevel, Reservation, SerialEntry,
    SerialNumber, SupplyEntry,
};
use throughline_core::network::{Load, LocationId, Network};
use throughline_core::order::screening::{Tally, TallyKey};
use throughline_core::order::{Entry, LocationDay, Order};
use throughline_core::party::{Account, Contact};
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::snapshot::{LedgerRow, Snapshot, Told, ToldSupply};

/// The tables.
#[derive(Debug, Clone, Default)]
pub(super) struct Database {
    pub(super) network: Arc<Network>,
    pub(super) items: BTreeMap<ItemId, Arc<Item>>,
    pub(super) orders: BTreeMap<OrderId, Told>,
    pub(super) levels: BTreeMap<(ItemId, LocationId), Level>,
    pub(super) known_lots: BTreeMap<(ItemId, LotCode), KnownLot>,
    pub(super) lots: BTreeMap<(ItemId, LocationId, LotCode), LotLevel>,
    /// The last entries of units with serial numbers.
    pub(super) serials: BTreeMap<(ItemId, SerialNumber), SerialEntry>,
    pub(super) ledger: Vec<LedgerRow>,
    pub(super) reservations: BTreeMap<ReservationId, Arc<Reservation>>,
    pub(super) supplies: BTreeMap<SupplyId, ToldSupply>,
    pub(super) count_tasks: BTreeMap<CountTaskId, Arc<CountTask>>,
    pub(super) claims: BTreeMap<ClaimKey, Claim>,
    pub(super) contacts: BTreeMap<Uuid, Contact>,
    pub(super) tallies: BTreeMap<TallyKey, Tally>,
    pub(super) accounts: BTreeMap<CustomerId, Account>,
    pub(super) jobs: BTreeSet<ItemId>,
    pub(super) later: BTreeSet<(Millis, ItemId)>,
    pub(super) exclusions: BTreeMap<(ItemId, LocationId), Exclusion>,
    pub(super) numbers_used: u64,
    pub(super) loads: BTreeMap<LocationDay, Load>,
    pub(super) bookings: BTreeMap<Slot, i64>,
}

impl Database {
    pub(super) fn snapshot(&self, now: Millis) -> Snapshot {
        let exclusions = self.exclusions.iter().filter(|(_, one)| one.until > now);
        Snapshot {
            exclusions: exclusions.map(|(place, one)| (*place, *one)).collect(),
            network: Arc::clone(&self.network),
            items: self.items.clone(),
            orders: self.orders.clone(),
            levels: self.levels.clone(),
            lots: self.used_lots(),
            ledger: self.ledger.clone(),
            reservations: self.reservations.clone(),
            loads: self.loads.clone(),
            bookings: self.bookings.clone(),
            supplies: self.supplies.clone(),
            count_tasks: self
                .count_tasks
                .iter()
                .map(|(id, task)| (*id, task.as_ref().clone()))
                .collect(),
        }
    }

    /// Writes what one decision changes. Its guards hold.
    pub(super) fn write(&mut self, decision: &Decision) {
        if let Some(network) = &decision.network {
            self.network = Arc::clone(network);
        }
        for item in &decision.items {
            self.items.insert(item.id, Arc::clone(item));
            let levels = self.levels.iter_mut().filter(|((id, _), _)| *id == item.id);
            levels.for_each(|(_, level)| level.oversell_limit = item.oversell_limit);
        }
        for known in &decision.lots {
            let key = (known.item, known.lot.code.clone());
            self.known_lots.insert(key, known.clone());
        }
        for entry in &decision.serials {
            let key = (entry.item, entry.serial.clone());
            self.serials.insert(key, entry.clone());
        }
        for moved in &decision.moves {
            let limit = self
                .items
                .get(&moved.item)
                .map_or(0, |item| item.oversell_limit);
            let level = self.levels.entry((moved.item, moved.location));
            let level = level.or_insert_with(|| Level::empty(moved.location, limit));
            level.apply(&moved.change);
            if let Some(lot) = &moved.lot {
                let place = (moved.item, moved.location, lot.code.clone());
                let level = self.lots.entry(place);
                let level = level.or_insert_with(|| LotLevel::empty(moved.location, lot.clone()));
                level.apply(&moved.change);
            }
            self.ledger.push(LedgerRow {
                lot: moved.lot.as_ref().map(|lot| lot.code.clone()),
                item: moved.item,
                location: moved.location,
                change: moved.change,
                reason: moved.reason.as_str().to_owned(),
            });
        }
        decision
            .orders
            .iter()
            .for_each(|revised| self.write_order(revised));
        for reservation in &decision.reservations {
            let stored = Arc::new(stored(reservation));
            self.reservations.insert(reservation.id, stored);
        }
        for changed in &decision.loads {
            let load = self.loads.entry(changed.day).or_default();
            *load = load.plus(changed.change);
        }
        for changed in &decision.bookings {
            *self.bookings.entry(changed.slot).or_default() += changed.change;
        }
        for revised in &decision.count_tasks {
            let task = Arc::new(stored(revised.after.as_ref()));
            self.count_tasks.insert(task.id, task);
        }
        let supplies = decision.supplies.iter();
        supplies.for_each(|revised| self.write_supply(revised));
        self.claims.extend(decision.claims.iter().cloned());
        self.contacts.extend(decision.contacts.iter().cloned());
        self.tallies.extend(decision.tallies.iter().cloned());
        self.accounts.extend(decision.accounts.iter().cloned());
        for revised in &decision.exclusions {
            let place = (revised.item, revised.after.location);
            self.exclusions.insert(place, revised.after);
        }
        self.jobs.extend(decision.serve_later.iter().copied());
        let later = decision.serve_at.iter().map(|(item, at)| (*at, *item));
        self.later.extend(later);
        self.numbers_used += decision.numbers_used;
    }

    /// Lots that have units somewhere.
    fn used_lots(&self) -> BTreeMap<(ItemId, LocationId, LotCode), LotLevel> {
        let used = self.lots.iter();
        let used = used.filter(|(_, level)| level.counts() != [0; 5]);
        used.map(|(place, level)| (place.clone(), level.clone()))
            .collect()
    }

    fn write_supply(&mut self, revised: &RevisedSupply) {
        let supply = Arc::new(stored(revised.after.as_ref()));
        let told = self
            .supplies
            .entry(supply.id)
            .or_insert_with(|| ToldSupply {
                supply: Arc::clone(&supply),
                journal: Vec::new(),
            });
        told.supply = supply;
        let entries = revised.entries.iter().map(|entry| SupplyEntry {
            record: stored(&entry.record),
            ..entry.clone()
        });
        told.journal.extend(entries);
    }

    fn write_order(&mut self, revised: &RevisedOrder) {
        let after = &revised.after;
        let order = Arc::new(Order {
            placed: Arc::new(stored(after.placed.as_ref())),
            progress: stored(&after.progress),
            ..after.as_ref().clone()
        });
        let told = self.orders.entry(after.id).or_insert_with(|| Told {
            order: Arc::clone(&order),
            journal: Arc::default(),
        });
        told.order = order;
        let entries = revised.entries.iter().map(|entry| Entry {
            record: stored(&entry.record),
            ..entry.clone()
        });
        Arc::make_mut(&mut told.journal).extend(entries);
    }
}

/// A value as it is read again after it was written.
fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_string(value).expect("bodies can be written");
    serde_json::from_str(&text).unwrap_or_else(|error| {
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        panic!("a body cannot be read again: {error}: {body:#}")
    })
}
