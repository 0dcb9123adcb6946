//! Runs over many orders: what they say they did is what their rows say, and the rows agree with the journals they speak
//! of (I6). Runs whose rows are being pruned are left out.

use serde::de::DeserializeOwned;
use throughline_core::carrier::ClosureId;
use throughline_core::id::{BulkId, OrderId, SourcingRunId};
use throughline_core::order::queue::{QueueReport, QueueResult};
use throughline_core::order::replay::{OrderReplay, ReplayReport, past_order};
use throughline_core::order::{Entry, Record};
use uuid::Uuid;

use super::Seen;
use super::statements::{BULK_RUNS, CLOSURE_RUNS, SOURCING_RUNS};
use crate::bulk;
use crate::closures::{self, Became, ClosureProgress, ClosureRun};
use crate::engine::{Cell, Connection};
use crate::error::StoreError;
use crate::sourcing_runs::{self, OrderResult, RUNNING};
use crate::views::{self, PAGE_MAX};

/// The word for runs that are over.
const DONE: &str = "done";

pub(super) fn check(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    sourcing(connection, seen)?;
    closures(connection, seen)?;
    bulks(connection, seen)
}

fn sourcing(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut after = vec![Cell::text(""), Cell::Uuid(Uuid::nil())];
    loop {
        let rows = connection.list(&SOURCING_RUNS, &after)?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows.iter() {
            after = row.cells()[..2].to_vec();
            let id = SourcingRunId::from_uuid(row.uuid(1)?);
            match (row.text(0)?, row.text(2)?) {
                ("queue", RUNNING | DONE) => queue_run(connection, id, &row.json(3)?, seen)?,
                ("replay", DONE) => replay_run(connection, id, &row.json(3)?, seen)?,
                _ => {}
            }
        }
    }
}

fn queue_run(
    connection: &mut Connection,
    id: SourcingRunId,
    report: &QueueReport,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let mut sum = QueueReport::default();
    let what = format!("sourcing run {id}");
    each(connection, id, seen, &what, |one, entries, wrong| {
        let result: &QueueResult = &one.result;
        sum.add(result);
        let is_sourced = |entry: &Entry| matches!(entry.record, Record::LinesSourced { .. });
        if result.served > 0 && !entries.iter().any(is_sourced) {
            wrong("was sourced, says the run, and its journal does not");
        }
        if result.served > result.wanted || result.served < 0 {
            wrong("was given more than it wanted");
        }
    })?;
    let told = (report.done, report.wanted, report.served);
    let is = (sum.done, sum.wanted, sum.served);
    if told != is {
        let detail = format!("{what}: it tells (done, wanted, served) {told:?}, its rows {is:?}");
        seen.report("I6", detail);
    }
    Ok(())
}

fn replay_run(
    connection: &mut Connection,
    id: SourcingRunId,
    report: &ReplayReport,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let what = format!("replay {id}");
    let mut rows = 0;
    each(connection, id, seen, &what, |one, entries, wrong| {
        rows += 1;
        let result: &OrderReplay = &one.result;
        let then = past_order(one.order, entries).map(|past| {
            let at = past.allotments.iter().filter(|one| one.location.is_some());
            at.map(|allotment| allotment.load().units).sum::<i64>()
        });
        if then != Some(result.was.served()) {
            wrong("was first sourced otherwise than the replay says");
        }
        if !result.is_other() {
            wrong("is told as decided otherwise, and is not");
        }
    })?;
    if rows != report.other {
        let other = report.other;
        let detail = format!(
            "{what}: it tells {other} orders that are decided otherwise, and has {rows} rows"
        );
        seen.report("I6", detail);
    }
    Ok(())
}

/// Looks at each row of a run: its turn, its order, and what that order's journal says.
fn each<T: DeserializeOwned>(
    connection: &mut Connection,
    id: SourcingRunId,
    seen: &mut Seen,
    what: &str,
    mut look: impl FnMut(&OrderResult<T>, &[Entry], &mut dyn FnMut(&str)),
) -> Result<(), StoreError> {
    let (mut after, mut turn) = (None::<String>, 0);
    loop {
        let page = sourcing_runs::results::<T>(connection, id, after.as_deref(), PAGE_MAX)?;
        for one in &page.data {
            turn += 1;
            if one.position != turn {
                let position = one.position;
                seen.report(
                    "I6",
                    format!("{what}: turn {turn} is missing, {position} is there"),
                );
                turn = one.position;
            }
            if is_of(connection, (one.order, one.number), what, seen)? {
                let entries = views::journal::all(connection, one.order)?;
                look(one, &entries, &mut |wrong| {
                    seen.report("I6", format!("{what}: order {} {wrong}", one.order));
                });
            }
        }
        after = page.next_cursor;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Whether there is an order with this number; reported if not.
fn is_of(
    connection: &mut Connection,
    (order, number): (OrderId, u64),
    what: &str,
    seen: &mut Seen,
) -> Result<bool, StoreError> {
    let stored = views::orders::get(connection, order)?;
    let is_known = stored.is_some_and(|stored| stored.order.number == number);
    if !is_known {
        let detail = format!(
            "{what}: it speaks of order {order} as number {number}, and there is none such"
        );
        seen.report("I6", detail);
    }
    Ok(is_known)
}

fn closures(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut after = vec![Cell::Integer(-1), Cell::Integer(0)];
    loop {
        let rows = connection.list(&CLOSURE_RUNS, &after)?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows.iter() {
            after = row.cells()[..2].to_vec();
            let state = row.int(3)?;
            let run = ClosureRun {
                closure: ClosureId(row.number(0)?),
                network: row.int(1)?,
                version: row.int(4)?,
                is_running: state == 1,
                progress: row.json(2)?,
            };
            if state == 0 || state == 1 {
                closure_run(connection, &run, seen)?;
            }
        }
    }
}

fn closure_run(
    connection: &mut Connection,
    run: &ClosureRun,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let what = format!("run of closure {} at {}", run.closure.0, run.network);
    let mut sum = ClosureProgress::default();
    let mut position = 0;
    loop {
        let rows = closures::touched(connection, run, position, PAGE_MAX)?;
        for (at, one) in &rows {
            position += 1;
            if *at != position {
                seen.report(
                    "I6",
                    format!("{what}: row {position} is missing, {at} is there"),
                );
                position = *at;
            }
            sum.touched += 1;
            sum.later_days += one.later_days;
            match one.became {
                Became::Rerouted => sum.rerouted += 1,
                Became::Later => sum.later += 1,
                Became::Unchanged => sum.unchanged += 1,
            }
            let is_known = is_of(connection, (one.order, one.number), &what, seen)?;
            if is_known && throughline_core::id::split(one.fulfilment).0 != one.order.uuid() {
                let detail = format!(
                    "{what}: {} is no fulfilment of order {}",
                    one.fulfilment, one.order
                );
                seen.report("I6", detail);
            }
        }
        if rows.len() < PAGE_MAX {
            break;
        }
    }
    let of = |one: &ClosureProgress| {
        [
            one.touched,
            one.rerouted,
            one.later,
            one.unchanged,
            one.later_days,
        ]
    };
    let (told, is) = (of(&run.progress), of(&sum));
    if told != is {
        let detail = format!(
            "{what}: it tells (touched, rerouted, later, unchanged, days) {told:?}, its rows {is:?}"
        );
        seen.report("I6", detail);
    }
    Ok(())
}

fn bulks(connection: &mut Connection, seen: &mut Seen) -> Result<(), StoreError> {
    let mut after = vec![Cell::Uuid(Uuid::nil())];
    loop {
        let rows = connection.list(&BULK_RUNS, &after)?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows.iter() {
            after = row.cells()[..1].to_vec();
            let (id, not_done) = (BulkId::from_uuid(row.uuid(0)?), row.int(2)?);
            if matches!(row.text(1)?, RUNNING | DONE) {
                bulk_run(connection, id, not_done, seen)?;
            }
        }
    }
}

fn bulk_run(
    connection: &mut Connection,
    id: BulkId,
    not_done: i64,
    seen: &mut Seen,
) -> Result<(), StoreError> {
    let what = format!("action over many orders {id}");
    let mut rows = 0;
    loop {
        let left = bulk::left(connection, id, rows, PAGE_MAX)?;
        for one in &left {
            rows += 1;
            is_of(connection, (one.order, one.number), &what, seen)?;
        }
        if left.len() < PAGE_MAX {
            break;
        }
    }
    if rows != not_done {
        let detail = format!(
            "{what}: it tells {not_done} orders that it did not reach, and has {rows} rows"
        );
        seen.report("I6", detail);
    }
    Ok(())
}
