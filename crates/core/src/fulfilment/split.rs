//! Splitting: a part of a fulfilment becomes one of its own at the same location.

use super::serials::{Part, parted};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, OrderId, PackageNo};
use crate::order::{
    Fulfilment, FulfilmentUnits, Line, LineUnits, Order, Package, Record, Units, Verb, cases,
    checks,
};
use crate::refusal::Refusal;

/// Parts a fulfilment that has not left in two.
#[derive(Debug, Clone)]
pub struct SplitFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Units that are not packed: those that are not picked yet go first.
    pub lines: Vec<LineUnits>,
    /// Packages, with what is in them.
    pub packages: Vec<PackageNo>,
    /// The serial numbers of the units that are split off; needed where only some of those that are picked are.
    pub serials: Vec<String>,
}

/// Parts a fulfilment in two: what is named becomes one of its own at the same location, for the same day and by the
/// same way. Stock and the location's capacity are as before.
///
/// # Errors
/// Refuses an unknown fulfilment, one that left, units and packages that it has not, units that are packed, and taking
/// nothing or everything.
pub fn split_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &SplitFulfilment,
) -> Result<Answer, Stop> {
    let from = command.fulfilment;
    let known = attempt.order(order)?;
    let (into, units) = check(known, command)?;
    let fulfilment = checks::fulfilment(known, from, Verb::Split)?;
    let serials = parted(known, fulfilment, &units, &command.serials, Part::New)?;
    attempt.record(
        order,
        Record::FulfilmentSplit {
            from,
            into,
            units,
            packages: command.packages.clone(),
            lots: Vec::new(),
            serials,
        },
    )?;
    Ok(Answer::created(Resource::Fulfilment(order, into)))
}

/// Whether a part of it can go its own way.
pub(crate) fn can_split(order: &Order, fulfilment: &Fulfilment) -> bool {
    let sum = fulfilment.total();
    let is_whole = |package: &Package| {
        package.lines.iter().all(|units| {
            let all = fulfilment.units(units.line).map_or(0, Units::unshipped);
            cases::check_taken(order, "", *units, all).is_ok()
        })
    };
    let packages = &fulfilment.packages;
    let in_packages = packages.len() > 1 && packages.iter().any(is_whole);
    sum.left() == 0 && (smallest_part(order, fulfilment).is_some() || in_packages)
}

/// The fewest units that can be split off of what is not packed: one, or one case.
pub(crate) fn smallest_part(order: &Order, fulfilment: &Fulfilment) -> Option<LineUnits> {
    let total = fulfilment.total().unshipped();
    let parts = fulfilment.lines.iter().filter_map(|entry| {
        let units = &entry.units;
        let loose = units.assigned + units.picked;
        let case = order.placed.line(entry.line).map_or(1, Line::case);
        let quantity = match loose >= case {
            true => case,
            false if loose == units.unshipped() => loose,
            false => 0,
        };
        let line = entry.line;
        (quantity > 0 && quantity < total).then_some(LineUnits { line, quantity })
    });
    parts.min_by_key(|part| part.quantity)
}

fn check(
    order: &Order,
    command: &SplitFulfilment,
) -> Result<(FulfilmentNo, Vec<FulfilmentUnits>), Refusal> {
    let fulfilment = checks::fulfilment(order, command.fulfilment, Verb::Split)?;
    if fulfilment.total().left() > 0 {
        let why = "it has left; nothing of it can be parted any more";
        return Err(Refusal::illegal(Verb::Split, why));
    }
    if command.lines.is_empty() && command.packages.is_empty() {
        let problem = "must name at least one line, if no package is named";
        return Err(Refusal::invalid("/lines", problem));
    }
    let mut units = loose(order, fulfilment, &command.lines)?;
    for packed in packed(order, fulfilment, &command.packages)? {
        match units.iter_mut().find(|known| known.line == packed.line) {
            Some(known) => known.packed += packed.packed,
            None => units.push(packed),
        }
    }
    for (position, part) in units.iter().enumerate() {
        let field = match command.lines.len() > position {
            true => format!("/lines/{position}/quantity"),
            false => "/packages".to_owned(),
        };
        let here = fulfilment.units(part.line);
        let split = LineUnits {
            line: part.line,
            quantity: part.total(),
        };
        cases::check_taken(order, field, split, here.map_or(0, Units::unshipped))?;
    }
    let taken: i64 = units.iter().map(FulfilmentUnits::total).sum();
    if taken == fulfilment.total().unshipped() {
        let why = "nothing would be left of it; use it as it is";
        return Err(Refusal::illegal(Verb::Split, why));
    }
    Ok((FulfilmentNo(checks::next_children(order, 1)?), units))
}

fn loose(
    order: &Order,
    fulfilment: &Fulfilment,
    lines: &[LineUnits],
) -> Result<Vec<FulfilmentUnits>, Refusal> {
    if !lines.is_empty() {
        checks::plain_units("/lines", lines, "")?;
    }
    let mut parts = Vec::with_capacity(lines.len());
    for (position, wanted) in lines.iter().enumerate() {
        let here = fulfilment.units(wanted.line);
        let possible = here.map(|units| units.assigned + units.picked);
        let field = format!("/lines/{position}");
        checks::enough(order, "split off", &field, *wanted, possible)?;
        let assigned = here.map_or(0, |units| units.assigned.min(wanted.quantity));
        parts.push(FulfilmentUnits {
            fulfilment: fulfilment.no,
            line: wanted.line,
            assigned,
            picked: wanted.quantity - assigned,
            packed: 0,
        });
    }
    Ok(parts)
}

fn packed(
    order: &Order,
    fulfilment: &Fulfilment,
    packages: &[PackageNo],
) -> Result<Vec<FulfilmentUnits>, Refusal> {
    let mut parts = Vec::new();
    for (position, no) in packages.iter().enumerate() {
        let field = || format!("/packages/{position}");
        if packages[..position].contains(no) {
            return Err(Refusal::invalid(field(), "names a package a second time"));
        }
        let known = fulfilment.packages.iter().find(|package| package.no == *no);
        let Some(package) = known else {
            let name = no.of(order.id).to_string();
            return Err(Refusal::unknown(
                field(),
                "package of this fulfilment",
                name,
            ));
        };
        parts.extend(package.lines.iter().map(|units| FulfilmentUnits {
            fulfilment: fulfilment.no,
            line: units.line,
            assigned: 0,
            picked: 0,
            packed: units.quantity,
        }));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn units_and_packages_go_their_own_way() {
        story(
            r#"
                location L1 capacity=1
                stock A@L1=9
                stock B@L1=9
                order A=5 B=2           > order open; F1@L1 open A:5 assigned B:2 assigned on 2026-01-05; A@L1 9/5; B@L1 9/2
                split F1 A=1            > F1@L1 open A:4 assigned B:2 assigned on 2026-01-05; F2@L1 open A:1 assigned on 2026-01-05
                journal                 > fulfilment_split
                pick F1 A=3             > order in_progress; F1@L1 picking A:1 assigned+3 picked B:2 assigned on 2026-01-05
                split F1 A=2 B=1        > F1@L1 picking A:2 picked B:1 assigned on 2026-01-05; F3@L1 picking A:1 assigned+1 picked B:1 assigned on 2026-01-05
                pack F1 A=1 | A=1       > F1@L1 picking A:2 packed B:1 assigned on 2026-01-05; F1 P1 A=1; F1 P2 A=1
                split F1 P1             > F1@L1 picking A:1 packed B:1 assigned on 2026-01-05; F4@L1 packed A:1 packed on 2026-01-05; F4 P1 A=1
                ship F4                 > F4@L1 shipped A:1 shipped on 2026-01-05; F4 left with post; A@L1 8/4
                order A=1               > order open; F1@L1 open A:1 assigned on 2026-01-06; A@L1 8/5
                on O1
                merge F1 with=F3        > F1@L1 picking A:1 assigned+1 picked+1 packed B:2 assigned on 2026-01-05; F3@L1 cancelled on 2026-01-05
                split F1 P1 P2          > unknown_reference: /packages/0 names the unknown package of this fulfilment "P1"; look at the fulfilment's packages for their ids
            "#,
        );
    }

    #[test]
    fn impossible_splits_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=9
                order A=2 B=1:digital > order open; F1@L1 open A:2 assigned; F2 open B:1 assigned; A@L1 9/2
                split F1              > invalid_field: /lines must name at least one line, if no package is named
                split F1 A=0          > invalid_field: /lines/0/quantity must be at least 1
                split F1 A=3          > quantity_exceeded: split off: 3 asked for, 2 possible for line A; lower the quantity
                split F1 A=2          > illegal_transition: cannot split now: nothing would be left of it; use it as it is
                split F1 B=1          > unknown_reference: /lines/0/id names the unknown line of this fulfilment "B"; look at the fulfilment's lines for their ids
                split F1 P9           > unknown_reference: /packages/0 names the unknown package of this fulfilment "?"; look at the fulfilment's packages for their ids
                split F9 A=1          > not_found: there is no fulfilment ?
                split F2 B=1          > illegal_transition: cannot split now: nothing would be left of it; use it as it is
                pick F1               > order in_progress; F1@L1 picked A:2 picked
                pack F1 A=2           > F1@L1 packed A:2 packed; F1 P1 A=2
                split F1 A=1          > quantity_exceeded: split off: 1 asked for, 0 possible for line A; lower the quantity
                split F1 P1 P1        > invalid_field: /packages/1 names a package a second time
                split F1 P1           > illegal_transition: cannot split now: nothing would be left of it; use it as it is
                ship F1               > F1@L1 shipped A:2 shipped; F1 left with post; A@L1 7/0
                split F1 A=1          > illegal_transition: cannot split now: it has left; nothing of it can be parted any more
            "#,
        );
    }
}
