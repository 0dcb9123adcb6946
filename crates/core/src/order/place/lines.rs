//! From the lines that the caller describes to the lines of an order: checked, resolved, kits exploded.

use super::NewLine;
use super::compose::check_metadata;
use super::parts::Parts;
use crate::decide::{Attempt, Stop};
use crate::id::LineNo;
use crate::money::{AMOUNT_MAX, share};
use crate::order::cases::{self, Cases};
use crate::order::progress::HoldKind;
use crate::order::{Line, Method, checks};
use crate::refusal::Refusal;
use crate::text;

/// Most lines of an order, kit components included.
pub const LINES_MAX: usize = 5_000;
/// Largest quantity of a line.
pub const QUANTITY_MAX: i64 = 1_000_000_000;

/// The pointer of a field of a line, made only when something is wrong.
pub(super) struct At<'a>(
    pub(super) &'a str,
    pub(super) usize,
    pub(super) &'static str,
);

impl From<At<'_>> for String {
    fn from(at: At<'_>) -> Self {
        format!("{}/{}/{}", at.0, at.1, at.2)
    }
}

/// Checks and resolves lines; kits are followed by their components.
pub(in crate::order) fn new_lines(
    attempt: &Attempt<'_>,
    lines: &[NewLine],
    (field, cases): (&str, Cases),
    parts: &mut Parts,
) -> Result<Vec<Line>, Stop> {
    let mut resolved = Vec::with_capacity(lines.len());
    for (position, line) in lines.iter().enumerate() {
        check_line(line, field, position)?;
        let at = resolved.len();
        push_line(attempt, line, field, position, parts, &mut resolved)?;
        if let Some(line) = resolved.get_mut(at) {
            give_case(attempt, line, cases, (field, position), parts)?;
        }
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

/// Has the line served in whole cases, where that is demanded and its item has some.
fn give_case(
    attempt: &Attempt<'_>,
    line: &mut Line,
    cases: Cases,
    (field, position): (&str, usize),
    parts: &mut Parts,
) -> Result<(), Stop> {
    let Some(item) = line.item.filter(|_| cases == Cases::Whole) else {
        return Ok(());
    };
    line.case_quantity = attempt.item(item)?.case_quantity;
    let at = At(field, position, "quantity");
    match cases::check_ordered(at, line, line.quantity) {
        Ok(()) => Ok(()),
        Err(refusal) => Ok(parts.problem(HoldKind::Stock, refusal)?),
    }
}

fn check_line(line: &NewLine, field: &str, position: usize) -> Result<(), Refusal> {
    let at = |name| At(field, position, name);
    let invalid = |name, problem: &str| Err(Refusal::invalid(at(name), problem));
    text::name(at("sku"), &line.sku, text::SKU_MAX)?;
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
    checks::discount(
        at("discount_minor"),
        line.discount_minor,
        share(
            line.unit_price_minor,
            line.quantity,
            line.price_quantity.unwrap_or(1),
        ),
    )?;
    checks::requested_date(at("requested_date"), line.requested_date)?;
    if !(0..=AMOUNT_MAX).contains(&line.tax_minor) {
        return invalid("tax_minor", "must not be negative, nor beyond 2^53 - 1");
    }
    if line.method != Method::Ship && line.service.is_some() {
        return invalid("service", "is for lines that a carrier brings");
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
                let at = At(field, position, "location");
                let refusal = Refusal::unknown(at, "location", code.as_str());
                parts.problem(HoldKind::Stock, refusal)?;
                None
            }
        },
        None => None,
    };
    let service = match &line.service {
        Some(code) => match attempt.network().service_by_code(code) {
            Some(service) => Some(service.id),
            None => {
                let at = At(field, position, "service");
                let refusal = Refusal::unknown(at, "carrier service", code.as_str());
                parts.problem(HoldKind::Stock, refusal)?;
                None
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
    let no = LineNo(parts.number()?);
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
        destination: line
            .ship_to
            .as_ref()
            .map(|address| address.storable().destination()),
        service,
        requested_date: line.requested_date,
        agreement: line.agreement,
        case_quantity: None,
        kit: None,
        is_kit: item.is_some_and(|item| item.is_kit()),
        substitutable: line.substitutable,
        instead_of: None,
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
        let item = attempt.item(component.item)?;
        if item.is_kit() {
            let problem = format!(
                "names the kit {:?}, whose component {:?} has become a kit itself; change the kit",
                parent.sku, component.sku
            );
            return Err(Refusal::invalid(At(field, position, "sku"), problem).into());
        }
        resolved.push(Line {
            no: LineNo(parts.number()?),
            item: Some(component.item),
            sku: component.sku.clone(),
            title: item.title.clone(),
            quantity,
            unit_price_minor: 0,
            price_quantity: 1,
            discount_minor: 0,
            tax_minor: 0,
            agreement: None,
            case_quantity: None,
            kit: Some(parent.no),
            is_kit: false,
            substitutable: false,
            metadata: serde_json::Map::new(),
            ..parent.clone()
        });
    }
    Ok(())
}
