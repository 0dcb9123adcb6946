//! Placing an order: checked, priced, sourced, and held where something is wrong, in one commit.

mod compose;
mod draft;
mod history;
mod lines;
mod parts;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::entry::Record;
use super::progress::Hold;
use super::screening::{Arrival, hold_found, screen};
use super::source::{PlansAhead, shortage_of, source_new};
use super::{Charge, Method, checks};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::{Claim, ClaimKey};
use crate::id::{AgreementId, CustomerId, HoldNo, OrderId, ReservationId};
use crate::network::{Channel, Intake, Shortage};
use crate::party::{Address, Person};
use crate::payment::NewPayment;
use crate::refusal::Refusal;
use crate::time::Millis;

pub use compose::CHARGES_MAX;
use compose::{Purpose, compose};
pub(super) use compose::{check_charges, check_total};
pub use draft::{PlaceDraft, SaveDraft, place_draft, save_draft};
pub(in crate::order) use lines::new_lines;
pub use lines::{LINES_MAX, QUANTITY_MAX};
pub(in crate::order) use parts::Parts;

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
    /// Whether nothing of it is begun until all of it is allocated; as the customer's terms say unless given.
    pub ship_complete: Option<bool>,
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
    /// Code of the carrier service that the customer chose.
    pub service: Option<String>,
    /// When the customer wants it.
    pub requested_date: Option<Date>,
    /// The agreement that it is called off. Its price is the one that is agreed: 0 here, or the same.
    pub agreement: Option<AgreementId>,
    /// Whether something else may come instead, at the same price, where nobody has it.
    pub substitutable: bool,
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
    /// Plans that were made for it before it was queued.
    pub plans: Option<Arc<PlansAhead>>,
}

/// Priority of orders that do not say.
pub const USUAL_PRIORITY: i32 = 100;

/// How far ahead of our clock a caller's clock may be.
pub const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Most mistakes of one kind that a hold names one by one.
const NAMED_MAX: usize = 20;

/// Places an order: checks it, claims its reference, sources it, and records its payments, in one decision.
/// An order with a known channel and reference is answered with the existing one when its body was the same.
///
/// # Errors
/// Refuses invalid and unknown values, another order with the same reference, a reservation that has ended,
/// and shortages where the channel says so. A channel that takes exceptions gets a held order instead, where
/// the mistake is an unknown SKU or location, a shortage, or what is said of a person or an address; it does without a
/// reservation that has ended.
pub fn place_order(attempt: &mut Attempt<'_>, command: &PlaceOrder) -> Result<Answer, Stop> {
    let (id, order) = (command.id, &command.order);
    attempt.bring_plans(command.plans.as_ref());
    let channel = channel(attempt, order)?;
    if let Some(answer) = known_reference(attempt, &channel, command)? {
        return Ok(answer);
    }
    let purpose = match command.history {
        Some(delivered_at) => Purpose::History { delivered_at },
        None => Purpose::Order,
    };
    let composed = compose(attempt, &channel, order, command.new_customer, 1, purpose)?;
    let reservation = reservation(attempt, &channel, order.reservation)?;
    let number = attempt.take_number();
    claim_names(attempt, id, number, order, &channel, command.body_hash);
    // History is told as it happened; what is placed now is placed now, whenever the customer decided.
    let at = match purpose {
        Purpose::History { .. } => composed.placed.placed_at,
        Purpose::Order | Purpose::Draft => attempt.now(),
    };
    let record = Record::OrderPlaced {
        number,
        placed: composed.placed.into(),
        priority: order.priority.unwrap_or(USUAL_PRIORITY),
        tags: composed.tags,
        next_child: composed.next_child,
        reservation,
    };
    attempt.begin_order_at(id, record, at)?;
    write_contacts(attempt, id, composed.contacts, composed.note)?;
    crate::payment::record_new_payments(attempt, id, &order.payments)?;
    match purpose {
        Purpose::History { delivered_at } => history::deliver(attempt, id, delivered_at)?,
        Purpose::Order | Purpose::Draft => {
            if let Some(reservation) = reservation {
                crate::inventory::use_reservation(attempt, id, reservation)?;
            }
            let mut problems = composed.problems;
            let found = screen(attempt, id, &channel, &Arrival::of(order))?;
            add_shortage(attempt, id, &channel, &mut problems)?;
            hold_for(attempt, id, problems)?;
            hold_found(attempt, id, &channel, found)?;
            crate::catalog::hold_recalled(attempt, id)?;
            source_placed(attempt, id, &channel)?;
        }
    }
    Ok(Answer::created(Resource::Order(id)))
}

fn channel(attempt: &Attempt<'_>, order: &NewOrder) -> Result<Arc<Channel>, Stop> {
    let known = attempt.network().channel_by_code(&order.channel).cloned();
    known.ok_or_else(|| Refusal::unknown("/channel", "channel", order.channel.as_str()).into())
}

fn known_reference(
    attempt: &Attempt<'_>,
    channel: &Channel,
    command: &PlaceOrder,
) -> Result<Option<Answer>, Stop> {
    let Some(reference) = &command.order.external_ref else {
        return Ok(None);
    };
    crate::text::name("/external_ref", reference, crate::text::REFERENCE_MAX)?;
    match attempt.claim(&ClaimKey::external_ref(channel.id, reference))? {
        Some(claim) if claim.body_hash == command.body_hash => {
            // The answer says which version the order has, so it has to be loaded.
            claim
                .order()
                .map(|order| attempt.look_at(order))
                .transpose()?;
            Ok(Some(Answer::ok(claim.resource)))
        }
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

/// The reservation that becomes the order's allocations. Where mistakes are taken, one that has ended is done without.
fn reservation(
    attempt: &Attempt<'_>,
    channel: &Channel,
    id: Option<ReservationId>,
) -> Result<Option<ReservationId>, Stop> {
    let Some(id) = id else { return Ok(None) };
    match crate::inventory::usable_reservation(attempt, id) {
        Ok(reservation) => Ok(Some(reservation.id)),
        Err(Stop::Refused(_)) if channel.intake == Intake::Exceptions => Ok(None),
        Err(stop) => Err(stop),
    }
}

type Contacts = smallvec::SmallVec<[(crate::id::ContactNo, crate::party::Contact); 3]>;

fn write_contacts(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    contacts: Contacts,
    note: Option<(crate::id::ContactNo, String)>,
) -> Result<(), Stop> {
    for (no, contact) in contacts {
        attempt.put_contact(no.of(id), contact);
    }
    let Some((note, text)) = note else {
        return Ok(());
    };
    let contact = crate::party::Contact {
        text: Some(text),
        ..Default::default()
    };
    attempt.put_contact(note.of(id), contact);
    attempt.record(id, Record::NoteAdded { note })
}

/// Holds an order that was taken with mistakes: one hold for each kind, which names them.
fn hold_for(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    problems: Vec<parts::Problem>,
) -> Result<(), Stop> {
    let mut kinds: Vec<(super::HoldKind, Vec<String>)> = Vec::new();
    for problem in problems {
        match kinds.iter_mut().find(|(kind, _)| *kind == problem.kind) {
            Some((_, reasons)) => reasons.push(problem.reason),
            None => kinds.push((problem.kind, vec![problem.reason])),
        }
    }
    for (kind, reasons) in kinds {
        let hold = Hold {
            no: HoldNo(checks::next_children(attempt.order(id)?, 1)?),
            kind,
            reason: listed(&reasons),
            lines: Vec::new(),
            at: attempt.now(),
            released_at: None,
            found: None,
            approval: None,
            scoring: None,
        };
        attempt.record(id, Record::OrderHeld { hold })?;
    }
    Ok(())
}

fn listed(reasons: &[String]) -> String {
    let mut text = reasons[..reasons.len().min(NAMED_MAX)].join("; ");
    if reasons.len() > NAMED_MAX {
        text.push_str(&format!("; and {} more", reasons.len() - NAMED_MAX));
    }
    text
}

fn source_placed(attempt: &mut Attempt<'_>, id: OrderId, channel: &Channel) -> Result<(), Stop> {
    if !channel.source_on_placement {
        return Ok(());
    }
    source_new(attempt, id, channel.shortage_of_new_orders())
}

/// An order that other mistakes hold is not sourced yet; a shortage that would hold it too is told with them.
fn add_shortage(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    channel: &Channel,
    problems: &mut Vec<parts::Problem>,
) -> Result<(), Stop> {
    let holds = channel.shortage_of_new_orders() == Shortage::Hold;
    if problems.is_empty() || !holds || !channel.source_on_placement {
        return Ok(());
    }
    if let Some(reason) = shortage_of(attempt, id)? {
        let kind = super::HoldKind::Stock;
        problems.push(parts::Problem { kind, reason });
    }
    Ok(())
}
