//! Stock levels and the movements that make them.

use serde::{Deserialize, Serialize};

use super::Lot;
use crate::id::{ItemId, LineNo, OrderId, ReservationId, SupplyId};
use crate::network::LocationId;
use crate::time::Millis;

/// The stock of one item at one location. Only sellable units are on hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Where.
    pub location: LocationId,
    /// Sellable units that are there.
    pub on_hand: i64,
    /// Units that fulfilments claim.
    pub allocated: i64,
    /// Units that reservations claim, and ring-fences of channels.
    pub reserved: i64,
    /// Units that are never promised.
    pub safety: i64,
    /// Units that may be allocated beyond what is on hand.
    pub oversell_limit: i64,
    /// Units that wait for an inspection; not on hand.
    pub quarantined: i64,
    /// Units that cannot be sold; not on hand.
    pub damaged: i64,
    /// Units on their way here; not on hand.
    pub in_transit: i64,
}

impl Level {
    /// An empty level.
    #[must_use]
    pub fn empty(location: LocationId, oversell_limit: i64) -> Self {
        Self {
            location,
            on_hand: 0,
            allocated: 0,
            reserved: 0,
            safety: 0,
            oversell_limit,
            quarantined: 0,
            damaged: 0,
            in_transit: 0,
        }
    }

    /// on hand − allocated − reserved − safety.
    #[must_use]
    pub fn available(&self) -> i64 {
        self.on_hand - self.allocated - self.reserved - self.safety
    }

    /// What may still be claimed: available, and what may be oversold.
    #[must_use]
    pub fn claimable(&self) -> i64 {
        self.available() + self.oversell_limit
    }

    /// Whether I2 holds.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let counts = [
            self.on_hand,
            self.allocated,
            self.reserved,
            self.safety,
            self.quarantined,
            self.damaged,
            self.in_transit,
        ];
        counts.iter().all(|count| *count >= 0)
            && self.allocated + self.reserved <= self.on_hand + self.oversell_limit
    }

    /// Applies a change.
    pub fn apply(&mut self, change: &LevelChange) {
        self.on_hand += change.on_hand;
        self.allocated += change.allocated;
        self.reserved += change.reserved;
        self.safety += change.safety;
        self.quarantined += change.quarantined;
        self.damaged += change.damaged;
        self.in_transit += change.in_transit;
    }
}

/// Differences to a level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LevelChange {
    /// To on hand.
    pub on_hand: i64,
    /// To allocated.
    pub allocated: i64,
    /// To reserved.
    pub reserved: i64,
    /// To safety.
    pub safety: i64,
    /// To quarantined.
    pub quarantined: i64,
    /// To damaged.
    pub damaged: i64,
    /// To in transit.
    pub in_transit: i64,
}

impl LevelChange {
    /// Adds another change.
    pub fn add(&mut self, other: &Self) {
        self.on_hand += other.on_hand;
        self.allocated += other.allocated;
        self.reserved += other.reserved;
        self.safety += other.safety;
        self.quarantined += other.quarantined;
        self.damaged += other.damaged;
        self.in_transit += other.in_transit;
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// One movement of stock: one row of the stock ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockMove {
    /// The item.
    pub item: ItemId,
    /// Where.
    pub location: LocationId,
    /// What changes.
    pub change: LevelChange,
    /// Why.
    pub reason: MoveReason,
    /// For what.
    pub reference: Reference,
    /// When a count set the on hand: the on hand it saw, which must still be there.
    pub saw_on_hand: Option<i64>,
    /// The lot of the units, where the item has lots; then `saw_on_hand` is what was seen of the lot.
    pub lot: Option<Lot>,
}

impl StockMove {
    /// The same movement, of units of a lot.
    #[must_use]
    pub fn of_lot(self, lot: Option<&Lot>) -> Self {
        Self {
            lot: lot.cloned(),
            ..self
        }
    }

    /// The on hand of the level that the movement saw; one that names a lot saw that of the lot.
    #[must_use]
    pub fn saw_of_level(&self) -> Option<i64> {
        self.saw_on_hand.filter(|_| self.lot.is_none())
    }

    /// Whether units are claimed that were free before: only such movements are bound by safety stock. Units that change
    /// places with those of another lot are claimed already.
    #[must_use]
    pub fn claims(&self) -> bool {
        self.change.allocated + self.change.reserved > 0 && self.reason != MoveReason::LotExchanged
    }
}

/// Why stock moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveReason {
    /// Goods came in.
    Received,
    /// A correction by a difference.
    Adjusted,
    /// A count.
    Counted,
    /// Left for another location.
    TransferredOut,
    /// Came from another location.
    TransferredIn,
    /// Left another location for here, and has not arrived yet.
    TransferStarted,
    /// Left another location for here, and turned round.
    TransferRecalled,
    /// Left another location for here, and did not arrive.
    LostInTransit,
    /// The safety stock was set.
    SafetySet,
    /// A cart or quote claims units.
    Reserved,
    /// Units are set aside for one channel, or no longer.
    RingFenced,
    /// A reservation let units go.
    Unreserved,
    /// A fulfilment claims units.
    Allocated,
    /// A fulfilment let units go.
    Deallocated,
    /// The picker took units of another lot than was allotted.
    LotExchanged,
    /// The picker did not find them.
    ShortPicked,
    /// A location found them damaged when it was to send them.
    FoundDamaged,
    /// A location set them aside to be looked at.
    Quarantined,
    /// They left.
    Shipped,
    /// The customer collected them.
    PickedUp,
    /// They came back.
    Returned,
}

impl MoveReason {
    /// The reason as the ledger writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Adjusted => "adjusted",
            Self::Counted => "counted",
            Self::TransferredOut => "transferred_out",
            Self::TransferredIn => "transferred_in",
            Self::TransferStarted => "transfer_started",
            Self::TransferRecalled => "transfer_recalled",
            Self::LostInTransit => "lost_in_transit",
            Self::SafetySet => "safety_set",
            Self::Reserved => "reserved",
            Self::RingFenced => "ring_fenced",
            Self::Unreserved => "unreserved",
            Self::Allocated => "allocated",
            Self::Deallocated => "deallocated",
            Self::LotExchanged => "lot_exchanged",
            Self::ShortPicked => "short_picked",
            Self::FoundDamaged => "found_damaged",
            Self::Quarantined => "quarantined",
            Self::Shipped => "shipped",
            Self::PickedUp => "picked_up",
            Self::Returned => "returned",
        }
    }
}

/// What a movement was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// A fulfilment of an order.
    Order(OrderId),
    /// A reservation.
    Reservation(ReservationId),
    /// Incoming supply, and what was said of it: a delivery note, why units are missing.
    Supply {
        /// The supply.
        id: SupplyId,
        /// The delivery note, where there is one.
        reference: Option<String>,
        /// Why, where the caller said so.
        note: Option<String>,
    },
    /// A document of the merchant: a delivery note, a count sheet; and the reason given for it.
    Document {
        /// The document.
        reference: String,
        /// Why, where the caller said so.
        note: Option<String>,
    },
}

/// Units of one order line that wait for stock of an item; ordered by (priority, since, order, line).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiting {
    /// The order's priority; smaller numbers come first.
    pub priority: i32,
    /// Since when.
    pub since: Millis,
    /// The order.
    pub order: OrderId,
    /// The line.
    pub line: LineNo,
    /// Units.
    pub quantity: i64,
    /// The only location that may serve them, if bound.
    pub location: Option<LocationId>,
}
