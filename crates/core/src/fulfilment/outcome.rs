//! What became of shipped units.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId, PackageNo};
use crate::order::{
    Fulfilment, LineUnits, Method, Order, Outcome, Package, Record, Units, Verb, checks,
};
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
    Ok(Answer::ok(Resource::Fulfilment(order, fulfilment)))
}

fn check(order: &Order, command: &RecordOutcome, now: Millis) -> Result<(Ended, Millis), Refusal> {
    let fulfilment = checks::fulfilment(order, command.fulfilment, Verb::Deliver)?;
    let at = outcome_at(fulfilment, command.at, now)?;
    check_state(fulfilment, command.outcome)?;
    let ended = match &command.scope {
        OutcomeScope::All => everything(fulfilment),
        OutcomeScope::Packages(packages) => in_packages(order, fulfilment, packages)?,
        OutcomeScope::Lines(lines) => {
            checks::plain_units("/lines", lines)?;
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
    if fulfilment.method.uses_stock() {
        return match sum.shipped {
            0 => Err(Refusal::illegal(
                Verb::Deliver,
                nothing_on_its_way(fulfilment, &sum),
            )),
            _ => Ok(()),
        };
    }
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
