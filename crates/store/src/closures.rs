//! Runs over everything that is to be sent while a closure lasts: how far each one is, and what came of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::carrier::{ClosureId, ServiceId};
use throughline_core::id::OrderId;
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::bulk::in_transaction;
use crate::engine::{Cell, Columns, Connection, Row, Statement, Step};
use crate::error::StoreError;
use crate::views::cell;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &INSERT,
    &ADVANCE,
    &INSERT_TOUCHED,
    &LATEST,
    &RUNNING,
    &TOUCHED,
];

const INSERT: Statement = Statement::guarded(
    "insert_closure_run",
    &[0],
    "INSERT INTO closure_run (closure, network, body, is_running, version) VALUES (?1, ?2, ?3, 1, 1) ON CONFLICT DO NOTHING",
    "INSERT INTO closure_run (closure, network, body, is_running, version)
     SELECT k.closure, k.network, k.body, 1, 1
     FROM unnest($1::integer[], $2::bigint[], $3::text[]) AS k (closure, network, body)
     ON CONFLICT DO NOTHING RETURNING closure",
);

const ADVANCE: Statement = Statement::guarded(
    "advance_closure_run",
    &[0],
    "UPDATE closure_run SET version = version + 1, body = ?4, is_running = ?5 WHERE closure = ?1 AND network = ?2 AND version = ?3",
    "UPDATE closure_run r SET version = r.version + 1, body = k.body, is_running = k.is_running
     FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::text[], $5::integer[]) AS k (closure, network, version, body, is_running)
     WHERE r.closure = k.closure AND r.network = k.network AND r.version = k.version RETURNING r.closure",
);

const INSERT_TOUCHED: Statement = Statement::new(
    "insert_closure_touched",
    "INSERT INTO closure_touched (closure, network, position, body) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO closure_touched (closure, network, position, body)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::text[])",
);

const LATEST: Statement = Statement::new(
    "latest_closure_run",
    "SELECT closure, network, body, is_running, version FROM closure_run WHERE closure = ?1 ORDER BY closure, network DESC LIMIT 1",
    "SELECT closure, network, body, is_running, version FROM closure_run WHERE closure = $1 ORDER BY closure, network DESC LIMIT 1",
);

const RUNNING: Statement = Statement::new(
    "running_closure_runs",
    "SELECT closure, network, body, is_running, version FROM closure_run WHERE is_running = 1 ORDER BY closure, network LIMIT ?1",
    "SELECT closure, network, body, is_running, version FROM closure_run WHERE is_running = 1 ORDER BY closure, network LIMIT $1",
);

const TOUCHED: Statement = Statement::new(
    "closure_touched",
    "SELECT position, body FROM closure_touched WHERE closure = ?1 AND network = ?2 AND position > ?3 ORDER BY position LIMIT ?4",
    "SELECT position, body FROM closure_touched WHERE closure = $1 AND network = $2 AND position > $3 ORDER BY position LIMIT $4",
);

/// A run, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosureRun {
    /// The closure.
    pub closure: ClosureId,
    /// The version of the network that it came with, or changed in.
    pub network: i64,
    /// Rises with every step.
    pub version: i64,
    /// Whether there is more to be looked at.
    pub is_running: bool,
    /// How far it is.
    pub progress: ClosureProgress,
}

/// How far a run is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosureProgress {
    /// Which of the statuses of orders is looked through.
    pub stage: u8,
    /// Where the next step begins.
    pub cursor: Option<String>,
    /// Orders that were looked at.
    pub looked_at: i64,
    /// Fulfilments that the closure touches.
    pub touched: i64,
    /// Those that go another way, or from elsewhere.
    pub rerouted: i64,
    /// Those that go the same way and arrive later.
    pub later: i64,
    /// Those that stay as they were.
    pub unchanged: i64,
    /// Days that the touched ones arrive later, in all.
    pub later_days: i64,
    /// What the other ways cost more, in minor units, by currency.
    pub extra_minor: Vec<(String, i64)>,
    /// When it began.
    pub began_at: Millis,
    /// When it last went on.
    pub updated_at: Millis,
}

/// What became of a fulfilment that a closure touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// The order.
    pub order: OrderId,
    /// Its number.
    pub number: u64,
    /// The fulfilment.
    pub fulfilment: Uuid,
    /// What became of it.
    pub became: Became,
    /// Why it stays as it was, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The service before and after.
    pub service: (Option<ServiceId>, Option<ServiceId>),
    /// The day by which it is there, before and after.
    pub keeps_on: (Option<Date>, Option<Date>),
    /// Days that it arrives later.
    pub later_days: i64,
    /// What it costs more, in minor units of the later service's currency; absent where the currencies differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_minor: Option<i64>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It goes with another service, or from elsewhere.
    Rerouted,
    /// It goes the same way, on other days.
    Later,
    /// Nothing changed.
    Unchanged,
}

/// Begins a run; beginning it again changes nothing.
pub(crate) fn begin(
    connection: &mut Connection,
    closure: ClosureId,
    network: i64,
    now: Millis,
) -> Result<(), StoreError> {
    let mut columns = Columns::default();
    let row = columns.row().int(closure.0).int(network);
    row.json(&ClosureProgress {
        began_at: now,
        updated_at: now,
        ..ClosureProgress::default()
    })?;
    in_transaction(connection, &[Step::Write(&INSERT, &columns)]).map(drop)
}

/// Stores where a run is after a step, and what it touched. Says whether the run was still as it had been read.
pub(crate) fn advance(
    connection: &mut Connection,
    run: &ClosureRun,
    touched: &[(i64, Touched)],
) -> Result<bool, StoreError> {
    let (mut columns, mut rows) = (Columns::default(), Columns::default());
    let row = columns.row().int(run.closure.0).int(run.network);
    row.int(run.version)
        .json(&run.progress)?
        .int(i64::from(run.is_running));
    for (position, one) in touched {
        let row = rows.row().int(run.closure.0).int(run.network);
        row.int(*position).json(one)?;
    }
    let steps = [
        Step::Write(&ADVANCE, &columns),
        Step::Write(&INSERT_TOUCHED, &rows),
    ];
    let steps = if touched.is_empty() {
        &steps[..1]
    } else {
        &steps[..]
    };
    in_transaction(connection, steps)
}

/// The last run of a closure.
///
/// # Errors
/// When the database cannot be read.
pub fn latest(
    connection: &mut Connection,
    closure: ClosureId,
) -> Result<Option<ClosureRun>, StoreError> {
    let rows = connection.list(&LATEST, &[Cell::Integer(closure.0.into())])?;
    rows.first().map(run).transpose()
}

/// Runs that have more to look at.
///
/// # Errors
/// When the database cannot be read.
pub fn running(connection: &mut Connection, limit: usize) -> Result<Vec<ClosureRun>, StoreError> {
    let rows = connection.list(&RUNNING, &[cell(limit)])?;
    rows.iter().map(run).collect()
}

/// What a run touched, after a position.
///
/// # Errors
/// When the database cannot be read.
pub fn touched(
    connection: &mut Connection,
    run: &ClosureRun,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, Touched)>, StoreError> {
    let values = [
        Cell::Integer(run.closure.0.into()),
        Cell::Integer(run.network),
        Cell::Integer(after),
        cell(limit),
    ];
    let rows = connection.list(&TOUCHED, &values)?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, row.json(1)?)))
        .collect()
}

fn run(row: Row<'_>) -> Result<ClosureRun, StoreError> {
    Ok(ClosureRun {
        closure: ClosureId(row.number(0)?),
        network: row.int(1)?,
        progress: row.json(2)?,
        is_running: row.int(3)? == 1,
        version: row.int(4)?,
    })
}
