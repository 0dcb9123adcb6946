//! Stock that became low, or plenty: told where the units that are available cross a threshold of their item.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::Level;
use crate::catalog::StockWord;
use crate::decide::{Attempt, Stop};
use crate::id::ItemId;
use crate::network::{LocationStatus, Network};

/// An item of which another word is true now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// The item.
    pub item: ItemId,
    /// Its SKU.
    pub sku: String,
    /// What was so.
    pub from: StockWord,
    /// What is so.
    pub to: StockWord,
    /// Units that are available at all open locations.
    pub available: i64,
}

impl Crossing {
    /// The kind of event.
    pub const KIND: &'static str = "stock_threshold_crossed";
}

/// The thresholds that the movements of the attempt have crossed. Items without thresholds cross none.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn crossings(attempt: &Attempt<'_>) -> Result<Vec<Crossing>, Stop> {
    let mut seen: FxHashSet<ItemId> = FxHashSet::default();
    let mut found = Vec::new();
    for item in attempt.moved_items() {
        let known = attempt.item(item)?;
        let Some(thresholds) = known.selling.thresholds.filter(|_| seen.insert(item)) else {
            continue;
        };
        let before = available(attempt.network(), &attempt.stock(item)?.levels);
        let now = available(attempt.network(), &attempt.levels(item)?);
        let [from, to] = [before, now].map(|units| StockWord::of(units, Some(thresholds)));
        if from != to {
            found.push(Crossing {
                item,
                sku: known.sku.clone(),
                from,
                to,
                available: now,
            });
        }
    }
    Ok(found)
}

fn available(network: &Network, levels: &[Level]) -> i64 {
    let open = levels.iter().filter(|level| {
        let location = network.location(level.location);
        location.is_some_and(|location| location.status == LocationStatus::Open)
    });
    open.map(|level| level.available().max(0)).sum()
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_threshold_is_told_of_when_it_is_crossed() {
        story(
            "
                location L1
                location L2
                item A levels=1,3,6
                stock A@L1=2
                events              > A out to low (2)
                stock A@L2=1
                events              > A low to medium (3)
                stock A@L2=9
                events              > A medium to high (12)
                stock A@L2=1
                events              > nothing
                order A=8           > order open; F1@L2 open A:8 assigned; A@L2 11/8
                events              > A high to medium (5)
                cancel              > order cancelled; A 8 cancelled; F1@L2 cancelled; A@L2 11/0
                events              > A medium to high (13)
                transfer A@L2=5 to=L1 > A@L1 7/0; A@L2 6/0
                events              > nothing
                item B
                stock B@L1=2        > B@L1 2/0
                events              > nothing
            ",
        );
    }
}
