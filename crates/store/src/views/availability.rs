//! What availability is told from.

use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::id::ItemId;
use throughline_core::time::Millis;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::load;

/// Levels, open supply and what is waited for, of these items, of one moment: in a constant number of statements.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &mut Connection, items: &[ItemId]) -> Result<Facts, StoreError> {
    let needs = items.iter().flat_map(|item| {
        [
            Need::Stock(*item),
            Need::Incoming(*item),
            Need::Waited(*item),
        ]
    });
    let needs: Vec<Need> = needs.collect();
    let mut facts = Facts::default();
    load::load(connection, &needs, &mut facts, Millis(i64::MIN))?;
    Ok(facts)
}
