//! Decisions: what one command changes, as values.

use std::sync::Arc;

use smallvec::SmallVec;
use uuid::Uuid;

use crate::booking::SlotChange;
use crate::carrier::{ClosureId, ServiceId};
use crate::catalog::Item;
use crate::facts::{Claim, ClaimKey};
use crate::id::{
    AgreementId, CountTaskId, CustomerId, FulfilmentNo, HoldNo, ItemId, OrderId, ProductionNo,
    ReservationId, ReturnNo, SupplyId, VisitNo,
};
use crate::inventory::{
    CountTask, Crossing, KnownLot, Reservation, RevisedExclusion, RevisedFence, SerialEntry,
    StockMove, Supply, SupplyEntry,
};
use crate::network::{
    CalendarId, ChannelId, Load, LocationGroupId, LocationId, Member, Network, ScreeningId,
};
use crate::order::screening::{Tally, TallyKey};
use crate::order::source::PlansTaken;
use crate::order::{Entry, LocationDay, Order};
use crate::party::{Account, Agreement, Call, Contact, Customer};
use crate::promise::{Observation, Scored};
use crate::sourcing::Explanation;
use crate::sourcing::policy::PolicyId;
use crate::time::Millis;

/// What one command changes. The store writes the union of a batch of these in one transaction.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// Orders with the entries that changed them.
    pub orders: SmallVec<[RevisedOrder; 1]>,
    /// Changes of stock levels; each one is a row of the stock ledger.
    pub moves: Vec<StockMove>,
    /// Lots that nobody had seen before.
    pub lots: Vec<KnownLot>,
    /// What happened to units with serial numbers.
    pub serials: Vec<SerialEntry>,
    /// Reservations as they are now.
    pub reservations: Vec<Reservation>,
    /// Incoming supply with the entries that changed it.
    pub supplies: Vec<RevisedSupply>,
    /// Tasks to count as they are now.
    pub count_tasks: Vec<RevisedCountTask>,
    /// Ring-fences as they are now.
    pub fences: Vec<RevisedFence>,
    /// Exclusions as they are now.
    pub exclusions: Vec<RevisedExclusion>,
    /// New claims on unique values.
    pub claims: SmallVec<[(ClaimKey, Claim); 3]>,
    /// New contact rows, by id (a child of the order, or the customer's own id).
    pub contacts: SmallVec<[(Uuid, Contact); 2]>,
    /// Customers as they are now.
    pub customers: Vec<Customer>,
    /// Items as they are now.
    pub items: Vec<Arc<Item>>,
    /// The network as it is now.
    pub network: Option<Arc<Network>>,
    /// The members of the network that changed.
    pub members: Vec<Member>,
    /// Why locations were or were not chosen.
    pub explanations: Vec<(OrderId, u64, Explanation)>,
    /// Thresholds of stock that were crossed.
    pub crossings: Vec<Crossing>,
    /// Items that still have waiting orders and free stock: continue after the commit.
    pub serve_later: Vec<ItemId>,
    /// Items whose waiting orders are to be served at a later time, when something ends by itself.
    pub serve_at: SmallVec<[(ItemId, Millis); 1]>,
    /// When it was decided.
    pub at: Millis,
    /// Changes of what locations have to do on their days.
    pub loads: Vec<DayChange>,
    /// Changes of what is booked of the capacity of items.
    pub bookings: Vec<SlotChange>,
    /// How long parcels took that have arrived.
    pub observations: Vec<Observation>,
    /// Whether promises were kept.
    pub scores: Vec<Scored>,
    /// Items of which so many units were waited for, which decided something: it must be so when this is committed.
    pub waited_seen: Vec<(ItemId, i64)>,
    /// What was seen of late, as it is now, by value.
    pub tallies: Vec<(TallyKey, Tally)>,
    /// Accounts of customers as they are now.
    pub accounts: Vec<(CustomerId, Account)>,
    /// Agreements as they are now.
    pub agreements: Vec<Arc<Agreement>>,
    /// What orders have called off agreements, as it is now.
    pub calls: Vec<Call>,
    /// Orders whose approvals are to be looked at again, and when.
    pub review_later: SmallVec<[(OrderId, Millis); 1]>,
    /// Holds of orders that a scorer outside is to be asked about.
    pub score_later: SmallVec<[(OrderId, HoldNo); 1]>,
    /// What became of plans that were made ahead.
    pub plans: PlansTaken,
    /// Orders whose scheduled fulfilments are to be looked at, and when.
    pub release_later: SmallVec<[(OrderId, Millis); 1]>,
    /// Orders whose promises are to be looked at again, and when.
    pub watch_later: SmallVec<[(OrderId, Millis); 1]>,
    /// Items of which other supply will come than before: promises of those who wait are to be looked at.
    pub renew_later: Vec<ItemId>,
    /// Order numbers used up.
    pub numbers_used: u64,
    /// The answer to the caller.
    pub answer: Answer,
}

/// A change of what a location has to do on one of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayChange {
    /// The location and the day.
    pub day: LocationDay,
    /// The difference.
    pub change: Load,
    /// The most that the day may hold afterwards, unless it was empty before: the limit, the largest number where there is
    /// none, and the smallest one where nothing is added.
    pub most: Load,
}

/// One order before and after, with the entries in between.
#[derive(Debug, Clone)]
pub struct RevisedOrder {
    /// The order before; `None` when it is new.
    pub before: Option<Arc<Order>>,
    /// The order after.
    pub after: Arc<Order>,
    /// What happened.
    pub entries: SmallVec<[Entry; 3]>,
}

/// Incoming supply after a command, with the entries since.
#[derive(Debug, Clone)]
pub struct RevisedSupply {
    /// The version before; 0 when it is new.
    pub was: u64,
    /// The supply after.
    pub after: Arc<Supply>,
    /// What happened.
    pub entries: SmallVec<[SupplyEntry; 1]>,
}

/// A task to count after a command.
#[derive(Debug, Clone)]
pub struct RevisedCountTask {
    /// The version before; 0 when it is new.
    pub was: u64,
    /// The task after.
    pub after: Arc<CountTask>,
}

/// The answer to a caller: how it ended, and the resource to render.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answer {
    /// How it ended.
    pub outcome: AnswerKind,
    /// What to render.
    pub resource: Resource,
    /// The version of the order that the resource belongs to, or of the supply.
    pub version: u64,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AnswerKind {
    /// Something was made (201).
    Created,
    /// Something was changed, or was so already (200).
    #[default]
    Ok,
}

/// What an answer is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Nothing to render.
    #[default]
    Nothing,
    /// An order.
    Order(OrderId),
    /// A fulfilment.
    Fulfilment(OrderId, FulfilmentNo),
    /// A return.
    Return(OrderId, ReturnNo),
    /// A production order.
    Production(OrderId, ProductionNo),
    /// A visit.
    Visit(OrderId, VisitNo),
    /// An item.
    Item(ItemId),
    /// A location.
    Location(LocationId),
    /// A channel.
    Channel(ChannelId),
    /// A customer.
    Customer(CustomerId),
    /// A stock level.
    StockLevel(ItemId, LocationId),
    /// A reservation.
    Reservation(ReservationId),
    /// A group of locations.
    LocationGroup(LocationGroupId),
    /// A calendar.
    Calendar(CalendarId),
    /// One version of a sourcing policy.
    Policy(PolicyId),
    /// A carrier service.
    Service(ServiceId),
    /// A carrier closure.
    Closure(ClosureId),
    /// Incoming supply.
    Supply(SupplyId),
    /// A task to count.
    CountTask(CountTaskId),
    /// A set of screening rules.
    ScreeningRules(ScreeningId),
    /// A blanket agreement.
    Agreement(AgreementId),
}

impl Answer {
    /// Something was made.
    #[must_use]
    pub fn created(resource: Resource) -> Self {
        Self {
            outcome: AnswerKind::Created,
            resource,
            version: 0,
        }
    }

    /// Something was changed, or was so already.
    #[must_use]
    pub fn ok(resource: Resource) -> Self {
        Self {
            outcome: AnswerKind::Ok,
            resource,
            version: 0,
        }
    }
}

/// Resources are stored in claims as a tag and an id (a small number is stored as an id too).
impl Resource {
    /// The tag and the id to store.
    #[must_use]
    pub fn encode(self) -> (i16, Uuid, i32) {
        match self {
            Self::Nothing => (0, Uuid::nil(), 0),
            Self::Order(id) => (1, id.uuid(), 0),
            Self::Fulfilment(id, no) => (2, no.of(id), 0),
            Self::Return(id, no) => (3, no.of(id), 0),
            Self::Production(id, no) => (40, no.of(id), 0),
            Self::Visit(id, no) => (41, no.of(id), 0),
            Self::Item(id) => (4, id.uuid(), 0),
            Self::Location(id) => (5, Uuid::nil(), i32::from(id.0)),
            Self::Channel(id) => (6, Uuid::nil(), i32::from(id.0)),
            Self::Customer(id) => (7, id.uuid(), 0),
            Self::StockLevel(id, location) => (8, id.uuid(), i32::from(location.0)),
            Self::Reservation(id) => (9, id.uuid(), 0),
            Self::LocationGroup(id) => (10, Uuid::nil(), i32::from(id.0)),
            Self::Policy(id) => (11, Uuid::nil(), i32::from(id.0)),
            Self::Calendar(id) => (20, Uuid::nil(), i32::from(id.0)),
            Self::Service(id) => (21, Uuid::nil(), i32::from(id.0)),
            Self::Closure(id) => (22, Uuid::nil(), i32::from(id.0)),
            Self::Supply(id) => (12, id.uuid(), 0),
            Self::CountTask(id) => (31, id.uuid(), 0),
            Self::ScreeningRules(id) => (13, Uuid::nil(), i32::from(id.0)),
            Self::Agreement(id) => (33, id.uuid(), 0),
        }
    }

    /// Reads what [`Resource::encode`] wrote; an unknown tag reads as nothing.
    #[must_use]
    pub fn decode(tag: i16, id: Uuid, number: i32) -> Self {
        let child = crate::id::split(id).1;
        let small = u16::try_from(number).unwrap_or_default();
        match tag {
            1 => Self::Order(OrderId::from_uuid(id)),
            2 => Self::Fulfilment(OrderId::from_uuid(id), FulfilmentNo(child)),
            3 => Self::Return(OrderId::from_uuid(id), ReturnNo(child)),
            41 => Self::Visit(OrderId::from_uuid(id), VisitNo(child)),
            40 => Self::Production(OrderId::from_uuid(id), ProductionNo(child)),
            4 => Self::Item(ItemId::from_uuid(id)),
            5 => Self::Location(LocationId(small)),
            6 => Self::Channel(ChannelId(small)),
            7 => Self::Customer(CustomerId::from_uuid(id)),
            8 => Self::StockLevel(ItemId::from_uuid(id), LocationId(small)),
            9 => Self::Reservation(ReservationId::from_uuid(id)),
            10 => Self::LocationGroup(LocationGroupId(small)),
            11 => Self::Policy(PolicyId(small)),
            20 => Self::Calendar(CalendarId(small)),
            21 => Self::Service(ServiceId(small)),
            22 => Self::Closure(ClosureId(small)),
            12 => Self::Supply(SupplyId::from_uuid(id)),
            31 => Self::CountTask(CountTaskId::from_uuid(id)),
            13 => Self::ScreeningRules(ScreeningId(small)),
            33 => Self::Agreement(AgreementId::from_uuid(id)),
            _ => Self::Nothing,
        }
    }
}
