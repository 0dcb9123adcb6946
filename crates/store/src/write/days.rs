//! What locations have to do on their days: the net difference of a batch, and the limit that it must keep.

use std::collections::BTreeMap;

use throughline_core::decision::{DayChange, Decision};
use throughline_core::network::Load;
use throughline_core::order::LocationDay;

use crate::engine::Columns;

/// Gathers the net differences, in the one order in which all committers take them. Where a limit was changed in between,
/// the larger one binds the batch: each decision has kept the one that it knew.
pub(super) fn gather<'a>(
    decisions: impl Iterator<Item = &'a Decision>,
    partitions: u16,
    days: &mut Columns,
    new_days: &mut Columns,
) {
    let mut net: BTreeMap<(u16, LocationDay), DayChange> = BTreeMap::new();
    for changed in decisions.flat_map(|decision| &decision.loads) {
        let key = (changed.day.0.bucket(partitions), changed.day);
        net.entry(key)
            .and_modify(|sum| add(sum, changed))
            .or_insert(*changed);
    }
    for ((bucket, (location, date)), DayChange { change, most, .. }) in net {
        let row = new_days.row().int(bucket);
        row.int(location.0).display(&date);
        let row = days.row().int(bucket).int(location.0).display(&date);
        row.int(change.orders)
            .int(change.lines)
            .int(change.units)
            .int(self::most(change.orders, most.orders))
            .int(self::most(change.lines, most.lines))
            .int(self::most(change.units, most.units));
    }
}

fn add(sum: &mut DayChange, changed: &DayChange) {
    sum.change = sum.change.plus(changed.change);
    sum.most = Load {
        orders: sum.most.orders.max(changed.most.orders),
        lines: sum.most.lines.max(changed.most.lines),
        units: sum.most.units.max(changed.most.units),
    };
}

/// The most that a day may hold after the batch; whatever it holds where nothing is added.
fn most(change: i64, most: i64) -> i64 {
    if change > 0 { most } else { i64::MAX }
}
