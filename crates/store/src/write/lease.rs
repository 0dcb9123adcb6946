//! Writer numbers: leased, fenced, and used again, so that a feed's cursor stays short.

use throughline_core::time::Millis;

use crate::engine::{Cell, Columns, Connection, Statement};
use crate::error::{Retry, StoreError};

/// How long a number stays leased after the last commit, in milliseconds. A writer that was idle for longer may find
/// itself fenced, and leases another number.
pub(crate) const LEASE_MS: i64 = 10_000;
/// Tries before somebody else's luck is reported.
const TRIES: usize = 20;

pub(super) const STATEMENTS: &[&Statement] = &[
    &WRITERS,
    &INSERT_WRITER,
    &TAKE_WRITER,
    &LAST_BATCH,
    &RELEASE,
];

const WRITERS: Statement = Statement::new(
    "writers",
    "SELECT writer, fence, leased_until, batch, projected FROM writer ORDER BY writer LIMIT 10000",
    "SELECT writer, fence, leased_until, batch, projected FROM writer ORDER BY writer LIMIT 10000",
);

const INSERT_WRITER: Statement = Statement::guarded(
    "insert_writer",
    &[0],
    "INSERT INTO writer (writer, owner, fence, leased_until, batch, projected) VALUES (?1, ?2, 1, ?3, 0, 0) ON CONFLICT DO NOTHING",
    "INSERT INTO writer (writer, owner, fence, leased_until, batch, projected)
     SELECT k.writer, k.owner, 1, k.leased_until, 0, 0 FROM unnest($1::integer[], $2::text[], $3::bigint[]) AS k (writer, owner, leased_until)
     ON CONFLICT DO NOTHING RETURNING writer",
);

const TAKE_WRITER: Statement = Statement::guarded(
    "take_writer",
    &[0],
    "UPDATE writer SET owner = ?3, fence = fence + 1, leased_until = ?4 WHERE writer = ?1 AND fence = ?2",
    "UPDATE writer w SET owner = k.owner, fence = w.fence + 1, leased_until = k.leased_until
     FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::bigint[]) AS k (writer, fence, owner, leased_until)
     WHERE w.writer = k.writer AND w.fence = k.fence RETURNING w.writer",
);

const LAST_BATCH: Statement = Statement::new(
    "last_batch_of_writer",
    "SELECT batch FROM writer WHERE writer = ?1 AND fence = ?2",
    "SELECT batch FROM writer WHERE writer = $1 AND fence = $2",
);

const RELEASE: Statement = Statement::new(
    "release_writer",
    "UPDATE writer SET leased_until = 0 WHERE writer = ?1 AND fence = ?2",
    "UPDATE writer w SET leased_until = 0 FROM unnest($1::integer[], $2::bigint[]) AS k (writer, fence)
     WHERE w.writer = k.writer AND w.fence = k.fence",
);

/// A leased number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lease {
    pub writer: i32,
    pub fence: i64,
    /// The last batch committed under the number.
    pub batch: i64,
    /// The last batch whose projections are written.
    pub projected: i64,
}

/// Leases the first number whose lease has run out, or a new one.
pub(super) fn take(
    connection: &mut Connection,
    owner: &str,
    now: Millis,
) -> Result<Lease, StoreError> {
    for _ in 0..TRIES {
        connection.begin(true)?;
        let lease = try_take(connection, owner, now);
        match lease {
            Ok(Some(lease)) => {
                connection.commit()?;
                return Ok(lease);
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

fn try_take(
    connection: &mut Connection,
    owner: &str,
    now: Millis,
) -> Result<Option<Lease>, StoreError> {
    let until = now.plus_ms(LEASE_MS).0;
    let rows = connection.list(&WRITERS, &[] as &[Cell])?;
    let mut next = 1;
    for row in rows.iter() {
        let (writer, fence) = (row.number(0)?, row.int(1)?);
        next = next.max(writer + 1);
        if row.int(2)? < now.0 {
            let mut columns = Columns::default();
            columns.row().int(writer).int(fence).text(owner).int(until);
            let lost = !connection.write(&TAKE_WRITER, &columns)?.is_empty();
            return Ok((!lost).then_some(Lease {
                writer,
                fence: fence + 1,
                batch: row.int(3)?,
                projected: row.int(4)?,
            }));
        }
    }
    let mut columns = Columns::default();
    columns.row().int(next).text(owner).int(until);
    let lost = !connection.write(&INSERT_WRITER, &columns)?.is_empty();
    Ok((!lost).then_some(Lease {
        writer: next,
        fence: 1,
        batch: 0,
        projected: 0,
    }))
}

/// How many batches all other writers have committed. Whoever took our own number over has written as well.
pub(super) fn batches_of_others(
    connection: &mut Connection,
    lease: Lease,
) -> Result<i64, StoreError> {
    let rows = connection.list(&WRITERS, &[] as &[Cell])?;
    let mut batches = 0;
    for row in rows.iter() {
        if row.number::<i32>(0)? != lease.writer {
            batches += row.int(3)?;
        } else if (row.int(1)?, row.int(3)?) != (lease.fence, lease.batch) {
            return Err(StoreError::fenced());
        }
    }
    Ok(batches)
}

/// The last batch that was committed under the lease.
pub(super) fn last_batch(connection: &mut Connection, lease: Lease) -> Result<i64, StoreError> {
    let values = [
        Cell::Integer(lease.writer.into()),
        Cell::Integer(lease.fence),
    ];
    let rows = connection.list(&LAST_BATCH, &values)?;
    rows.first()
        .map_or_else(|| Err(StoreError::fenced()), |row| row.int(0))
}

/// Lets the lease end now.
pub(super) fn release(connection: &mut Connection, lease: Lease) -> Result<(), StoreError> {
    let mut columns = Columns::default();
    columns.row().int(lease.writer).int(lease.fence);
    connection.begin(true)?;
    match connection.write(&RELEASE, &columns) {
        Ok(_) => connection.commit(),
        Err(error) => {
            connection.rollback();
            Err(error)
        }
    }
}
