//! What became of shipped units.

use smallvec::SmallVec;

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId, PackageNo};
use crate::order::{
    Fulfilment, LineUnits, Method, Order, Outcome, Package, Record, Units, Verb, checks,
};
use crate::promise::{Promised, Scored, Slip, due_of_part, scored, transit};
use crate::refusal::Refusal;
use crate::time::Millis;

/// Records what became of shipped units; of digital and service units, which never ship, that they are done.
#[derive(Debug, Clone)]
pub struct RecordOutcome {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// What became of them.
    pub outcome: Outcome,
    /// When, if that was earlier than now.
    pub at: Option<Millis>,
    /// Of which units.
    pub scope: OutcomeScope,
}

/// Which units an outcome is about.
#[derive(Debug, Clone)]
pub enum OutcomeScope {
    /// All that are on the way.
    All,
    /// Those in these packages.
    Packages(Vec<PackageNo>),
    /// These.
    Lines(Vec<LineUnits>),
}

/// The units and packages that an outcome is about.
struct Ended {
    lines: Vec<LineUnits>,
    packages: Vec<PackageNo>,
}

/// Records what became of units that are on their way, or that digital and service units are done.
///
/// # Errors
/// Refuses an unknown fulfilment, one with nothing on its way, packages that are not in it or have an outcome, more
/// units than are on their way, an impossible time, and of digital and service units any outcome but delivered.
pub fn record_outcome(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &RecordOutcome,
) -> Result<Answer, Stop> {
    let now = attempt.now();
    let (Ended { lines, packages }, outcome_at) = check(attempt.order(order)?, command, now)?;
    let (fulfilment, outcome) = (command.fulfilment, command.outcome);
    attempt.record(
        order,
        Record::OutcomeRecorded {
            fulfilment,
            outcome,
            lines,
            packages,
            outcome_at,
        },
    )?;
    match outcome {
        Outcome::Delivered => learn(attempt, order, fulfilment, outcome_at)?,
        Outcome::Lost | Outcome::ReturnedToSender => break_promise(attempt, order, fulfilment)?,
        Outcome::Refused => {}
    }
    Ok(Answer::ok(Resource::Fulfilment(order, fulfilment)))
}

/// Tells whoever was told of a day of arrival that nothing arrives.
fn break_promise(attempt: &mut Attempt<'_>, id: OrderId, no: FulfilmentNo) -> Result<(), Stop> {
    let fulfilment = attempt.order(id)?.progress.fulfilment(no);
    let told = fulfilment.and_then(Promised::of_fulfilment);
    if told.is_none_or(|told| told.keeps_on.is_none()) {
        return Ok(());
    }
    attempt.record(
        id,
        Record::PromiseChanged {
            productions: Vec::new(),
            reason: Slip::CarrierException,
            routes: Vec::new(),
            lines: Vec::new(),
            awaited: Vec::new(),
        },
    )
}

/// Counts how long a fulfilment took and whether its promises were kept, once nothing of it is on its way any more.
fn learn(attempt: &mut Attempt<'_>, id: OrderId, no: FulfilmentNo, at: Millis) -> Result<(), Stop> {
    let network = attempt.network();
    let order = attempt.order(id)?;
    let all = order.progress.fulfilments.iter();
    let arrived = all
        .filter(|known| known.no == no && known.total().shipped == 0)
        .find_map(|known| Some((known, network.location(known.location?)?)));
    let Some((fulfilment, origin)) = arrived else {
        return Ok(());
    };
    let observation = transit(&order.placed, fulfilment, origin, at);
    let kept = due_of_part(order, fulfilment).into_iter();
    let kept: SmallVec<[Scored; 2]> = kept
        .filter_map(|promised| scored(&order.placed, fulfilment, origin, promised, at))
        .collect();
    if let Some(observation) = observation {
        attempt.observe(observation);
    }
    kept.into_iter().for_each(|scored| attempt.score(scored));
    Ok(())
}

fn check(order: &Order, command: &RecordOutcome, now: Millis) -> Result<(Ended, Millis), Refusal> {
    let fulfilment = checks::fulfilment(order, command.fulfilment, Verb::Deliver)?;
    check_state(fulfilment, command.outcome)?;
    let at = outcome_at(fulfilment, command.at, now)?;
    let ended = match &command.scope {
        OutcomeScope::All => everything(fulfilment),
        OutcomeScope::Packages(packages) => in_packages(order, fulfilment, packages)?,
        OutcomeScope::Lines(lines) => {
            let if_empty = "must name at least one line, or be left out for everything";
            checks::plain_units("/lines", lines, if_empty)?;
            Ended {
                lines: lines.clone(),
                packages: Vec::new(),
            }
        }
    };
    if !fulfilment.method.uses_stock() {
        let concerned = |line: LineNo| ended.lines.iter().any(|units| units.line == line);
        checks::refuse_if_held(order, Verb::Deliver, Verb::Ship, concerned)?;
    }
    for (position, units) in ended.lines.iter().enumerate() {
        let possible = fulfilment
            .units(units.line)
            .map(|units| pending(fulfilment, units));
        checks::enough(
            order,
            "deliver",
            &format!("/lines/{position}"),
            *units,
            possible,
        )?;
    }
    Ok((ended, at))
}

/// The time of the outcome: not in the future, and not before the shipment left.
fn outcome_at(
    fulfilment: &Fulfilment,
    given: Option<Millis>,
    now: Millis,
) -> Result<Millis, Refusal> {
    let at = checks::happened_at("/delivered_at", given, now)?;
    match &fulfilment.shipment {
        Some(shipment) if at < shipment.at && given.is_some() => Err(Refusal::invalid(
            "/delivered_at",
            "lies before the time it was shipped",
        )),
        // A shipment may be a little ahead of our clock; what became of it is not older than it is.
        Some(shipment) => Ok(at.max(shipment.at)),
        None => Ok(at),
    }
}

fn check_state(fulfilment: &Fulfilment, outcome: Outcome) -> Result<(), Refusal> {
    let sum = fulfilment.total();
    if fulfilment.goes_to_store() && outcome == Outcome::Delivered {
        let why = "the customer collects it at the store; mark it ready when it has arrived, then picked up";
        return Err(Refusal::illegal(Verb::Deliver, why));
    }
    if fulfilment.method.uses_stock() {
        return match sum.shipped {
            0 => Err(Refusal::illegal(
                Verb::Deliver,
                nothing_on_its_way(fulfilment, &sum),
            )),
            _ => Ok(()),
        };
    }
    checks::refuse_if_scheduled(fulfilment, Verb::Deliver)?;
    if sum.assigned == 0 {
        return Err(Refusal::illegal(Verb::Deliver, "all of its units are done"));
    }
    if outcome != Outcome::Delivered {
        return Err(Refusal::illegal(
            Verb::Deliver,
            "digital and service units can only be delivered; cancel the lines",
        ));
    }
    Ok(())
}

fn nothing_on_its_way(fulfilment: &Fulfilment, sum: &Units) -> &'static str {
    if sum.unshipped() == 0 {
        "the outcome of all of its units is recorded"
    } else if fulfilment.method == Method::Pickup {
        "the customer collects it; mark it ready, then picked up"
    } else {
        "none of its units is on its way; ship first"
    }
}

/// Units that an outcome may still be recorded of.
fn pending(fulfilment: &Fulfilment, units: &Units) -> i64 {
    if fulfilment.method.uses_stock() {
        units.shipped
    } else {
        units.assigned
    }
}

fn everything(fulfilment: &Fulfilment) -> Ended {
    let lines = fulfilment.lines.iter().map(|entry| LineUnits {
        line: entry.line,
        quantity: pending(fulfilment, &entry.units),
    });
    let packages = fulfilment
        .packages
        .iter()
        .filter(|package| package.outcome.is_none());
    Ended {
        lines: lines.filter(|units| units.quantity > 0).collect(),
        packages: packages.map(|package| package.no).collect(),
    }
}

fn in_packages(
    order: &Order,
    fulfilment: &Fulfilment,
    packages: &[PackageNo],
) -> Result<Ended, Refusal> {
    if packages.is_empty() {
        return Err(Refusal::invalid(
            "/packages",
            "must name at least one package, or be left out for all",
        ));
    }
    let mut lines: Vec<LineUnits> = Vec::new();
    for (position, no) in packages.iter().enumerate() {
        if packages[..position].contains(no) {
            return Err(Refusal::invalid(
                format!("/packages/{position}"),
                "names a package a second time",
            ));
        }
        let package = package(order, fulfilment, position, *no)?;
        for units in &package.lines {
            match lines.iter_mut().find(|known| known.line == units.line) {
                Some(known) => known.quantity += units.quantity,
                None => lines.push(*units),
            }
        }
    }
    Ok(Ended {
        lines,
        packages: packages.to_vec(),
    })
}

fn package<'a>(
    order: &Order,
    fulfilment: &'a Fulfilment,
    position: usize,
    no: PackageNo,
) -> Result<&'a Package, Refusal> {
    let name = || no.of(order.id).to_string();
    let found = fulfilment.packages.iter().find(|package| package.no == no);
    let found = found.ok_or_else(|| {
        Refusal::unknown(
            format!("/packages/{position}"),
            "package of this fulfilment",
            name(),
        )
    })?;
    match found.outcome {
        None => Ok(found),
        Some(_) => Err(Refusal::illegal(
            Verb::Deliver,
            format!("the outcome of package {} is recorded", name()),
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn everything_on_its_way_is_delivered() {
        story(
            "
                location L1
                stock A@L1=5
                order A=3         > order open; F1@L1 open A:3 assigned; A@L1 5/3
                deliver F1        > illegal_transition: cannot deliver now: none of its units is on its way; ship first
                pick F1           > order in_progress; F1@L1 picked A:3 picked
                pack F1 A=2 | A=1 > F1@L1 packed A:3 packed; F1 P1 A=2; F1 P2 A=1
                ship F1           > order shipped; F1@L1 shipped A:3 shipped; F1 left with post; A@L1 2/0
                deliver F1        > order delivered; F1@L1 delivered A:3 delivered; F1 P1 A=2 delivered; F1 P2 A=1 delivered
                deliver F1        > illegal_transition: cannot deliver now: the outcome of all of its units is recorded
                deliver F9        > not_found: there is no fulfilment ?
            ",
        );
    }

    #[test]
    fn a_partly_delivered_order_is_not_delivered() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2         > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1               > order in_progress; F1@L1 picked A:3 picked B:2 picked
                pack F1 A=3 | B=2     > F1@L1 packed A:3 packed B:2 packed; F1 P1 A=3; F1 P2 B=2
                ship F1               > order shipped; F1@L1 shipped A:3 shipped B:2 shipped; F1 left with post; A@L1 2/0; B@L1 3/0
                deliver F1 P1         > F1@L1 shipped A:3 delivered B:2 shipped; F1 P1 A=3 delivered
                deliver F1 P1         > illegal_transition: cannot deliver now: the outcome of package P1 is recorded
                deliver F1 refused P2 > F1@L1 incomplete A:3 delivered B:2 refused; F1 P2 B=2 refused
            ",
        );
    }

    #[test]
    fn outcomes_are_recorded_line_by_line() {
        story(
            "
                location L1
                stock A@L1=9
                order A=6                         > order open; F1@L1 open A:6 assigned; A@L1 9/6
                pick F1                           > order in_progress; F1@L1 picked A:6 picked
                pack F1                           > F1@L1 packed A:6 packed; F1 P1 A=6
                ship F1                           > order shipped; F1@L1 shipped A:6 shipped; F1 left with post; A@L1 3/0
                deliver F1 A=1                    > F1@L1 shipped A:5 shipped+1 delivered
                deliver F1 lost A=2               > F1@L1 shipped A:3 shipped+1 delivered+2 lost
                deliver F1 returned_to_sender A=1 > F1@L1 shipped A:2 shipped+1 delivered+2 lost+1 returned_to_sender
                deliver F1 refused A=3            > quantity_exceeded: deliver: 3 asked for, 2 possible for line A; lower the quantity
                deliver F1 P1                     > quantity_exceeded: deliver: 6 asked for, 2 possible for line A; lower the quantity
                deliver F1 refused                > F1@L1 incomplete A:1 delivered+2 refused+2 lost+1 returned_to_sender; F1 P1 A=6 refused
            ",
        );
    }

    #[test]
    fn impossible_outcomes_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=9
                stock B@L1=9
                order A=2 B=1          > order open; F1@L1 open A:2 assigned B:1 assigned; A@L1 9/2; B@L1 9/1
                pick F1 A=2            > order in_progress; F1@L1 picking A:2 picked B:1 assigned
                pack F1                > F1@L1 picking A:2 packed B:1 assigned; F1 P1 A=2
                ship F1                > F1@L1 shipped A:2 shipped; F1 left with post; F2@L1 picking B:1 assigned; A@L1 7/0
                deliver F1 no-lines    > invalid_field: /lines must name at least one line, or be left out for everything
                deliver F1 no-packages > invalid_field: /packages must name at least one package, or be left out for all
                deliver F1 A=0         > invalid_field: /lines/0/quantity must be at least 1
                deliver F1 A=1 A=1     > invalid_field: /lines/1/id names a line a second time; add the quantities up
                deliver F1 A=3         > quantity_exceeded: deliver: 3 asked for, 2 possible for line A; lower the quantity
                deliver F1 X=1         > unknown_reference: /lines/0/id names the unknown line of this fulfilment "?"; look at the fulfilment's lines for their ids
                deliver F1 B=1         > unknown_reference: /lines/0/id names the unknown line of this fulfilment "B"; look at the fulfilment's lines for their ids
                deliver F1 P1 P1       > invalid_field: /packages/1 names a package a second time
                deliver F1 P7          > unknown_reference: /packages/0 names the unknown package of this fulfilment "?"; look at the fulfilment's packages for their ids
                deliver F1 at=never    > invalid_field: /delivered_at must lie in the years 1970 to 9999
                deliver F1 at=+6m      > invalid_field: /delivered_at lies in the future; record it once it has happened
                deliver F1 at=-60m     > invalid_field: /delivered_at lies before the time it was shipped
                deliver F2             > illegal_transition: cannot deliver now: none of its units is on its way; ship first
                deliver F1 at=-1m      > F1@L1 delivered A:2 delivered; F1 ended -1m; F1 P1 A=2 delivered
            "#,
        );
    }

    #[test]
    fn digital_and_service_units_are_delivered_without_shipping() {
        story(
            r#"
                location L1
                order A=3:digital B=1:service > order open; F1 open A:3 assigned; F2 open B:1 assigned
                deliver F1 lost               > illegal_transition: cannot deliver now: digital and service units can only be delivered; cancel the lines
                deliver F1 A=1                > order in_progress; F1 open A:2 assigned+1 delivered
                deliver F1 A=3                > quantity_exceeded: deliver: 3 asked for, 2 possible for line A; lower the quantity
                deliver F1 P1                 > unknown_reference: /packages/0 names the unknown package of this fulfilment "?"; look at the fulfilment's packages for their ids
                deliver F1                    > F1 delivered A:3 delivered
                deliver F1                    > illegal_transition: cannot deliver now: all of its units are done
                deliver F2                    > order delivered; F2 delivered B:1 delivered
            "#,
        );
    }

    #[test]
    fn held_digital_units_are_not_delivered() {
        story(
            "
                location L1
                order A=3:digital B=1:digital > order open; F1 open A:3 assigned B:1 assigned
                hold payment not paid : A     > order on_hold; F1 on_hold A:3 assigned B:1 assigned; H1 payment active A (not paid)
                deliver F1                    > on_hold: cannot deliver while the payment hold H1 is active (not paid); release it first
                deliver F1 A=1                > on_hold: cannot deliver while the payment hold H1 is active (not paid); release it first
                deliver F1 B=1                > F1 on_hold A:3 assigned B:1 delivered
                release H1                    > order in_progress; F1 open A:3 assigned B:1 delivered; H1 payment released A (not paid)
                deliver F1                    > order delivered; F1 delivered A:3 delivered B:1 delivered
            ",
        );
    }

    #[test]
    fn a_hold_does_not_stop_a_parcel_on_its_way() {
        story(
            "
                location L1
                stock A@L1=9
                order A=2 A=9        > order open; A#2 2 backordered; F1@L1 open A:2 assigned A#2:7 assigned; A@L1 9/9
                pick F1              > order in_progress; F1@L1 picked A:2 picked A#2:7 picked
                pack F1              > F1@L1 packed A:2 packed A#2:7 packed; F1 P1 A=2 A#2=7
                ship F1              > F1@L1 shipped A:2 shipped A#2:7 shipped; F1 left with post; A@L1 0/0
                hold fraud looks odd > order on_hold; H1 fraud active (looks odd)
                deliver F1           > F1@L1 delivered A:2 delivered A#2:7 delivered; F1 P1 A=2 A#2=7 delivered
            ",
        );
    }

    #[test]
    fn pickup_units_are_collected_not_delivered() {
        story(
            "
                location L1 store
                stock A@L1=9
                order A=2:pickup@L1 > order open; F1@L1 open A:2 assigned; A@L1 9/2
                pick F1             > order in_progress; F1@L1 picked A:2 picked
                deliver F1          > illegal_transition: cannot deliver now: the customer collects it; mark it ready, then picked up
            ",
        );
    }

    #[test]
    fn packages_that_share_a_line_arrive_together() {
        story(
            "
                location L1
                stock A@L1=9
                stock B@L1=9
                order A=3 B=1               > order open; F1@L1 open A:3 assigned B:1 assigned; A@L1 9/3; B@L1 9/1
                pick F1                     > order in_progress; F1@L1 picked A:3 picked B:1 picked
                pack F1 A=1 | A=1 B=1 | A=1 > F1@L1 packed A:3 packed B:1 packed; F1 P1 A=1; F1 P2 A=1 B=1; F1 P3 A=1
                ship F1 at=-5m              > order shipped; F1@L1 shipped A:3 shipped B:1 shipped; F1 left with post -5m; A@L1 6/0; B@L1 8/0
                deliver F1 P1 P2 at=-6m     > F1@L1 shipped A:1 shipped+2 delivered B:1 delivered; F1 ended -6m; F1 P1 A=1 delivered; F1 P2 A=1 B=1 delivered
                deliver F1                  > order delivered; F1@L1 delivered A:3 delivered B:1 delivered; F1 P3 A=1 delivered
            ",
        );
    }
}
