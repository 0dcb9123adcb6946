//! How far an order is: quantities and states.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ContactNo, FulfilmentNo, HoldNo, LineNo, PackageNo, ReservationId, ReturnNo};
use crate::inventory::Cause;
use crate::inventory::{Lot, SerialNumber};
use crate::network::LocationId;
use crate::order::choice::Choice;
use crate::order::entry::{Awaited, LineUnits, Route};
use crate::order::screening::{Approval, Check, Scoring};
use crate::order::{FulfilmentLot, LineSerial, Method, Production, Visit};
use crate::payment::Payment;
use crate::promise::Promised;
use crate::returns::Disposition;
use crate::time::Millis;

fn zero(value: &i64) -> bool {
    *value == 0
}

/// How far an order is; rewritten by every verb.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Whether the order is not yet placed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// Smaller numbers come first.
    pub priority: i32,
    /// The next unused child number of the order's id.
    pub next_child: u16,
    /// One per line of [`Placed::lines`](super::Placed::lines), in the same order.
    pub lines: Vec<LineProgress>,
    /// What each location does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fulfilments: Vec<Fulfilment>,
    /// Reasons not to move on, released ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold>,
    /// Tenders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// Goods coming back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Return>,
    /// Labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Contact rows that hold notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<ContactNo>,
    /// Locations that rejected the order or came up short; not asked again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<LocationId>,
    /// Which locations turned which lines down: at most [`TRIES_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Try>,
    /// The reservation that became the order's allocations; of a draft, the one that is to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<ReservationId>,
    /// Supply that waiting units are promised from: by line, the earliest first. Never more units than wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaited: Vec<Awaited>,
    /// What the customer was offered when a promise slipped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// What is, or was, made for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub productions: Vec<Production>,
    /// Visits for its service lines, ended ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    /// Set when the whole order was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Cancelled>,
    /// Set when what is not paid is owed on the customer's credit terms: days until it is to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_days: Option<u16>,
}

/// Most tries that an order remembers.
pub const TRIES_MAX: usize = 1_000;

/// A location turned a line down, or did not find all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// The line.
    pub line: LineNo,
    /// The location.
    pub location: LocationId,
    /// Why.
    pub cause: Cause,
    /// When.
    pub at: Millis,
}

/// When and why a whole order was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// When.
    pub at: Millis,
    /// Why, in the caller's words.
    pub reason: String,
}

/// Where the units of a line are that no fulfilment has. The other states are sums over the
/// fulfilments, so that no quantity is stored twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineProgress {
    /// Not yet sourced.
    #[serde(default, skip_serializing_if = "zero")]
    pub open: i64,
    /// Waiting for stock.
    #[serde(default, skip_serializing_if = "zero")]
    pub backordered: i64,
    /// Cancelled.
    #[serde(default, skip_serializing_if = "zero")]
    pub cancelled: i64,
    /// Received back, counted among the delivered.
    #[serde(default, skip_serializing_if = "zero")]
    pub returned: i64,
    /// Since when units wait for stock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Millis>,
    /// What was promised first, kept once something else is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_promise: Option<Promised>,
    /// The day that the customer last agreed to, when there was a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_on: Option<Date>,
}

impl LineProgress {
    /// The day that the customer counts on, as far as it is known: the one last agreed to, or else the one promised first.
    /// The latter is kept only once something else is promised.
    #[must_use]
    pub fn told_last(&self) -> Option<Date> {
        let first = self.first_promise.and_then(|first| first.due_on());
        self.agreed_on.or(first)
    }
}

/// Where the units of one line in one fulfilment are. Every unit is in exactly one state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// Allocated, not yet picked.
    #[serde(default, skip_serializing_if = "zero")]
    pub assigned: i64,
    /// Picked, not yet packed.
    #[serde(default, skip_serializing_if = "zero")]
    pub picked: i64,
    /// Packed, not yet shipped.
    #[serde(default, skip_serializing_if = "zero")]
    pub packed: i64,
    /// On the way.
    #[serde(default, skip_serializing_if = "zero")]
    pub shipped: i64,
    /// With the customer.
    #[serde(default, skip_serializing_if = "zero")]
    pub delivered: i64,
    /// Refused by the recipient.
    #[serde(default, skip_serializing_if = "zero")]
    pub refused: i64,
    /// Lost by the carrier.
    #[serde(default, skip_serializing_if = "zero")]
    pub lost: i64,
    /// Returned to sender by the carrier.
    #[serde(default, skip_serializing_if = "zero")]
    pub returned_to_sender: i64,
}

impl Units {
    /// Units that still claim stock.
    #[must_use]
    pub fn unshipped(&self) -> i64 {
        self.assigned + self.picked + self.packed
    }

    /// All units.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.unshipped() + self.left()
    }

    /// Units that left the location.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.shipped + self.delivered + self.refused + self.lost + self.returned_to_sender
    }

    /// The eight states, in the order of a unit's life.
    #[must_use]
    pub fn states(&self) -> [i64; 8] {
        let (packed, shipped) = (self.packed, self.shipped);
        [
            self.assigned,
            self.picked,
            packed,
            shipped,
            self.delivered,
            self.refused,
            self.lost,
            self.returned_to_sender,
        ]
    }

    /// Adds every state of `other`.
    pub fn add(&mut self, other: &Self) {
        self.assigned += other.assigned;
        self.picked += other.picked;
        self.packed += other.packed;
        self.shipped += other.shipped;
        self.delivered += other.delivered;
        self.refused += other.refused;
        self.lost += other.lost;
        self.returned_to_sender += other.returned_to_sender;
    }
}

/// Whether a location accepted a fulfilment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    /// Nobody needs to be asked.
    #[default]
    Unsubmitted,
    /// The location was asked.
    Submitted,
    /// The location said yes.
    Accepted,
    /// The location said no.
    Rejected,
    /// The location was asked to stop.
    CancellationRequested,
}

/// The part of an order that one location does with one method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfilment {
    /// Identity within the order.
    pub no: FulfilmentNo,
    /// Who does it; `None` where no stock is involved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    /// How it reaches the customer.
    pub method: Method,
    /// Contact row of the address, where it is not the order's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<ContactNo>,
    /// Whether the location accepted.
    #[serde(default)]
    pub request: RequestStatus,
    /// When the order was sourced here.
    pub created_at: Millis,
    /// When the location works it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_day: Option<WorkDay>,
    /// How it is to reach the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// Until when nobody begins, while that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Units by line.
    pub lines: Vec<FulfilmentLine>,
    /// The lots that its units are of, where items have lots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<FulfilmentLot>,
    /// Its units that are known by serial numbers, in the order they were picked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<LineSerial>,
    /// What the carrier carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<Package>,
    /// When picking began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picking_since: Option<Millis>,
    /// When it was ready to be collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Millis>,
    /// How it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<Shipment>,
    /// When the last outcome was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Millis>,
    /// The store that it is sent to first, where the customer collects it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collect_at: Option<LocationId>,
    /// Whether it is bought: a supplier was asked for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bought: bool,
    /// The name that whoever accepted it has for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub their_reference: Option<String>,
    /// The day on which it leaves, as whoever accepted it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ships_on: Option<Date>,
    /// The fulfilment this one was split from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_from: Option<FulfilmentNo>,
}

/// Why a fulfilment is begun later, and until when it waits. Its stock is allocated all the while.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The customer may change the order until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remorse_until: Option<Millis>,
    /// The rest of the order is expected, and waited for until then at most, to be shipped together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together_until: Option<Millis>,
    /// All of the order is to be allocated first, however long that takes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
}

impl Schedule {
    /// When it is begun at the latest, unless it waits for the whole order.
    #[must_use]
    pub fn until(&self) -> Option<Millis> {
        self.remorse_until.max(self.together_until)
    }
}

/// The local day on which a location works a fulfilment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WorkDay {
    /// The day.
    pub date: Date,
    /// Whether it counts against the location's capacity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counted: bool,
}

/// Units of one line in one fulfilment: an allocation, whose identity is (fulfilment, line).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulfilmentLine {
    /// The line of the order.
    pub line: LineNo,
    /// Where its units are.
    #[serde(flatten)]
    pub units: Units,
}

/// What a carrier carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Identity within the order.
    pub no: PackageNo,
    /// What is in it.
    pub lines: Vec<LineUnits>,
    /// Weight in grams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_g: Option<i64>,
    /// The package's own tracking number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// How a fulfilment left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Who carries it.
    pub carrier: String,
    /// The carrier's service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The carrier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// When it left.
    pub at: Millis,
}

/// What became of shipped units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With the customer.
    Delivered,
    /// Refused by the recipient.
    Refused,
    /// Lost by the carrier.
    Lost,
    /// Returned to sender by the carrier.
    ReturnedToSender,
}

/// A typed reason why an order or some of its lines must not move on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Identity within the order.
    pub no: HoldNo,
    /// What kind of reason; decides which verbs are blocked.
    pub kind: HoldKind,
    /// The reason in words.
    pub reason: String,
    /// The lines it binds; empty for the whole order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineNo>,
    /// Since when.
    pub at: Millis,
    /// When it was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Millis>,
    /// The check that found it, where screening did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// Who may agree and until when, where it is an approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// What a scorer outside was asked, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<Scoring>,
}

/// Which check found a reason to hold an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The check.
    pub check: Check,
    /// Code and version of the rules that asked for it.
    pub rules: (String, u32),
    /// Of fraud: the sum of the rules that hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
    /// When a person should have looked at it: before the authorisation of a payment runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_due: Option<Millis>,
}

/// The kinds of holds. [`HoldKind::blocks`] is the table of what each one blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldKind {
    /// The money is not there.
    Payment,
    /// The customer's credit does not reach.
    Credit,
    /// It may be fraud.
    Fraud,
    /// The address cannot be delivered to.
    Address,
    /// There is no stock, or the SKU is unknown.
    Stock,
    /// A person with the right role must agree.
    Approval,
    /// Somebody said stop.
    Manual,
    /// It seems to be the same order again.
    Duplicate,
    /// A price is not what it should be.
    Price,
    /// Locations turned the line down too often; somebody has to say where it comes from.
    Sourcing,
}

/// Goods coming back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Identity within the order.
    pub no: ReturnNo,
    /// When it was registered.
    pub at: Millis,
    /// What comes back.
    pub lines: Vec<ReturnLine>,
}

/// Units of one line coming back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Identity within the order (its own child number).
    pub no: u16,
    /// The line of the order.
    pub line: LineNo,
    /// Units announced.
    pub quantity: i64,
    /// Why, in the caller's words.
    pub reason: String,
    /// What arrived, by disposition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub received: Vec<(Disposition, i64)>,
    /// The lots that came back, where the item has lots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<(Lot, i64)>,
    /// The units that came back, where the item has serial numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<SerialNumber>,
}

impl ReturnLine {
    /// Units that arrived, or were found missing.
    #[must_use]
    pub fn received_total(&self) -> i64 {
        self.received.iter().map(|(_, quantity)| quantity).sum()
    }
}

impl Fulfilment {
    /// Whether it is sent to a store first, and collected there.
    #[must_use]
    pub fn goes_to_store(&self) -> bool {
        self.collect_at.is_some()
    }

    /// Whether all of it has left for a store and waits for the customer, or is on its way there.
    #[must_use]
    pub fn left_for_store(&self) -> bool {
        let sum = self.total();
        self.goes_to_store() && sum.unshipped() == 0 && sum.shipped > 0
    }

    /// Units of a line that the customer can still be kept from: those that have not left, and those that are sent to a store
    /// for him.
    #[must_use]
    pub fn in_our_hands(&self, line: LineNo) -> i64 {
        let units = self.units(line).copied().unwrap_or_default();
        let at_store = if self.goes_to_store() {
            units.shipped
        } else {
            0
        };
        units.unshipped() + at_store
    }

    /// Units of a line, if the fulfilment has any.
    #[must_use]
    pub fn units(&self, line: LineNo) -> Option<&Units> {
        self.lines
            .iter()
            .find(|entry| entry.line == line)
            .map(|entry| &entry.units)
    }

    /// Sums all lines.
    #[must_use]
    pub fn total(&self) -> Units {
        let mut total = Units::default();
        self.lines.iter().for_each(|line| total.add(&line.units));
        total
    }
}

impl Progress {
    /// Parcels that are still to come: from locations, from those who make them, or as named supply. One at least.
    #[must_use]
    pub fn parcels_to_come(&self) -> u64 {
        let is_to_come = |fulfilment: &&Fulfilment| {
            let units = fulfilment.total();
            fulfilment.method == Method::Ship && units.unshipped() + units.shipped > 0
        };
        let parts = self.fulfilments.iter().filter(is_to_come).count();
        let made = self.productions.iter().filter(|made| made.is_open());
        u64::try_from(parts + self.awaited.len() + made.count())
            .unwrap_or(u64::MAX)
            .max(1)
    }

    /// The fulfilment with this number.
    #[must_use]
    pub fn fulfilment(&self, no: FulfilmentNo) -> Option<&Fulfilment> {
        self.fulfilments
            .iter()
            .find(|fulfilment| fulfilment.no == no)
    }

    /// Holds that are not released.
    pub fn active_holds(&self) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(|hold| hold.released_at.is_none())
    }
}
