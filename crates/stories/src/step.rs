//! One step of a story: what is done, in few words that shrink well.

use crate::cast::{Country, Place, Shop, Sku, Way, words};

/// One step: what is done, under which key, on which version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub what: What,
    /// The number of the caller's idempotency key, if any.
    pub key: Option<u8>,
    /// Which version of the order the caller asks for.
    pub version: Version,
}

/// Which version of an order the caller asks for (`If-Match`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Version {
    /// Any.
    #[default]
    Any,
    /// The one it has.
    Current,
    /// An earlier one.
    Stale,
}

/// Which of several things a step is about. A position beyond the last one counts on from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// One of those in a fitting state; nothing happens, if there is none.
    Fitting(u8),
    /// One of all, whatever its state.
    Any(u8),
}

/// How much of what is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    All,
    /// Between one and all.
    Some(u8),
    /// One too many.
    Over,
    /// Nothing.
    Zero,
}

/// How much of one line; lines are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The line.
    pub line: u8,
    /// How much.
    pub share: Share,
}

/// What a picker found of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The line and the units found.
    pub part: Part,
    /// Units that were not there.
    pub short: u8,
}

/// An order as a step describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// Where it comes from.
    pub shop: Shop,
    /// What.
    pub lines: Vec<NewLine>,
    /// Where it goes; nowhere, if nothing is said.
    pub to: Option<Country>,
    /// The channel's own reference.
    pub reference: Option<u8>,
    /// The reservation that it uses.
    pub reservation: Option<Pick>,
    /// Its priority.
    pub priority: Option<u16>,
    /// What was paid.
    pub paid: Paid,
    /// The customer.
    pub customer: Option<u8>,
    /// Whether postage, a note and tags come with it.
    pub trimmings: bool,
    /// Whether nothing of it is begun until all of it is allocated.
    pub complete: bool,
}

/// One line of a new order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLine {
    /// Units.
    pub units: u8,
    /// Of what.
    pub sku: Sku,
    /// How it reaches the customer.
    pub way: Way,
    /// Where it is collected, or must come from.
    pub at: Option<Place>,
    /// Its own address.
    pub to: Option<Country>,
    /// The day the customer wants it.
    pub day: Option<u8>,
}

words! {
    /// What came with an order.
    Paid {
        /// Nothing.
        Nothing = "unpaid",
        /// An announcement.
        Pending = "pending",
        /// An authorisation.
        Authorized = "authorized",
        /// The money.
        Captured = "captured",
    }
}

/// One change of an amendment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Another line.
    Add(NewLine),
    /// Another quantity of a line.
    Units(u8, u8),
    /// A line goes away.
    Remove(u8),
    /// Another address of the order.
    To(Country),
    /// Another address of a line.
    LineTo(u8, Country),
    /// Another price of a line.
    Price(u8, u16),
    /// Other charges.
    Postage(u16),
    /// Another date.
    Day(u8),
}

/// How picked units are packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packing {
    /// Everything in one package.
    Together,
    /// A package for each line.
    ByLine,
    /// Everything spread over two packages.
    InTwo,
    /// One package with these.
    These(Vec<Part>),
}

/// What leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shipping {
    /// Everything that is packed.
    All,
    /// One package.
    One(u8),
    /// All packages, each with a tracking number.
    Tracked,
}

/// What an outcome is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything on its way.
    All,
    /// One package.
    Package(u8),
    /// Units of one line.
    Part(Part),
}

words! {
    /// What becomes of a batch.
    Fate {
        /// It is committed.
        Commit = "commit",
        /// Its transaction is lost, and it is decided again.
        Lost = "lost",
        /// It is committed and nobody hears of it, so it is decided again.
        Unheard = "unheard",
    }
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An order is placed.
    Place(NewOrder),
    /// An order that was delivered long ago is taken over.
    History(NewOrder),
    /// A draft is saved.
    Draft(NewOrder),
    /// A draft is saved again.
    Redraft(Pick, NewOrder),
    /// A draft is placed.
    PlaceDraft(Pick),
    /// An order is changed.
    Amend(Pick, Vec<Change>),
    /// Lines or, if none are named, the order are cancelled.
    Cancel(Pick, Vec<Part>),
    /// An order or lines of it are held.
    Hold(Pick, HoldWord, Vec<u8>),
    /// A hold is released.
    Release(Pick),
    /// An order is sourced.
    Source(Pick),
    /// An order is sourced again from the start.
    SourceAgain(Pick),
    /// An order is sourced as one of many: so many units of a SKU were planned at a place, and nothing else.
    SourcePlanned(Pick, u8, Sku, Place),
    /// Scheduled fulfilments of an order may be begun now.
    ReleaseNow(Pick),
    /// The time of scheduled fulfilments of an order may have come.
    TimeIsUp(Pick),
    /// The promises of an order are looked at.
    Renew(Pick),
    /// The customer chooses, where a promise slipped.
    Choose(Pick, ChosenWord),
    /// A choice gets another link.
    Link(Pick, u8),
    /// The priority is set.
    Priority(Pick, u16),
    /// A note is written.
    Note(Pick),
    /// A tag is added, another one removed.
    Tag(Pick, u8),
    /// Money moves; of the tender with this position, or of a new one.
    Pay(Pick, PayWord, Share, Option<u8>),
    /// Goods are announced to come back.
    Return(Pick, Vec<Part>),
    /// Goods came back.
    TakeBack(Pick, Place, Share, Fortune),
    /// A fulfilment comes one step further, whatever is next.
    Advance(Pick),
    /// The location says yes.
    Accept(Pick),
    /// The location says no.
    Reject(Pick, RejectWord),
    /// An item is not offered from somewhere for so many days; 0 ends that.
    Exclude(u8, Sku, Place),
    /// Another place does it; of the first line so many, or everything.
    Move(Pick, Place, Share),
    /// A part goes its own way: of the first line with loose units so many, or the first package.
    Part(Pick, Share),
    /// Two fulfilments become one.
    Merge(Pick),
    /// Picking begins.
    Start(Pick),
    /// Units are picked; everything, if nothing is named.
    PickUnits(Pick, Vec<Found>),
    /// Picked units are packed.
    Pack(Pick, Packing),
    /// Packed units leave.
    Ship(Pick, Shipping),
    /// What became of them.
    Outcome(Pick, OutcomeWord, Scope),
    /// The customer may come.
    Ready(Pick),
    /// The customer came.
    Collect(Pick),
    /// Goods come in.
    Receive(u8, Sku, Place),
    /// Stock is corrected.
    Adjust(i8, Sku, Place),
    /// Stock is counted.
    Count(u8, Sku, Place),
    /// Stock goes elsewhere.
    Transfer(u8, Sku, Place, Place),
    /// Goods will come in so many days.
    Expect(u8, Sku, Place, u8),
    /// Stock leaves for elsewhere, and arrives in so many days.
    Send(u8, Sku, Place, Place, u8),
    /// What was expected arrives.
    Arrive(Pick, Share, Arrival),
    /// What was expected comes in so many days from now.
    Postpone(Pick, u8),
    /// What was expected will not come.
    CallOff(Pick),
    /// A lot is recalled.
    RecallLot(u8),
    /// Its recall ends.
    LiftRecall(u8),
    /// Units are never promised.
    Safety(u8, Sku, Place),
    /// A cart claims stock for so many minutes.
    Reserve(Vec<(u8, Sku)>, Option<Place>, u8),
    /// A cart is given up.
    End(Pick),
    /// A cart may have run out.
    Expire(Pick),
    /// Those who wait for an item are served.
    Serve(Sku),
    /// Write down who a customer is, with a new name.
    Customer(u8),
    /// Minutes go by.
    Wait(u8),
    /// So many units of an item may be oversold from now on.
    Oversell(Sku, u8),
    /// An item becomes a kit, or a kit becomes a simple item.
    Rebuild(Sku),
    /// A location opens, pauses or closes.
    Location(Place, StatusWord),
    /// A setting changes.
    Setting(SettingWord),
    /// The scorer outside answers.
    Scored(Pick, u8),
    /// Somebody decides about an approval.
    Approve(Pick, VerdictWord),
    /// The time of approvals and scorers may be over.
    Review(Pick),
    /// An item is to be counted at a place; so many units of difference need nobody's agreement.
    Task(u8, Sku, Place),
    /// So many units more or less than expected are counted.
    Counted(Pick, i8),
    /// Somebody decides about what was counted.
    Agree(Pick, AgreeWord),
    /// Something is asked for that must be refused.
    Mistake(Mistake),
    /// An earlier request is made again.
    Again(u8),
    /// An earlier request is made again under its key or reference, with another body.
    Otherwise(u8),
    /// The next steps are decided in one batch.
    Together(u8, Fate),
    /// The next steps are decided by another process.
    Node(u8),
}

words! {
    /// How expected goods arrive.
    Arrival {
        /// As they were announced.
        Plain = "plain",
        /// The rest of a transfer is lost.
        Short = "short",
        /// More may arrive than was announced.
        Generous = "generous",
    }
}

words! {
    /// How a location says no.
    RejectWord {
        /// To everything, without saying much.
        Plain = "plain",
        /// To one unit of the first line.
        One = "one",
        /// Because nothing was found.
        NotFound = "not_found",
        /// Because of what was found.
        Damaged = "damaged",
        /// Because it has to be looked at first.
        Doubtful = "doubtful",
    }
}

words! {
    /// The kinds of holds.
    HoldWord {
        /// The money is not there.
        Payment = "payment",
        /// The credit does not reach.
        Credit = "credit",
        /// It may be fraud.
        Fraud = "fraud",
        /// The address is wrong.
        Address = "address",
        /// There is no stock.
        Stock = "stock",
        /// Somebody must agree.
        Approval = "approval",
        /// Somebody said stop.
        Manual = "manual",
    }
}

words! {
    /// What happens to money.
    PayWord {
        /// It is announced.
        Pending = "pending",
        /// It is set aside.
        Authorized = "authorized",
        /// It is taken.
        Captured = "captured",
        /// It is given back.
        Refunded = "refunded",
        /// The authorisation is given up.
        Voided = "voided",
        /// It did not work.
        Failed = "failed",
        /// The authorisation ran out.
        Expired = "expired",
    }
}

words! {
    /// What becomes of a parcel.
    OutcomeWord {
        /// It arrives.
        Delivered = "delivered",
        /// Nobody wants it.
        Refused = "refused",
        /// Nobody finds it.
        Lost = "lost",
        /// The carrier brings it back.
        ReturnedToSender = "returned_to_sender",
    }
}

words! {
    /// What becomes of a returned unit.
    Fortune {
        /// Back on the shelf.
        Restock = "restock",
        /// Repaired first.
        Refurbish = "refurbish",
        /// Looked at first.
        Quarantine = "quarantine",
        /// Thrown away.
        Scrap = "scrap",
        /// It did not come.
        Missing = "missing",
    }
}

words! {
    /// What a customer chooses.
    ChosenWord {
        /// To wait.
        Wait = "wait",
        /// To have what is there now.
        Split = "split",
        /// To have something else.
        Substitute = "substitute",
        /// To have the money back.
        Refund = "refund",
    }
}

words! {
    /// How settings change.
    SettingWord {
        /// A policy that weighs costs.
        PolicyCost = "policy-cost",
        /// One with preferences.
        PolicyRanked = "policy-ranked",
        /// One that answers what nobody serves with substitutes.
        PolicySubstitute = "policy-substitute",
        /// None any more.
        PolicyRetired = "policy-retired",
        /// A carrier.
        Carrier = "carrier",
        /// It is slow for some days.
        Closed = "closed",
        /// It is not slow any more.
        Reopened = "reopened",
        /// Nothing is checked.
        RulesNone = "rules-none",
        /// Large orders are held.
        RulesFraud = "rules-fraud",
        /// Large orders need an approval.
        RulesApproval = "rules-approval",
        /// A scorer outside is asked.
        RulesScorer = "rules-scorer",
        /// The shop is the till of the store.
        Till = "till",
        /// It is none.
        NoTill = "no-till",
    }
}

words! {
    /// What somebody says to an order that needs an approval.
    VerdictWord {
        /// Yes.
        Granted = "granted",
        /// No.
        Rejected = "rejected",
    }
}

words! {
    /// What somebody says to a count.
    AgreeWord {
        /// It is so.
        Approve = "approve",
        /// Count again.
        Reject = "reject",
        /// Leave it.
        Cancel = "cancel",
    }
}

words! {
    /// Whether a location works.
    StatusWord {
        /// It does.
        Open = "open",
        /// Not now.
        Paused = "paused",
        /// Never again.
        Closed = "closed",
    }
}

words! {
    /// Requests that must be refused, whatever has happened before.
    Mistake {
        /// A verb on an order that does not exist.
        UnknownOrder = "unknown-order",
        /// A verb on a fulfilment that does not exist.
        UnknownFulfilment = "unknown-fulfilment",
        /// The end of a reservation that does not exist.
        UnknownReservation = "unknown-reservation",
        /// The arrival of supply that does not exist.
        UnknownSupply = "unknown-supply",
        /// Supply that was expected yesterday.
        SupplyInThePast = "supply-in-the-past",
        /// Stock of a SKU that does not exist.
        UnknownSku = "unknown-sku",
        /// Stock without the lot that it is of.
        NoLot = "no-lot",
        /// Stock at a location that does not exist.
        UnknownLocation = "unknown-location",
        /// An order from a channel that does not exist.
        UnknownChannel = "unknown-channel",
        /// An item that exists is made again.
        ItemExists = "item-exists",
        /// A location that exists is made again.
        LocationExists = "location-exists",
        /// A channel that exists is made again.
        ChannelExists = "channel-exists",
        /// An order in a currency that the channel does not sell in.
        WrongCurrency = "wrong-currency",
        /// An order in no currency.
        NoCurrency = "no-currency",
        /// An order without lines.
        NoLines = "no-lines",
        /// An order of nothing.
        NoUnits = "no-units",
        /// An order of less than nothing.
        NegativeUnits = "negative-units",
        /// An order of more than can be counted.
        TooManyUnits = "too-many-units",
        /// An order that costs more than can be counted.
        TooMuchMoney = "too-much-money",
        /// An order with more tags than allowed.
        TooManyTags = "too-many-tags",
        /// An order with more charges than allowed.
        TooManyCharges = "too-many-charges",
        /// An order that is placed tomorrow.
        Tomorrow = "tomorrow",
        /// Stock of a kit, which has none.
        StockOfKit = "stock-of-kit",
        /// A receipt of nothing.
        ReceiveNothing = "receive-nothing",
        /// A reservation that never ends.
        EndlessReservation = "endless-reservation",
        /// A kit in a kit.
        KitOfKits = "kit-of-kits",
    }
}
