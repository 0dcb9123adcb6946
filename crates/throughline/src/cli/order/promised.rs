//! What is promised of a line, as one sentence.

use throughline_core::id::LineNo;
use throughline_core::promise::{LinePromise, Promised, awaited_by};

use super::look_up::Found;
use crate::cli::numbers::grouped;

/// Says what is promised now, what was promised first if that is something else, and which supply stands for it.
pub(super) fn promised(found: &Found, line: LineNo, told: &LinePromise) -> String {
    let order = &found.order;
    let mut text = match &told.now {
        Some(now) => format!("promised: {}", dates(found, now)),
        None => "nobody can promise it now".to_owned(),
    };
    if Some(told.first) != told.now {
        text.push_str(&format!("; at first: {}", dates(found, &told.first)));
    }
    for units in awaited_by(order, line) {
        let (quantity, place) = (grouped(units.quantity), found.location(units.location));
        let day = units.expected_on;
        text.push_str(&format!(
            "; {quantity} from supply to {place} expected {day}"
        ));
    }
    text
}

fn dates(found: &Found, promised: &Promised) -> String {
    let mut days = Vec::new();
    days.extend(promised.ships_on.map(|day| format!("leaves {day}")));
    days.extend(promised.likely_on.map(|day| format!("likely there {day}")));
    days.extend(promised.keeps_on.map(|day| {
        let sure = if promised.proven {
            "proven"
        } else {
            "not proven"
        };
        format!("by {day} ({sure})")
    }));
    let service = promised.service.and_then(|id| found.network.service(id));
    days.extend(service.map(|service| format!("with {}", service.name)));
    days.join(", ")
}
