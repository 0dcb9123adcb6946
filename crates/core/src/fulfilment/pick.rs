//! Picking: begin, record what was found, and what was not.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, ItemId, LineNo, OrderId};
use crate::network::LocationId;
use crate::order::source::source_open;
use crate::order::{
    Fulfilment, FulfilmentUnits, LineUnits, Order, Record, ReleaseReason, Verb, checks,
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
#[derive(Debug, Clone, Copy)]
pub struct PickLine {
    /// The line.
    pub line: LineNo,
    /// Units found.
    pub quantity: i64,
    /// Units that are not there: on hand falls, and they are sourced elsewhere.
    pub short: i64,
}

/// What a picker found, and what not.
struct Picking {
    location: Option<LocationId>,
    found: Vec<LineUnits>,
    short: Vec<(LineUnits, Option<ItemId>)>,
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
        attempt.record(
            order,
            Record::PickingStarted {
                fulfilment: command.fulfilment,
            },
        )?;
    } else {
        let picking = check(attempt.order(order)?, command)?;
        record(attempt, order, command.fulfilment, picking)?;
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

fn check(order: &Order, command: &PickFulfilment) -> Result<Picking, Refusal> {
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
    }
    Ok(picking(order, fulfilment, &lines))
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
    })
    .collect()
}

fn picking(order: &Order, fulfilment: &Fulfilment, lines: &[PickLine]) -> Picking {
    let item = |line| order.placed.line(line).and_then(|line| line.item);
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
            .map(|p| {
                (
                    LineUnits {
                        line: p.line,
                        quantity: p.short,
                    },
                    item(p.line),
                )
            })
            .collect(),
    }
}

fn record(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    fulfilment: FulfilmentNo,
    picking: Picking,
) -> Result<(), Stop> {
    let released = missing(attempt, fulfilment, &picking)?;
    if !picking.found.is_empty() {
        attempt.record(
            order,
            Record::UnitsPicked {
                fulfilment,
                lines: picking.found,
            },
        )?;
    }
    for (reason, units) in released {
        if !units.is_empty() {
            attempt.record(
                order,
                Record::UnitsReleased {
                    units,
                    reason,
                    excluded: picking.location,
                },
            )?;
        }
    }
    if picking.short.is_empty() {
        Ok(())
    } else {
        source_open(attempt, order)
    }
}

/// The missing units, by why they go back. On hand falls by what was counted there; units of an oversold item
/// that were never on hand only lose their allocation.
fn missing(
    attempt: &Attempt<'_>,
    fulfilment: FulfilmentNo,
    picking: &Picking,
) -> Result<[(ReleaseReason, Vec<FulfilmentUnits>); 2], Stop> {
    let (mut counted, mut oversold) = (Vec::new(), Vec::new());
    let mut gone: Vec<(ItemId, i64)> = Vec::new();
    for (units, item) in &picking.short {
        let mut there = units.quantity;
        if let (Some(item), Some(location)) = (*item, picking.location) {
            let taken: i64 = gone
                .iter()
                .filter(|(known, _)| *known == item)
                .map(|(_, taken)| taken)
                .sum();
            there = (attempt.level(item, location)?.on_hand - taken).clamp(0, units.quantity);
            gone.push((item, there));
        }
        let part = |assigned| FulfilmentUnits {
            fulfilment,
            line: units.line,
            assigned,
            picked: 0,
            packed: 0,
        };
        counted.push(part(there));
        oversold.push(part(units.quantity - there));
    }
    counted.retain(|units| units.assigned > 0);
    oversold.retain(|units| units.assigned > 0);
    Ok([
        (ReleaseReason::ShortPick, counted),
        (ReleaseReason::StockShort, oversold),
    ])
}
