//! Everything that is stored, as of one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use throughline_core::booking::Slot;
use throughline_core::catalog::Item;
use throughline_core::id::{CountTaskId, ItemId, OrderId, ReservationId, SupplyId};
use throughline_core::inventory::{
    CountTask, Exclusion, Level, LevelChange, LotCode, LotLevel, Reservation, Supply, SupplyEntry,
};
use throughline_core::network::{Load, LocationId, Network};
use throughline_core::order::{Entry, LocationDay, Order};

/// Everything that is stored, as of one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// Locations and channels.
    pub network: Arc<Network>,
    /// Items.
    pub items: BTreeMap<ItemId, Arc<Item>>,
    /// Orders with their journals.
    pub orders: BTreeMap<OrderId, Told>,
    /// Stock levels.
    pub levels: BTreeMap<(ItemId, LocationId), Level>,
    /// Lots that have units, where items have lots.
    pub lots: BTreeMap<(ItemId, LocationId, LotCode), LotLevel>,
    /// The stock ledger.
    pub ledger: Vec<LedgerRow>,
    /// Where items are not offered now.
    pub exclusions: BTreeMap<(ItemId, LocationId), Exclusion>,
    /// Reservations, ended ones included.
    pub reservations: BTreeMap<ReservationId, Arc<Reservation>>,
    /// What locations have to do on their days, where that is counted; days without anything may be absent.
    pub loads: BTreeMap<LocationDay, Load>,
    /// What is booked of the capacity of items; slots without anything may be absent.
    pub bookings: BTreeMap<Slot, i64>,
    /// Incoming supply with its journals.
    pub supplies: BTreeMap<SupplyId, ToldSupply>,
    /// Tasks to count.
    pub count_tasks: BTreeMap<CountTaskId, CountTask>,
}

/// Supply and what its journal tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldSupply {
    /// The supply as stored.
    pub supply: Arc<Supply>,
    /// Its journal.
    pub journal: Vec<SupplyEntry>,
}

/// An order and what its journal tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The order as stored.
    pub order: Arc<Order>,
    /// Its journal.
    pub journal: Arc<Vec<Entry>>,
}

/// One row of the stock ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The item.
    pub item: ItemId,
    /// Where.
    pub location: LocationId,
    /// Differences.
    pub change: LevelChange,
    /// The lot of the units, where the item has lots.
    pub lot: Option<LotCode>,
    /// Why, as the ledger writes it.
    pub reason: String,
}

impl Snapshot {
    /// Orders by ascending number.
    #[must_use]
    pub fn orders(&self) -> Vec<&Arc<Order>> {
        let mut orders: Vec<_> = self.orders.values().map(|told| &told.order).collect();
        orders.sort_by_key(|order| order.number);
        orders
    }

    /// An order, if there is one.
    #[must_use]
    pub fn order(&self, id: OrderId) -> Option<&Arc<Order>> {
        self.orders.get(&id).map(|told| &told.order)
    }

    /// Incoming supply, open or ended.
    pub fn supplies(&self) -> impl Iterator<Item = &Supply> {
        self.supplies.values().map(|told| told.supply.as_ref())
    }

    /// A level; nothing where there is none.
    #[must_use]
    pub fn level(&self, item: ItemId, location: LocationId) -> Level {
        let known = self.levels.get(&(item, location)).copied();
        let limit = || self.items.get(&item).map_or(0, |item| item.oversell_limit);
        known.unwrap_or_else(|| Level::empty(location, limit()))
    }

    /// Whether an item is not offered from a location now.
    #[must_use]
    pub fn is_excluded(&self, item: ItemId, location: LocationId) -> bool {
        self.exclusions.contains_key(&(item, location))
    }

    /// The item with this SKU.
    #[must_use]
    pub fn item(&self, sku: &str) -> Option<&Arc<Item>> {
        self.items.values().find(|item| item.sku == sku)
    }
}
