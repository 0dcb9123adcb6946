//! Commands: everything that may change business state, as values.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::carrier::{EndClosure, PutClosure, PutService};
use crate::catalog::{LiftRecall, PutItem, PutListPrices, RecallItem};
use crate::fulfilment::{
    AcceptFulfilment, CollectFulfilment, MarkReady, MergeFulfilments, MoveFulfilment,
    PackFulfilment, PickFulfilment, RecordOutcome, RejectFulfilment, ShipFulfilment,
    SplitFulfilment,
};
use crate::id::{KeyId, OrderId, RequestId, SupplyId};
use crate::inventory::{
    AdjustStock, CancelSupply, ChangeSupply, CountStock, CreateCountTask, CreateReservation,
    CreateSupply, DecideCount, EndReservation, ExcludeItem, ReceiveStock, ReceiveSupply,
    RecordCount, ServeWaiting, SetRingFence, SetSafetyStock, ShipTransfer, TransferStock,
};
use crate::network::{PutCalendar, PutChannel, PutLocation, PutLocationGroup};
use crate::order::amend::AmendOrder;
use crate::order::cancel::CancelOrder;
use crate::order::choice::{ChooseOption, IssueChoiceLink};
use crate::order::hold::{HoldOrder, ReleaseHold};
use crate::order::note::{AddNote, ChangeTags, SetPriority};
use crate::order::place::{PlaceDraft, PlaceOrder, SaveDraft};
use crate::order::schedule::ReleaseScheduled;
use crate::order::screening::{DecideApproval, PutScreeningRules, RecordScore, ReviewHolds};
use crate::order::source::SourceOrder;
use crate::party::{CloseAgreement, CreateAgreement, PutAccount, PutCustomer};
use crate::payment::RecordPayment;
use crate::production::{AcceptProduction, CompleteProduction, RejectProduction, StartProduction};
use crate::promise::RenewPromise;
use crate::refusal::Refusal;
use crate::returns::{ReceiveReturn, RegisterReturn};
use crate::sourcing::policy::PutPolicy;
use crate::time::Millis;
use crate::visit::{BookVisit, CompleteVisit, MissVisit, RebookVisit};

/// One request to change something: a command, who asks, and under which key.
#[derive(Debug, Clone)]
pub struct Request {
    /// Identity; the claim of requests without a key of their own.
    pub id: RequestId,
    /// Who asks.
    pub actor: Actor,
    /// The caller's idempotency key, if any.
    pub key: Option<IdempotencyKey>,
    /// What is asked for.
    pub command: Command,
}

/// A caller's idempotency key. It is scoped to the caller's account and the operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The operation, such as `POST /v1/orders`.
    pub operation: String,
    /// The key as given.
    pub key: String,
    /// First 16 bytes of the SHA-256 of the request's body.
    pub body_hash: [u8; 16],
}

/// What `decide` may know besides the facts.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The time of the decision.
    pub now: Millis,
    /// The first of the leased order numbers; each placed order takes the next one.
    pub next_number: u64,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// Somebody with this API key.
    Key(KeyId),
    /// Throughline itself: jobs and expiries.
    System,
    /// A person at the command line of the server.
    Operator,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key:{id}"),
            Self::System => f.write_str("system"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

impl FromStr for Actor {
    type Err = crate::id::InvalidId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "system" => Ok(Self::System),
            "operator" => Ok(Self::Operator),
            _ => text
                .strip_prefix("key:")
                .ok_or(crate::id::InvalidId)?
                .parse()
                .map(Self::Key),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = crate::id::InvalidId;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

/// Whether writing master data makes, changes, or does either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutMode {
    /// Refuse a name that is taken.
    Create,
    /// Refuse a name that is unknown.
    Change,
    /// Create or change.
    Ensure,
}

impl PutMode {
    /// Refuses what the mode does not allow.
    ///
    /// # Errors
    /// [`Refusal::Exists`] or [`Refusal::NotFound`].
    pub fn check(self, what: &'static str, name: &str, known: bool) -> Result<(), Refusal> {
        match (self, known) {
            (Self::Create, true) => Err(Refusal::Exists {
                what,
                name: name.to_owned(),
            }),
            (Self::Change, false) => Err(Refusal::NotFound {
                what,
                name: name.to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// An order verb with the order it is for and the version the caller saw.
#[derive(Debug, Clone)]
pub struct OnOrder<T> {
    /// The order.
    pub order: OrderId,
    /// Refuse unless the order is at this version (`If-Match`).
    pub expected_version: Option<u64>,
    /// What is to be done.
    pub what: T,
}

/// A verb for incoming supply, with the supply it is for and the version the caller saw.
#[derive(Debug, Clone)]
pub struct OnSupply<T> {
    /// The supply.
    pub supply: SupplyId,
    /// Refuse unless the supply is at this version (`If-Match`).
    pub expected_version: Option<u64>,
    /// What is to be done.
    pub what: T,
}

/// Everything that may change business state.
#[derive(Debug, Clone)]
pub enum Command {
    /// Create or change an item.
    PutItem(PutItem),
    /// Set list prices of items.
    PutListPrices(PutListPrices),
    /// Recall a SKU.
    RecallItem(RecallItem),
    /// End a recall.
    LiftRecall(LiftRecall),
    /// Create or change a location.
    PutLocation(PutLocation),
    /// Create or change a group of locations.
    PutLocationGroup(PutLocationGroup),
    /// Create or change a channel.
    PutChannel(PutChannel),
    /// Write the next version of a sourcing policy.
    PutPolicy(Box<PutPolicy>),
    /// Create or change a calendar.
    PutCalendar(PutCalendar),
    /// Create or change a carrier service.
    PutService(Box<PutService>),
    /// Close carrier services for some days.
    PutClosure(Box<PutClosure>),
    /// End a closure before its last day.
    EndClosure(EndClosure),
    /// Create or change screening rules.
    PutScreeningRules(Box<PutScreeningRules>),
    /// Create or change a customer.
    PutCustomer(PutCustomer),
    /// Set a customer's tier and credit.
    PutAccount(PutAccount),
    /// Make a blanket agreement with a customer.
    CreateAgreement(Box<CreateAgreement>),
    /// End a blanket agreement.
    CloseAgreement(CloseAgreement),
    /// Take stock in.
    ReceiveStock(ReceiveStock),
    /// Correct stock by a difference.
    AdjustStock(AdjustStock),
    /// Set stock to what was counted.
    CountStock(CountStock),
    /// Ask for a count.
    CreateCountTask(CreateCountTask),
    /// Say what was counted.
    RecordCount(RecordCount),
    /// Agree to what was counted, or have it counted again.
    DecideCount(DecideCount),
    /// Move stock between locations.
    TransferStock(TransferStock),
    /// Set the units that are never promised.
    SetSafetyStock(SetSafetyStock),
    /// Announce goods from a supplier or from production.
    CreateSupply(CreateSupply),
    /// Send stock to another location.
    ShipTransfer(ShipTransfer),
    /// Change what is expected, and when.
    ChangeSupply(OnSupply<ChangeSupply>),
    /// Take in what was expected.
    ReceiveSupply(OnSupply<ReceiveSupply>),
    /// Nothing more will come.
    CancelSupply(OnSupply<CancelSupply>),
    /// Set the units that only one channel may have.
    SetRingFence(SetRingFence),
    /// Set where an item is not offered for some days.
    ExcludeItem(ExcludeItem),
    /// Hold stock for a cart.
    CreateReservation(CreateReservation),
    /// Let a reservation go.
    EndReservation(EndReservation),
    /// Give free stock of an item to the orders that wait for it.
    ServeWaiting(ServeWaiting),
    /// Save a draft.
    SaveDraft(Box<SaveDraft>),
    /// Place an order.
    PlaceOrder(Box<PlaceOrder>),
    /// Place a draft.
    PlaceDraft(OnOrder<PlaceDraft>),
    /// Change what was ordered.
    AmendOrder(OnOrder<Box<AmendOrder>>),
    /// Cancel lines or the order.
    CancelOrder(OnOrder<CancelOrder>),
    /// Put on hold.
    HoldOrder(OnOrder<HoldOrder>),
    /// Release a hold.
    ReleaseHold(OnOrder<ReleaseHold>),
    /// Grant or refuse an approval.
    DecideApproval(OnOrder<DecideApproval>),
    /// Let approvals escalate and run out.
    ReviewHolds(OnOrder<ReviewHolds>),
    /// Record what a scorer said.
    RecordScore(OnOrder<RecordScore>),
    /// Write a note.
    AddNote(OnOrder<AddNote>),
    /// Change labels.
    ChangeTags(OnOrder<ChangeTags>),
    /// Set the priority.
    SetPriority(OnOrder<SetPriority>),
    /// Choose locations.
    SourceOrder(OnOrder<SourceOrder>),
    /// Let scheduled fulfilments be begun.
    ReleaseScheduled(OnOrder<ReleaseScheduled>),
    /// Promise anew what will not be as it was promised.
    RenewPromise(OnOrder<RenewPromise>),
    /// Give a choice a public link.
    IssueChoiceLink(OnOrder<IssueChoiceLink>),
    /// Choose for a customer whose promise slipped.
    ChooseOption(OnOrder<ChooseOption>),
    /// Record a payment.
    RecordPayment(OnOrder<RecordPayment>),
    /// Announce goods coming back.
    RegisterReturn(OnOrder<RegisterReturn>),
    /// Record goods that came back.
    ReceiveReturn(OnOrder<ReceiveReturn>),
    /// The location says yes.
    AcceptFulfilment(OnOrder<AcceptFulfilment>),
    /// The location says no.
    RejectFulfilment(OnOrder<RejectFulfilment>),
    /// Pick.
    PickFulfilment(OnOrder<PickFulfilment>),
    /// Pack.
    PackFulfilment(OnOrder<PackFulfilment>),
    /// Ship.
    ShipFulfilment(OnOrder<ShipFulfilment>),
    /// Record what became of a shipment.
    RecordOutcome(OnOrder<RecordOutcome>),
    /// Ready to be collected.
    MarkReady(OnOrder<MarkReady>),
    /// Collected.
    CollectFulfilment(OnOrder<CollectFulfilment>),
    /// Have another location do it.
    MoveFulfilment(OnOrder<MoveFulfilment>),
    /// Part a fulfilment in two.
    SplitFulfilment(OnOrder<SplitFulfilment>),
    /// Put two fulfilments together.
    MergeFulfilments(OnOrder<MergeFulfilments>),
    /// A visit is booked for a service line.
    BookVisit(OnOrder<BookVisit>),
    /// A visit gets another time.
    RebookVisit(OnOrder<RebookVisit>),
    /// The service of a visit was done.
    CompleteVisit(OnOrder<CompleteVisit>),
    /// A visit was missed.
    MissVisit(OnOrder<MissVisit>),
    /// The maker accepts a production order.
    AcceptProduction(OnOrder<AcceptProduction>),
    /// The maker begins a production order.
    StartProduction(OnOrder<StartProduction>),
    /// The maker completes a production order.
    CompleteProduction(OnOrder<CompleteProduction>),
    /// The maker rejects a production order.
    RejectProduction(OnOrder<RejectProduction>),
}
