//! Journal entries: outcomes, never intentions.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::carrier::ServiceId;
use crate::command::Actor;
use crate::id::{
    ChoiceNo, ContactNo, FulfilmentNo, HoldNo, LineNo, PaymentNo, ProductionNo, ReservationId,
    ReturnNo, SupplyId, VisitNo,
};
use crate::inventory::{Cause, Lot};
use crate::network::{Load, LocationId};
use crate::order::choice::{By, Choice, Chosen};
use crate::order::screening::{Score, Verdict};
use crate::order::serials::{LineSerial, ReleasedSerial, ReturnedSerial};
use crate::order::{
    Hold, LineLot, Method, Outcome, Package, PickedLot, Placed, Production, ReleasedLot,
    RequestStatus, Return, ReturnedLot, Schedule, Shipment, Visit, VisitReason, VisitTime, WorkDay,
};
use crate::payment::PaymentState;
use crate::promise::Slip;
use crate::returns::Disposition;
use crate::time::Millis;

/// One thing that happened to an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Position in the order's journal, from 1 without gaps.
    pub seq: u64,
    /// When it happened.
    pub at: Millis,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub record: Record,
}

/// Units of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineUnits {
    /// The line of the order.
    pub line: LineNo,
    /// How many.
    pub quantity: i64,
}

/// Units of one line in one fulfilment, by the state they were in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulfilmentUnits {
    /// The fulfilment.
    pub fulfilment: FulfilmentNo,
    /// The line of the order.
    pub line: LineNo,
    /// Units not yet picked.
    pub assigned: i64,
    /// Units picked.
    pub picked: i64,
    /// Units packed.
    pub packed: i64,
}

impl FulfilmentUnits {
    /// All units.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.assigned + self.picked + self.packed
    }
}

/// What one location was given to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allotment {
    /// The fulfilment: a new one, or one at the same place that nobody has begun.
    pub fulfilment: FulfilmentNo,
    /// Who does it; `None` where no stock is involved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    /// How it reaches the customer.
    pub method: Method,
    /// Contact row of the address, where it is not the order's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<ContactNo>,
    /// Whether the location has to accept.
    pub request: RequestStatus,
    /// When the location works it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_day: Option<WorkDay>,
    /// How it is to reach the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// The store that it is sent to first, where the customer collects it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collect_at: Option<LocationId>,
    /// Whether a supplier is asked for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bought: bool,
    /// What.
    pub lines: Vec<LineUnits>,
    /// Of which lots, where items have lots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LineLot>,
}

/// How a fulfilment is to reach the customer, as it was planned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The carrier service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// The local day on which it leaves its location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves_on: Option<Date>,
    /// The day on which it likely arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrives_on: Option<Date>,
    /// What the carrier asks for it, in minor units of the service's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_minor: Option<i64>,
    /// The day by which it arrives with 90 % confidence, if `proven`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps_on: Option<Date>,
    /// Whether enough parcels and a backtest stand behind that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proven: bool,
}

/// Units that wait, and the incoming supply that is named for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The line of the order.
    pub line: LineNo,
    /// How many.
    pub quantity: i64,
    /// What they wait for.
    pub supply: SupplyId,
    /// Where it comes to, and they leave from.
    pub location: LocationId,
    /// The day it was expected on when it was named, in the location's dates.
    pub expected_on: Date,
    /// How they are to reach the customer from there.
    #[serde(default)]
    pub route: Route,
}

impl Route {
    /// Whether units that go one way may go in one parcel with those that go the other.
    #[must_use]
    pub fn joins(one: Option<&Self>, other: Option<&Self>) -> bool {
        let way = |route: &Self| (route.service, route.leaves_on);
        one.map(way) == other.map(way)
    }
}

impl Allotment {
    /// What it is for its location.
    #[must_use]
    pub fn load(&self) -> Load {
        Load {
            orders: 1,
            lines: i64::try_from(self.lines.len()).unwrap_or(i64::MAX),
            units: self.lines.iter().map(|line| line.quantity).sum(),
        }
    }
}

/// A change of one tender, as it came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentChange {
    /// The tender.
    pub payment: PaymentNo,
    /// What was recorded.
    pub state: PaymentState,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// What was used; given when the tender is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The gateway's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Why units went back from a fulfilment to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseReason {
    /// They were or will be cancelled.
    Cancelled,
    /// The order was changed.
    Amended,
    /// The location said no.
    Rejected,
    /// The picker did not find them; on hand falls too.
    ShortPick,
    /// The location found them damaged: on hand falls, and damaged rises.
    Damaged,
    /// The location set them aside to be looked at: on hand falls, and quarantined rises.
    Quarantined,
    /// A count or adjustment found less than was allocated.
    StockShort,
    /// The order was sourced again by hand.
    Resourced,
    /// Another location does it, because a person said so.
    Moved,
}

/// Why scheduled fulfilments may be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BegunBecause {
    /// The customer's time to change the order is over.
    RemorseOver,
    /// The rest of the order has come, or is wanted no longer.
    Complete,
    /// The rest did not come in time.
    WaitedEnough,
    /// Somebody said so.
    ByHand,
}

/// What happened. Released kinds stay readable for ever; a change of meaning is a new kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each variant is a sentence, and its fields are the words of it"
)]
pub enum Record {
    /// A draft was saved, or saved again.
    OrderDrafted {
        number: u64,
        placed: Arc<Placed>,
        priority: i32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
        next_child: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reservation: Option<ReservationId>,
    },
    /// The order was placed.
    OrderPlaced {
        number: u64,
        placed: Arc<Placed>,
        priority: i32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
        next_child: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reservation: Option<ReservationId>,
    },
    /// What was ordered changed. Units that a smaller quantity frees were open or backordered.
    OrderAmended {
        placed: Arc<Placed>,
        next_child: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Open or backordered units became units of new lines with other items: from which line, to which, how many.
    LinesSubstituted {
        placed: Arc<Placed>,
        next_child: u16,
        lines: Vec<(LineNo, LineNo, i64)>,
        policy: String,
    },
    /// Open or backordered units were cancelled.
    LinesCancelled {
        lines: Vec<LineUnits>,
        reason: String,
        whole_order: bool,
    },
    /// A reason not to move on appeared.
    OrderHeld { hold: Hold },
    /// It went away.
    HoldReleased { hold: HoldNo },
    /// An approval was granted, or refused, or ran out.
    ApprovalDecided {
        hold: HoldNo,
        verdict: Verdict,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Nobody decided in time; this role may decide too.
    ApprovalEscalated { hold: HoldNo, role: String },
    /// A scorer outside answered. Where the score lets the order go on, the hold is released next, or was kept for this reason.
    FraudScored {
        hold: HoldNo,
        score: Score,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<String>,
    },
    /// A scorer outside did not answer in time. The same holds of the hold.
    ScorerSilent {
        hold: HoldNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<String>,
    },
    /// What is not paid is owed on the customer's credit terms.
    TakenOnAccount { terms_days: u16 },
    /// Somebody wrote something; the text is in the contact row.
    NoteAdded { note: ContactNo },
    /// The labels are now these.
    TagsChanged { tags: Vec<String> },
    /// The priority is now this.
    PriorityChanged { priority: i32 },
    /// Open (then backordered) units were allotted; open units that nobody has now wait.
    LinesSourced {
        allotments: Vec<Allotment>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        backordered: Vec<LineUnits>,
        /// The supply that waiting units of these lines are promised from.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        awaited: Vec<Awaited>,
        /// What is to be made of the units that wait.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        productions: Vec<Production>,
    },
    /// Somebody will come for a service line.
    VisitBooked { visit: Visit },
    /// A visit is made at another time.
    VisitMoved {
        visit: VisitNo,
        time: VisitTime,
        reason: VisitReason,
    },
    /// The service of a visit was done.
    VisitCompleted { visit: VisitNo },
    /// A visit was not made: nobody was there, or nobody came.
    VisitMissed { visit: VisitNo, reason: String },
    /// A visit is not wanted, or not possible, any more.
    VisitCancelled { visit: VisitNo, reason: VisitReason },
    /// A maker said yes.
    ProductionAccepted {
        production: ProductionNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        /// The day on which he will have finished, where that is another one than was planned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
    },
    /// A maker began.
    ProductionStarted {
        production: ProductionNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
    },
    /// Units were made, and are in the maker's stock; the line is given them by another entry.
    ProductionCompleted {
        production: ProductionNo,
        quantity: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lot: Option<Lot>,
    },
    /// A maker said no; he is not asked again for this order.
    ProductionRejected {
        production: ProductionNo,
        reason: String,
    },
    /// What was promised is not what will be.
    PromiseChanged {
        reason: Slip,
        /// Fulfilments that go another way, or on another day.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        routes: Vec<(FulfilmentNo, Route)>,
        /// Lines whose waiting units are promised from other supply, or from none any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<LineNo>,
        /// That supply.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        awaited: Vec<Awaited>,
        /// Production orders whose units reach the customer another way, or on another day.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        productions: Vec<(ProductionNo, Route)>,
    },
    /// A promise slipped, and the customer may choose.
    ChoiceOffered { choice: Choice },
    /// There is a public link to a choice; another one than before.
    ChoiceLinkIssued {
        choice: ChoiceNo,
        secret_hash: String,
    },
    /// Nobody chose in time, and what was to happen then is not possible: the customer waits.
    ChoiceDefaultRefused {
        choice: ChoiceNo,
        default: Chosen,
        reason: String,
    },
    /// The customer chose, or nobody did in time.
    ChoiceMade {
        choice: ChoiceNo,
        chosen: Chosen,
        by: By,
    },
    /// Units went back from fulfilments to open; a fulfilment left without units is cancelled.
    UnitsReleased {
        units: Vec<FulfilmentUnits>,
        reason: ReleaseReason,
        /// The location is not asked again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        excluded: Option<LocationId>,
        /// Why the location turned them down, where it did; counts as a try of their lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Cause>,
        /// Of which lots, where items have lots.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lots: Vec<ReleasedLot>,
        /// Which units, where items have serial numbers and the units were picked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        serials: Vec<ReleasedSerial>,
    },
    /// The location said no to some of its units; they were released before.
    UnitsRejected {
        fulfilment: FulfilmentNo,
        lines: Vec<LineUnits>,
        reason: String,
    },
    /// Nobody begins these fulfilments before their time.
    FulfilmentsScheduled {
        fulfilments: Vec<FulfilmentNo>,
        schedule: Schedule,
    },
    /// These fulfilments may be begun now.
    FulfilmentsReleased {
        fulfilments: Vec<FulfilmentNo>,
        because: BegunBecause,
        /// The days on which they are worked, where the ones that were planned have passed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        work_days: Vec<(FulfilmentNo, WorkDay)>,
    },
    /// The location said yes.
    FulfilmentAccepted {
        fulfilment: FulfilmentNo,
        /// The location's own name for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        /// The day on which it leaves, as the location says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ships_on: Option<Date>,
    },
    /// The location said no; its units were released before.
    FulfilmentRejected {
        fulfilment: FulfilmentNo,
        reason: String,
    },
    /// A picker began.
    PickingStarted { fulfilment: FulfilmentNo },
    /// Assigned units were picked.
    UnitsPicked {
        fulfilment: FulfilmentNo,
        lines: Vec<LineUnits>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lots: Vec<PickedLot>,
        /// Which units, where items have serial numbers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        serials: Vec<LineSerial>,
    },
    /// Picked units were packed.
    UnitsPacked {
        fulfilment: FulfilmentNo,
        packages: Vec<Package>,
    },
    /// Units (with their packages) moved to a fulfilment of their own at the same location.
    FulfilmentSplit {
        from: FulfilmentNo,
        into: FulfilmentNo,
        units: Vec<FulfilmentUnits>,
        packages: Vec<crate::id::PackageNo>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lots: Vec<ReleasedLot>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        serials: Vec<ReleasedSerial>,
    },
    /// All units and packages of one fulfilment joined another one at the same location.
    FulfilmentsMerged {
        from: FulfilmentNo,
        into: FulfilmentNo,
    },
    /// All packed units left. Tracking numbers of single packages come with them.
    FulfilmentShipped {
        fulfilment: FulfilmentNo,
        shipment: Shipment,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tracking: Vec<(crate::id::PackageNo, String)>,
    },
    /// The customer may come.
    ReadyForPickup { fulfilment: FulfilmentNo },
    /// The customer came; picked and packed units are delivered.
    PickedUp { fulfilment: FulfilmentNo },
    /// What became of shipped units (of assigned units, where no stock is involved).
    OutcomeRecorded {
        fulfilment: FulfilmentNo,
        outcome: Outcome,
        lines: Vec<LineUnits>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        packages: Vec<crate::id::PackageNo>,
        outcome_at: Millis,
    },
    /// Something happened to a tender.
    PaymentRecorded { change: PaymentChange },
    /// Goods are announced to come back.
    ReturnRegistered { registered: Return },
    /// Goods came back (or were found missing).
    ReturnReceived {
        #[serde(rename = "return")]
        no: ReturnNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<LocationId>,
        lines: Vec<(u16, i64, Disposition)>,
        /// Of which lots, where items have lots.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lots: Vec<ReturnedLot>,
        /// Which units, where items have serial numbers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        serials: Vec<ReturnedSerial>,
    },
}

impl Record {
    /// Units go back, of the lots that are let go first.
    #[must_use]
    pub fn released(
        units: Vec<FulfilmentUnits>,
        reason: ReleaseReason,
        excluded: Option<LocationId>,
    ) -> Self {
        Self::UnitsReleased {
            units,
            reason,
            excluded,
            cause: None,
            lots: Vec::new(),
            serials: Vec::new(),
        }
    }

    /// The entry's kind, as in the journal.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OrderDrafted { .. } => "order_drafted",
            Self::OrderPlaced { .. } => "order_placed",
            Self::OrderAmended { .. } => "order_amended",
            Self::LinesSubstituted { .. } => "lines_substituted",
            Self::LinesCancelled { .. } => "lines_cancelled",
            Self::OrderHeld { .. } => "order_held",
            Self::HoldReleased { .. } => "hold_released",
            Self::ApprovalDecided { .. } => "approval_decided",
            Self::ApprovalEscalated { .. } => "approval_escalated",
            Self::FraudScored { .. } => "fraud_scored",
            Self::ScorerSilent { .. } => "scorer_silent",
            Self::TakenOnAccount { .. } => "taken_on_account",
            Self::NoteAdded { .. } => "note_added",
            Self::TagsChanged { .. } => "tags_changed",
            Self::PriorityChanged { .. } => "priority_changed",
            Self::LinesSourced { .. } => "lines_sourced",
            Self::PromiseChanged { .. } => "promise_changed",
            Self::ChoiceOffered { .. } => "choice_offered",
            Self::ChoiceLinkIssued { .. } => "choice_link_issued",
            Self::ChoiceDefaultRefused { .. } => "choice_default_refused",
            Self::ChoiceMade { .. } => "choice_made",
            Self::UnitsReleased { .. } => "units_released",
            Self::VisitBooked { .. } => "visit_booked",
            Self::VisitMoved { .. } => "visit_moved",
            Self::VisitCompleted { .. } => "visit_completed",
            Self::VisitMissed { .. } => "visit_missed",
            Self::VisitCancelled { .. } => "visit_cancelled",
            Self::ProductionAccepted { .. } => "production_accepted",
            Self::ProductionStarted { .. } => "production_started",
            Self::ProductionCompleted { .. } => "production_completed",
            Self::ProductionRejected { .. } => "production_rejected",
            Self::FulfilmentsScheduled { .. } => "fulfilments_scheduled",
            Self::FulfilmentsReleased { .. } => "fulfilments_released",
            Self::FulfilmentAccepted { .. } => "fulfilment_accepted",
            Self::UnitsRejected { .. } => "units_rejected",
            Self::FulfilmentRejected { .. } => "fulfilment_rejected",
            Self::PickingStarted { .. } => "picking_started",
            Self::UnitsPicked { .. } => "units_picked",
            Self::UnitsPacked { .. } => "units_packed",
            Self::FulfilmentSplit { .. } => "fulfilment_split",
            Self::FulfilmentsMerged { .. } => "fulfilments_merged",
            Self::FulfilmentShipped { .. } => "fulfilment_shipped",
            Self::ReadyForPickup { .. } => "ready_for_pickup",
            Self::PickedUp { .. } => "picked_up",
            Self::OutcomeRecorded { .. } => "outcome_recorded",
            Self::PaymentRecorded { .. } => "payment_recorded",
            Self::ReturnRegistered { .. } => "return_registered",
            Self::ReturnReceived { .. } => "return_received",
        }
    }

    /// The version of the kind's body.
    #[must_use]
    pub fn version(&self) -> i16 {
        1
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}
