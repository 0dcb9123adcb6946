//! Facts: the in-memory working set that a batch of commands is decided on.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::booking::Booked;
use crate::catalog::Item;
use crate::decision::{Answer, Decision, Resource};
use crate::id::{AgreementId, CountTaskId, CustomerId, ItemId, OrderId, ReservationId, SupplyId};
use crate::inventory::{
    CountTask, Exclusion, ItemLots, KnownLot, Level, LotCode, Reservation, ReservationState,
    RingFence, SerialEntry, SerialNumber, Supply, Waited, Waiting, waited_changes,
};
use crate::network::{ChannelId, Load, LocationId, Network};
use crate::order::screening::{Tally, TallyKey};
use crate::order::{LocationDay, Order};
use crate::party::{Account, Agreement};
use crate::promise::LaneBook;
use crate::time::Millis;

/// The working set. What is absent has not been loaded; what was looked up and does not exist is `None`.
#[derive(Debug, Default)]
pub struct Facts {
    /// Locations and channels.
    pub network: Arc<Network>,
    /// What was seen of lanes, a while ago: it makes promises sure, and decides nothing.
    pub lanes: Arc<LaneBook>,
    /// Items by id.
    pub items: FxHashMap<ItemId, Arc<Item>>,
    /// Items by SKU.
    pub skus: FxHashMap<String, Option<ItemId>>,
    /// Stock by item.
    pub stock: FxHashMap<ItemId, ItemStock>,
    /// Orders.
    pub orders: FxHashMap<OrderId, Option<Arc<Order>>>,
    /// Reservations.
    pub reservations: FxHashMap<ReservationId, Option<Arc<Reservation>>>,
    /// Incoming supply, open or ended.
    pub supplies: FxHashMap<SupplyId, Option<Arc<Supply>>>,
    /// Tasks to count.
    pub count_tasks: FxHashMap<CountTaskId, Option<Arc<CountTask>>>,
    /// Open supply by item, in the order it is expected: [`INCOMING_MAX`] of it at most.
    pub incoming: FxHashMap<ItemId, Vec<Arc<Supply>>>,
    /// Units that are waited for, by item.
    pub waited: FxHashMap<ItemId, Waited>,
    /// The lots of items whose units belong to lots.
    pub lots: FxHashMap<ItemId, ItemLots>,
    /// Lots by their codes; `None` where nobody has seen one.
    pub known_lots: FxHashMap<(ItemId, LotCode), Option<KnownLot>>,
    /// The last entries of units by their serial numbers; `None` where nobody has seen one.
    pub serials: FxHashMap<(ItemId, SerialNumber), Option<SerialEntry>>,
    /// Claims on unique values.
    pub claims: FxHashMap<ClaimKey, Option<Claim>>,
    /// What was seen of late, by value.
    pub tallies: FxHashMap<TallyKey, Tally>,
    /// Accounts of customers; an empty one where there is none.
    pub accounts: FxHashMap<CustomerId, Account>,
    /// Blanket agreements; `None` where there is none.
    pub agreements: FxHashMap<AgreementId, Option<Arc<Agreement>>>,
    /// Orders that claim stock of an item at a location; loaded only for shortages.
    pub allocations: FxHashMap<(ItemId, LocationId), Vec<OrderId>>,
    /// What locations have to do on their days, where that is counted.
    pub loads: FxHashMap<LocationDay, Load>,
    /// What is booked of the capacity of items that are made to order, and of services; loaded where units are to be made.
    pub booked: FxHashMap<ItemId, Booked>,
}

/// Everything that is known of the stock of one item.
#[derive(Debug, Clone, Default)]
pub struct ItemStock {
    /// Levels by ascending location.
    pub levels: Vec<Level>,
    /// The first rows that wait, in the order they are served: [`WAITING_LOADED`] of them, or [`QUEUE_LOADED`].
    pub waiting: Vec<Waiting>,
    /// Whether more wait than were loaded.
    pub more_waiting: bool,
    /// Whether the queue was read as far as [`QUEUE_LOADED`].
    pub whole_queue: bool,
    /// Active reservations that claim this item and had expired when this was read.
    pub expired: Vec<ReservationId>,
    /// Active reservations that claim this item; read only with committed rows.
    pub reserved_by: Vec<ReservationId>,
    /// Units that only one channel may have, by location and channel.
    pub fences: Vec<RingFence>,
    /// Where the item is not offered, by location. One that has run out may still stand here.
    pub exclusions: Vec<Exclusion>,
    /// Whether the committed rows were read in this batch. A shortage seen on anything else is only a doubt.
    pub is_fresh: bool,
}

/// Waiting rows loaded per item and batch.
pub const WAITING_LOADED: usize = 64;
/// Waiting rows loaded where the first ones cannot use what is free, so that they do not block those behind them.
pub const QUEUE_LOADED: usize = 4_096;
/// Most open supply of one item.
pub const INCOMING_MAX: usize = 1_000;

/// A unique value that something can be known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimKey {
    /// What kind of value.
    pub kind: ClaimKind,
    /// The value.
    pub value: String,
}

/// The kinds of unique values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClaimKind {
    /// An order number.
    OrderNumber = 1,
    /// A channel's own reference of an order.
    ExternalRef = 2,
    /// A request: an idempotency key in its scope, or a generated one.
    Request = 3,
    /// A customer's email address (only its hash is stored).
    Email = 4,
    /// The merchant's own number of a customer.
    CustomerRef = 5,
    /// A SKU.
    Sku = 6,
    /// A request without a key, by its own id.
    Generated = 7,
    /// A request of somebody at the command line, by its key: a file may be imported again after years.
    Import = 8,
}

/// Who has a unique value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The resource that has it.
    pub resource: Resource,
    /// The answer that was given, for requests.
    pub answer: Answer,
    /// Hash of the request's body, where one was compared.
    pub body_hash: [u8; 16],
}

impl ClaimKey {
    /// The claim of an order number.
    #[must_use]
    pub fn order_number(number: u64) -> Self {
        Self {
            kind: ClaimKind::OrderNumber,
            value: number.to_string(),
        }
    }
    /// The claim of a channel's own reference.
    #[must_use]
    pub fn external_ref(channel: ChannelId, reference: &str) -> Self {
        Self {
            kind: ClaimKind::ExternalRef,
            value: format!("{}/{reference}", channel.0),
        }
    }
    /// The claim of an email address in its compared form.
    #[must_use]
    pub fn email(email: &str) -> Self {
        Self {
            kind: ClaimKind::Email,
            value: email.to_owned(),
        }
    }
    /// The claim of the merchant's own number of a customer.
    #[must_use]
    pub fn customer_ref(reference: &str) -> Self {
        Self {
            kind: ClaimKind::CustomerRef,
            value: reference.to_owned(),
        }
    }
    /// The claim of a SKU.
    #[must_use]
    pub fn sku(sku: &str) -> Self {
        Self {
            kind: ClaimKind::Sku,
            value: sku.to_owned(),
        }
    }
}

impl Claim {
    /// A claim that only says who has the value.
    #[must_use]
    pub fn of(resource: Resource) -> Self {
        Self {
            resource,
            answer: Answer::ok(resource),
            body_hash: [0; 16],
        }
    }

    /// The customer that has it.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        match self.resource {
            Resource::Customer(id) => Some(id),
            _ => None,
        }
    }

    /// The order that has it.
    #[must_use]
    pub fn order(&self) -> Option<OrderId> {
        match self.resource {
            Resource::Order(id) => Some(id),
            _ => None,
        }
    }
}

/// A fact that is needed and not loaded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// An item by SKU.
    Sku(String),
    /// An item by id.
    Item(ItemId),
    /// The stock of an item (a cached copy will do).
    Stock(ItemId),
    /// The item and its stock as committed.
    FreshStock(ItemId),
    /// The same, with those who wait as far as [`QUEUE_LOADED`].
    Queue(ItemId),
    /// An order.
    Order(OrderId),
    /// A reservation.
    Reservation(ReservationId),
    /// Incoming supply, open or ended.
    Supply(SupplyId),
    /// A task to count.
    CountTask(CountTaskId),
    /// The open supply of an item.
    Incoming(ItemId),
    /// The units of an item that are waited for, added up.
    Waited(ItemId),
    /// The lots of an item that have units.
    Lots(ItemId),
    /// A lot of an item, by its code.
    Lot(ItemId, LotCode),
    /// The last entry of a unit's life, by its serial number.
    Serial(ItemId, SerialNumber),
    /// A claim.
    Claim(ClaimKey),
    /// What was seen of late of a value.
    Tally(TallyKey),
    /// The account of a customer.
    Account(CustomerId),
    /// A blanket agreement.
    Agreement(AgreementId),
    /// The orders that claim stock of an item at a location.
    Allocations(ItemId, LocationId),
    /// What a location has to do on a day.
    Load(LocationId, Date),
    /// What is booked of the capacity of an item.
    Booked(ItemId),
}

/// Puts supply into a list of open supply as it is now, or takes it out if it has ended.
pub(crate) fn put_supply(open: &mut Vec<Arc<Supply>>, supply: &Arc<Supply>) {
    open.retain(|known| known.id != supply.id);
    if supply.outstanding() > 0 {
        let place = |one: &Supply| (one.expected, one.id);
        let position = open.partition_point(|known| place(known) < place(supply));
        open.insert(position, Arc::clone(supply));
    }
}

impl ItemStock {
    /// The level at a location.
    #[must_use]
    pub fn level(&self, location: LocationId) -> Option<&Level> {
        self.levels
            .binary_search_by_key(&location, |level| level.location)
            .ok()
            .map(|position| &self.levels[position])
    }

    /// How many waiting rows the list holds at most.
    #[must_use]
    pub fn waiting_max(&self) -> usize {
        if self.whole_queue {
            QUEUE_LOADED
        } else {
            WAITING_LOADED
        }
    }

    /// The level at a location, made if there is none.
    pub fn level_mut(&mut self, location: LocationId, oversell_limit: i64) -> &mut Level {
        let position = match self
            .levels
            .binary_search_by_key(&location, |level| level.location)
        {
            Ok(position) => position,
            Err(position) => {
                self.levels
                    .insert(position, Level::empty(location, oversell_limit));
                position
            }
        };
        &mut self.levels[position]
    }

    /// Units at a location that only this channel may have.
    #[must_use]
    pub fn fenced(&self, location: LocationId, channel: ChannelId) -> i64 {
        let known = self.fences.iter();
        let mut known =
            known.filter(|fence| (fence.location, fence.channel) == (location, channel));
        known.next().map_or(0, |fence| fence.quantity)
    }

    /// Replaces a ring-fence; nothing when the quantity is 0.
    pub fn set_fence(&mut self, fence: RingFence) {
        let place = (fence.location, fence.channel);
        self.fences
            .retain(|known| (known.location, known.channel) != place);
        if fence.quantity > 0 {
            let place = self
                .fences
                .partition_point(|known| (known.location, known.channel) < place);
            self.fences.insert(place, fence);
        }
    }

    /// Replaces an exclusion; nothing when it has ended by this time.
    pub fn set_exclusion(&mut self, exclusion: Exclusion, now: Millis) {
        self.exclusions
            .retain(|known| known.location != exclusion.location);
        if exclusion.until > now {
            let place = self
                .exclusions
                .partition_point(|known| known.location < exclusion.location);
            self.exclusions.insert(place, exclusion);
        }
    }

    /// Replaces what one order line waits for; nothing when the quantity is 0.
    pub fn set_waiting(&mut self, waiting: Waiting) {
        self.waiting
            .retain(|known| (known.order, known.line) != (waiting.order, waiting.line));
        if waiting.quantity == 0 {
            return;
        }
        let position = self.waiting.partition_point(|known| known < &waiting);
        if position < self.waiting.len() || !self.more_waiting {
            self.waiting.insert(position, waiting);
        }
        if self.waiting.len() > self.waiting_max() {
            self.waiting.truncate(self.waiting_max());
            self.more_waiting = true;
        }
    }
}

impl Facts {
    /// Takes a decision over, so that the next command of the batch is decided on it.
    pub fn apply(&mut self, decision: &Decision) {
        if let Some(network) = &decision.network {
            self.network = Arc::clone(network);
        }
        for item in &decision.items {
            self.skus.insert(item.sku.clone(), Some(item.id));
            if item.version == 1 {
                self.stock.entry(item.id).or_default();
            }
        }
        self.apply_to_stock(decision, |_| true);
        self.apply_to_loads(decision);
        self.apply_to_booked(decision, |_| true);
        self.apply_to_waited(decision, |_| true);
        self.apply_to_lots(decision, |_| true);
        self.apply_to_records(decision);
    }

    /// Forgets what belongs to one batch only, except what these decisions made, which are being committed: the next
    /// batch is decided on them. The items with their stock, and the network, stay as they are.
    pub fn keep_records<'a>(&mut self, decisions: impl IntoIterator<Item = &'a Decision>) {
        self.orders.clear();
        self.claims.clear();
        self.reservations.clear();
        self.supplies.clear();
        self.count_tasks.clear();
        self.incoming.clear();
        self.waited.clear();
        self.booked.clear();
        self.lots.clear();
        self.known_lots.clear();
        self.serials.clear();
        self.tallies.clear();
        self.accounts.clear();
        self.agreements.clear();
        self.allocations.clear();
        for decision in decisions {
            self.apply_to_records(decision);
        }
    }

    /// What a decision changes was looked up for it, so that what is looked up later has not been changed by decisions
    /// that are not committed.
    fn apply_to_loads(&mut self, decision: &Decision) {
        for changed in &decision.loads {
            if let Some(load) = self.loads.get_mut(&changed.day) {
                *load = load.plus(changed.change);
            }
        }
    }

    fn apply_to_booked(&mut self, decision: &Decision, concerns: impl Fn(ItemId) -> bool) {
        for changed in &decision.bookings {
            let slot = &changed.slot;
            if let Some(booked) = self
                .booked
                .get_mut(&slot.item)
                .filter(|_| concerns(slot.item))
            {
                booked.add(slot, changed.change);
            }
        }
    }

    /// Takes over what decisions booked of items that were read since.
    pub fn apply_bookings_again<'a>(
        &mut self,
        decisions: impl IntoIterator<Item = &'a Decision>,
        items: &[ItemId],
    ) {
        for decision in decisions {
            self.apply_to_booked(decision, |item| items.contains(&item));
        }
    }

    fn apply_to_records(&mut self, decision: &Decision) {
        for revised in &decision.orders {
            self.orders
                .insert(revised.after.id, Some(Arc::clone(&revised.after)));
        }
        for reservation in &decision.reservations {
            self.reservations
                .insert(reservation.id, Some(Arc::new(reservation.clone())));
        }
        for revised in &decision.supplies {
            let after = &revised.after;
            self.supplies.insert(after.id, Some(Arc::clone(after)));
        }
        for revised in &decision.count_tasks {
            let after = &revised.after;
            self.count_tasks.insert(after.id, Some(Arc::clone(after)));
        }
        self.apply_to_incoming(decision);
        for (key, claim) in &decision.claims {
            self.claims.insert(key.clone(), Some(*claim));
        }
        for known in &decision.lots {
            let key = (known.item, known.lot.code.clone());
            self.known_lots.insert(key, Some(known.clone()));
        }
        for entry in &decision.serials {
            let key = (entry.item, entry.serial.clone());
            self.serials.insert(key, Some(entry.clone()));
        }
        self.tallies.extend(decision.tallies.iter().cloned());
        self.accounts.extend(decision.accounts.iter().cloned());
        for agreement in &decision.agreements {
            self.agreements
                .insert(agreement.id, Some(Arc::clone(agreement)));
        }
    }

    /// Takes once more over what decisions of this batch, which are not committed, changed in these items and in their
    /// stock. To be called with all of them in their order after committed rows of the items were loaded.
    pub fn apply_again<'a>(
        &mut self,
        decisions: impl IntoIterator<Item = &'a Decision>,
        items: &[ItemId],
    ) {
        for decision in decisions {
            self.apply_to_stock(decision, |item| items.contains(&item));
        }
    }

    /// Takes once more over what decisions of this batch changed in the supply that was loaded meanwhile.
    pub fn apply_supply_again<'a>(&mut self, decisions: impl IntoIterator<Item = &'a Decision>) {
        for decision in decisions {
            self.apply_to_incoming(decision);
        }
    }

    /// Takes once more over what decisions of this batch changed in the sums of these items, which were loaded meanwhile.
    pub fn apply_waited_again<'a>(
        &mut self,
        decisions: impl IntoIterator<Item = &'a Decision>,
        items: &[ItemId],
    ) {
        for decision in decisions {
            self.apply_to_waited(decision, |item| items.contains(&item));
        }
    }

    /// Takes once more over what decisions of this batch moved of the lots of these items, which were loaded meanwhile.
    pub fn apply_lots_again<'a>(
        &mut self,
        decisions: impl IntoIterator<Item = &'a Decision>,
        items: &[ItemId],
    ) {
        for decision in decisions {
            self.apply_to_lots(decision, |item| items.contains(&item));
        }
    }

    fn apply_to_lots(&mut self, decision: &Decision, concerns: impl Fn(ItemId) -> bool) {
        if self.lots.is_empty() {
            return;
        }
        let moves = decision.moves.iter().filter(|moved| moved.lot.is_some());
        for moved in moves.filter(|moved| concerns(moved.item)) {
            if let Some(lots) = self.lots.get_mut(&moved.item) {
                lots.apply(moved);
            }
        }
    }

    fn apply_to_waited(&mut self, decision: &Decision, concerns: impl Fn(ItemId) -> bool) {
        if self.waited.is_empty() {
            return;
        }
        for revised in &decision.orders {
            let before = revised.before.as_deref();
            waited_changes(before, &revised.after, |item, location, units| {
                if let Some(waited) = self.waited.get_mut(&item).filter(|_| concerns(item)) {
                    waited.add(location, units);
                }
            });
        }
    }

    /// Open supply stands in the list of its item, if that was loaded; doing this twice does no harm.
    fn apply_to_incoming(&mut self, decision: &Decision) {
        for revised in &decision.supplies {
            let after = &revised.after;
            if let Some(open) = self.incoming.get_mut(&after.item) {
                put_supply(open, after);
            }
        }
    }

    fn apply_to_stock(&mut self, decision: &Decision, concerns: impl Fn(ItemId) -> bool) {
        for item in decision.items.iter().filter(|item| concerns(item.id)) {
            self.items.insert(item.id, Arc::clone(item));
            if let Some(stock) = self.stock.get_mut(&item.id) {
                let levels = stock.levels.iter_mut();
                levels.for_each(|level| level.oversell_limit = item.oversell_limit);
            }
        }
        for moved in decision.moves.iter().filter(|moved| concerns(moved.item)) {
            let limit = self
                .items
                .get(&moved.item)
                .map_or(0, |item| item.oversell_limit);
            self.stock
                .entry(moved.item)
                .or_default()
                .level_mut(moved.location, limit)
                .apply(&moved.change);
        }
        for revised in decision.fences.iter().filter(|one| concerns(one.item)) {
            if let Some(stock) = self.stock.get_mut(&revised.item) {
                stock.set_fence(revised.after);
            }
        }
        for revised in decision.exclusions.iter().filter(|one| concerns(one.item)) {
            if let Some(stock) = self.stock.get_mut(&revised.item) {
                stock.set_exclusion(revised.after, decision.at);
            }
        }
        for revised in &decision.orders {
            crate::order::source::waiting_changes(
                revised.before.as_deref(),
                &revised.after,
                |item, waiting| {
                    if let Some(stock) = self.stock.get_mut(&item).filter(|_| concerns(item)) {
                        stock.set_waiting(waiting);
                    }
                },
            );
        }
        for reservation in &decision.reservations {
            self.list(reservation, &concerns);
        }
    }

    /// A reservation stands in the lists of the items that it claims, and only there.
    fn list(&mut self, reservation: &Reservation, concerns: impl Fn(ItemId) -> bool) {
        let is_active = reservation.state == ReservationState::Active;
        let claims =
            |item: ItemId| is_active && reservation.lines.iter().any(|line| line.item == item);
        let before = self.reservations.get(&reservation.id);
        let before = before.and_then(Option::as_ref).cloned();
        let lines = before.iter().flat_map(|known| &known.lines);
        for line in lines.chain(&reservation.lines) {
            let Some(stock) = self
                .stock
                .get_mut(&line.item)
                .filter(|_| concerns(line.item))
            else {
                continue;
            };
            if !claims(line.item) {
                stock.expired.retain(|id| *id != reservation.id);
                stock.reserved_by.retain(|id| *id != reservation.id);
            } else if stock.is_fresh && !stock.reserved_by.contains(&reservation.id) {
                stock.reserved_by.push(reservation.id);
            }
        }
    }
}
