//! What an order gives its locations to work, by day: the counters of their capacity are sums of this.

use jiff::civil::Date;
use smallvec::SmallVec;

use super::{Fulfilment, Order};
use crate::id::{FulfilmentNo, LineNo};
use crate::network::{Load, LocationId};

/// A location and one of its days.
pub type LocationDay = (LocationId, Date);

type Loads = SmallVec<[(LocationDay, Load); 2]>;

/// What the order's counted fulfilments are for each location and day, by ascending location and day. Fulfilments that
/// were split count as the one that they were.
#[must_use]
pub fn loads(order: &Order) -> Loads {
    let mut rows: SmallVec<[(LocationDay, FulfilmentNo, LineNo, i64); 8]> = SmallVec::new();
    for fulfilment in &order.progress.fulfilments {
        let Some(day) = counted_on(fulfilment) else {
            continue;
        };
        let root = root_of(order, fulfilment);
        let lines = fulfilment
            .lines
            .iter()
            .filter(|line| line.units.total() > 0);
        rows.extend(lines.map(|line| (day, root, line.line, line.units.total())));
    }
    rows.sort_unstable();
    sum(&rows)
}

fn counted_on(fulfilment: &Fulfilment) -> Option<LocationDay> {
    let day = fulfilment.work_day.filter(|day| day.counted)?;
    Some((fulfilment.location?, day.date))
}

/// The fulfilment that this one was split from, at first.
fn root_of(order: &Order, fulfilment: &Fulfilment) -> FulfilmentNo {
    let mut root = fulfilment;
    // Each split is younger than what it was split from, so that this ends.
    while let Some(from) = root.split_from.filter(|from| *from < root.no) {
        let known = order.progress.fulfilments.iter().find(|one| one.no == from);
        let Some(known) = known else { return from };
        root = known;
    }
    root.no
}

fn sum(rows: &[(LocationDay, FulfilmentNo, LineNo, i64)]) -> Loads {
    let mut loads = Loads::new();
    let mut last = None;
    for (day, root, line, units) in rows {
        if loads.last().is_none_or(|(known, _)| known != day) {
            loads.push((*day, Load::default()));
        }
        let Some((_, load)) = loads.last_mut() else {
            continue;
        };
        let is_same_order = last.is_some_and(|(a, b, _)| (a, b) == (*day, *root));
        let is_same_line = last == Some((*day, *root, *line));
        load.orders += i64::from(!is_same_order);
        load.lines += i64::from(!is_same_line);
        load.units += units;
        last = Some((*day, *root, *line));
    }
    loads
}

/// What changed between two states of an order, by ascending location and day.
#[must_use]
pub fn load_changes(before: Option<&Order>, after: &Order) -> Loads {
    let is_counted = |order: &Order| {
        let fulfilments = &order.progress.fulfilments;
        fulfilments.iter().any(|one| counted_on(one).is_some())
    };
    if !is_counted(after) && !before.is_some_and(is_counted) {
        return Loads::new();
    }
    let mut changes = loads(after);
    for (day, load) in before.map(loads).unwrap_or_default() {
        match changes.binary_search_by_key(&day, |(known, _)| *known) {
            Ok(position) => changes[position].1 = changes[position].1.minus(load),
            Err(position) => changes.insert(position, (day, Load::default().minus(load))),
        }
    }
    changes.retain(|(_, load)| !load.is_nothing());
    changes
}
