//! Facts for decisions that are only looked at.

use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::time::Millis;

use crate::engine::Connection;
use crate::error::StoreError;
use crate::load;

/// Loads what is needed into the facts, in a constant number of statements. What does not exist is `None` there.
///
/// # Errors
/// When the database cannot be read.
pub fn load(
    connection: &mut Connection,
    needs: &[Need],
    facts: &mut Facts,
    now: Millis,
) -> Result<(), StoreError> {
    load::load(connection, needs, facts, now)
}
