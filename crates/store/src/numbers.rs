//! Order numbers come in ranges leased to a node: gaps are fine, duplicates impossible.

use std::ops::Range;

use crate::engine::{Columns, Connection, Engine, Statement};
use crate::error::{Retry, StoreError};

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[&NEXT, &LEASE];
/// Tries before somebody else's luck is reported.
const TRIES: usize = 50;

const NEXT: Statement = Statement::new(
    "next_number",
    "SELECT next FROM number_range WHERE kind = 'order'",
    "SELECT next FROM number_range WHERE kind = 'order'",
);

const LEASE: Statement = Statement::guarded(
    "lease_numbers",
    &[0],
    "UPDATE number_range SET next = ?2 WHERE kind = 'order' AND next = ?1",
    "UPDATE number_range n SET next = k.after FROM unnest($1::bigint[], $2::bigint[]) AS k (was, after)
     WHERE n.kind = 'order' AND n.next = k.was RETURNING k.was",
);

/// The last number that was leased to anybody.
pub(crate) fn latest(connection: &mut Connection) -> Result<u64, StoreError> {
    Ok(next(connection)?.saturating_sub(1))
}

fn next(connection: &mut Connection) -> Result<u64, StoreError> {
    let rows = connection.list(&NEXT, &[])?;
    let row = rows
        .first()
        .ok_or_else(|| StoreError::corrupt("the range of order numbers", "its row is gone"))?;
    row.number(0)
}

/// Leases the next `count` order numbers, in a transaction of its own.
pub(crate) fn lease(connection: &mut Connection, count: u64) -> Result<Range<u64>, StoreError> {
    for _ in 0..TRIES {
        // A number that was used is durable, and with it everything that was written before.
        connection.begin_lazy()?;
        match try_lease(connection, count) {
            Ok(Some(range)) => {
                connection.commit()?;
                return Ok(range);
            }
            Ok(None) => connection.rollback(),
            Err(error) => {
                connection.rollback();
                return Err(error);
            }
        }
    }
    Err(StoreError::Retry(Retry::Serialization))
}

fn try_lease(connection: &mut Connection, count: u64) -> Result<Option<Range<u64>>, StoreError> {
    let next = next(connection)?;
    let after = next + count;
    let mut columns = Columns::default();
    columns.row().count(next).count(after);
    let taken = connection.write(&LEASE, &columns)?.is_empty();
    debug_assert!(
        taken || connection.engine() == Engine::Postgres,
        "on SQLite the transaction has the file to itself"
    );
    Ok(taken.then_some(next..after))
}
