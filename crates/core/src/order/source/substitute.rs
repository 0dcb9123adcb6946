//! Something else instead of what nobody serves, where the policy says so and the customer agreed to it.

use std::sync::Arc;

use super::free::FreeStock;
use super::planning::{self, Allowed, By};
use super::{Scope, Sourced, Want, find_by, parties};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, LineNo, OrderId};
use crate::money::share;
use crate::order::entry::Record;
use crate::order::{Line, Order, checks};
use crate::sourcing::policy::{Policy, Unserved};
use crate::sourcing::{Instead, Substitution};

/// Looks for locations; where a policy answers what nobody serves with substitutes, the order is changed to have them, and
/// it is looked for again. What cannot be substituted in full is missing as before.
///
/// # Errors
/// Stops when facts are missing; refuses an order that has run out of numbers.
pub(super) fn find_or_substitute(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    policy: Option<Arc<Policy>>,
    allowed: Allowed,
) -> Result<Option<Sourced>, Stop> {
    let found = find_by(attempt, id, scope, policy.clone(), allowed, None)?;
    let Some(mut sourced) = found else {
        return Ok(None);
    };
    let substituting = policy.as_ref().filter(|policy| {
        let says_so = policy.unserved == Some(Unserved::Substitute);
        says_so && matches!(scope, Scope::Open | Scope::OpenAndWaiting) && sourced.below.is_none()
    });
    let Some(by) = substituting.filter(|_| !sourced.missing.is_empty()) else {
        return Ok(Some(sourced));
    };
    let tried = try_all(attempt, id, scope, (by, allowed), &sourced)?;
    let is_changed = tried
        .iter()
        .any(|one| matches!(one.instead, Instead::Substituted { .. }));
    if is_changed {
        let name = by.name_of_version();
        change(attempt, id, &tried, name)?;
        let again = find_by(attempt, id, scope, policy, allowed, None)?;
        sourced = again.unwrap_or_default();
    }
    sourced.substitutions = tried;
    Ok(Some(sourced))
}

/// What could come instead of each line of which units are missing.
fn try_all(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    by: (&Policy, Allowed),
    sourced: &Sourced,
) -> Result<Vec<Substitution>, Stop> {
    let order = attempt.order(id)?.clone();
    let mut missing: Vec<(LineNo, i64)> = Vec::new();
    for (want, units) in &sourced.missing {
        match missing.iter_mut().find(|(line, _)| *line == want.line) {
            Some((_, known)) => *known += units,
            None => missing.push((want.line, *units)),
        }
    }
    let first = checks::next_children(&order, missing.len())?;
    let mut tried: Vec<Substitution> = Vec::with_capacity(missing.len());
    for ((no, units), into) in missing.into_iter().zip(first..) {
        let instead = match order.placed.line(no) {
            Some(line) if line.kit.is_some() => Instead::PartOfKit,
            Some(line) if line.substitutable => {
                let found = first_there(attempt, &order, (line, units), scope, by, (sourced, &tried))?;
                found.map_or(Instead::NoneThere, |(item, sku)| Instead::Substituted {
                    item,
                    sku,
                    into: LineNo(into),
                })
            }
            Some(_) | None => Instead::NotAllowed,
        };
        tried.push(Substitution {
            line: no,
            quantity: units,
            instead,
        });
    }
    Ok(tried)
}

/// The first substitute of a line that the policy would serve in full, beside what the order has of it already.
fn first_there(
    attempt: &mut Attempt<'_>,
    order: &Order,
    (line, units): (&Line, i64),
    scope: Scope<'_>,
    (policy, allowed): (&Policy, Allowed),
    (sourced, tried): (&Sourced, &[Substitution]),
) -> Result<Option<(ItemId, String)>, Stop> {
    let Some(item) = line.item else {
        return Ok(None);
    };
    let keep = policy.constraints.keep_together;
    let own = parties(order, scope, keep)
        .into_iter()
        .find(|party| party.wants.iter().any(|want| want.line == line.no));
    let Some(mut party) = own else {
        return Ok(None);
    };
    let substitutes = attempt.item(item)?.selling.substitutes.clone();
    for sku in substitutes {
        let Some(known) = attempt.item_by_sku(&sku)? else {
            continue;
        };
        let (other, is_kit) = (known.id, known.is_kit());
        if is_kit || attempt.network().recall_of(other).is_some() {
            continue;
        }
        party.wants = vec![Want {
            line: line.no,
            item: Some(other),
            quantity: units + used(order, other, sourced, tried),
            kit: None,
        }];
        let by = By {
            policy: Some(policy),
            allowed,
            together: None,
        };
        let mut trial = Sourced::default();
        let free = &mut FreeStock::default();
        planning::serve_party(attempt, order.id, &party, scope, by, free, &mut trial)?;
        if trial.missing.is_empty() && trial.below.is_none() {
            return Ok(Some((other, sku)));
        }
    }
    Ok(None)
}

/// Units of an item that the order is served with anyway.
fn used(order: &Order, item: ItemId, sourced: &Sourced, tried: &[Substitution]) -> i64 {
    let of_item = |no: LineNo| order.placed.line(no).and_then(|line| line.item) == Some(item);
    let served = sourced.allotments.iter().flat_map(|one| &one.lines);
    let served = served.filter(|units| of_item(units.line));
    let substituted = tried.iter().filter(|one| match &one.instead {
        Instead::Substituted { item: other, .. } => *other == item,
        Instead::NotAllowed | Instead::PartOfKit | Instead::NoneThere => false,
    });
    served.map(|units| units.quantity).sum::<i64>()
        + substituted.map(|one| one.quantity).sum::<i64>()
}

/// Units of lines become units of new lines, at the price of before; discounts and taxes go with them.
fn change(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    tried: &[Substitution],
    policy: String,
) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    let mut placed = order.placed.as_ref().clone();
    let next_child = checks::next_children(order, tried.len())?;
    let mut lines = Vec::new();
    for one in tried {
        let Instead::Substituted { item, sku, into } = &one.instead else {
            continue;
        };
        let title = attempt.item(*item)?.title.clone();
        let Some(line) = placed.lines.iter_mut().find(|line| line.no == one.line) else {
            continue;
        };
        let part = |minor: i64| share(minor, one.quantity, line.quantity);
        let (discount_minor, tax_minor) = (part(line.discount_minor), part(line.tax_minor));
        let instead = Line {
            no: *into,
            item: Some(*item),
            sku: sku.clone(),
            title,
            quantity: one.quantity,
            discount_minor,
            tax_minor,
            substitutable: false,
            instead_of: Some(line.no),
            ..line.clone()
        };
        line.quantity -= one.quantity;
        line.discount_minor -= discount_minor;
        line.tax_minor -= tax_minor;
        placed.lines.push(instead);
        lines.push((one.line, *into, one.quantity));
    }
    let used = u16::try_from(tried.len()).unwrap_or(u16::MAX);
    attempt.record(
        id,
        Record::LinesSubstituted {
            placed: placed.into(),
            next_child: next_child.saturating_add(used),
            lines,
            policy,
        },
    )
}
