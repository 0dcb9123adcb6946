//! Work on many orders in the background: where each run is, and what came of each order. A waiting queue that is sourced
//! together and past orders that are decided again are kept alike.

use serde::Serialize;
use serde::de::DeserializeOwned;
use throughline_core::command::Actor;
use throughline_core::id::{OrderId, SourcingRunId};
use throughline_core::network::{ChannelId, SourcingSchedule};
use throughline_core::order::queue::{QueueReport, QueueRun};
use throughline_core::order::replay::{Replay, ReplayReport};
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::bulk::in_transaction;
use crate::cursor;
use crate::engine::{Cell, Columns, Connection, Row, Statement, Step};
use crate::error::StoreError;
use crate::views::{Page, bounded, cell};

/// The word for runs that have more to do.
pub(crate) const RUNNING: &str = "running";

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &INSERT, &LEASE, &ADVANCE, &RESULT, &GET, &FREE, &LIST, &RESULTS, &DONE, &DUE, &PUT_DUE,
    &UNSERVED,
];

/// How long a step may take before another process takes the run over.
pub const LEASE_MS: i64 = 5 * 60 * 1000;

const INSERT: Statement = Statement::guarded(
    "insert_sourcing_run",
    &[0, 1],
    "INSERT INTO sourcing_run (kind, run_id, version, state, leased_until, actor, body, report, created_at, updated_at)
     VALUES (?1, ?2, 1, 'running', 0, ?3, ?4, ?5, ?6, ?6) ON CONFLICT DO NOTHING",
    "INSERT INTO sourcing_run (kind, run_id, version, state, leased_until, actor, body, report, created_at, updated_at)
     SELECT k.kind, k.run_id, 1, 'running', 0, k.actor, k.body, k.report, k.at, k.at
     FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS k (kind, run_id, actor, body, report, at)
     ON CONFLICT DO NOTHING RETURNING kind, run_id",
);

const LEASE: Statement = Statement::guarded(
    "lease_sourcing_run",
    &[0, 1],
    "UPDATE sourcing_run SET version = version + 1, leased_until = ?4
     WHERE kind = ?1 AND run_id = ?2 AND version = ?3 AND state = 'running'",
    "UPDATE sourcing_run r SET version = r.version + 1, leased_until = k.until
     FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[]) AS k (kind, run_id, version, until)
     WHERE r.kind = k.kind AND r.run_id = k.run_id AND r.version = k.version AND r.state = 'running' RETURNING r.kind, r.run_id",
);

const ADVANCE: Statement = Statement::guarded(
    "advance_sourcing_run",
    &[0, 1],
    "UPDATE sourcing_run SET version = version + 1, state = ?4, leased_until = ?5, report = ?6, updated_at = ?7
     WHERE kind = ?1 AND run_id = ?2 AND version = ?3",
    "UPDATE sourcing_run r SET version = r.version + 1, state = k.state, leased_until = k.until, report = k.report, updated_at = k.at
     FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
          AS k (kind, run_id, version, state, until, report, at)
     WHERE r.kind = k.kind AND r.run_id = k.run_id AND r.version = k.version RETURNING r.kind, r.run_id",
);

const RESULT: Statement = Statement::new(
    "insert_sourcing_run_order",
    "INSERT INTO sourcing_run_order (run_id, position, order_id, number, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    "INSERT INTO sourcing_run_order (run_id, position, order_id, number, body)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[])",
);

const GET: Statement = Statement::new(
    "sourcing_run",
    "SELECT run_id, version, state, leased_until, actor, body, report, created_at, updated_at
     FROM sourcing_run WHERE kind = ?1 AND run_id = ?2 ORDER BY run_id LIMIT 1",
    "SELECT run_id, version, state, leased_until, actor, body, report, created_at, updated_at
     FROM sourcing_run WHERE kind = $1 AND run_id = $2 ORDER BY run_id LIMIT 1",
);

const FREE: Statement = Statement::new(
    "free_sourcing_runs",
    "SELECT run_id, version, state, leased_until, actor, body, report, created_at, updated_at
     FROM sourcing_run WHERE state = 'running' AND kind = ?1 AND run_id > ?2 AND leased_until <= ?3 ORDER BY run_id LIMIT ?4",
    "SELECT run_id, version, state, leased_until, actor, body, report, created_at, updated_at
     FROM sourcing_run WHERE state = 'running' AND kind = $1 AND run_id > $2 AND leased_until <= $3 ORDER BY run_id LIMIT $4",
);

const LIST: Statement = Statement::new(
    "sourcing_runs",
    "SELECT run_id, version, state, leased_until, actor, body, report, created_at, updated_at
     FROM sourcing_run WHERE kind = ?1 AND (created_at, run_id) < (?2, ?3) ORDER BY created_at DESC, run_id DESC LIMIT ?4",
    "SELECT run_id, version, state, leased_until, actor, body, report, created_at, updated_at
     FROM sourcing_run WHERE kind = $1 AND (created_at, run_id) < ($2, $3) ORDER BY created_at DESC, run_id DESC LIMIT $4",
);

const RESULTS: Statement = Statement::new(
    "sourcing_run_orders",
    "SELECT position, order_id, number, body FROM sourcing_run_order WHERE run_id = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
    "SELECT position, order_id, number, body FROM sourcing_run_order WHERE run_id = $1 AND position > $2 ORDER BY position LIMIT $3",
);

const DONE: Statement = Statement::new(
    "sourcing_run_done",
    "SELECT position, order_id FROM sourcing_run_order WHERE run_id = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
    "SELECT position, order_id FROM sourcing_run_order WHERE run_id = $1 AND position > $2 ORDER BY position LIMIT $3",
);

const DUE: Statement = Statement::new(
    "sourcing_due",
    "SELECT channel, version, schedule, next_at FROM sourcing_due ORDER BY channel LIMIT ?1",
    "SELECT channel, version, schedule, next_at FROM sourcing_due ORDER BY channel LIMIT $1",
);

/// The version that is written is one more than the one that was read: 1 where there was none.
const PUT_DUE: Statement = Statement::guarded(
    "put_sourcing_due",
    &[0],
    "INSERT INTO sourcing_due (channel, version, schedule, next_at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (channel) DO UPDATE SET version = excluded.version, schedule = excluded.schedule, next_at = excluded.next_at
     WHERE sourcing_due.version = excluded.version - 1",
    "INSERT INTO sourcing_due (channel, version, schedule, next_at)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::bigint[])
     ON CONFLICT (channel) DO UPDATE SET version = excluded.version, schedule = excluded.schedule, next_at = excluded.next_at
     WHERE sourcing_due.version = excluded.version - 1 RETURNING channel",
);

const UNSERVED: Statement = Statement::new(
    "orders_unserved",
    "SELECT DISTINCT order_id FROM order_line WHERE bucket = ?1 AND open + backordered > 0 AND order_id > ?2
     ORDER BY order_id LIMIT ?3",
    "SELECT DISTINCT order_id FROM order_line WHERE bucket = $1 AND open + backordered > 0 AND order_id > $2
     ORDER BY order_id LIMIT $3",
);

/// What is kept as a run: what was asked for, and what has come of it so far.
pub trait RunKind: Clone + Serialize + DeserializeOwned {
    /// The word that it is kept under.
    const WORD: &'static str;
    /// What has come of it so far.
    type Report: Clone + Default + Serialize + DeserializeOwned;
}

impl RunKind for QueueRun {
    const WORD: &'static str = "queue";
    type Report = QueueReport;
}

impl RunKind for Replay {
    const WORD: &'static str = "replay";
    type Report = ReplayReport;
}

/// A run, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Run<K: RunKind> {
    /// Identity.
    pub id: SourcingRunId,
    /// Rises with every step and lease.
    pub version: i64,
    /// Whether there is more to be done.
    pub is_running: bool,
    /// Who asked for it.
    pub actor: Actor,
    /// What was asked for.
    pub asked: K,
    /// What has come of it so far.
    pub report: K::Report,
    /// When it was asked for.
    pub created_at: Millis,
    /// When it last went on.
    pub updated_at: Millis,
}

/// What came of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderResult<T> {
    /// Its turn, from 1.
    pub position: i64,
    /// The order.
    pub order: OrderId,
    /// Its number.
    pub number: u64,
    /// What came of it.
    pub result: T,
}

/// When a channel's waiting orders are next sourced together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The channel.
    pub channel: ChannelId,
    /// Rises with every change; 0 where nothing is stored yet.
    pub version: i64,
    /// The schedule that says so.
    pub schedule: SourcingSchedule,
    /// When.
    pub next_at: Millis,
}

/// Stores a run that is to begin. Storing it again changes nothing.
pub(crate) fn insert<K: RunKind>(
    connection: &mut Connection,
    id: SourcingRunId,
    actor: Actor,
    asked: &K,
    now: Millis,
) -> Result<(), StoreError> {
    let columns = new_run(id, actor, asked, now)?;
    in_transaction(connection, &[Step::Write(&INSERT, &columns)]).map(drop)
}

fn new_run<K: RunKind>(
    id: SourcingRunId,
    actor: Actor,
    asked: &K,
    now: Millis,
) -> Result<Columns, StoreError> {
    let mut columns = Columns::default();
    let row = columns.row().text(K::WORD).uuid(id.uuid()).display(&actor);
    row.json(asked)?.json(&K::Report::default())?.int(now.0);
    Ok(columns)
}

/// Takes a run for one step; says whether it was still as it had been read. The run then has its new version.
pub(crate) fn lease<K: RunKind>(
    connection: &mut Connection,
    run: &mut Run<K>,
    now: Millis,
) -> Result<bool, StoreError> {
    let mut columns = Columns::default();
    let row = columns.row().text(K::WORD).uuid(run.id.uuid());
    row.int(run.version).int(now.plus_ms(LEASE_MS).0);
    let is_ours = in_transaction(connection, &[Step::Write(&LEASE, &columns)])?;
    run.version += i64::from(is_ours);
    Ok(is_ours)
}

/// Stores where a run is after a step and gives it back, with what came of the orders of the step. Says whether the lease
/// still counted; if not, nothing is stored.
pub(crate) fn advance<K: RunKind, T: Serialize>(
    connection: &mut Connection,
    run: &Run<K>,
    results: &[OrderResult<T>],
) -> Result<bool, StoreError> {
    let (mut columns, mut rows) = (Columns::default(), Columns::default());
    let row = columns.row().text(K::WORD).uuid(run.id.uuid());
    let row = row
        .int(run.version)
        .text(if run.is_running { "running" } else { "done" });
    row.int(0).json(&run.report)?.int(run.updated_at.0);
    for one in results {
        let row = rows.row().uuid(run.id.uuid()).int(one.position);
        let row = row.uuid(one.order.uuid()).count(one.number);
        row.json(&one.result)?;
    }
    let steps = [Step::Write(&ADVANCE, &columns), Step::Write(&RESULT, &rows)];
    let used = if results.is_empty() { 1 } else { 2 };
    in_transaction(connection, &steps[..used])
}

/// Stores when a channel is next due, and the run that begins now, if one does. Says whether the channel was still as it had
/// been read; if not, nothing is stored.
pub(crate) fn put_due(
    connection: &mut Connection,
    due: &Due,
    run: Option<(SourcingRunId, Actor, &QueueRun)>,
    now: Millis,
) -> Result<bool, StoreError> {
    let mut columns = Columns::default();
    let row = columns.row().int(due.channel.0).int(due.version + 1);
    row.json(&due.schedule)?.int(due.next_at.0);
    let run = run.map(|(id, actor, asked)| new_run(id, actor, asked, now));
    let run = run.transpose()?;
    let mut steps = vec![Step::Write(&PUT_DUE, &columns)];
    steps.extend(run.iter().map(|run| Step::Write(&INSERT, run)));
    in_transaction(connection, &steps)
}

/// A run.
///
/// # Errors
/// When the database cannot be read.
pub fn get<K: RunKind>(
    connection: &mut Connection,
    id: SourcingRunId,
) -> Result<Option<Run<K>>, StoreError> {
    let rows = connection.list(&GET, &[Cell::text(K::WORD), Cell::Uuid(id.uuid())])?;
    rows.first().map(run).transpose()
}

/// Runs that have more to do and that nobody works on.
///
/// # Errors
/// When the database cannot be read.
pub fn free<K: RunKind>(
    connection: &mut Connection,
    now: Millis,
    limit: usize,
) -> Result<Vec<Run<K>>, StoreError> {
    let from = [Cell::text(K::WORD), Cell::Uuid(Uuid::nil())];
    let values = [&from[..], &[Cell::Integer(now.0), cell(limit)]].concat();
    connection.list(&FREE, &values)?.iter().map(run).collect()
}

/// A page of runs, the latest first.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list<K: RunKind>(
    connection: &mut Connection,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Run<K>>, StoreError> {
    let limit = bounded(limit);
    let after: Option<(i64, Uuid)> = after.map(cursor::decode).transpose()?;
    let (at, id) = after.unwrap_or((i64::MAX, Uuid::max()));
    let values = [
        Cell::text(K::WORD),
        Cell::Integer(at),
        Cell::Uuid(id),
        cell(limit + 1),
    ];
    let rows = connection.list(&LIST, &values)?;
    let runs: Vec<Run<K>> = rows.iter().map(run).collect::<Result<_, _>>()?;
    Ok(Page::cut(runs, limit, |run| {
        cursor::encode(&(run.created_at.0, run.id.uuid()))
    }))
}

/// What came of a run's orders, by their turns, after a cursor.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn results<T: DeserializeOwned>(
    connection: &mut Connection,
    id: SourcingRunId,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<OrderResult<T>>, StoreError> {
    let limit = bounded(limit);
    let after: Option<i64> = after.map(cursor::decode).transpose()?;
    let values = [
        Cell::Uuid(id.uuid()),
        Cell::Integer(after.unwrap_or(0)),
        cell(limit + 1),
    ];
    let rows = connection.list(&RESULTS, &values)?;
    let read = |row: Row<'_>| {
        Ok(OrderResult {
            position: row.int(0)?,
            order: OrderId::from_uuid(row.uuid(1)?),
            number: row.number(2)?,
            result: row.json(3)?,
        })
    };
    let results: Result<Vec<_>, StoreError> = rows.iter().map(read).collect();
    Ok(Page::cut(results?, limit, |one| {
        cursor::encode(&one.position)
    }))
}

/// Orders of a run that have had their turn, at most `limit` of them.
///
/// # Errors
/// When the database cannot be read.
pub fn done(
    connection: &mut Connection,
    id: SourcingRunId,
    limit: usize,
) -> Result<Vec<OrderId>, StoreError> {
    let values = [Cell::Uuid(id.uuid()), Cell::Integer(0), cell(limit)];
    let rows = connection.list(&DONE, &values)?;
    let read = |row: Row<'_>| Ok(OrderId::from_uuid(row.uuid(1)?));
    rows.iter().map(read).collect()
}

/// Orders with units that are open or wait for stock, in no order that means anything, at most `limit` of them.
///
/// # Errors
/// When the database cannot be read.
pub fn unserved(connection: &mut Connection, limit: usize) -> Result<Vec<OrderId>, StoreError> {
    let mut found = Vec::new();
    for bucket in 0..connection.partitions() {
        let values = [
            Cell::Integer(bucket.into()),
            Cell::Uuid(Uuid::nil()),
            cell(limit - found.len()),
        ];
        for row in connection.list(&UNSERVED, &values)?.iter() {
            found.push(OrderId::from_uuid(row.uuid(0)?));
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// When channels are next due.
///
/// # Errors
/// When the database cannot be read.
pub fn dues(connection: &mut Connection, limit: usize) -> Result<Vec<Due>, StoreError> {
    let rows = connection.list(&DUE, &[cell(limit)])?;
    let read = |row: Row<'_>| {
        Ok(Due {
            channel: ChannelId(row.number(0)?),
            version: row.int(1)?,
            schedule: row.json(2)?,
            next_at: Millis(row.int(3)?),
        })
    };
    rows.iter().map(read).collect()
}

fn run<K: RunKind>(row: Row<'_>) -> Result<Run<K>, StoreError> {
    let actor: Result<Actor, _> = row.text(4)?.parse();
    Ok(Run {
        id: SourcingRunId::from_uuid(row.uuid(0)?),
        version: row.int(1)?,
        is_running: row.text(2)? == "running",
        actor: actor.map_err(|_| StoreError::corrupt("who asked for a run", Uuid::nil()))?,
        asked: row.json(5)?,
        report: row.json(6)?,
        created_at: Millis(row.int(7)?),
        updated_at: Millis(row.int(8)?),
    })
}
