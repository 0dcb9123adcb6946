//! Runs of one action over many orders: where each one is, and what it did not reach.

use throughline_core::command::Actor;
use throughline_core::id::{BulkId, OrderId};
use throughline_core::order::bulk::Bulk;
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::engine::{Cell, Columns, Connection, Row, Statement, Step};
use crate::error::StoreError;
use crate::views::cell;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] =
    &[&INSERT, &ADVANCE, &INSERT_LEFT, &GET, &RUNNING, &LEFT];

const INSERT: Statement = Statement::guarded(
    "insert_bulk_run",
    &[0],
    "INSERT INTO bulk_run (bulk_id, version, state, actor, body, cursor, looked_at, done, not_done, created_at, updated_at)
     VALUES (?1, 1, 'running', ?2, ?3, NULL, 0, 0, 0, ?4, ?4) ON CONFLICT DO NOTHING",
    "INSERT INTO bulk_run (bulk_id, version, state, actor, body, cursor, looked_at, done, not_done, created_at, updated_at)
     SELECT k.bulk_id, 1, 'running', k.actor, k.body, NULL, 0, 0, 0, k.at, k.at
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) AS k (bulk_id, actor, body, at)
     ON CONFLICT DO NOTHING RETURNING bulk_id",
);

const ADVANCE: Statement = Statement::guarded(
    "advance_bulk_run",
    &[0],
    "UPDATE bulk_run SET version = version + 1, state = ?3, cursor = ?4, looked_at = ?5, done = ?6, not_done = ?7, updated_at = ?8
     WHERE bulk_id = ?1 AND version = ?2",
    "UPDATE bulk_run r SET version = r.version + 1, state = k.state, cursor = k.cursor, looked_at = k.looked_at, done = k.done,
            not_done = k.not_done, updated_at = k.updated_at
     FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
          AS k (bulk_id, version, state, cursor, looked_at, done, not_done, updated_at)
     WHERE r.bulk_id = k.bulk_id AND r.version = k.version RETURNING r.bulk_id",
);

const INSERT_LEFT: Statement = Statement::new(
    "insert_bulk_left",
    "INSERT INTO bulk_left (bulk_id, position, order_id, number, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
    "INSERT INTO bulk_left (bulk_id, position, order_id, number, reason)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[])",
);

const GET: Statement = Statement::new(
    "bulk_run",
    "SELECT bulk_id, version, state, actor, body, cursor, looked_at, done, not_done, created_at, updated_at
     FROM bulk_run WHERE bulk_id = ?1 ORDER BY bulk_id LIMIT 1",
    "SELECT bulk_id, version, state, actor, body, cursor, looked_at, done, not_done, created_at, updated_at
     FROM bulk_run WHERE bulk_id = $1 ORDER BY bulk_id LIMIT 1",
);

const RUNNING: Statement = Statement::new(
    "running_bulk_runs",
    "SELECT bulk_id, version, state, actor, body, cursor, looked_at, done, not_done, created_at, updated_at
     FROM bulk_run WHERE state = 'running' AND bulk_id > ?1 ORDER BY bulk_id LIMIT ?2",
    "SELECT bulk_id, version, state, actor, body, cursor, looked_at, done, not_done, created_at, updated_at
     FROM bulk_run WHERE state = 'running' AND bulk_id > $1 ORDER BY bulk_id LIMIT $2",
);

const LEFT: Statement = Statement::new(
    "bulk_left",
    "SELECT position, order_id, number, reason FROM bulk_left WHERE bulk_id = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
    "SELECT position, order_id, number, reason FROM bulk_left WHERE bulk_id = $1 AND position > $2 ORDER BY position LIMIT $3",
);

/// A run, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRun {
    /// Identity.
    pub id: BulkId,
    /// Rises with every step.
    pub version: i64,
    /// Whether there is more to be looked at.
    pub is_running: bool,
    /// Who asked for it; the orders' journals name them.
    pub actor: Actor,
    /// What is done, and to which orders.
    pub bulk: Bulk,
    /// Where the next step begins.
    pub cursor: Option<String>,
    /// Orders that fit and were looked at.
    pub looked_at: i64,
    /// Orders that it was done to, in part or in full.
    pub done: i64,
    /// Orders in the list of what was not reached, or not in full.
    pub not_done: i64,
    /// When it was asked for.
    pub created_at: Millis,
    /// When it last went on.
    pub updated_at: Millis,
}

/// An order that a run did not reach, or not in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Position in the list, from 1.
    pub position: i64,
    /// The order.
    pub order: OrderId,
    /// Its number.
    pub number: u64,
    /// Why.
    pub reason: String,
}

/// Stores a run that is to begin. Storing it again changes nothing.
pub(crate) fn insert(
    connection: &mut Connection,
    id: BulkId,
    actor: Actor,
    bulk: &Bulk,
    now: Millis,
) -> Result<(), StoreError> {
    let mut columns = Columns::default();
    let row = columns.row().uuid(id.uuid()).display(&actor);
    row.json(bulk)?.int(now.0);
    in_transaction(connection, &[Step::Write(&INSERT, &columns)]).map(drop)
}

/// Stores where a run is after a step, and what the step did not reach. Says whether the run was still as it had been
/// read: if not, another process has made the step.
pub(crate) fn advance(
    connection: &mut Connection,
    run: &BulkRun,
    left: &[Left],
) -> Result<bool, StoreError> {
    let (mut columns, mut rows) = (Columns::default(), Columns::default());
    let row = columns.row().uuid(run.id.uuid()).int(run.version);
    let row = row
        .text(if run.is_running { "running" } else { "done" })
        .opt_text(run.cursor.as_deref())
        .int(run.looked_at);
    row.int(run.done).int(run.not_done).int(run.updated_at.0);
    for one in left {
        let row = rows.row().uuid(run.id.uuid()).int(one.position);
        row.uuid(one.order.uuid())
            .count(one.number)
            .text(&one.reason);
    }
    let steps = [
        Step::Write(&ADVANCE, &columns),
        Step::Write(&INSERT_LEFT, &rows),
    ];
    let steps = if left.is_empty() {
        &steps[..1]
    } else {
        &steps[..]
    };
    in_transaction(connection, steps)
}

/// Runs the steps; if the first one did not take, nothing of them stays.
pub(crate) fn in_transaction(
    connection: &mut Connection,
    steps: &[Step<'_>],
) -> Result<bool, StoreError> {
    connection.begin(true)?;
    let (outcomes, error) = connection.run(steps);
    let first = outcomes.into_iter().next();
    let untaken = first.is_some_and(|first| !first.untaken().is_empty());
    // The list's rows stumble over those of the process that was first.
    if untaken {
        connection.rollback();
        return Ok(false);
    }
    if let Some(error) = error {
        connection.rollback();
        return Err(error);
    }
    connection.commit().map(|()| true)
}

/// A run.
///
/// # Errors
/// When the database cannot be read.
pub fn get(connection: &mut Connection, id: BulkId) -> Result<Option<BulkRun>, StoreError> {
    let rows = connection.list(&GET, &[Cell::Uuid(id.uuid())])?;
    rows.first().map(run).transpose()
}

/// Runs that have more to look at.
///
/// # Errors
/// When the database cannot be read.
pub fn running(connection: &mut Connection, limit: usize) -> Result<Vec<BulkRun>, StoreError> {
    let rows = connection.list(&RUNNING, &[Cell::Uuid(Uuid::nil()), cell(limit)])?;
    rows.iter().map(run).collect()
}

/// What a run did not reach, after a position.
///
/// # Errors
/// When the database cannot be read.
pub fn left(
    connection: &mut Connection,
    id: BulkId,
    after: i64,
    limit: usize,
) -> Result<Vec<Left>, StoreError> {
    let values = [Cell::Uuid(id.uuid()), Cell::Integer(after), cell(limit)];
    let rows = connection.list(&LEFT, &values)?;
    let read = |row: Row<'_>| {
        Ok(Left {
            position: row.int(0)?,
            order: OrderId::from_uuid(row.uuid(1)?),
            number: row.number(2)?,
            reason: row.text(3)?.to_owned(),
        })
    };
    rows.iter().map(read).collect()
}

fn run(row: Row<'_>) -> Result<BulkRun, StoreError> {
    let actor: Result<Actor, _> = row.text(3)?.parse();
    Ok(BulkRun {
        id: BulkId::from_uuid(row.uuid(0)?),
        version: row.int(1)?,
        is_running: row.text(2)? == "running",
        actor: actor.map_err(|_| StoreError::corrupt("who asked for a run", Uuid::nil()))?,
        bulk: row.json(4)?,
        cursor: row.opt_text(5)?.map(str::to_owned),
        looked_at: row.int(6)?,
        done: row.int(7)?,
        not_done: row.int(8)?,
        created_at: Millis(row.int(9)?),
        updated_at: Millis(row.int(10)?),
    })
}
