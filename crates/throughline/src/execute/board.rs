//! The board: what a committer keeps of items and their stock from batch to batch.
//!
//! It is a hint (I10). It is bounded, filled on demand, kept current by the committer's own
//! commits, forgotten where a guard failed, and dropped whole when another process has written.

use throughline_core::Facts;
use throughline_core::id::ItemId;

/// Items kept at most; beyond them the board starts afresh.
const ITEMS_MAX: usize = 50_000;

/// Forgets what belongs to one batch only.
pub(super) fn end_batch(facts: &mut Facts, fresh: &mut Vec<ItemId>, unknown: &mut Vec<String>) {
    facts.keep_records([]);
    for item in fresh.drain(..) {
        if let Some(stock) = facts.stock.get_mut(&item) {
            stock.is_fresh = false;
        }
    }
    forget_unknown(facts, unknown);
    if is_full(facts) {
        clear(facts);
    }
}

/// Forgets the SKUs that were found to be unknown: another process may create them at any time.
pub(super) fn forget_unknown(facts: &mut Facts, unknown: &mut Vec<String>) {
    for sku in unknown.drain(..) {
        if facts.skus.get(&sku) == Some(&None) {
            facts.skus.remove(&sku);
        }
    }
}

/// Whether there is so much on the board that it starts afresh.
pub(super) fn is_full(facts: &Facts) -> bool {
    facts.stock.len() > ITEMS_MAX || facts.items.len() > ITEMS_MAX || facts.skus.len() > ITEMS_MAX
}

/// Forgets everything but the network, and what lanes say.
pub(super) fn clear(facts: &mut Facts) {
    let network = std::mem::take(&mut facts.network);
    let lanes = std::mem::take(&mut facts.lanes);
    *facts = Facts {
        network,
        lanes,
        ..Facts::default()
    };
}

/// Forgets these items, and what locations have to do, so that they are read again.
pub(super) fn forget(facts: &mut Facts, items: impl IntoIterator<Item = ItemId>) {
    for item in items {
        facts.stock.remove(&item);
        if let Some(item) = facts.items.remove(&item) {
            facts.skus.remove(&item.sku);
        }
    }
    facts.loads.clear();
}
