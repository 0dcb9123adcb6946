//! Runs over many orders that ended long ago go with what they tell of each order: first the run is marked, so that nobody
//! takes half of its rows for all of them, then its rows go, and the run last.

use throughline_core::time::Millis;
use uuid::Uuid;

use super::STEP;
use crate::closures::ClosureProgress;
use crate::engine::{Cell, Columns, Connection, Statement, Step};
use crate::error::StoreError;
use crate::views::cell;

/// How long a run is kept after it ended, in milliseconds: 90 days.
pub const RUNS_KEPT_MS: i64 = 90 * 86_400_000;
/// Runs looked at in one step, of each kind.
const RUNS: usize = 50;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &SOURCING.list,
    &SOURCING.mark,
    &SOURCING.rows,
    &SOURCING.delete_rows,
    &SOURCING.delete,
    &BULK.list,
    &BULK.mark,
    &BULK.rows,
    &BULK.delete_rows,
    &BULK.delete,
    &CLOSURE.list,
    &CLOSURE.mark,
    &CLOSURE.rows,
    &CLOSURE.delete_rows,
    &CLOSURE.delete,
];

/// The statements for one kind of runs. The key of a run comes first in all of them; `list` tells its state and when it
/// last went on after that.
struct Family {
    /// Columns of the key.
    key: usize,
    /// How many of them the rows do without.
    skip: usize,
    list: Statement,
    mark: Statement,
    rows: Statement,
    delete_rows: Statement,
    delete: Statement,
}

const SOURCING: Family = Family {
    key: 2,
    skip: 1,
    list: Statement::new(
        "sourcing_runs_to_prune",
        "SELECT kind, run_id, state, updated_at FROM sourcing_run WHERE (kind, run_id) > (?1, ?2) ORDER BY kind, run_id LIMIT ?3",
        "SELECT kind, run_id, state, updated_at FROM sourcing_run WHERE (kind, run_id) > ($1, $2) ORDER BY kind, run_id LIMIT $3",
    ),
    mark: Statement::new(
        "mark_sourcing_runs",
        "UPDATE sourcing_run SET state = 'pruning', version = version + 1 WHERE kind = ?1 AND run_id = ?2 AND state = 'done'",
        "UPDATE sourcing_run r SET state = 'pruning', version = r.version + 1
         FROM unnest($1::text[], $2::uuid[]) AS k (kind, run_id) WHERE r.kind = k.kind AND r.run_id = k.run_id AND r.state = 'done'",
    ),
    rows: Statement::new(
        "sourcing_run_orders_to_prune",
        "SELECT position FROM sourcing_run_order WHERE run_id = ?1 ORDER BY position LIMIT ?2",
        "SELECT position FROM sourcing_run_order WHERE run_id = $1 ORDER BY position LIMIT $2",
    ),
    delete_rows: Statement::new(
        "delete_sourcing_run_orders",
        "DELETE FROM sourcing_run_order WHERE run_id = ?1 AND position <= ?2",
        "DELETE FROM sourcing_run_order o USING unnest($1::uuid[], $2::bigint[]) AS k (run_id, position)
         WHERE o.run_id = k.run_id AND o.position <= k.position",
    ),
    delete: Statement::new(
        "delete_sourcing_runs",
        "DELETE FROM sourcing_run WHERE kind = ?1 AND run_id = ?2 AND state = 'pruning'",
        "DELETE FROM sourcing_run r USING unnest($1::text[], $2::uuid[]) AS k (kind, run_id)
         WHERE r.kind = k.kind AND r.run_id = k.run_id AND r.state = 'pruning'",
    ),
};

const BULK: Family = Family {
    key: 1,
    skip: 0,
    list: Statement::new(
        "bulk_runs_to_prune",
        "SELECT bulk_id, state, updated_at FROM bulk_run WHERE bulk_id > ?1 ORDER BY bulk_id LIMIT ?2",
        "SELECT bulk_id, state, updated_at FROM bulk_run WHERE bulk_id > $1 ORDER BY bulk_id LIMIT $2",
    ),
    mark: Statement::new(
        "mark_bulk_runs",
        "UPDATE bulk_run SET state = 'pruning', version = version + 1 WHERE bulk_id = ?1 AND state = 'done'",
        "UPDATE bulk_run r SET state = 'pruning', version = r.version + 1
         FROM unnest($1::uuid[]) AS k (bulk_id) WHERE r.bulk_id = k.bulk_id AND r.state = 'done'",
    ),
    rows: Statement::new(
        "bulk_left_to_prune",
        "SELECT position FROM bulk_left WHERE bulk_id = ?1 ORDER BY position LIMIT ?2",
        "SELECT position FROM bulk_left WHERE bulk_id = $1 ORDER BY position LIMIT $2",
    ),
    delete_rows: Statement::new(
        "delete_bulk_left",
        "DELETE FROM bulk_left WHERE bulk_id = ?1 AND position <= ?2",
        "DELETE FROM bulk_left o USING unnest($1::uuid[], $2::bigint[]) AS k (bulk_id, position)
         WHERE o.bulk_id = k.bulk_id AND o.position <= k.position",
    ),
    delete: Statement::new(
        "delete_bulk_runs",
        "DELETE FROM bulk_run WHERE bulk_id = ?1 AND state = 'pruning'",
        "DELETE FROM bulk_run r USING unnest($1::uuid[]) AS k (bulk_id) WHERE r.bulk_id = k.bulk_id AND r.state = 'pruning'",
    ),
};

/// Of closures the state is a number: 1 while it runs, 0 when it is done, 2 while it is pruned.
const CLOSURE: Family = Family {
    key: 2,
    skip: 0,
    list: Statement::new(
        "closure_runs_to_prune",
        "SELECT closure, network, is_running, body FROM closure_run WHERE (closure, network) > (?1, ?2) ORDER BY closure, network LIMIT ?3",
        "SELECT closure, network, is_running, body FROM closure_run WHERE (closure, network) > ($1, $2) ORDER BY closure, network LIMIT $3",
    ),
    mark: Statement::new(
        "mark_closure_runs",
        "UPDATE closure_run SET is_running = 2, version = version + 1 WHERE closure = ?1 AND network = ?2 AND is_running = 0",
        "UPDATE closure_run r SET is_running = 2, version = r.version + 1
         FROM unnest($1::integer[], $2::bigint[]) AS k (closure, network)
         WHERE r.closure = k.closure AND r.network = k.network AND r.is_running = 0",
    ),
    rows: Statement::new(
        "closure_touched_to_prune",
        "SELECT position FROM closure_touched WHERE closure = ?1 AND network = ?2 ORDER BY position LIMIT ?3",
        "SELECT position FROM closure_touched WHERE closure = $1 AND network = $2 ORDER BY position LIMIT $3",
    ),
    delete_rows: Statement::new(
        "delete_closure_touched",
        "DELETE FROM closure_touched WHERE closure = ?1 AND network = ?2 AND position <= ?3",
        "DELETE FROM closure_touched o USING unnest($1::integer[], $2::bigint[], $3::bigint[]) AS k (closure, network, position)
         WHERE o.closure = k.closure AND o.network = k.network AND o.position <= k.position",
    ),
    delete: Statement::new(
        "delete_closure_runs",
        "DELETE FROM closure_run WHERE closure = ?1 AND network = ?2 AND is_running = 2",
        "DELETE FROM closure_run r USING unnest($1::integer[], $2::bigint[]) AS k (closure, network)
         WHERE r.closure = k.closure AND r.network = k.network AND r.is_running = 2",
    ),
};

/// Where each walk along the runs is.
#[derive(Debug)]
pub(super) struct RunWalk {
    sourcing: Vec<Cell>,
    bulk: Vec<Cell>,
    closure: Vec<Cell>,
}

impl RunWalk {
    pub(super) fn new() -> Self {
        Self {
            sourcing: vec![Cell::text(""), Cell::Uuid(Uuid::nil())],
            bulk: vec![Cell::Uuid(Uuid::nil())],
            closure: vec![Cell::Integer(-1), Cell::Integer(0)],
        }
    }

    /// Prunes a bounded number of rows of each kind; says how many.
    pub(super) fn step(
        &mut self,
        connection: &mut Connection,
        now: Millis,
    ) -> Result<usize, StoreError> {
        let before = now.plus_ms(-RUNS_KEPT_MS);
        let first = Self::new();
        let sourcing = step(
            connection,
            &SOURCING,
            (&mut self.sourcing, first.sourcing),
            before,
        )?;
        let bulk = step(connection, &BULK, (&mut self.bulk, first.bulk), before)?;
        let closure = step(
            connection,
            &CLOSURE,
            (&mut self.closure, first.closure),
            before,
        )?;
        Ok(sourcing + bulk + closure)
    }
}

/// How far a run is.
enum State {
    Running,
    Done,
    Pruning,
}

fn step(
    connection: &mut Connection,
    family: &'static Family,
    (after, first): (&mut Vec<Cell>, Vec<Cell>),
    before: Millis,
) -> Result<usize, StoreError> {
    let values = [&after[..], &[cell(RUNS)]].concat();
    let rows = connection.list(&family.list, &values)?;
    let (mut marks, mut gone, mut empty) = <(Columns, Columns, Columns)>::default();
    let mut count = 0;
    let mut last = first;
    for row in rows.iter() {
        let key = row.cells()[..family.key].to_vec();
        let (state, updated_at) = match &row.cells()[family.key] {
            Cell::Integer(number) => {
                let progress: ClosureProgress = row.json(family.key + 1)?;
                let state = match number {
                    0 => State::Done,
                    2 => State::Pruning,
                    _ => State::Running,
                };
                (state, progress.updated_at)
            }
            _ => {
                let state = match row.text(family.key)? {
                    "done" => State::Done,
                    "pruning" => State::Pruning,
                    _ => State::Running,
                };
                (state, Millis(row.int(family.key + 1)?))
            }
        };
        match state {
            State::Done if updated_at < before => {
                put(&mut marks, &key);
                count += 1;
            }
            State::Pruning => {
                let own = &key[family.skip..];
                let of_run = connection.list(&family.rows, &[own, &[cell(STEP)]].concat())?;
                match of_run.iter().last().map(|row| row.int(0)).transpose()? {
                    Some(position) => {
                        put(&mut gone, &[own, &[Cell::Integer(position)]].concat());
                        count += of_run.len();
                    }
                    None => {
                        put(&mut empty, &key);
                        count += 1;
                    }
                }
            }
            State::Done | State::Running => {}
        }
        if rows.len() == RUNS {
            last = key;
        }
    }
    *after = last;
    if count == 0 {
        return Ok(0);
    }
    connection.begin(true)?;
    let steps = [
        Step::Write(&family.mark, &marks),
        Step::Write(&family.delete_rows, &gone),
        Step::Write(&family.delete, &empty),
    ];
    if let (_, Some(error)) = connection.run(&steps) {
        connection.rollback();
        return Err(error);
    }
    connection.commit()?;
    Ok(count)
}

fn put(columns: &mut Columns, cells: &[Cell]) {
    let mut row = columns.row();
    for cell in cells {
        row = match cell {
            Cell::Null => row.opt_int(None),
            Cell::Integer(number) => row.int(*number),
            Cell::Uuid(id) => row.uuid(*id),
            Cell::Text(text) => row.text(text),
            Cell::Bytes(bytes) => row.bytes(bytes),
        };
    }
}
