//! What availability is told from.

use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::id::ItemId;
use throughline_core::time::Millis;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::load;

/// Levels, open supply and what is waited for, of these items, of one moment: in a constant number of statements; and of the lots of those that
/// have lots.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &mut Connection, items: &[ItemId]) -> Result<Facts, StoreError> {
    let needs = items.iter().flat_map(|item| {
        [
            Need::Stock(*item),
            Need::Incoming(*item),
            Need::Waited(*item),
            Need::Item(*item),
        ]
    });
    let needs: Vec<Need> = needs.collect();
    let mut facts = Facts::default();
    load::load(connection, &needs, &mut facts, Millis(i64::MIN))?;
    let with_lots = facts.items.values().filter(|item| item.has_lots());
    let lots: Vec<Need> = with_lots.map(|item| Need::Lots(item.id)).collect();
    if !lots.is_empty() {
        load::load(connection, &lots, &mut facts, Millis(i64::MIN))?;
    }
    Ok(facts)
}
