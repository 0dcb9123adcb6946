//! From what the caller describes to what is placed: checked, resolved, kits exploded.

use super::lines::{At, new_lines};
use super::parts::{Parts, Problem};
use super::{CLOCK_SKEW_MS, Contacts, NewLine, NewOrder, history};
use crate::decide::{Attempt, Stop};
use crate::id::{ContactNo, CustomerId, LineNo};
use crate::money::{AMOUNT_MAX, Currency, saturate, share};
use crate::network::{Channel, Intake};
use crate::order::cases::Cases;
use crate::order::note::checked_priority;
use crate::order::progress::HoldKind;
use crate::order::{Charge, Line, Method, Placed};
use crate::party::{Terms, check_calls, claim_keys, recognise};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Most charges of an order.
pub const CHARGES_MAX: usize = 100;

/// What an order is composed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To be placed.
    Order,
    /// To be placed later.
    Draft,
    /// It was delivered before it came here.
    History { delivered_at: Millis },
}

/// An order ready to be placed.
pub(super) struct Composed {
    pub(super) placed: Placed,
    pub(super) contacts: Contacts,
    pub(super) note: Option<(ContactNo, String)>,
    pub(super) tags: Vec<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) next_child: u16,
}

/// Checks and resolves a new order. Imported history needs no address, or a part of one will do.
pub(super) fn compose(
    attempt: &mut Attempt<'_>,
    channel: &Channel,
    order: &NewOrder,
    new_customer: CustomerId,
    first_child: u16,
    purpose: Purpose,
) -> Result<Composed, Stop> {
    let currency = currency(channel, order)?;
    check_header(attempt, order)?;
    if let Purpose::History { delivered_at } = purpose {
        history::check(order, delivered_at, attempt.now())?;
    }
    let mut parts = match channel.intake {
        // A draft does not exist elsewhere yet.
        Intake::Exceptions if purpose != Purpose::Draft => Parts::lenient(first_child),
        Intake::Exceptions | Intake::Strict => Parts::strict(first_child),
    };
    parts.is_history = matches!(purpose, Purpose::History { .. });
    let person = order.customer.as_ref().filter(|person| !person.is_empty());
    let person = person.map(|person| parts.person(person)).transpose()?;
    let ship_to = order
        .ship_to
        .as_ref()
        .map(|address| parts.address("/ship_to", address))
        .transpose()?;
    let bill_to = order
        .bill_to
        .as_ref()
        .map(|address| parts.address("/bill_to", address))
        .transpose()?;
    if ship_to.is_none() && !parts.is_history {
        need_address(order, &mut parts)?;
    }
    let (customer, terms) = customer(attempt, order, new_customer, purpose)?;
    let whole_cases = !parts.is_history && (terms.whole_cases || channel.whole_cases);
    let cases = Cases::of(whole_cases);
    let lines = new_lines(attempt, &order.lines, ("/lines", cases), &mut parts)?;
    let note = order
        .note
        .as_deref()
        .map(|words| note(words, &mut parts))
        .transpose()?;
    let mut placed = Placed {
        channel: channel.id,
        external_ref: order.external_ref.clone(),
        currency,
        customer,
        person,
        ship_to,
        bill_to,
        destination: order
            .ship_to
            .as_ref()
            .map(|address| address.storable().destination())
            .unwrap_or_default(),
        lines,
        charges: order.charges.clone(),
        po_number: order.po_number.clone(),
        placed_at: order.placed_at.unwrap_or(match purpose {
            Purpose::History { delivered_at } => delivered_at,
            Purpose::Order | Purpose::Draft => attempt.now(),
        }),
        history: parts.is_history,
        ship_complete: !parts.is_history && order.ship_complete.unwrap_or(terms.ship_complete),
        whole_cases,
        metadata: order.metadata.clone(),
    };
    call_off(attempt, &mut placed, purpose)?;
    check_total(&placed)?;
    let tags = crate::order::note::clean_tags(&order.tags)?;
    let Parts {
        next_child,
        contacts,
        problems,
        ..
    } = parts;
    Ok(Composed {
        placed,
        contacts,
        note,
        tags,
        problems,
        next_child,
    })
}

/// Gives lines that are called off the prices that are agreed. Only orders are called off.
fn call_off(attempt: &mut Attempt<'_>, placed: &mut Placed, purpose: Purpose) -> Result<(), Stop> {
    let own = placed.lines.iter().filter(|line| line.kit.is_none());
    let numbers: Vec<LineNo> = own.clone().map(|line| line.no).collect();
    let field = |line: &Line, name: &str| {
        let position = numbers.iter().position(|no| *no == line.no);
        format!("/lines/{}/{name}", position.unwrap_or_default())
    };
    if let Some(line) = own.clone().find(|line| line.agreement.is_some()) {
        if purpose != Purpose::Order {
            let problem = "belongs to orders that are placed; leave it out of drafts and history";
            return Err(Refusal::invalid(field(line, "agreement_id"), problem).into());
        }
        check_calls(attempt, None, placed, field)?;
    }
    Ok(())
}

fn currency(channel: &Channel, order: &NewOrder) -> Result<Currency, Refusal> {
    let currency: Currency =
        order
            .currency
            .parse()
            .map_err(|error: crate::money::UnknownCurrency| {
                Refusal::invalid("/currency", error.to_string())
            })?;
    if currency == channel.currency {
        return Ok(currency);
    }
    Err(Refusal::WrongCurrency {
        channel: channel.code.clone(),
        expected: channel.currency.to_string(),
        given: currency.to_string(),
    })
}

fn check_header(attempt: &Attempt<'_>, order: &NewOrder) -> Result<(), Refusal> {
    if order.external_ref.is_some() {
        text::required(
            "/external_ref",
            order.external_ref.as_deref().unwrap_or_default(),
            text::REFERENCE_MAX,
        )?;
    }
    text::optional(
        "/po_number",
        order.po_number.as_deref(),
        text::REFERENCE_MAX,
    )?;
    text::optional("/note", order.note.as_deref(), text::NOTE_MAX)?;
    check_metadata("/metadata", &order.metadata)?;
    check_charges("/charges", &order.charges)?;
    order.priority.map(checked_priority).transpose()?;
    if order
        .placed_at
        .is_some_and(|at| !at.is_valid() || at > attempt.now().plus_ms(CLOCK_SKEW_MS))
    {
        return Err(Refusal::invalid(
            "/placed_at",
            "must not lie in the future or before 1970",
        ));
    }
    if order.lines.is_empty() {
        return Err(Refusal::invalid("/lines", "must name at least one line"));
    }
    Ok(())
}

fn need_address(order: &NewOrder, parts: &mut Parts) -> Result<(), Refusal> {
    let shipped = |line: &NewLine| line.method == Method::Ship && line.ship_to.is_none();
    if order.lines.iter().any(shipped) {
        parts.problem(
            HoldKind::Address,
            Refusal::invalid("/ship_to", "is needed for lines that are shipped"),
        )?;
    }
    Ok(())
}

fn note(words: &str, parts: &mut Parts) -> Result<(ContactNo, String), Refusal> {
    text::required("/note", words, text::NOTE_MAX)?;
    Ok((ContactNo(parts.number()?), words.to_owned()))
}

/// Who orders, and how they want to be served. Of what was delivered already nobody asks that.
fn customer(
    attempt: &mut Attempt<'_>,
    order: &NewOrder,
    new: CustomerId,
    purpose: Purpose,
) -> Result<(Option<CustomerId>, Terms), Stop> {
    let reference = order.customer_ref.as_deref();
    text::optional("/customer_ref", reference, text::REFERENCE_MAX)?;
    let reference = reference.filter(|reference| !reference.trim().is_empty());
    let person = order.customer.clone().unwrap_or_default().storable();
    if claim_keys(&person, reference).next().is_none() {
        return Ok((None, Terms::default()));
    }
    let (id, known) = recognise(attempt, new, &person, reference)?;
    if !known {
        attempt.put_customer(crate::party::Customer {
            id,
            external_ref: reference.map(str::to_owned),
            person,
        });
    }
    let terms = match purpose {
        Purpose::Order | Purpose::Draft if known => attempt.account(id)?.terms,
        Purpose::Order | Purpose::Draft | Purpose::History { .. } => Terms::default(),
    };
    Ok((Some(id), terms))
}

/// Checks charges: a kind, and amounts within range.
pub(in crate::order) fn check_charges(field: &str, charges: &[Charge]) -> Result<(), Refusal> {
    if charges.len() > CHARGES_MAX {
        return Err(Refusal::TooMany {
            what: "charges",
            limit: CHARGES_MAX as u64,
        });
    }
    for (position, charge) in charges.iter().enumerate() {
        text::required(At(field, position, "kind"), &charge.kind, 64)?;
        text::optional(
            At(field, position, "title"),
            charge.title.as_deref(),
            text::NAME_MAX,
        )?;
        for (name, amount) in [
            ("amount_minor", charge.amount_minor),
            ("tax_minor", charge.tax_minor),
        ] {
            if !(-AMOUNT_MAX..=AMOUNT_MAX).contains(&amount) {
                return Err(Refusal::invalid(
                    At(field, position, name),
                    "must lie between -(2^53 - 1) and 2^53 - 1",
                ));
            }
        }
    }
    Ok(())
}

pub(super) fn check_metadata(
    field: &str,
    metadata: &serde_json::Map<String, serde_json::Value>,
) -> Result<(), Refusal> {
    if metadata.is_empty() {
        return Ok(());
    }
    let size = serde_json::to_string(metadata).map_or(usize::MAX, |text| text.len());
    if size > text::METADATA_MAX {
        return Err(Refusal::invalid(
            field,
            format!(
                "is {size} bytes of JSON; at most {} are allowed",
                text::METADATA_MAX
            ),
        ));
    }
    Ok(())
}

/// Refuses orders whose total is beyond the range of an amount.
pub(in crate::order) fn check_total(placed: &Placed) -> Result<(), Refusal> {
    let goods = |line: &Line| {
        let price = share(line.unit_price_minor, line.quantity, line.price_quantity);
        i128::from(price) + i128::from(line.tax_minor) + i128::from(line.discount_minor)
    };
    let lines: i128 = placed.lines.iter().map(goods).sum();
    let charges: i128 = placed
        .charges
        .iter()
        .map(|c| i128::from(c.amount_minor).abs() + i128::from(c.tax_minor).abs())
        .sum();
    if saturate(lines + charges) > AMOUNT_MAX {
        return Err(Refusal::invalid(
            "/lines",
            "add up to a total beyond 2^53 - 1 minor units",
        ));
    }
    Ok(())
}
