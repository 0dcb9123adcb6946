//! Calling off: an order that draws on an agreement, at its price and within its limits.
//!
//! What is called of an agreement follows the orders: every change of one that draws on it moves the agreement in the same
//! commit, under its guard. So cancelled units go back by themselves.

use jiff::civil::Date;

use super::{Agreement, AgreementLine};
use crate::decide::{Attempt, Stop};
use crate::id::{AgreementId, ItemId, OrderId};
use crate::order::{Line, Order, Placed};
use crate::refusal::Refusal;

/// What one order has called off an agreement, in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The agreement.
    pub agreement: AgreementId,
    /// The order.
    pub order: OrderId,
    /// Units that are not cancelled.
    pub called: i64,
    /// Units of them that were delivered.
    pub delivered: i64,
}

/// Units of an item that an order draws from an agreement: called, delivered.
type Drawn = ((AgreementId, ItemId), [i64; 2]);

/// The agreements that lines draw on.
fn ids_of(placed: &Placed) -> Vec<AgreementId> {
    let mut ids: Vec<AgreementId> = placed
        .lines
        .iter()
        .filter_map(|line| line.agreement)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Looks at what an order draws from agreements, compared with what it drew before it was amended: it has to be its customer's, in
/// the order's currency, open, within its period and within what is left. Gives new lines the price that is agreed.
///
/// # Errors
/// Refuses what does not fit, with what is left; stops when facts are missing.
pub(crate) fn check_calls(
    attempt: &mut Attempt<'_>,
    before: Option<&Order>,
    placed: &mut Placed,
    field_of: impl Fn(&Line, &str) -> String,
) -> Result<(), Stop> {
    for id in ids_of(placed) {
        let mine = |line: &&mut Line| line.agreement == Some(id);
        let known = attempt.agreement(id)?;
        let Some(agreement) = known else {
            let first = placed.lines.iter().find(|line| line.agreement == Some(id));
            let field = first.map_or_else(String::new, |line| field_of(line, "agreement_id"));
            return Err(Refusal::unknown(field, "agreement", id.to_string()).into());
        };
        let (customer, currency) = (placed.customer, placed.currency);
        let old = before.map(drawn).unwrap_or_default();
        let cancelled = |line: &Line| cancelled_of(before, line);
        let is_theirs = customer == Some(agreement.customer) && currency == agreement.currency;
        for line in placed.lines.iter_mut().filter(mine) {
            let field = |name: &str| field_of(line, name);
            if !is_theirs {
                let why = "is another customer's, or in another currency; name one of this customer's own";
                return Err(refused(field("agreement_id"), &agreement, why).into());
            }
            let agreed = line.item.and_then(|item| agreement.line(item));
            let Some(agreed) = agreed else {
                let why = format!(
                    "has nothing of SKU {:?}; order it without the agreement",
                    line.sku
                );
                return Err(refused(field("sku"), &agreement, why).into());
            };
            let is_new = before.is_none_or(|order| order.placed.line(line.no).is_none());
            check_price(line, agreed, is_new, field("unit_price_minor"), &agreement)?;
            line.unit_price_minor = agreed.unit_price_minor;
            line.price_quantity = agreed.price_quantity;
        }
        for agreed in &agreement.lines {
            let lines = placed.lines.iter();
            let lines =
                lines.filter(|line| line.agreement == Some(id) && line.item == Some(agreed.item));
            let units: i64 = lines
                .clone()
                .map(|line| line.quantity - cancelled(line))
                .sum();
            let Some(first) = lines.clone().next() else {
                continue;
            };
            let key = (id, agreed.item);
            let known = old.iter().find(|(known, _)| *known == key);
            let had = known.map_or(0, |(_, units)| units[0]);
            if units > had {
                let field = field_of(first, "quantity");
                check_more(attempt, &agreement, agreed, (had, units), field)?;
            }
        }
    }
    Ok(())
}

fn check_price(
    line: &Line,
    agreed: &AgreementLine,
    is_new: bool,
    field: String,
    agreement: &Agreement,
) -> Result<(), Refusal> {
    let price = (line.unit_price_minor, line.price_quantity);
    let is_left_out = is_new && line.unit_price_minor == 0;
    if is_left_out || price == (agreed.unit_price_minor, agreed.price_quantity) {
        return Ok(());
    }
    let why = format!(
        "has the price {} for {} of SKU {:?}; leave the price out, or name this one",
        agreed.unit_price_minor, agreed.price_quantity, line.sku
    );
    Err(refused(field, agreement, why))
}

/// Whether more may be called off than before.
fn check_more(
    attempt: &Attempt<'_>,
    agreement: &Agreement,
    line: &AgreementLine,
    (had, units): (i64, i64),
    field: String,
) -> Result<(), Refusal> {
    let refuse = |why: String| Err(refused(field.clone(), agreement, why));
    if let Some(closed) = &agreement.closed {
        return refuse(format!("is closed ({}); order without it", closed.reason));
    }
    let today = today(attempt);
    if today < agreement.from || today > agreement.until {
        return refuse(format!(
            "is for {} to {}, and today is {today}; order without it, or when it is in force",
            agreement.from, agreement.until
        ));
    }
    let more = units - had;
    if more > line.left() {
        return refuse(format!(
            "has {} of {} units of SKU {:?} left, and {more} are called off; lower the quantity",
            line.left(),
            line.agreed,
            line.sku
        ));
    }
    // The last units may be called off however few they are.
    if let Some(least) = line
        .least
        .filter(|least| units < *least && more < line.left())
    {
        return refuse(format!(
            "lets at least {least} units of SKU {:?} be called off at once, and not {units}; raise the quantity",
            line.sku
        ));
    }
    match line.most {
        Some(most) if units > most => refuse(format!(
            "lets at most {most} units of SKU {:?} be called off at once, and not {units}; lower the quantity",
            line.sku
        )),
        _ => Ok(()),
    }
}

fn today(attempt: &Attempt<'_>) -> Date {
    attempt.now().utc_date()
}

fn refused(field: String, agreement: &Agreement, why: impl Into<String>) -> Refusal {
    Refusal::CallOff {
        field,
        agreement: agreement.reference.clone(),
        why: why.into(),
    }
}

fn cancelled_of(order: Option<&Order>, line: &Line) -> i64 {
    let Some(order) = order else { return 0 };
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let mut known = lines.filter(|(known, _)| known.no == line.no);
    known.next().map_or(0, |(_, state)| state.cancelled)
}

/// What an order draws from agreements, by agreement and item.
fn drawn(order: &Order) -> Vec<Drawn> {
    let mut drawn: Vec<Drawn> = Vec::new();
    if order.progress.draft {
        return drawn;
    }
    for (line, state) in order.placed.lines.iter().zip(&order.progress.lines) {
        let Some(key) = line.agreement.zip(line.item) else {
            continue;
        };
        let here = order.progress.fulfilments.iter();
        let delivered = here.filter_map(|one| one.units(line.no));
        let units = [
            line.quantity - state.cancelled,
            delivered.map(|units| units.delivered).sum(),
        ];
        match drawn.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => (0..2).for_each(|at| known[at] += units[at]),
            None => drawn.push((key, units)),
        }
    }
    drawn
}

/// What an order has called off each agreement, in all.
#[must_use]
pub fn calls_of(order: &Order) -> Vec<(AgreementId, ItemId, [i64; 2])> {
    let drawn = drawn(order).into_iter();
    drawn.map(|((id, item), units)| (id, item, units)).collect()
}

/// Brings agreements up to what the changed orders draw from them.
///
/// # Errors
/// Stops when agreements were not loaded yet.
pub(crate) fn settle_calls(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let mut changes: Vec<Drawn> = Vec::new();
    let mut calls: Vec<Call> = Vec::new();
    for (before, now) in attempt.changed_orders() {
        let is_call = |order: &Order| {
            order
                .placed
                .lines
                .iter()
                .any(|line| line.agreement.is_some())
        };
        if !is_call(now) {
            continue;
        }
        let (old, new) = (before.map(drawn).unwrap_or_default(), drawn(now));
        if old == new {
            continue;
        }
        for (sign, list) in [(-1, &old), (1, &new)] {
            for (key, units) in list {
                let units = units.map(|units| sign * units);
                match changes.iter_mut().find(|(known, _)| known == key) {
                    Some((_, known)) => (0..2).for_each(|at| known[at] += units[at]),
                    None => changes.push((*key, units)),
                }
            }
        }
        for agreement in ids_of(&now.placed) {
            let of_it = new.iter().filter(|((id, _), _)| *id == agreement);
            let sum = |at: usize| of_it.clone().map(|(_, units)| units[at]).sum();
            calls.push(Call {
                agreement,
                order: now.id,
                called: sum(0),
                delivered: sum(1),
            });
        }
    }
    let mut ids: Vec<AgreementId> = changes.iter().map(|((id, _), _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let Some(agreement) = attempt.agreement(id)? else {
            continue;
        };
        let mut changed = Agreement::clone(&agreement);
        for line in &mut changed.lines {
            let key = (id, line.item);
            if let Some((_, units)) = changes.iter().find(|(known, _)| *known == key) {
                line.called += units[0];
                line.delivered += units[1];
            }
        }
        if changed != *agreement {
            attempt.put_agreement(changed);
        }
    }
    attempt.put_calls(calls);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn an_order_draws_on_an_agreement_at_its_price_and_gives_back_what_is_cancelled() {
        story(
            r#"
                location L1
                stock A@L1=500
                customer email=ann@example.org
                agree F-1 email=ann@example.org A=100(450/10)[10-60]
                order A=50(0) email=ann@example.org off=F-1 > order open; F1@L1 open A:50 assigned; A@L1 500/50
                called F-1 > A 50 of 100, 0 delivered, 50 left
                cancel A=20 > A 20 cancelled; F1@L1 open A:30 assigned; A@L1 500/30
                called F-1 > A 30 of 100, 0 delivered, 70 left
                order A=60(450/10) email=ann@example.org off=F-1 > order open; F1@L1 open A:60 assigned; A@L1 500/90
                called F-1 > A 90 of 100, 0 delivered, 10 left
                amend A=40 > F1@L1 open A:40 assigned; A@L1 500/70
                called F-1 > A 70 of 100, 0 delivered, 30 left
                amend A=80 > call_off_refused: agreement "F-1" has 30 of 100 units of SKU "A" left, and 40 are called off; lower the quantity
                amend A(500) > call_off_refused: agreement "F-1" has the price 450 for 10 of SKU "A"; leave the price out, or name this one
                pick F1 > order in_progress; F1@L1 picked A:40 picked
                pack F1 > F1@L1 packed A:40 packed; F1 P1 A=40
                ship F1 > order shipped; F1@L1 shipped A:40 shipped; F1 left with post; A@L1 460/30
                deliver F1 > order delivered; F1@L1 delivered A:40 delivered; F1 P1 A=40 delivered
                called F-1 > A 70 of 100, 40 delivered, 30 left
                order A=31(0) email=ann@example.org off=F-1 > call_off_refused: agreement "F-1" has 30 of 100 units of SKU "A" left, and 31 are called off; lower the quantity
                order A=5(0) email=ann@example.org off=F-1 > call_off_refused: agreement "F-1" lets at least 10 units of SKU "A" be called off at once, and not 5; raise the quantity
                order A=61(0) email=ann@example.org off=F-1 > call_off_refused: agreement "F-1" has 30 of 100 units of SKU "A" left, and 61 are called off; lower the quantity
                order A=11(451/10) email=ann@example.org off=F-1 > call_off_refused: agreement "F-1" has the price 450 for 10 of SKU "A"; leave the price out, or name this one
                order A=30(0) email=ann@example.org off=F-1 > order open; F1@L1 open A:30 assigned; A@L1 460/60
                called F-1 > A 100 of 100, 40 delivered, 0 left
            "#,
        );
    }

    #[test]
    fn what_is_not_agreed_is_refused_with_the_reason() {
        story(
            r#"
                location L1
                stock A@L1=500
                customer email=ann@example.org
                customer email=bob@example.org
                agree F-1 email=ann@example.org A=100(450)
                agree F-2 email=ann@example.org from=2026-02-01 until=2026-02-28 A=100(450)
                agree F-3 email=ann@example.org from=2026-02-02 until=2026-02-01 A=100(450) > invalid_field: /until must not be before from
                agree F-3 email=ann@example.org A=0(450) > invalid_field: /lines/0/agreed must lie between 1 and 1000000000
                agree F-3 email=ann@example.org ?A=5(450) > unknown_reference: /lines/0/sku names the unknown SKU "?A"; create it first or correct the name
                agree F-3 email=ann@example.org A=5(450)[3-9] > invalid_field: /lines/0/most must lie between 3 and 5
                agree F-3 email=ann@example.org > invalid_field: /lines must name 1 to 200 lines
                order A=5(0) email=bob@example.org off=F-1 > call_off_refused: agreement "F-1" is another customer's, or in another currency; name one of this customer's own
                order A=5(0) B=1 email=ann@example.org off=F-1 > call_off_refused: agreement "F-1" has nothing of SKU "B"; order it without the agreement
                order A=5(0) email=ann@example.org off=F-2 > call_off_refused: agreement "F-2" is for 2026-02-01 to 2026-02-28, and today is 2026-01-05; order without it, or when it is in force
                end-agreement F-1 > invalid_field: /reason must not be empty
                end-agreement F-1 too dear > nothing changes
                order A=5(0) email=ann@example.org off=F-1 > call_off_refused: agreement "F-1" is closed (too dear); order without it
                draft A=5(0) email=ann@example.org off=F-1 > invalid_field: /lines/0/agreement_id belongs to orders that are placed; leave it out of drafts and history
            "#,
        );
    }
}
