//! Placing an order: checked, priced, sourced, and held where something is wrong, in one commit.

mod compose;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::entry::{Allotment, LineUnits, Record};
use super::progress::{Hold, Outcome, RequestStatus};
use super::source::{Scope, source};
use super::{Charge, Method, Order, Verb};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::{Claim, ClaimKey};
use crate::id::{CustomerId, FulfilmentNo, HoldNo, OrderId, ReservationId};
use crate::network::{Channel, Intake};
use crate::party::{Address, Person};
use crate::payment::NewPayment;
use crate::refusal::Refusal;
use crate::time::Millis;

use compose::compose;
pub use compose::{CHARGES_MAX, LINES_MAX, QUANTITY_MAX};
pub(super) use compose::{Parts, check_charges, check_total, new_lines};

/// An order as the caller describes it.
#[derive(Debug, Clone, Default)]
pub struct NewOrder {
    /// Code of the channel.
    pub channel: String,
    /// The order's name at the channel; unique there.
    pub external_ref: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Who orders.
    pub customer: Option<Person>,
    /// The merchant's own number of the customer.
    pub customer_ref: Option<String>,
    /// Where it goes.
    pub ship_to: Option<Address>,
    /// Who pays.
    pub bill_to: Option<Address>,
    /// What.
    pub lines: Vec<NewLine>,
    /// Charges of the whole order.
    pub charges: Vec<Charge>,
    /// The customer's purchase order number.
    pub po_number: Option<String>,
    /// The reservation that becomes the order's allocations.
    pub reservation: Option<ReservationId>,
    /// Payments that come with it.
    pub payments: Vec<NewPayment>,
    /// When it was placed, if that was earlier than now.
    pub placed_at: Option<Millis>,
    /// Labels.
    pub tags: Vec<String>,
    /// The customer's words.
    pub note: Option<String>,
    /// 0 to 1,000; smaller numbers come first; 100 unless given.
    pub priority: Option<i32>,
    /// Free data of integrations.
    pub metadata: Map<String, Value>,
}

/// A line as the caller describes it.
#[derive(Debug, Clone, Default)]
pub struct NewLine {
    /// The SKU.
    pub sku: String,
    /// Units.
    pub quantity: i64,
    /// Price of `price_quantity` units.
    pub unit_price_minor: i64,
    /// How many units the price is for; 1 unless given.
    pub price_quantity: Option<i64>,
    /// Discount on the whole line.
    pub discount_minor: i64,
    /// Tax on the whole line.
    pub tax_minor: i64,
    /// Title; the item's unless given.
    pub title: Option<String>,
    /// How it reaches the customer.
    pub method: Method,
    /// Code of the location it is bound to.
    pub location: Option<String>,
    /// Its own address.
    pub ship_to: Option<Address>,
    /// When the customer wants it.
    pub requested_date: Option<Date>,
    /// Free data of integrations.
    pub metadata: Map<String, Value>,
}

/// Places an order.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// The new order's id.
    pub id: OrderId,
    /// The customer's id, if the customer is new.
    pub new_customer: CustomerId,
    /// The order.
    pub order: NewOrder,
    /// First 16 bytes of the SHA-256 of what was sent, to tell the same order from another one with its reference.
    pub body_hash: [u8; 16],
    /// The order was fulfilled before it came here: delivered at this time, stock untouched.
    pub history: Option<Millis>,
}

/// Saves a draft, or saves it again.
#[derive(Debug, Clone)]
pub struct SaveDraft {
    /// The draft's id.
    pub id: OrderId,
    /// Whether the draft must exist already.
    pub exists: bool,
    /// The customer's id, if the customer is new.
    pub new_customer: CustomerId,
    /// The order.
    pub order: NewOrder,
}

/// Places a draft as it is.
#[derive(Debug, Clone, Copy)]
pub struct PlaceDraft;

/// Priority of orders that do not say.
pub const USUAL_PRIORITY: i32 = 100;

/// How far ahead of our clock a caller's clock may be.
pub const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Places an order: checks it, claims its reference, sources it, and records its payments, in one decision.
/// An order with a known channel and reference is answered with the existing one when its body was the same.
///
/// # Errors
/// Refuses invalid and unknown values, another order with the same reference, and shortages where
/// the channel says so. A channel that takes exceptions gets a held order instead, where the mistake
/// is an unknown SKU, a shortage or a bad address.
pub fn place_order(attempt: &mut Attempt<'_>, command: &PlaceOrder) -> Result<Answer, Stop> {
    let channel = channel(attempt, &command.order)?;
    if let Some(answer) = known_reference(attempt, &channel, command)? {
        return Ok(answer);
    }
    let composed = compose(
        attempt,
        &channel,
        &command.order,
        command.new_customer,
        1,
        command.history,
    )?;
    let number = attempt.take_number();
    let id = command.id;
    claim_names(
        attempt,
        id,
        number,
        &command.order,
        &channel,
        command.body_hash,
    );
    let reservation = command.order.reservation;
    let record = Record::OrderPlaced {
        number,
        placed: composed.placed.into(),
        priority: command.order.priority.unwrap_or(USUAL_PRIORITY),
        tags: composed.tags,
        next_child: composed.next_child,
        reservation,
    };
    attempt.begin_order(id, record)?;
    write_contacts(attempt, id, composed.contacts, composed.note);
    if let Some(no) = composed.note_no {
        attempt.record(id, Record::NoteAdded { note: no })?;
    }
    crate::payment::record_new_payments(attempt, id, &command.order.payments)?;
    hold_for(attempt, id, composed.problems)?;
    match command.history {
        Some(delivered_at) => deliver_history(attempt, id, delivered_at)?,
        None => source_placed(attempt, id, &channel, reservation)?,
    }
    Ok(Answer::created(Resource::Order(id)))
}

/// Saves a draft: checked like an order, but nothing is claimed.
///
/// # Errors
/// Refuses invalid and unknown values, and saving over an order that was placed.
pub fn save_draft(attempt: &mut Attempt<'_>, command: &SaveDraft) -> Result<Answer, Stop> {
    let id = command.id;
    let channel = channel(attempt, &command.order)?;
    let known = if command.exists {
        Some(draft(attempt, id)?)
    } else {
        None
    };
    let first_child = known.as_ref().map_or(1, |known| known.progress.next_child);
    let composed = compose(
        attempt,
        &channel,
        &command.order,
        command.new_customer,
        first_child,
        None,
    )?;
    let number = known
        .as_ref()
        .map_or_else(|| attempt.take_number(), |known| known.number);
    let record = Record::OrderDrafted {
        number,
        placed: composed.placed.into(),
        priority: command.order.priority.unwrap_or(USUAL_PRIORITY),
        tags: composed.tags,
        next_child: composed.next_child,
    };
    if known.is_some() {
        attempt.record(id, record)?;
    } else {
        attempt.put_claim(
            ClaimKey::order_number(number),
            Claim::of(Resource::Order(id)),
        );
        attempt.begin_order(id, record)?;
    }
    write_contacts(attempt, id, composed.contacts, composed.note);
    if let Some(no) = composed.note_no {
        attempt.record(id, Record::NoteAdded { note: no })?;
    }
    Ok(if known.is_some() {
        Answer::ok(Resource::Order(id))
    } else {
        Answer::created(Resource::Order(id))
    })
}

/// Places a draft as it is, now.
///
/// # Errors
/// Refuses orders that are no drafts, and whatever [`place_order`] refuses.
pub fn place_draft(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    _command: &PlaceDraft,
) -> Result<Answer, Stop> {
    let order = draft(attempt, id)?;
    let Some(channel) = attempt.network().channel(order.placed.channel).cloned() else {
        return Err(Refusal::illegal(Verb::Place, "its channel is gone").into());
    };
    if let Some(reference) = &order.placed.external_ref {
        let key = ClaimKey::external_ref(channel.id, reference);
        if let Some(claim) = attempt.claim(&key)? {
            return Err(duplicate(&channel, reference, &claim));
        }
        attempt.put_claim(key, Claim::of(Resource::Order(id)));
    }
    let mut placed = order.placed.as_ref().clone();
    placed.placed_at = attempt.now();
    let record = Record::OrderPlaced {
        number: order.number,
        placed: placed.into(),
        priority: order.progress.priority,
        tags: order.progress.tags.clone(),
        next_child: order.progress.next_child,
        reservation: None,
    };
    attempt.record(id, record)?;
    source_placed(attempt, id, &channel, None)?;
    Ok(Answer::ok(Resource::Order(id)))
}

fn channel(attempt: &Attempt<'_>, order: &NewOrder) -> Result<std::sync::Arc<Channel>, Stop> {
    let known = attempt.network().channel_by_code(&order.channel).cloned();
    known.ok_or_else(|| Refusal::unknown("/channel", "channel", order.channel.as_str()).into())
}

fn draft(attempt: &mut Attempt<'_>, id: OrderId) -> Result<Order, Stop> {
    let order = attempt.order(id)?;
    if order.progress.draft {
        Ok(order.clone())
    } else {
        Err(Refusal::illegal(Verb::Place, "the order is placed already").into())
    }
}

fn known_reference(
    attempt: &Attempt<'_>,
    channel: &Channel,
    command: &PlaceOrder,
) -> Result<Option<Answer>, Stop> {
    let Some(reference) = &command.order.external_ref else {
        return Ok(None);
    };
    crate::text::required("/external_ref", reference, crate::text::REFERENCE_MAX)?;
    match attempt.claim(&ClaimKey::external_ref(channel.id, reference))? {
        Some(claim) if claim.body_hash == command.body_hash => Ok(Some(Answer::ok(claim.resource))),
        Some(claim) => Err(duplicate(channel, reference, &claim)),
        None => Ok(None),
    }
}

fn duplicate(channel: &Channel, reference: &str, claim: &Claim) -> Stop {
    let order = claim
        .order()
        .map(|order| order.to_string())
        .unwrap_or_default();
    Refusal::DuplicateReference {
        channel: channel.code.clone(),
        external_ref: reference.to_owned(),
        order,
    }
    .into()
}

fn claim_names(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    number: u64,
    order: &NewOrder,
    channel: &Channel,
    body_hash: [u8; 16],
) {
    attempt.put_claim(
        ClaimKey::order_number(number),
        Claim::of(Resource::Order(id)),
    );
    if let Some(reference) = &order.external_ref {
        let claim = Claim {
            body_hash,
            ..Claim::of(Resource::Order(id))
        };
        attempt.put_claim(ClaimKey::external_ref(channel.id, reference), claim);
    }
}

type Contacts = smallvec::SmallVec<[(crate::id::ContactNo, crate::party::Contact); 3]>;

fn write_contacts(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    contacts: Contacts,
    note: Option<(crate::id::ContactNo, String)>,
) {
    for (no, contact) in contacts {
        attempt.put_contact(no.of(id), contact);
    }
    if let Some((no, text)) = note {
        attempt.put_contact(
            no.of(id),
            crate::party::Contact {
                text: Some(text),
                ..Default::default()
            },
        );
    }
}

/// Holds an order that was taken with mistakes, one hold per mistake.
fn hold_for(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    problems: Vec<compose::Problem>,
) -> Result<(), Stop> {
    for problem in problems {
        let at = attempt.now();
        let no = HoldNo(attempt.order(id)?.progress.next_child);
        let hold = Hold {
            no,
            kind: problem.kind,
            reason: problem.reason,
            lines: Vec::new(),
            at,
            released_at: None,
        };
        attempt.record(id, Record::OrderHeld { hold })?;
    }
    Ok(())
}

fn source_placed(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    channel: &Channel,
    reservation: Option<ReservationId>,
) -> Result<(), Stop> {
    if let Some(reservation) = reservation {
        crate::inventory::use_reservation(attempt, id, reservation)?;
    }
    if !channel.source_on_placement {
        return Ok(());
    }
    let shortage = match (channel.shortage, channel.intake) {
        (crate::network::Shortage::Refuse, Intake::Exceptions) => crate::network::Shortage::Hold,
        (shortage, _) => shortage,
    };
    source(attempt, id, Scope::Open, shortage)
}

/// An order that was fulfilled before it came here: one fulfilment without a location, delivered.
fn deliver_history(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    delivered_at: Millis,
) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    let fulfilment = FulfilmentNo(order.progress.next_child);
    let leaves = order.placed.lines.iter().filter(|line| !line.is_kit);
    let lines: Vec<LineUnits> = leaves
        .map(|line| LineUnits {
            line: line.no,
            quantity: line.quantity,
        })
        .collect();
    let placed_at = order.placed.placed_at;
    let request = RequestStatus::Unsubmitted;
    let allotment = Allotment {
        fulfilment,
        location: None,
        method: Method::Ship,
        ship_to: None,
        request,
        lines: lines.clone(),
    };
    attempt.record_at(
        id,
        Record::LinesSourced {
            allotments: vec![allotment],
            backordered: Vec::new(),
        },
        placed_at,
    )?;
    let outcome = Outcome::Delivered;
    let record = Record::OutcomeRecorded {
        fulfilment,
        outcome,
        lines,
        packages: Vec::new(),
        outcome_at: delivered_at,
    };
    attempt.record_at(id, record, delivered_at)
}
