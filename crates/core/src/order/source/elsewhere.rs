//! Whether others could serve what one location was given, and sooner.

use jiff::civil::Date;

use super::{Scope, Sourced, assigned, find, held_lines};
use crate::decide::{Attempt, Stop};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::entry::{LineUnits, Record, ReleaseReason};
use crate::order::{Line, Method, Order};

/// A plan for units that a fulfilment has now.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    sourced: Sourced,
    units: Vec<LineUnits>,
}

/// A plan for all of a fulfilment's units that needs none of them where they are; nothing where there is none, or a hold
/// keeps the order from being sourced.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn elsewhere(
    attempt: &mut Attempt<'_>,
    order: &Order,
    no: FulfilmentNo,
    units: &[LineUnits],
) -> Result<Option<Elsewhere>, Stop> {
    let is_held = held_lines(order);
    let lines = units.iter().filter_map(|units| order.placed.line(units.line));
    let is_bound = |line: &Line| line.location.is_some() || is_held(line);
    if lines.into_iter().any(is_bound) {
        return Ok(None);
    }
    let Some(sourced) = find(attempt, order.id, Scope::Elsewhere(units))? else {
        return Ok(None);
    };
    let joins = sourced.allotments.iter().any(|one| one.fulfilment == no);
    let is_whole = sourced.missing.is_empty() && !sourced.allotments.is_empty();
    Ok((is_whole && !joins).then(|| Elsewhere {
        sourced,
        units: units.to_vec(),
    }))
}

impl Elsewhere {
    /// The day by which the last part is there; none where that is not known.
    pub(crate) fn keeps_on(&self) -> Option<Date> {
        let days = self.sourced.allotments.iter().map(|one| {
            let route = one.route?;
            match one.method {
                Method::Ship => route.keeps_on,
                _ => route.leaves_on,
            }
        });
        days.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// Takes the units back from the fulfilment and gives them to the others.
    ///
    /// # Errors
    /// Stops when facts are missing.
    pub(crate) fn take(
        self,
        attempt: &mut Attempt<'_>,
        id: OrderId,
        no: FulfilmentNo,
    ) -> Result<(), Stop> {
        let units = self.units.iter();
        let units = units.map(|units| assigned(no, units.line, units.quantity));
        attempt.record(
            id,
            Record::UnitsReleased {
                units: units.collect(),
                reason: ReleaseReason::Resourced,
                excluded: None,
            },
        )?;
        self.sourced.record(attempt, id, Vec::new(), Vec::new())
    }
}
