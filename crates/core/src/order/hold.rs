//! Holds: put on, released.

use super::amend::resolve_items;
use super::source::{held_lines, source_open};
use super::{Hold, HoldKind, Line, LineProgress, Method, Order, Record, Verb, checks};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{HoldNo, LineNo, OrderId};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Puts an order, or some of its lines, on hold.
#[derive(Debug, Clone)]
pub struct HoldOrder {
    /// The kind decides which verbs are blocked.
    pub kind: HoldKind,
    /// Why, in the caller's words.
    pub reason: String,
    /// The lines; empty for the whole order.
    pub lines: Vec<LineNo>,
}

/// Releases a hold. What waited only for it is sourced in the same commit.
#[derive(Debug, Clone)]
pub struct ReleaseHold {
    /// Which.
    pub hold: HoldNo,
}

/// Puts an order, or some of its lines (of a kit: with its components), on hold. Stock stays allocated.
///
/// # Errors
/// Refuses a draft, a missing reason, unknown lines, and an order of which everything has left or was cancelled.
pub fn hold_order(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &HoldOrder,
) -> Result<Answer, Stop> {
    let now = attempt.now();
    let hold = check(attempt.order(order)?, command, now)?;
    attempt.record(order, Record::OrderHeld { hold })?;
    Ok(Answer::ok(Resource::Order(order)))
}

fn check(order: &Order, command: &HoldOrder, at: Millis) -> Result<Hold, Refusal> {
    checks::refuse_if_draft(order, Verb::Hold)?;
    if !checks::has_unshipped(order) {
        return Err(Refusal::illegal(
            Verb::Hold,
            "all of its units have left or were cancelled; there is nothing to stop",
        ));
    }
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let lines = bound_lines(order, &command.lines)?;
    let no = HoldNo(checks::next_children(order, 1)?);
    let reason = command.reason.trim().to_owned();
    Ok(Hold {
        no,
        kind: command.kind,
        reason,
        lines,
        at,
        released_at: None,
        found: None,
        approval: None,
        scoring: None,
    })
}

/// The lines with the components of kits, each once, by ascending number.
fn bound_lines(order: &Order, named: &[LineNo]) -> Result<Vec<LineNo>, Refusal> {
    for (position, no) in named.iter().enumerate() {
        if order.placed.line(*no).is_none() {
            return Err(Refusal::unknown(
                format!("/lines/{position}"),
                "line",
                checks::line_id(order, *no),
            ));
        }
    }
    let is_bound = |line: &&super::Line| {
        named.contains(&line.no) || line.kit.is_some_and(|kit| named.contains(&kit))
    };
    Ok(order
        .placed
        .lines
        .iter()
        .filter(is_bound)
        .map(|line| line.no)
        .collect())
}

/// Releases a hold. Items that were unknown when the order came are looked up again, and everything that no other
/// hold blocks is sourced.
///
/// # Errors
/// Refuses an unknown hold, one that was released before, and one without which a line would be open although nobody
/// can source it, because its SKU is still unknown or it is collected nobody knows where, or send it, because there
/// is no address, or one that lacks something.
pub fn release_hold(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &ReleaseHold,
) -> Result<Answer, Stop> {
    check_release(attempt.order(order)?, command.hold)?;
    attempt.record(order, Record::HoldReleased { hold: command.hold })?;
    go_on_without(attempt, order, Verb::ReleaseHold)?;
    Ok(Answer::ok(Resource::Order(order)))
}

/// Lets an order go on after a hold went away: items that were unknown are looked up again, and what no other hold
/// blocks is sourced. A refusal names the verb.
pub(super) fn go_on_without(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    verb: Verb,
) -> Result<(), Stop> {
    resolve_items(attempt, order)?;
    refuse_unknown_items(attempt, attempt.look_at(order)?, verb)?;
    refuse_without_location(attempt.look_at(order)?, verb)?;
    refuse_without_address(attempt.look_at(order)?, verb)?;
    source_open(attempt, order)
}

/// Why an order could not go on without a hold, if it could not. Items that were unknown are looked up again.
pub(super) fn why_not_without(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    no: HoldNo,
) -> Result<Option<String>, Stop> {
    resolve_items(attempt, id)?;
    let mut without = attempt.order(id)?.clone();
    let holds = without.progress.holds.iter_mut();
    let now = attempt.now();
    holds
        .filter(|hold| hold.no == no)
        .for_each(|hold| hold.released_at = Some(now));
    let verb = Verb::ReleaseHold;
    let checked = refuse_unknown_items(attempt, &without, verb)
        .and_then(|()| Ok(refuse_without_location(&without, verb)?))
        .and_then(|()| Ok(refuse_without_address(&without, verb)?));
    match checked {
        Ok(()) => Ok(None),
        Err(Stop::Refused(refusal)) => {
            let why = text::storable(&refusal.to_string(), text::REASON_MAX);
            Ok(Some(why))
        }
        Err(stop) => Err(stop),
    }
}

/// Refuses to let an order go on with open units that nobody can source.
fn refuse_unknown_items(attempt: &Attempt<'_>, order: &Order, verb: Verb) -> Result<(), Stop> {
    let is_held = held_lines(order);
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let stuck = |(line, state): &(&Line, &LineProgress)| {
        let is_unknown = line.item.is_none() && line.method.uses_stock();
        is_unknown && state.open > 0 && !is_held(line)
    };
    let Some((Line { sku, .. }, _)) = lines.into_iter().find(stuck) else {
        return Ok(());
    };
    let why = match attempt.item_by_sku(sku)? {
        None => format!(
            "SKU {sku:?} is still unknown; create the item, or amend the line away, then release"
        ),
        // Only kits are left unresolved: they have to be exploded when the line is made.
        Some(_) => {
            format!("SKU {sku:?} is a kit; amend the line away and add the kit, then release")
        }
    };
    Err(Refusal::illegal(verb, why).into())
}

/// Refuses to let an order go on with units to be collected nobody knows where.
fn refuse_without_location(order: &Order, verb: Verb) -> Result<(), Refusal> {
    let is_held = held_lines(order);
    let mut lines = order.placed.lines.iter().zip(&order.progress.lines);
    let nowhere = lines.find(|(line, state)| {
        line.method == Method::Pickup && line.location.is_none() && state.open > 0 && !is_held(line)
    });
    let Some((line, _)) = nowhere else {
        return Ok(());
    };
    let why = format!(
        "line {} is to be picked up at a location that is unknown; amend the line away and add it with another, then \
         release",
        checks::line_id(order, line.no)
    );
    Err(Refusal::illegal(verb, why))
}

/// Refuses to let an order go on with units that nobody knows where to send: without an address, or with one that
/// lacked something when the order came and was not mended.
fn refuse_without_address(order: &Order, verb: Verb) -> Result<(), Refusal> {
    let is_held = held_lines(order);
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let to_send = lines
        .filter(|(line, _)| line.method == Method::Ship && !line.is_kit && !is_held(line))
        .filter(|(line, state)| is_pending(order, line, state));
    for (line, _) in to_send {
        let why = if line.ship_to.is_none() && order.placed.ship_to.is_none() {
            "the order has no address to be shipped to; amend its ship_to, then release".to_owned()
        } else if order.placed.destination_of(line).is_incomplete {
            format!(
                "the address that line {} is shipped to is incomplete; amend the ship_to, then release",
                checks::line_id(order, line.no)
            )
        } else {
            continue;
        };
        return Err(Refusal::illegal(verb, why));
    }
    Ok(())
}

/// Whether units of a line are still to be sent.
fn is_pending(order: &Order, line: &Line, state: &LineProgress) -> bool {
    let fulfilments = order.progress.fulfilments.iter();
    let claimed = fulfilments.filter_map(|fulfilment| fulfilment.units(line.no));
    state.open + state.backordered + claimed.map(|units| units.unshipped()).sum::<i64>() > 0
}

fn check_release(order: &Order, no: HoldNo) -> Result<(), Refusal> {
    let name = || no.of(order.id).to_string();
    let known = order.progress.holds.iter().find(|hold| hold.no == no);
    if known.is_some_and(|hold| hold.approval.is_some() && hold.released_at.is_none()) {
        let why = format!(
            "hold {} is an approval; approve or disapprove it instead",
            name()
        );
        return Err(Refusal::illegal(Verb::ReleaseHold, why));
    }
    match known.map(|hold| hold.released_at) {
        None => Err(Refusal::NotFound {
            what: "hold",
            name: name(),
        }),
        Some(None) => Ok(()),
        Some(Some(_)) => {
            let why = format!("hold {} was released before", name());
            Err(Refusal::illegal(Verb::ReleaseHold, why))
        }
    }
}

impl HoldKind {
    /// The kind as the API and the journal write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Credit => "credit",
            Self::Fraud => "fraud",
            Self::Address => "address",
            Self::Stock => "stock",
            Self::Approval => "approval",
            Self::Manual => "manual",
            Self::Duplicate => "duplicate",
            Self::Price => "price",
            Self::Sourcing => "sourcing",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_hold_stops_work_and_keeps_the_stock() {
        story(
            "
                location L1
                stock A@L1=5
                order A=3                     > order open; F1@L1 open A:3 assigned; A@L1 5/3
                hold manual call the customer > order on_hold; F1@L1 on_hold A:3 assigned; H1 manual active (call the customer)
                pick F1                       > on_hold: cannot pick while the manual hold H1 is active (call the customer); release it first
                release H1                    > order open; F1@L1 open A:3 assigned; H1 manual released (call the customer)
                release H1                    > illegal_transition: cannot release_hold now: hold H1 was released before
                release H9                    > not_found: there is no hold ?
                pick F1                       > order in_progress; F1@L1 picked A:3 picked
            ",
        );
    }

    #[test]
    fn units_that_only_waited_for_the_hold_are_sourced_on_release() {
        story(
            "
                location L1
                location L2
                stock A@L1=5
                stock A@L2=5
                order A=3                   > order open; F1@L1 open A:3 assigned; A@L1 5/3
                hold fraud looks odd        > order on_hold; F1@L1 on_hold A:3 assigned; H1 fraud active (looks odd)
                hold address no such street > H2 address active (no such street)
                reject F1 cannot be sent    > A 3 open; F1@L1 cancelled (rejected); A@L1 5/0
                release H1                  > H1 fraud released (looks odd)
                release H2                  > order open; F2@L2 open A:3 assigned; H2 address released (no such street); A@L2 5/3
            ",
        );
    }

    #[test]
    fn a_money_hold_lets_units_be_sourced() {
        story(
            "
                location L1
                location L2
                stock A@L1=5
                stock A@L2=5
                order A=3                 > order open; F1@L1 open A:3 assigned; A@L1 5/3
                hold credit limit reached > order on_hold; F1@L1 on_hold A:3 assigned; H1 credit active (limit reached)
                reject F1 closed          > F1@L1 cancelled (rejected); F2@L2 on_hold A:3 assigned; A@L1 5/0; A@L2 5/3
                pick F2                   > on_hold: cannot pick while the credit hold H1 is active (limit reached); release it first
            ",
        );
    }

    #[test]
    fn nothing_is_released_to_be_shipped_to_nowhere() {
        story(
            "
                location L1
                stock A@L1=5
                channel marketplace
                order A=1 to=none > order on_hold; A 1 open; H1 address active (/ship_to is needed for lines that are shipped)
                release H1        > illegal_transition: cannot release_hold now: the order has no address to be shipped to; amend its ship_to, then release
                amend to=2        > nothing changes
                release H1        > order open; F1@L1 open A:1 assigned; H1 address released (/ship_to is needed for lines that are shipped); A@L1 5/1
            ",
        );
    }

    #[test]
    fn nothing_is_released_to_be_shipped_to_an_address_that_was_not_mended() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                channel marketplace
                order A=1 to=no-street     > order on_hold; A 1 open; H1 address active (/ship_to/line1 must not be empty)
                release H1                 > illegal_transition: cannot release_hold now: the address that line A is shipped to is incomplete; amend the ship_to, then release
                hold manual wait           > H2 manual active (wait)
                release H2                 > H2 manual released (wait)
                amend to=2                 > nothing changes
                release H1                 > order open; F1@L1 open A:1 assigned; H1 address released (/ship_to/line1 must not be empty); A@L1 5/1
                order A=1 B=1^XX           > order on_hold; A 1 open; B 1 open; H1 address active (/lines/1/ship_to/country must be an ISO 3166-1 alpha-2 country code such as DE)
                release H1                 > illegal_transition: cannot release_hold now: the address that line B is shipped to is incomplete; amend the ship_to, then release
                amend B^DE                 > nothing changes
                release H1                 > order open; F1@L1 open A:1 assigned; F2@L1 open B:1 assigned; H1 address released (/lines/1/ship_to/country must be an ISO 3166-1 alpha-2 country code such as DE); A@L1 5/2; B@L1 5/1
                reserve A=1                > V1 active A@L1=1; A@L1 5/2 reserved 1
                order A=1 with=V1 to=no-street > order on_hold; F1@L1 on_hold A:1 assigned; H1 address active (/ship_to/line1 must not be empty); V1 used by O3 A@L1=1; A@L1 5/3
                release H1                 > illegal_transition: cannot release_hold now: the address that line A is shipped to is incomplete; amend the ship_to, then release
                order A=1 bill=no-street   > order on_hold; A 1 open; H1 address active (/bill_to/line1 must not be empty)
                release H1                 > order open; F1@L1 open A:1 assigned; H1 address released (/bill_to/line1 must not be empty); A@L1 5/4
            ",
        );
    }

    #[test]
    fn what_is_collected_nobody_knows_where_is_not_released() {
        story(
            r#"
                location L1 store
                stock A@L1=5
                channel marketplace
                order A=1:pickup@L9 to=none > order on_hold; A 1 open; H1 stock active (/lines/0/location names the unknown location "L9"; create it first or correct the name)
                release H1                  > illegal_transition: cannot release_hold now: line A is to be picked up at a location that is unknown; amend the line away and add it with another, then release
                amend -A +A=1:pickup@L1     > A#2 1 open
                release H1                  > order open; F1@L1 open A#2:1 assigned; H1 stock released (/lines/0/location names the unknown location "L9"; create it first or correct the name); A@L1 5/1
                order A=1@L9                > order on_hold; A 1 open; H1 stock active (/lines/0/location names the unknown location "L9"; create it first or correct the name)
                release H1                  > order open; F1@L1 open A:1 assigned; H1 stock released (/lines/0/location names the unknown location "L9"; create it first or correct the name); A@L1 5/2
            "#,
        );
    }

    #[test]
    fn a_held_kit_holds_its_components() {
        story(
            "
                location L1
                item K kit A=2 B=1
                stock A@L1=9
                stock B@L1=9
                stock C@L1=9
                order K=1 C=1                 > order open; F1@L1 open A:2 assigned B:1 assigned C:1 assigned; A@L1 9/2; B@L1 9/1; C@L1 9/1
                hold manual gift wrap : K K A > order on_hold; F1@L1 on_hold A:2 assigned B:1 assigned C:1 assigned; H1 manual active K,A,B (gift wrap)
                pick F1 A=1                   > on_hold: cannot pick while the manual hold H1 is active (gift wrap); release it first
                pick F1 C=1                   > F1@L1 on_hold A:2 assigned B:1 assigned C:1 picked
            ",
        );
    }

    #[test]
    fn impossible_holds_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=5
                draft A=1              > order draft; A 1 open
                hold manual wait       > illegal_transition: cannot hold now: the order is a draft; place it first
                order A=3              > order open; F1@L1 open A:3 assigned; A@L1 5/3
                hold manual            > invalid_field: /reason must not be empty
                hold manual wait : A X > unknown_reference: /lines/1 names the unknown line "?"; look at the order's lines for their ids
                pick F1                > order in_progress; F1@L1 picked A:3 picked
                pack F1                > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1                > order shipped; F1@L1 shipped A:3 shipped; F1 left with post; A@L1 2/0
                hold manual wait       > illegal_transition: cannot hold now: all of its units have left or were cancelled; there is nothing to stop
                order A=1              > order open; F1@L1 open A:1 assigned; A@L1 2/1
                cancel                 > order cancelled; A 1 cancelled; F1@L1 cancelled; A@L1 2/0
                hold manual wait       > illegal_transition: cannot hold now: all of its units have left or were cancelled; there is nothing to stop
            "#,
        );
    }

    #[test]
    fn a_hold_for_an_unknown_sku_is_released_once_the_item_is_there() {
        story(
            r#"
                location L1
                channel exceptions
                stock A@L1=5
                order A=1 ?X=2                > order on_hold; A 1 open; ?X 2 open; H1 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name)
                release H1                    > illegal_transition: cannot release_hold now: SKU "?X" is still unknown; create the item, or amend the line away, then release
                hold manual call the customer > H2 manual active (call the customer)
                release H2                    > H2 manual released (call the customer)
                item ?X
                stock ?X@L1=5                 > ?X@L1 5/0
                release H1                    > order open; F1@L1 open A:1 assigned ?X:2 assigned; H1 stock released (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name); ?X@L1 5/2; A@L1 5/1
                journal                       > hold_released, order_amended, lines_sourced
            "#,
        );
    }

    #[test]
    fn a_line_whose_sku_is_still_unknown_is_amended_or_cancelled_away() {
        story(
            r#"
                location L1
                channel exceptions
                stock A@L1=5
                order A=1 ?X=2         > order on_hold; A 1 open; ?X 2 open; H1 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name)
                cancel ?X=2            > ?X 2 cancelled
                release H1             > order open; F1@L1 open A:1 assigned; H1 stock released (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name); A@L1 5/1
                order A=1 ?X=2         > order on_hold; A 1 open; ?X 2 open; H1 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name)
                amend -?X              > nothing changes
                release H1             > order open; F1@L1 open A:1 assigned; H1 stock released (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name); A@L1 5/2
                order A=1 ?X=1:digital > order on_hold; A 1 open; ?X 1 open; H1 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name)
                release H1             > order open; F1@L1 open A:1 assigned; F2 open ?X:1 assigned; H1 stock released (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name); A@L1 5/3
            "#,
        );
    }

    #[test]
    fn a_sku_that_turned_out_to_be_a_kit_is_ordered_anew() {
        story(
            r#"
                location L1
                channel exceptions
                stock A@L1=5
                order ?K=1         > order on_hold; ?K 1 open; H1 stock active (/lines/0/sku names the unknown SKU "?K"; create it first or correct the name)
                item ?K kit A=2
                release H1         > illegal_transition: cannot release_hold now: SKU "?K" is a kit; amend the line away and add the kit, then release
                amend -?K +?K=1    > A 2 open
                release H1         > order open; F1@L1 open A:2 assigned; H1 stock released (/lines/0/sku names the unknown SKU "?K"; create it first or correct the name); A@L1 5/2
            "#,
        );
    }

    #[test]
    fn a_held_line_may_stay_unknown_while_the_others_go_on() {
        story(
            r#"
                location L1
                channel exceptions
                stock A@L1=5
                order A=1 ?X=2                      > order on_hold; A 1 open; ?X 2 open; H1 stock active (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name)
                hold stock ask the marketplace : ?X > H2 stock active ?X (ask the marketplace)
                release H1                          > F1@L1 open A:1 assigned; H1 stock released (/lines/1/sku names the unknown SKU "?X"; create it first or correct the name); A@L1 5/1
                release H2                          > illegal_transition: cannot release_hold now: SKU "?X" is still unknown; create the item, or amend the line away, then release
            "#,
        );
    }

    #[test]
    fn a_channel_that_sources_later_does_not_source_on_release() {
        story(
            "
                location L1
                stock A@L1=5
                channel later
                order A=1        > order open; A 1 open
                hold manual wait > order on_hold; H1 manual active (wait)
                release H1       > order open; H1 manual released (wait)
                hold manual wait > order on_hold; H2 manual active (wait)
                source           > on_hold: cannot source while the manual hold H2 is active (wait); release it first
                release H2       > order open; H2 manual released (wait)
                source           > F1@L1 open A:1 assigned; A@L1 5/1
                amend A=2        > F1@L1 open A:2 assigned; A@L1 5/2
                reject F1 closed > A 2 backordered; F1@L1 cancelled (rejected); A@L1 5/0
            ",
        );
    }

    #[test]
    fn the_first_sourcing_by_hand_treats_a_shortage_as_the_channel_says() {
        story(
            r#"
                location L1
                stock A@L1=3
                put-channel refuse-later shortage=refuse later
                put-channel hold-later shortage=hold later
                channel refuse-later
                order A=4        > order open; A 4 open
                source           > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                order A=2        > order open; A 2 open
                source           > F1@L1 open A:2 assigned; A@L1 3/2
                reject F1 closed > A 2 backordered; F1@L1 cancelled (rejected); A@L1 3/0
                source           > nothing changes
                channel hold-later
                order A=4        > order open; A 4 open
                source           > order on_hold; H1 stock active (not in stock: 1 × A)
            "#,
        );
    }

    #[test]
    fn a_shortage_hold_is_put_on_again_as_long_as_units_are_missing() {
        story(
            "
                location L1
                channel hold
                stock A@L1=1
                order A=2    > order on_hold; A 2 open; H1 stock active (not in stock: 1 × A)
                release H1   > H1 stock released (not in stock: 1 × A); H2 stock active (not in stock: 1 × A)
                stock A@L1=5 > A@L1 6/0
                release H2   > order open; F1@L1 open A:2 assigned; H2 stock released (not in stock: 1 × A); A@L1 6/2
            ",
        );
    }

    #[test]
    fn the_reason_of_a_hold_is_short() {
        story(
            "
                order A=3        > order open; A 3 backordered
                hold manual LONG > invalid_field: /reason is 10001 bytes long; at most 500 are allowed
            ",
        );
    }

    #[test]
    fn a_shipped_part_does_not_keep_the_rest_from_being_held() {
        story(
            "
                location L1
                stock A@L1=2
                order A=3             > order open; A 1 backordered; F1@L1 open A:2 assigned; A@L1 2/2
                pick F1               > order in_progress; F1@L1 picked A:2 picked
                pack F1               > F1@L1 packed A:2 packed; F1 P1 A=2
                ship F1               > F1@L1 shipped A:2 shipped; F1 left with post; A@L1 0/0
                hold payment not paid > order on_hold; H1 payment active (not paid)
                stock A@L1=5          > F2@L1 on_hold A:1 assigned; A@L1 5/1
                pick F2               > on_hold: cannot pick while the payment hold H1 is active (not paid); release it first
                release H1            > order in_progress; F2@L1 open A:1 assigned; H1 payment released (not paid)
                hold manual wait      > order on_hold; F2@L1 on_hold A:1 assigned; H2 manual active (wait)
                release H2            > order in_progress; F2@L1 open A:1 assigned; H2 manual released (wait)
                pick F2               > F2@L1 picked A:1 picked
            ",
        );
    }
}
