//! Moving: another location does it, because a person says so.

use crate::catalog::refuse_recalled;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::source::{assigned, source_at};
use crate::order::{
    Fulfilment, FulfilmentUnits, LineUnits, Method, Order, Record, ReleaseReason, Verb, cases,
    checks,
};
use crate::refusal::Refusal;

/// Has another location do what nobody has picked yet.
#[derive(Debug, Clone)]
pub struct MoveFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Code of the location that is to do it.
    pub location: String,
    /// The units; `None`: everything that is assigned.
    pub lines: Option<Vec<LineUnits>>,
}

/// Gives units of a fulfilment that are not picked yet to another location: the stock there is claimed and that at the
/// old one released in one commit, or nothing happens. They join what nobody has begun there, or become a fulfilment.
///
/// # Errors
/// Refuses an unknown fulfilment or location, one where nothing can be moved, units that it has not or that are picked,
/// lines that a hold keeps from being sourced, a location that cannot do it, and one that has not enough.
pub fn move_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &MoveFulfilment,
) -> Result<Answer, Stop> {
    let no = command.fulfilment;
    let units = check(attempt.order(order)?, command)?;
    let network = std::sync::Arc::clone(attempt.network());
    let Some(location) = network.location_by_code(&command.location) else {
        return Err(Refusal::unknown("/location", "location", command.location.as_str()).into());
    };
    refuse_the_same(attempt.order(order)?, no, location.id)?;
    refuse_recalled(attempt, order, no)?;
    attempt.record(
        order,
        Record::UnitsReleased {
            units: units.iter().map(|units| released(no, *units)).collect(),
            reason: ReleaseReason::Moved,
            excluded: None,
            cause: None,
            lots: Vec::new(),
            serials: Vec::new(),
        },
    )?;
    source_at(attempt, order, &units, location)?;
    Ok(Answer::ok(Resource::Order(order)))
}

fn released(no: FulfilmentNo, units: LineUnits) -> FulfilmentUnits {
    assigned(no, units.line, units.quantity)
}

/// Whether something in it may be moved elsewhere.
pub(crate) fn can_move(fulfilment: &Fulfilment, order: &Order) -> bool {
    let sum = fulfilment.total();
    let is_held = order
        .progress
        .active_holds()
        .any(|hold| hold.kind.blocks(Verb::Move) && fulfilment.is_bound_by(&hold.lines));
    is_movable(fulfilment) && sum.assigned > 0 && !is_held
}

/// What a customer collects is collected where they chose to.
fn is_movable(fulfilment: &Fulfilment) -> bool {
    let is_somewhere = fulfilment.location.is_some() && fulfilment.method.uses_stock();
    is_somewhere && fulfilment.method != Method::Pickup
}

fn check(order: &Order, command: &MoveFulfilment) -> Result<Vec<LineUnits>, Refusal> {
    let fulfilment = checks::fulfilment(order, command.fulfilment, Verb::Move)?;
    if !is_movable(fulfilment) {
        let why = match fulfilment.method {
            Method::Pickup => {
                "the customer collects it there; amend the lines to be collected elsewhere"
            }
            _ => "no location does it",
        };
        return Err(Refusal::illegal(Verb::Move, why));
    }
    if fulfilment.total().assigned == 0 {
        let why = "all of its units are picked or gone; reject it to have them sourced elsewhere";
        return Err(Refusal::illegal(Verb::Move, why));
    }
    let units = match &command.lines {
        None => all(fulfilment),
        Some(lines) => some(order, fulfilment, lines)?,
    };
    let concerned = |line| units.iter().any(|units| units.line == line);
    checks::refuse_if_held(order, Verb::Move, Verb::Move, concerned)?;
    Ok(units)
}

fn refuse_the_same(
    order: &Order,
    no: FulfilmentNo,
    location: crate::network::LocationId,
) -> Result<(), Refusal> {
    let fulfilment = checks::fulfilment(order, no, Verb::Move)?;
    if fulfilment.location == Some(location) {
        return Err(Refusal::illegal(Verb::Move, "it is there already"));
    }
    Ok(())
}

fn all(fulfilment: &Fulfilment) -> Vec<LineUnits> {
    let lines = fulfilment.lines.iter().map(|entry| LineUnits {
        line: entry.line,
        quantity: entry.units.assigned,
    });
    lines.filter(|units| units.quantity > 0).collect()
}

fn some(
    order: &Order,
    fulfilment: &Fulfilment,
    lines: &[LineUnits],
) -> Result<Vec<LineUnits>, Refusal> {
    let if_empty = "must name at least one line, or be left out for everything";
    checks::plain_units("/lines", lines, if_empty)?;
    for (position, units) in lines.iter().enumerate() {
        let possible = fulfilment.units(units.line).map(|units| units.assigned);
        let field = format!("/lines/{position}");
        checks::enough(order, "move", &field, *units, possible)?;
        let all = possible.unwrap_or_default();
        cases::check_taken(order, format!("{field}/quantity"), *units, all)?;
    }
    Ok(lines.to_vec())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn units_that_nobody_has_picked_are_moved_in_one_commit() {
        story(
            r#"
                location L1
                location L2
                stock A@L1=5
                stock A@L2=2
                stock B@L1=5
                order A=3 B=1         > order open; F1@L1 open A:3 assigned B:1 assigned; A@L1 5/3; B@L1 5/1
                move F1 to=L2 A=2     > F1@L1 open A:1 assigned B:1 assigned; F2@L2 open A:2 assigned; A@L1 5/1; A@L2 2/2
                journal               > units_released, lines_sourced
                ledger                > A@L1 deallocated allocated -2 (O1); A@L2 allocated allocated +2 (O1)
                why                   > A: chosen L2
                pick F1 A=1           > order in_progress; F1@L1 picking A:1 picked B:1 assigned
                move F1 to=L2 A=1     > quantity_exceeded: move: 1 asked for, 0 possible for line A; lower the quantity
                move F1 to=L2         > insufficient_stock: SKU "B" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                stock B@L2=1          > B@L2 1/0
                move F1 to=L2         > F1@L1 picked A:1 picked; F2@L2 open A:2 assigned B:1 assigned; B@L1 5/0; B@L2 1/1
                move F1 to=L2         > illegal_transition: cannot move now: all of its units are picked or gone; reject it to have them sourced elsewhere
                actions               > amend, cancel, hold, note, tag, priority, pay
            "#,
        );
    }

    #[test]
    fn what_cannot_be_moved_says_why() {
        story(
            r#"
                location L1
                location L2 paused
                location L3 capacity=0
                location L4 methods=pickup
                location L5 serves=FR
                location S1 store
                put-channel web sells=L1,L2,L3,L4,L5
                stock A@L1=9
                stock A@L2=9
                stock A@L3=9
                stock A@L4=9
                stock A@L5=9
                stock A@S1=9
                order A=2 channel=web      > order open; F1@L1 open A:2 assigned; A@L1 9/2
                move F1 to=L1              > illegal_transition: cannot move now: it is there already
                move F1 to=L2              > illegal_transition: cannot move now: location "L2" takes no new fulfilments now; open it first
                move F1 to=L3              > illegal_transition: cannot move now: location "L3" has as much to do as it can on all of its days
                move F1 to=L4              > illegal_transition: cannot move now: location "L4" does not take orders of this kind
                move F1 to=L5              > illegal_transition: cannot move now: location "L5" does not ship to where the order goes
                move F1 to=S1              > illegal_transition: cannot move now: location "S1" is not where the order's channel sells from
                move F1 to=L9              > unknown_reference: /location names the unknown location "L9"; create it first or correct the name
                move F9 to=L2              > not_found: there is no fulfilment ?
                move F1 to=L2 A=3          > quantity_exceeded: move: 3 asked for, 2 possible for line A; lower the quantity
                move F1 to=L2 A=0          > invalid_field: /lines/0/quantity must be at least 1
                location L2
                hold payment unpaid        > order on_hold; F1@L1 on_hold A:2 assigned; H1 payment active (unpaid)
                hold address nowhere       > H2 address active (nowhere)
                move F1 to=L2              > on_hold: cannot move while the address hold H2 is active (nowhere); release it first
                release H2                 > H2 address released (nowhere)
                move F1 to=L2              > F1@L1 cancelled; F2@L2 on_hold A:2 assigned; A@L1 9/0; A@L2 9/2
                release H1                 > order open; F2@L2 open A:2 assigned; H1 payment released (unpaid)
                pick F2                    > order in_progress; F2@L2 picked A:2 picked
                move F2 to=L1              > illegal_transition: cannot move now: all of its units are picked or gone; reject it to have them sourced elsewhere
                order A=1:pickup@S1        > order open; F1@S1 open A:1 assigned; A@S1 9/1
                move F1 to=L1              > illegal_transition: cannot move now: the customer collects it there; amend the lines to be collected elsewhere
                order A=1:digital          > order open; F1 open A:1 assigned
                move F1 to=L1              > illegal_transition: cannot move now: no location does it
            "#,
        );
    }

    #[test]
    fn a_person_may_choose_a_location_that_said_no_before() {
        story(
            r#"
                location L1
                location L2 supplier capacity=1
                stock A@L1=9
                stock A@L2=9
                order A=2                      > order open; F1@L1 open A:2 assigned; A@L1 9/2
                reject F1 code=not_found gone  > F1@L1 cancelled (rejected); F2@L2 open (submitted) A:2 assigned on 2026-01-05; A@L1 7/0 excluded until 2026-01-08 (not_found); A@L2 9/2
                move F2 to=L1                  > F2@L2 cancelled (submitted) on 2026-01-05; F3@L1 open A:2 assigned; A@L1 7/2 excluded until 2026-01-08 (not_found); A@L2 9/0
                order A=1:ship@L2              > order open; F1@L2 open (submitted) A:1 assigned on 2026-01-05; A@L2 9/1
                order A=1                      > order open; F1@L2 open (submitted) A:1 assigned on 2026-01-06; A@L2 9/2
                recall A mould                 > nothing changes
                on O1
                move F3 to=L2                  > recalled: SKU "A" is recalled (mould); cancel its units, or lift the recall
                lift A > nothing changes
                move F3 to=L2                  > F3@L1 cancelled; F4@L2 open (submitted) A:2 assigned on 2026-01-07; A@L1 7/0 excluded until 2026-01-08 (not_found); A@L2 9/4
            "#,
        );
    }

    #[test]
    fn moved_units_join_what_nobody_has_begun_there() {
        story(
            "
                location L1
                location L2
                stock A@L1=2
                stock A@L2=2
                stock B@L2=2
                order A=2 B=1     > order open; F1@L2 open A:2 assigned B:1 assigned; A@L2 2/2; B@L2 2/1
                move F1 to=L1 A=2 > F1@L2 open B:1 assigned; F2@L1 open A:2 assigned; A@L1 2/2; A@L2 2/0
                move F2 to=L2 A=1 > F1@L2 open A:1 assigned B:1 assigned; F2@L1 open A:1 assigned; A@L1 2/1; A@L2 2/1
                pick F2           > order in_progress; F2@L1 picked A:1 picked
                move F1 to=L1 A=1 > F1@L2 open B:1 assigned; F3@L1 open A:1 assigned; A@L1 2/2; A@L2 2/0
            ",
        );
    }
}
