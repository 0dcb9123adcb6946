//! Places orders in bulk: rows of NDJSON go up while their answers come down.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::task::LocalSet;

use super::Access;
use crate::load::connection::Connection;
use crate::load::outcome::count_as_f64;
use crate::progress::say;
use crate::workload::request::Template;
use crate::workload::stream::{OrderStream, new_key};

/// How the rows are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// How many connections send at once.
    pub(crate) connections: usize,
    /// How many rows a request has.
    pub(crate) rows: u64,
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// When this much time is over; the requests under way are finished.
    Elapsed(Duration),
    /// When this many orders are placed.
    Placed(u64),
}

/// What is said of one row.
#[derive(Deserialize)]
struct RowAnswer {
    status: u16,
}

struct Shared {
    orders: OrderStream,
    started: Instant,
    until: Until,
    asked: Cell<u64>,
    said: Cell<Instant>,
}

/// What was placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    /// Orders per second, from the first request to the last answer.
    pub(crate) per_second: f64,
    /// The number in the last external reference.
    pub(crate) last_reference: u64,
}

/// Places orders until it is time to stop.
pub(crate) fn place(
    access: &Access,
    rows: &Arc<Vec<Template>>,
    first_reference: u64,
    manner: Manner,
    until: Until,
) -> Result<Placed> {
    let runtime = crate::load::runtime()?;
    let shared = Rc::new(Shared {
        orders: OrderStream::with_references(rows, first_reference),
        started: Instant::now(),
        until,
        asked: Cell::new(0),
        said: Cell::new(Instant::now()),
    });
    LocalSet::new().block_on(&runtime, async {
        let senders: Vec<_> = (0..manner.connections)
            .map(|_| {
                let access = access.clone();
                tokio::task::spawn_local(send(access, manner.rows, Rc::clone(&shared)))
            })
            .collect();
        for sender in senders {
            sender.await??;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    let elapsed = shared.started.elapsed().as_secs_f64();
    let placed = shared.asked.get();
    Ok(Placed {
        per_second: count_as_f64(placed) / elapsed,
        last_reference: first_reference + placed.saturating_sub(1),
    })
}

async fn send(access: Access, rows: u64, shared: Rc<Shared>) -> Result<()> {
    let mut connection = Connection::open(access.address).await?;
    let mut random = fastrand::Rng::new();
    let mut body = Vec::new();
    loop {
        let count = shared.claim(rows);
        if count == 0 {
            return Ok(());
        }
        body.clear();
        (0..count).for_each(|_| shared.orders.append_next(&mut body));
        let head = head(&access.key, new_key(&mut random), body.len());
        let mut answered = 0;
        let status = connection
            .stream_lines(&head, &body, |line| {
                answered += 1;
                check(line)
            })
            .await?;
        ensure!(status == 200, "the bulk request was answered with {status}");
        ensure!(answered == count, "{count} rows sent, {answered} answered");
    }
}

fn check(line: &[u8]) -> Result<()> {
    let text = || String::from_utf8_lossy(line).into_owned();
    let answer: RowAnswer = serde_json::from_slice(line)
        .with_context(|| format!("not the answer to a row: {}", text()))?;
    ensure!(answer.status == 201, "a row was refused: {}", text());
    Ok(())
}

impl Shared {
    /// How many rows to send next; none when it is time to stop.
    fn claim(&self, rows: u64) -> u64 {
        let asked = self.asked.get();
        let count = match self.until {
            Until::Elapsed(time) if self.started.elapsed() >= time => 0,
            Until::Elapsed(_) => rows,
            Until::Placed(all) => rows.min(all - asked),
        };
        self.asked.set(asked + count);
        if let Until::Placed(all) = self.until
            && self.said.get().elapsed() > Duration::from_secs(10)
        {
            self.said.set(Instant::now());
            say(&format!("placed {asked} of {all} orders"));
        }
        count
    }
}

fn head(key: &str, idempotency_key: uuid::Uuid, length: usize) -> Vec<u8> {
    format!(
        "POST /v1/orders/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/x-ndjson\r\nIdempotency-Key: {idempotency_key}\r\n\
         Content-Length: {length}\r\n\r\n"
    )
    .into_bytes()
}
