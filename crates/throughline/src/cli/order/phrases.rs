//! Phrases that several entries have in common.

use throughline_core::id::FulfilmentNo;
use throughline_core::order::{LineUnits, Order, Placed, Units};

use super::look_up::Found;
use crate::cli::numbers::{counted, money};

/// Lines that are named by SKU; of more only the units are counted.
const NAMED_MAX: usize = 3;

/// What was ordered: lines, units, and what they cost.
pub(super) fn contents(placed: &Placed) -> String {
    let lines = || placed.lines.iter().filter(|line| line.kit.is_none());
    let units = lines().map(|line| line.quantity).sum();
    let total: i64 = lines().map(|line| line.amount(line.quantity)).sum::<i64>()
        + placed
            .charges
            .iter()
            .map(|charge| charge.amount_minor + charge.tax_minor)
            .sum::<i64>();
    let lines = counted(lines().count() as u64, "line", "lines");
    format!(
        "{lines} with {} for {}",
        units_word(units),
        money(placed.currency, total)
    )
}

/// `2 × A, 1 × B` for few lines, `40 units of 7 lines` for many.
pub(super) fn units_of(found: &Found, lines: &[LineUnits]) -> String {
    if lines.len() > NAMED_MAX {
        let units = lines.iter().map(|line| line.quantity).sum();
        return format!(
            "{} of {}",
            units_word(units),
            counted(lines.len() as u64, "line", "lines")
        );
    }
    let named: Vec<String> = lines
        .iter()
        .map(|line| format!("{} × {}", line.quantity, found.sku(line.line)))
        .collect();
    named.join(", ")
}

/// `1 unit`, `40 units`.
pub(super) fn units_word(units: i64) -> String {
    counted(units.unsigned_abs(), "unit", "units")
}

/// All units of a fulfilment, as they are before an entry.
pub(super) fn total(before: Option<&Order>, no: FulfilmentNo) -> Units {
    let known = before.and_then(|order| order.progress.fulfilment(no));
    known
        .map(throughline_core::order::Fulfilment::total)
        .unwrap_or_default()
}

/// The reason behind a colon, if there is one.
pub(super) fn because(reason: Option<&str>) -> String {
    reason.map_or(String::new(), |reason| format!(": {reason}"))
}
