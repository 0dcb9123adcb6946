//! From what the caller describes to what is placed: checked, resolved, kits exploded.

use smallvec::SmallVec;

use super::{CLOCK_SKEW_MS, Contacts, NewLine, NewOrder};
use crate::decide::{Attempt, Stop};
use crate::id::{ContactNo, CustomerId, LineNo};
use crate::money::{AMOUNT_MAX, Currency, saturate};
use crate::network::{Channel, Intake};
use crate::order::progress::HoldKind;
use crate::order::{Charge, Line, Method, Placed};
use crate::party::{Address, Contact, recognise};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Most lines of an order, kit components included.
pub const LINES_MAX: usize = 5_000;
/// Most charges of an order.
pub const CHARGES_MAX: usize = 100;
/// Largest quantity of a line.
pub const QUANTITY_MAX: i64 = 1_000_000_000;

/// A mistake of an order that is taken nevertheless.
#[derive(Debug)]
pub(in crate::order) struct Problem {
    pub(in crate::order) kind: HoldKind,
    pub(in crate::order) reason: String,
}

/// An order ready to be placed.
pub(super) struct Composed {
    pub(super) placed: Placed,
    pub(super) contacts: Contacts,
    pub(super) note: Option<(ContactNo, String)>,
    pub(super) note_no: Option<ContactNo>,
    pub(super) tags: Vec<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) next_child: u16,
}

/// Numbers the parts of an order and keeps their contact rows.
pub(in crate::order) struct Parts {
    pub(in crate::order) next_child: u16,
    pub(in crate::order) contacts: Contacts,
    pub(in crate::order) problems: Vec<Problem>,
    /// Whether mistakes become problems instead of refusals.
    pub(in crate::order) lenient: bool,
    /// Whether nobody has to find the addresses any more: they are kept as they are.
    is_history: bool,
}

impl Parts {
    pub(in crate::order) fn new(next_child: u16, lenient: bool) -> Self {
        Self {
            next_child,
            contacts: SmallVec::new(),
            problems: Vec::new(),
            lenient,
            is_history: false,
        }
    }

    fn take(&mut self) -> Result<u16, Refusal> {
        let number = self.next_child;
        self.next_child = number.checked_add(1).ok_or(Refusal::TooMany {
            what: "parts of one order",
            limit: u64::from(u16::MAX),
        })?;
        Ok(number)
    }

    fn contact(&mut self, contact: Contact) -> Result<ContactNo, Refusal> {
        let no = ContactNo(self.take()?);
        self.contacts.push((no, contact));
        Ok(no)
    }

    /// Keeps an address; what is wrong with it is refused, or noted where mistakes are taken.
    pub(in crate::order) fn address(
        &mut self,
        field: &str,
        address: &Address,
    ) -> Result<ContactNo, Refusal> {
        address.check(field)?;
        if let Some(problem) = address.problem().filter(|_| !self.is_history) {
            let pointer = format!("{field}/{}", problem.field);
            self.problem(
                HoldKind::Address,
                Refusal::invalid(pointer, problem.problem),
            )?;
        }
        self.contact(Contact {
            address: Some(address.clone()),
            ..Contact::default()
        })
    }

    fn problem(&mut self, kind: HoldKind, refusal: Refusal) -> Result<(), Refusal> {
        if !self.lenient {
            return Err(refusal);
        }
        self.problems.push(Problem {
            kind,
            reason: refusal.to_string(),
        });
        Ok(())
    }
}

/// Checks and resolves a new order. Imported history (`delivered_at`) needs no address, or a part of one will do.
pub(super) fn compose(
    attempt: &mut Attempt<'_>,
    channel: &Channel,
    order: &NewOrder,
    new_customer: CustomerId,
    first_child: u16,
    delivered_at: Option<Millis>,
) -> Result<Composed, Stop> {
    let currency = currency(channel, order)?;
    check_header(attempt, order)?;
    let mut parts = Parts::new(first_child, channel.intake == Intake::Exceptions);
    parts.is_history = delivered_at.is_some();
    let person = match order.customer.as_ref().filter(|person| !person.is_empty()) {
        Some(person) => {
            person.check("/customer")?;
            Some(parts.contact(Contact {
                person: Some(person.clone()),
                ..Contact::default()
            })?)
        }
        None => None,
    };
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
    if ship_to.is_none() && delivered_at.is_none() {
        need_address(order, &mut parts)?;
    }
    let lines = new_lines(attempt, &order.lines, "/lines", &mut parts)?;
    let note = order
        .note
        .as_deref()
        .map(|words| note(words, &mut parts))
        .transpose()?;
    let placed = Placed {
        channel: channel.id,
        external_ref: order.external_ref.clone(),
        currency,
        customer: customer(attempt, order, new_customer)?,
        person,
        ship_to,
        bill_to,
        destination: order
            .ship_to
            .as_ref()
            .map(Address::destination)
            .unwrap_or_default(),
        lines,
        charges: order.charges.clone(),
        po_number: order.po_number.clone(),
        placed_at: order.placed_at.unwrap_or(attempt.now()),
        history: delivered_at.is_some(),
        metadata: order.metadata.clone(),
    };
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
        note_no: note.as_ref().map(|(no, _)| *no),
        note,
        tags,
        problems,
        next_child,
    })
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
    if order
        .priority
        .is_some_and(|priority| !(0..=1_000).contains(&priority))
    {
        return Err(Refusal::invalid("/priority", "must lie between 0 and 1000"));
    }
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
    Ok((ContactNo(parts.take()?), words.to_owned()))
}

fn customer(
    attempt: &mut Attempt<'_>,
    order: &NewOrder,
    new: CustomerId,
) -> Result<Option<CustomerId>, Stop> {
    let person = order.customer.clone().unwrap_or_default();
    text::optional(
        "/customer/reference",
        order.customer_ref.as_deref(),
        text::REFERENCE_MAX,
    )?;
    if person.email_key().is_none() && order.customer_ref.is_none() {
        return Ok(None);
    }
    let (id, known) = recognise(attempt, new, &person, order.customer_ref.as_deref())?;
    if !known {
        attempt.put_customer(crate::party::Customer {
            id,
            external_ref: order.customer_ref.clone(),
            person,
        });
    }
    Ok(Some(id))
}

/// The pointer of a field of a line, made only when something is wrong.
struct At<'a>(&'a str, usize, &'static str);

impl From<At<'_>> for String {
    fn from(at: At<'_>) -> Self {
        format!("{}/{}/{}", at.0, at.1, at.2)
    }
}

/// Checks and resolves lines; kits are followed by their components.
pub(in crate::order) fn new_lines(
    attempt: &Attempt<'_>,
    lines: &[NewLine],
    field: &str,
    parts: &mut Parts,
) -> Result<Vec<Line>, Stop> {
    let mut resolved = Vec::with_capacity(lines.len());
    for (position, line) in lines.iter().enumerate() {
        check_line(line, field, position)?;
        push_line(attempt, line, field, position, parts, &mut resolved)?;
        if resolved.len() > LINES_MAX {
            return Err(Refusal::TooMany {
                what: "lines",
                limit: LINES_MAX as u64,
            }
            .into());
        }
    }
    Ok(resolved)
}

fn check_line(line: &NewLine, field: &str, position: usize) -> Result<(), Refusal> {
    let at = |name| At(field, position, name);
    let invalid = |name, problem: &str| Err(Refusal::invalid(at(name), problem));
    text::required(at("sku"), &line.sku, text::SKU_MAX)?;
    text::optional(at("title"), line.title.as_deref(), text::NAME_MAX)?;
    if !(1..=QUANTITY_MAX).contains(&line.quantity) {
        return invalid("quantity", "must lie between 1 and 1000000000");
    }
    if !(0..=AMOUNT_MAX).contains(&line.unit_price_minor) {
        return invalid(
            "unit_price_minor",
            "must not be negative, nor beyond 2^53 - 1",
        );
    }
    if !(1..=QUANTITY_MAX).contains(&line.price_quantity.unwrap_or(1)) {
        return invalid("price_quantity", "must lie between 1 and 1000000000");
    }
    if !(0..=AMOUNT_MAX).contains(&line.discount_minor) {
        return invalid(
            "discount_minor",
            "must not be negative, nor beyond 2^53 - 1",
        );
    }
    if !(0..=AMOUNT_MAX).contains(&line.tax_minor) {
        return invalid("tax_minor", "must not be negative, nor beyond 2^53 - 1");
    }
    if line.method == Method::Pickup && line.location.is_none() {
        return invalid("location", "is needed for pickup: name the location's code");
    }
    if line.metadata.is_empty() {
        Ok(())
    } else {
        check_metadata(&String::from(at("metadata")), &line.metadata)
    }
}

fn push_line(
    attempt: &Attempt<'_>,
    line: &NewLine,
    field: &str,
    position: usize,
    parts: &mut Parts,
    resolved: &mut Vec<Line>,
) -> Result<(), Stop> {
    let item = attempt.item_by_sku(&line.sku)?;
    if item.is_none() {
        parts.problem(
            HoldKind::Stock,
            Refusal::unknown(At(field, position, "sku"), "SKU", line.sku.as_str()),
        )?;
    }
    let location = match &line.location {
        Some(code) => match attempt.network().location_by_code(code) {
            Some(location) => Some(location.id),
            None => {
                return Err(Refusal::unknown(
                    At(field, position, "location"),
                    "location",
                    code.as_str(),
                )
                .into());
            }
        },
        None => None,
    };
    let ship_to = match &line.ship_to {
        Some(address) => {
            Some(parts.address(&String::from(At(field, position, "ship_to")), address)?)
        }
        None => None,
    };
    let no = LineNo(parts.take()?);
    let parent = Line {
        no,
        item: item.map(|item| item.id),
        sku: line.sku.clone(),
        title: line
            .title
            .clone()
            .or_else(|| item.map(|item| item.title.clone()))
            .unwrap_or_else(|| line.sku.clone()),
        quantity: line.quantity,
        unit_price_minor: line.unit_price_minor,
        price_quantity: line.price_quantity.unwrap_or(1),
        discount_minor: line.discount_minor,
        tax_minor: line.tax_minor,
        method: line.method,
        location,
        ship_to,
        destination: line.ship_to.as_ref().map(Address::destination),
        requested_date: line.requested_date,
        kit: None,
        is_kit: item.is_some_and(|item| item.is_kit()),
        metadata: line.metadata.clone(),
    };
    resolved.push(parent);
    match item.filter(|item| item.is_kit()) {
        Some(kit) => push_components(attempt, &kit.components, field, position, parts, resolved),
        None => Ok(()),
    }
}

fn push_components(
    attempt: &Attempt<'_>,
    components: &[crate::catalog::Component],
    field: &str,
    position: usize,
    parts: &mut Parts,
    resolved: &mut Vec<Line>,
) -> Result<(), Stop> {
    let Some(parent) = resolved.last().cloned() else {
        return Ok(());
    };
    for component in components {
        let quantity = parent.quantity.saturating_mul(component.quantity);
        if quantity > QUANTITY_MAX {
            return Err(Refusal::invalid(
                At(field, position, "quantity"),
                "makes too many units of a component",
            )
            .into());
        }
        resolved.push(Line {
            no: LineNo(parts.take()?),
            item: Some(component.item),
            sku: component.sku.clone(),
            title: attempt.item(component.item)?.title.clone(),
            quantity,
            unit_price_minor: 0,
            price_quantity: 1,
            discount_minor: 0,
            tax_minor: 0,
            kit: Some(parent.no),
            is_kit: false,
            metadata: serde_json::Map::new(),
            ..parent.clone()
        });
    }
    Ok(())
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

fn check_metadata(
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
        let price = i128::from(line.unit_price_minor) * i128::from(line.quantity)
            / i128::from(line.price_quantity);
        price + i128::from(line.tax_minor) + i128::from(line.discount_minor)
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
