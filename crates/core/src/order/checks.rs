//! Checks that several verbs share, so that the same "no" is said in the same words everywhere.
//!
//! Every verb asks in one order: does the part exist; does the verb fit the state; are the fields
//! possible; does a hold block it; are there enough units or money. Only then does it record anything.

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::place::CLOCK_SKEW_MS;
use super::{Fulfilment, LineUnits, Method, Order, RequestStatus, Verb};
use crate::id::{FulfilmentNo, LineNo};
use crate::refusal::Refusal;
use crate::time::Millis;

/// Most parts (lines, contacts, fulfilments, packages, tenders ...) that one order can number.
pub(crate) const CHILDREN_MAX: u16 = u16::MAX - 1;

/// Refuses a discount that is more than what it is on.
pub(crate) fn discount(
    field: impl Into<String>,
    discount_minor: i64,
    goods_minor: i64,
) -> Result<(), Refusal> {
    if discount_minor > goods_minor.max(0) {
        let problem = format!("must not be more than the line costs, which is {goods_minor}");
        return Err(Refusal::invalid(field, problem));
    }
    Ok(())
}

/// Refuses a date that no customer can mean, and that cannot be shown with four digits of the year.
pub(crate) fn requested_date(field: impl Into<String>, date: Option<Date>) -> Result<(), Refusal> {
    match date {
        Some(date) if date.year() < 1970 => Err(Refusal::invalid(
            field,
            "must lie between 1970-01-01 and 9999-12-31",
        )),
        _ => Ok(()),
    }
}

/// Refuses a verb that has to wait until the draft is placed.
pub(crate) fn refuse_if_draft(order: &Order, verb: Verb) -> Result<(), Refusal> {
    if order.progress.draft {
        return Err(Refusal::illegal(
            verb,
            "the order is a draft; place it first",
        ));
    }
    Ok(())
}

/// The fulfilment that a verb is about, if it still has units.
pub(crate) fn fulfilment(
    order: &Order,
    no: FulfilmentNo,
    verb: Verb,
) -> Result<&Fulfilment, Refusal> {
    let name = || no.of(order.id).to_string();
    let found = order
        .progress
        .fulfilment(no)
        .ok_or_else(|| Refusal::NotFound {
            what: "fulfilment",
            name: name(),
        })?;
    if found.total().total() == 0 {
        let why =
            "the fulfilment is cancelled and has no units; use the fulfilment that has them now";
        return Err(Refusal::illegal(verb, why));
    }
    Ok(found)
}

/// The fulfilment that somebody at a location is working on: one with stock, which the location does not
/// first have to accept.
pub(crate) fn workable(
    order: &Order,
    no: FulfilmentNo,
    verb: Verb,
) -> Result<&Fulfilment, Refusal> {
    let found = fulfilment(order, no, verb)?;
    if !found.method.uses_stock() {
        let why = "digital and service fulfilments are not picked, packed or shipped; record them as delivered";
        return Err(Refusal::illegal(verb, why));
    }
    refuse_if_scheduled(found, verb)?;
    match found.request {
        RequestStatus::Unsubmitted | RequestStatus::Accepted => Ok(found),
        RequestStatus::Submitted => Err(Refusal::illegal(
            verb,
            "the location was asked and has not answered; accept it first",
        )),
        RequestStatus::Rejected => Err(Refusal::illegal(
            verb,
            "the location rejected it; source the order again",
        )),
        RequestStatus::CancellationRequested => Err(Refusal::illegal(
            verb,
            "the location was asked to stop; wait for its answer",
        )),
    }
}

/// Refuses to begin what is to be begun later.
pub(crate) fn refuse_if_scheduled(fulfilment: &Fulfilment, verb: Verb) -> Result<(), Refusal> {
    match fulfilment.schedule {
        Some(_) => Err(Refusal::illegal(
            verb,
            "it is scheduled for later; wait, or release the order",
        )),
        None => Ok(()),
    }
}

/// Like [`workable`], of a fulfilment that the customer collects.
pub(crate) fn collectable(
    order: &Order,
    no: FulfilmentNo,
    verb: Verb,
) -> Result<&Fulfilment, Refusal> {
    let found = workable(order, no, verb)?;
    if found.method != Method::Pickup {
        return Err(Refusal::illegal(
            verb,
            "it is not collected by the customer; ship it",
        ));
    }
    Ok(found)
}

/// Refuses what an active hold on the order, or on one of the lines concerned, blocks. `asked` is what the
/// caller tried, `table` the verb whose column in [`HoldKind::blocks`](super::HoldKind::blocks) decides.
pub(crate) fn refuse_if_held(
    order: &Order,
    asked: Verb,
    table: Verb,
    concerned: impl Fn(LineNo) -> bool,
) -> Result<(), Refusal> {
    let blocks = |hold: &&super::Hold| {
        hold.kind.blocks(table)
            && (hold.lines.is_empty() || hold.lines.iter().any(|line| concerned(*line)))
    };
    match order.progress.active_holds().find(blocks) {
        None => Ok(()),
        Some(hold) => Err(on_hold(order, asked, hold)),
    }
}

/// The refusal that names the hold which blocks a verb.
pub(crate) fn on_hold(order: &Order, verb: Verb, hold: &super::Hold) -> Refusal {
    Refusal::OnHold {
        verb,
        hold: hold.kind.as_str().to_owned(),
        id: hold.no.of(order.id).to_string(),
        reason: hold.reason.clone(),
    }
}

/// Refuses what a hold on the order, or on a line with units that have not left, blocks.
pub(crate) fn refuse_if_any_held(
    order: &Order,
    fulfilment: &Fulfilment,
    verb: Verb,
) -> Result<(), Refusal> {
    refuse_if_held(order, verb, verb, |line| fulfilment.in_our_hands(line) > 0)
}

/// The first of `count` unused child numbers of the order.
pub(crate) fn next_children(order: &Order, count: usize) -> Result<u16, Refusal> {
    let first = order.progress.next_child.max(1);
    match u16::try_from(count)
        .ok()
        .and_then(|count| first.checked_add(count))
    {
        Some(_) => Ok(first),
        None => Err(Refusal::TooMany {
            what: "parts of one order",
            limit: u64::from(CHILDREN_MAX),
        }),
    }
}

/// When something happened: the given time, which is possible and not in the future, or now.
pub(crate) fn happened_at(
    field: &str,
    given: Option<Millis>,
    now: Millis,
) -> Result<Millis, Refusal> {
    let Some(at) = given else { return Ok(now) };
    if !at.is_valid() {
        return Err(Refusal::invalid(
            field,
            "must lie in the years 1970 to 9999",
        ));
    }
    if at > now.plus_ms(CLOCK_SKEW_MS) {
        return Err(Refusal::invalid(
            field,
            "lies in the future; record it once it has happened",
        ));
    }
    Ok(at)
}

/// Whether units have not left yet: they wait, or are being worked on.
pub(crate) fn has_unshipped(order: &Order) -> bool {
    let waiting = order
        .progress
        .lines
        .iter()
        .any(|line| line.open + line.backordered > 0);
    waiting
        || order
            .progress
            .fulfilments
            .iter()
            .any(|fulfilment| fulfilment.total().unshipped() > 0)
}

/// The id of a line, to name it in a refusal.
pub(crate) fn line_id(order: &Order, line: LineNo) -> String {
    line.of(order.id).to_string()
}

/// Refuses a line that was named before in the same list; `field` is the list's JSON pointer.
pub(crate) fn refuse_twice(
    field: &str,
    lines: impl IntoIterator<Item = LineNo>,
) -> Result<(), Refusal> {
    let mut seen = FxHashSet::default();
    for (position, line) in lines.into_iter().enumerate() {
        if !seen.insert(line) {
            return Err(Refusal::invalid(
                format!("{field}/{position}/id"),
                "names a line a second time; add the quantities up",
            ));
        }
    }
    Ok(())
}

/// Refuses a list of nothing (in the words of `if_empty`), quantities below 1, and a line that is named twice.
pub(crate) fn plain_units(field: &str, lines: &[LineUnits], if_empty: &str) -> Result<(), Refusal> {
    if lines.is_empty() {
        return Err(Refusal::invalid(field, if_empty));
    }
    if let Some(position) = lines.iter().position(|units| units.quantity < 1) {
        return Err(Refusal::invalid(
            format!("{field}/{position}/quantity"),
            "must be at least 1",
        ));
    }
    refuse_twice(field, lines.iter().map(|units| units.line))
}

/// Refuses more units than there are of a line; a line without any is unknown to the fulfilment.
pub(crate) fn enough(
    order: &Order,
    what: &'static str,
    field: &str,
    units: LineUnits,
    possible: Option<i64>,
) -> Result<(), Refusal> {
    let line = line_id(order, units.line);
    match possible {
        None => Err(Refusal::unknown(
            format!("{field}/id"),
            "line of this fulfilment",
            line,
        )),
        Some(limit) if units.quantity > limit => Err(Refusal::QuantityExceeded {
            what,
            line,
            asked: units.quantity,
            limit,
        }),
        Some(_) => Ok(()),
    }
}

/// A text that was given and is not blank, without the space around it.
pub(crate) fn given(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;
    use crate::order::Order;

    #[test]
    fn an_order_that_has_run_out_of_numbers_says_so() {
        story(
            "
                location L1
                stock A@L1=9
                order A=6               > order open; F1@L1 open A:6 assigned; A@L1 9/6
                pick F1 A=4             > order in_progress; F1@L1 picking A:2 assigned+4 picked
                number 65533
                pack F1 A=1 | A=1 | A=1 > limit_reached: too many parts of one order: at most 65534 are allowed
                pack F1 A=1 | A=1       > F1@L1 picking A:2 assigned+2 picked+2 packed; F1 P1 A=1; F1 P2 A=1
                ship F1                 > limit_reached: too many parts of one order: at most 65534 are allowed
                note hello              > limit_reached: too many parts of one order: at most 65534 are allowed
                hold manual wait        > limit_reached: too many parts of one order: at most 65534 are allowed
                pay pending             > limit_reached: too many parts of one order: at most 65534 are allowed
                pay captured 500        > limit_reached: too many parts of one order: at most 65534 are allowed
                tag +full               > tags full
            ",
        );
    }

    #[test]
    fn the_last_number_is_65534() {
        let mut order = Order::placeholder();
        for (next, count, first) in [
            (1, 65_534, Some(1)),
            (1, 65_535, None),
            (65_534, 1, Some(65_534)),
            (65_535, 1, None),
        ] {
            order.progress.next_child = next;
            assert_eq!(
                super::next_children(&order, count).ok(),
                first,
                "{count} from {next}"
            );
        }
    }
}
