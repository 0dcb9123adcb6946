//! Picking: begin, record what was found, and what was not.

use super::lots::{OfLots, ScannedLot, of_lots};
use super::serials::of_serials;
use super::turned_down::{TurnedDown, turn_down};
use super::variance::{Variance, exceptions};
use crate::catalog::refuse_recalled;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId};
use crate::inventory::Cause;
use crate::network::LocationId;
use crate::order::source::{assigned as assigned_units, source_open};
use crate::order::{
    Fulfilment, FulfilmentUnits, LineSerial, LineUnits, Order, Record, Verb, cases, checks,
};
use crate::refusal::Refusal;

/// Begins picking or records picked units.
#[derive(Debug, Clone)]
pub struct PickFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// Only begin; nothing is picked yet.
    pub start_only: bool,
    /// What was picked; `None`: everything that is assigned.
    pub lines: Option<Vec<PickLine>>,
}

/// What was found of one line.
#[derive(Debug, Clone)]
pub struct PickLine {
    /// The line.
    pub line: LineNo,
    /// Units found.
    pub quantity: i64,
    /// Units that are not there: on hand falls, and they are sourced elsewhere.
    pub short: i64,
    /// The lots that were found, where they were scanned; else those that were allotted.
    pub lots: Vec<ScannedLot>,
    /// The lot of which units are short; needed where several were allotted.
    pub short_lot: Option<String>,
    /// The serial numbers of the units found; needed where the item has some.
    pub serials: Vec<String>,
}

/// What a picker found, and what not.
struct Picking {
    location: Option<LocationId>,
    found: Vec<LineUnits>,
    short: Vec<FulfilmentUnits>,
}

/// Begins picking, or records picked units. Units that were not found are sourced again in the same commit, from
/// other locations.
///
/// # Errors
/// Refuses an unknown fulfilment, one that the location has still to accept, one where no stock is involved, lines
/// that are not in it, more units than are assigned, and held lines.
pub fn pick_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &PickFulfilment,
) -> Result<Answer, Stop> {
    if command.start_only {
        check_start(attempt.order(order)?, command)?;
        refuse_recalled(attempt, order, command.fulfilment)?;
        attempt.record(
            order,
            Record::PickingStarted {
                fulfilment: command.fulfilment,
            },
        )?;
    } else {
        let (picking, lines) = check(attempt.order(order)?, command)?;
        refuse_recalled(attempt, order, command.fulfilment)?;
        let lots = of_lots(attempt, order, command.fulfilment, &lines)?;
        let serials = of_serials(attempt, order, command.fulfilment, &lines)?;
        record(attempt, order, command.fulfilment, picking, (lots, serials))?;
    }
    Ok(Answer::ok(Resource::Fulfilment(order, command.fulfilment)))
}

fn check_start(order: &Order, command: &PickFulfilment) -> Result<(), Refusal> {
    let fulfilment = assigned(order, command.fulfilment)?;
    if command.lines.is_some() {
        return Err(Refusal::invalid(
            "/lines",
            "must be absent when picking only starts",
        ));
    }
    if fulfilment.picking_since.is_some() {
        return Err(Refusal::illegal(
            Verb::Pick,
            "picking started before; record what was picked",
        ));
    }
    checks::refuse_if_any_held(order, fulfilment, Verb::Pick)
}

/// The fulfilment, if something in it can be picked.
fn assigned(order: &Order, no: FulfilmentNo) -> Result<&Fulfilment, Refusal> {
    let fulfilment = checks::workable(order, no, Verb::Pick)?;
    if fulfilment.total().assigned == 0 {
        return Err(Refusal::illegal(
            Verb::Pick,
            "all of its units are picked; pack, ship or hand them over",
        ));
    }
    Ok(fulfilment)
}

fn check(order: &Order, command: &PickFulfilment) -> Result<(Picking, Vec<PickLine>), Refusal> {
    let fulfilment = assigned(order, command.fulfilment)?;
    let lines = match &command.lines {
        Some(lines) => {
            check_lines(lines)?;
            lines.clone()
        }
        None => everything(fulfilment),
    };
    let concerned = |line| lines.iter().any(|picked| picked.line == line);
    checks::refuse_if_held(order, Verb::Pick, Verb::Pick, concerned)?;
    for (position, picked) in lines.iter().enumerate() {
        let units = LineUnits {
            line: picked.line,
            quantity: picked.quantity.saturating_add(picked.short),
        };
        let possible = fulfilment.units(picked.line).map(|units| units.assigned);
        checks::enough(
            order,
            "pick",
            &format!("/lines/{position}"),
            units,
            possible,
        )?;
        for (name, quantity) in [("quantity", picked.quantity), ("short", picked.short)] {
            let field = format!("/lines/{position}/{name}");
            let units = LineUnits {
                line: picked.line,
                quantity,
            };
            cases::check_taken(order, field, units, possible.unwrap_or_default())?;
        }
    }
    Ok((picking(fulfilment, &lines), lines))
}

fn check_lines(lines: &[PickLine]) -> Result<(), Refusal> {
    if lines.is_empty() {
        return Err(Refusal::invalid(
            "/lines",
            "must name at least one line, or be left out for everything",
        ));
    }
    for (position, picked) in lines.iter().enumerate() {
        let field = |name: &str| format!("/lines/{position}/{name}");
        if picked.short < 0 {
            return Err(Refusal::invalid(field("short"), "must not be negative"));
        }
        if picked.quantity < 0 || picked.quantity == 0 && picked.short == 0 {
            return Err(Refusal::invalid(
                field("quantity"),
                "must be at least 1, or 0 with units that are short",
            ));
        }
    }
    checks::refuse_twice("/lines", lines.iter().map(|picked| picked.line))
}

fn everything(fulfilment: &Fulfilment) -> Vec<PickLine> {
    let all = fulfilment
        .lines
        .iter()
        .filter(|entry| entry.units.assigned > 0);
    all.map(|entry| PickLine {
        line: entry.line,
        quantity: entry.units.assigned,
        short: 0,
        lots: Vec::new(),
        short_lot: None,
        serials: Vec::new(),
    })
    .collect()
}

fn picking(fulfilment: &Fulfilment, lines: &[PickLine]) -> Picking {
    let found = lines.iter().filter(|picked| picked.quantity > 0);
    let short = lines.iter().filter(|picked| picked.short > 0);
    Picking {
        location: fulfilment.location,
        found: found
            .map(|picked| LineUnits {
                line: picked.line,
                quantity: picked.quantity,
            })
            .collect(),
        short: short
            .map(|picked| assigned_units(fulfilment.no, picked.line, picked.short))
            .collect(),
    }
}

fn record(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    fulfilment: FulfilmentNo,
    picking: Picking,
    (of_lots, serials): (OfLots, Vec<LineSerial>),
) -> Result<(), Stop> {
    if !picking.found.is_empty() {
        attempt.record(
            order,
            Record::UnitsPicked {
                fulfilment,
                lines: picking.found,
                lots: of_lots.picked,
                serials,
            },
        )?;
    }
    let Some(location) = picking.location.filter(|_| !picking.short.is_empty()) else {
        return Ok(());
    };
    turn_down(
        attempt,
        order,
        TurnedDown {
            location,
            units: picking.short,
            cause: Cause::NotFound,
            variance: Variance::Missing,
            exclude_days: exceptions(attempt, location).exclude_days,
            lots: of_lots.short,
        },
    )?;
    source_open(attempt, order)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn everything_that_is_assigned_is_picked() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2 > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1       > order in_progress; F1@L1 picked A:3 picked B:2 picked
                pick F1       > illegal_transition: cannot pick now: all of its units are picked; pack, ship or hand them over
                pick F9       > not_found: there is no fulfilment ?
            ",
        );
    }

    #[test]
    fn picking_starts_once_and_goes_on_in_parts() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2     > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1 start A=1 > invalid_field: /lines must be absent when picking only starts
                pick F1 start     > order in_progress; F1@L1 picking A:3 assigned B:2 assigned
                pick F1 start     > illegal_transition: cannot pick now: picking started before; record what was picked
                pick F1 A=1       > F1@L1 picking A:2 assigned+1 picked B:2 assigned
                pick F1 A=2 B=1   > F1@L1 picking A:3 picked B:1 assigned+1 picked
                pick F1 B=2       > quantity_exceeded: pick: 2 asked for, 1 possible for line B; lower the quantity
                pick F1 B=1       > F1@L1 picked A:3 picked B:2 picked
                pick F1 start     > illegal_transition: cannot pick now: all of its units are picked; pack, ship or hand them over
            ",
        );
    }

    #[test]
    fn impossible_picks_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=5
                order A=3 B=1:digital C=1 > order open; C 1 backordered; F1@L1 open A:3 assigned; F2 open B:1 assigned; A@L1 5/3
                pick F1 nothing           > invalid_field: /lines must name at least one line, or be left out for everything
                pick F1 A=0               > invalid_field: /lines/0/quantity must be at least 1, or 0 with units that are short
                pick F1 A=-1              > invalid_field: /lines/0/quantity must be at least 1, or 0 with units that are short
                pick F1 A=1~-1            > invalid_field: /lines/0/short must not be negative
                pick F1 A=1 A=1           > invalid_field: /lines/1/id names a line a second time; add the quantities up
                pick F1 A=4               > quantity_exceeded: pick: 4 asked for, 3 possible for line A; lower the quantity
                pick F1 A=2~2             > quantity_exceeded: pick: 4 asked for, 3 possible for line A; lower the quantity
                pick F1 A=max~max         > quantity_exceeded: pick: 9223372036854775807 asked for, 3 possible for line A; lower the quantity
                pick F1 C=1               > unknown_reference: /lines/0/id names the unknown line of this fulfilment "C"; look at the fulfilment's lines for their ids
                pick F1 X=1               > unknown_reference: /lines/0/id names the unknown line of this fulfilment "?"; look at the fulfilment's lines for their ids
                pick F2                   > illegal_transition: cannot pick now: digital and service fulfilments are not picked, packed or shipped; record them as delivered
            "#,
        );
    }

    #[test]
    fn short_picked_units_leave_the_stock_and_are_sourced_elsewhere() {
        story(
            "
                location L1
                location L2
                stock A@L1=5
                stock A@L2=1
                order A=3     > order open; F1@L1 open A:3 assigned; A@L1 5/3
                pick F1 A=1~2 > order in_progress; A 1 backordered; F1@L1 picked A:1 picked; F2@L2 open A:1 assigned; A@L1 3/1 excluded until 2026-01-08 (not_found); A@L2 1/1
                journal       > units_picked, units_released, lines_sourced
                pick F1       > illegal_transition: cannot pick now: all of its units are picked; pack, ship or hand them over
                stock A@L1=9  > A@L1 12/1 excluded until 2026-01-08 (not_found)
            ",
        );
    }

    #[test]
    fn a_pick_that_finds_nothing_cancels_the_fulfilment() {
        story(
            "
                location L1
                location L2
                stock A@L1=5
                stock A@L2=5
                order A=3     > order open; F1@L1 open A:3 assigned; A@L1 5/3
                pick F1 A=0~3 > F1@L1 cancelled; F2@L2 open A:3 assigned; A@L1 2/0 excluded until 2026-01-08 (not_found); A@L2 5/3
                journal       > units_released, lines_sourced
                pick F1       > illegal_transition: cannot pick now: the fulfilment is cancelled and has no units; use the fulfilment that has them now
            ",
        );
    }

    #[test]
    fn oversold_units_that_are_short_take_only_what_was_on_hand() {
        story(
            "
                location L1
                item A oversell=5
                stock A@L1=2
                order A=2 A=3         > order open; F1@L1 open A:2 assigned A#2:3 assigned; A@L1 2/5
                pick F1 A=0~2 A#2=1~2 > order in_progress; A 2 backordered; A#2 2 backordered; F1@L1 picked A#2:1 picked; A@L1 0/1 excluded until 2026-01-08 (not_found)
                journal               > units_picked, units_released, units_released, lines_sourced
            ",
        );
    }

    #[test]
    fn a_location_that_was_asked_accepts_before_it_picks() {
        story(
            "
                location L1 supplier
                stock A@L1=5
                order A=3            > order open; F1@L1 open (submitted) A:3 assigned; A@L1 5/3
                pick F1 start        > illegal_transition: cannot pick now: the location was asked and has not answered; accept it first
                pick F1              > illegal_transition: cannot pick now: the location was asked and has not answered; accept it first
                accept F1            > order in_progress; F1@L1 open (accepted) A:3 assigned
                pick F1              > F1@L1 picked (accepted) A:3 picked
            ",
        );
    }

    #[test]
    fn a_held_order_is_not_picked() {
        story(
            "
                location L1
                stock A@L1=5
                order A=3                  > order open; F1@L1 open A:3 assigned; A@L1 5/3
                hold payment card declined > order on_hold; F1@L1 on_hold A:3 assigned; H1 payment active (card declined)
                pick F1                    > on_hold: cannot pick while the payment hold H1 is active (card declined); release it first
                pick F1 start              > on_hold: cannot pick while the payment hold H1 is active (card declined); release it first
                release H1                 > order open; F1@L1 open A:3 assigned; H1 payment released (card declined)
                pick F1                    > order in_progress; F1@L1 picked A:3 picked
            ",
        );
    }

    #[test]
    fn a_held_line_is_not_picked_but_the_others_are() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2                    > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                hold manual check the colour : A > order on_hold; F1@L1 on_hold A:3 assigned B:2 assigned; H1 manual active A (check the colour)
                pick F1                          > on_hold: cannot pick while the manual hold H1 is active (check the colour); release it first
                pick F1 start                    > on_hold: cannot pick while the manual hold H1 is active (check the colour); release it first
                pick F1 A=1                      > on_hold: cannot pick while the manual hold H1 is active (check the colour); release it first
                pick F1 B=2                      > F1@L1 on_hold A:3 assigned B:2 picked
                release H1                       > order in_progress; F1@L1 picking A:3 assigned B:2 picked; H1 manual released A (check the colour)
                pick F1                          > F1@L1 picked A:3 picked B:2 picked
            ",
        );
    }

    #[test]
    fn units_of_a_draft_are_not_picked() {
        story(
            "
                location L1
                stock A@L1=5
                draft A=3    > order draft; A 3 open
                pick F1      > not_found: there is no fulfilment ?
            ",
        );
    }

    #[test]
    fn oversold_units_with_nothing_on_hand_only_lose_their_allocation() {
        story(
            "
                location L1
                item A oversell=5
                stock A@L1=1
                order A=1         > order open; F1@L1 open A:1 assigned; A@L1 1/1
                pick F1           > order in_progress; F1@L1 picked A:1 picked
                pack F1           > F1@L1 packed A:1 packed; F1 P1 A=1
                ship F1           > order shipped; F1@L1 shipped A:1 shipped; F1 left with post; A@L1 0/0
                order A=2         > order open; F1@L1 open A:2 assigned; A@L1 0/2
                pick F1 A=0~2     > A 2 backordered; F1@L1 cancelled; A@L1 0/0 excluded until 2026-01-08 (not_found)
                journal           > units_released, lines_sourced
            ",
        );
    }
}
