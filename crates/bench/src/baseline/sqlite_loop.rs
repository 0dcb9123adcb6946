//! A bare loop that writes orders into SQLite in groups of 1,000, in the leanest tables that an order
//! management system could live with: no HTTP, no parsing, no deciding, nothing but the rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rusqlite::{CachedStatement, Connection, Transaction, params};
use uuid::Uuid;

use crate::load::outcome::{Latency, Outcome};
use crate::workload::catalogue::{Catalogue, RECEIVED};
use crate::workload::order::Order;
use crate::workload::request::{Template, email, reference};
use crate::workload::stream::new_key;

const SCHEMA: &str = include_str!("../../sql/sqlite_loop.sql");
const GROUP: usize = 1_000;
/// As large as the product's: a checkpoint costs less the more it finds to write.
const PAGES_BETWEEN_CHECKPOINTS: u32 = 64_000;

/// A database with stock, ready for rows.
pub(crate) struct SqliteLoop {
    connection: Connection,
    path: PathBuf,
    random: fastrand::Rng,
    bodies: Vec<String>,
    placed: u32,
}

impl SqliteLoop {
    /// Makes the database in this folder and receives the stock.
    pub(crate) fn set_up(folder: &Path, catalogue: &Catalogue, orders: &[Order]) -> Result<Self> {
        let path = folder.join("sqlite-loop.db");
        let mut connection = Connection::open(&path).context("cannot make the database")?;
        durable(&connection)?;
        connection.execute_batch(SCHEMA)?;
        let transaction = connection.transaction()?;
        for (sku, location) in catalogue.stock() {
            transaction
                .prepare_cached("insert into stock values (?, ?, ?, 0)")?
                .execute(params![location, sku, RECEIVED])?;
        }
        transaction.commit()?;
        Ok(Self {
            connection,
            path,
            random: fastrand::Rng::new(),
            bodies: orders.iter().map(body).collect(),
            placed: 0,
        })
    }

    /// Writes groups of orders until the time is over.
    pub(crate) fn run(&mut self, orders: &[Order], lasting: Duration) -> Result<Outcome> {
        let started = Instant::now();
        let mut latency = Latency::new()?;
        while started.elapsed() < lasting {
            let group_started = Instant::now();
            let transaction = self.connection.transaction()?;
            let mut writer = Writer::new(&transaction)?;
            for _ in 0..GROUP {
                let index = usize::try_from(self.placed)? % orders.len();
                self.placed += 1;
                let rows = Rows::new(
                    self.placed,
                    &orders[index],
                    &self.bodies[index],
                    &mut self.random,
                );
                writer.write(&rows)?;
            }
            drop(writer);
            transaction.commit()?;
            let took = group_started.elapsed();
            (0..GROUP).for_each(|_| latency.record(took));
        }
        let elapsed = started.elapsed();
        Ok(Outcome {
            elapsed,
            latency,
            client_cpu: Duration::ZERO,
        })
    }

    /// Fails unless the database holds every order and its stock.
    pub(crate) fn check(&self) -> Result<()> {
        let number = |sql| {
            self.connection
                .query_row(sql, [], |row| row.get::<_, i64>(0))
        };
        let ordered = number("select sum(ordered) from order_lines")?;
        let allocated = number("select sum(allocated) from stock")?;
        ensure!(number("select count(*) from orders")? == i64::from(self.placed));
        ensure!(
            ordered == allocated,
            "{ordered} units ordered, {allocated} allocated"
        );
        Ok(())
    }
}

impl Drop for SqliteLoop {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            // The folder is removed as a whole later; a file that stays behind harms nobody.
            let _ = fs::remove_file(format!("{}{ending}", self.path.display()));
        }
    }
}

/// Sets a connection up as the product's writer is: durable, with a log of a bounded size.
pub(crate) fn durable(connection: &Connection) -> Result<()> {
    let mode: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    ensure!(mode == "wal", "the journal mode is {mode}");
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -256_000)?;
    connection.pragma_update(None, "wal_autocheckpoint", PAGES_BETWEEN_CHECKPOINTS)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// The body of an order as the product keeps it: about what was ordered, as JSON.
fn body(order: &Order) -> String {
    let mut row = Vec::new();
    Template::row(order).fill(&mut row, 0, Uuid::nil());
    String::from_utf8_lossy(&row).into_owned()
}

/// What one order becomes.
struct Rows<'a> {
    order: &'a Order,
    placed: &'a str,
    number: u32,
    id: Uuid,
    customer: Uuid,
    contact: Uuid,
    payment: Uuid,
    allocations: [Uuid; 3],
    key: Uuid,
    at_ms: i64,
}

impl<'a> Rows<'a> {
    fn new(number: u32, order: &'a Order, placed: &'a str, random: &mut fastrand::Rng) -> Self {
        Self {
            order,
            placed,
            number,
            id: new_key(random),
            customer: Uuid::from_u128(u128::from(order.customer)),
            contact: new_key(random),
            payment: new_key(random),
            allocations: [new_key(random), new_key(random), new_key(random)],
            key: new_key(random),
            at_ms: 1_760_000_000_000 + i64::from(number),
        }
    }
}

struct Writer<'a> {
    order: CachedStatement<'a>,
    line: CachedStatement<'a>,
    contact: CachedStatement<'a>,
    journal: CachedStatement<'a>,
    payment: CachedStatement<'a>,
    allocation: CachedStatement<'a>,
    ledger: CachedStatement<'a>,
    claim: CachedStatement<'a>,
    stock: CachedStatement<'a>,
}

impl<'a> Writer<'a> {
    fn new(transaction: &'a Transaction<'_>) -> Result<Self> {
        let prepare = |sql| transaction.prepare_cached(sql);
        Ok(Self {
            order: prepare(
                "insert into orders values (0, ?, 1, ?, 1, ?, ?, 1, 1, 1, ?, 'EUR', ?, ?, ?)",
            )?,
            line: prepare("insert into order_lines values (0, ?, ?, ?, ?, ?, 0, 1)")?,
            contact: prepare("insert into contacts values (0, ?, ?)")?,
            journal: prepare("insert into journal values (0, ?, ?, ?, ?, ?)")?,
            payment: prepare("insert into payments values (0, ?, ?, 1, ?)")?,
            allocation: prepare("insert into allocations values (0, ?, ?, ?, ?, ?)")?,
            ledger: prepare(
                "insert into stock_ledger (item, location, quantity, reason, reference)
                 values (?, ?, ?, 1, ?)",
            )?,
            claim: prepare("insert into claims values (?, ?, ?)")?,
            stock: prepare(
                "update stock set allocated = allocated + ?1
                 where location = ?2 and item = ?3 and allocated + ?1 <= on_hand",
            )?,
        })
    }

    fn write(&mut self, rows: &Rows<'_>) -> Result<()> {
        let id = rows.id.as_bytes();
        self.order.execute(params![
            id,
            rows.number,
            reference(u64::from(rows.number)),
            rows.customer.as_bytes(),
            rows.order.total_minor(),
            rows.at_ms,
            rows.placed,
            r#"{"lines":[{"allocated":1},{"allocated":1},{"allocated":1}],"fulfilments":[]}"#,
        ])?;
        self.contact
            .execute(params![rows.contact.as_bytes(), contact(rows.order)])?;
        let total = rows.order.total_minor();
        self.payment
            .execute(params![id, rows.payment.as_bytes(), total])?;
        let placed = format!(r#"{{"lines":3,"total_minor":{total}}}"#);
        self.journal
            .execute(params![id, 1, rows.at_ms, 1, placed])?;
        self.journal
            .execute(params![id, 2, rows.at_ms, 2, r#"{"locations":[1]}"#])?;
        self.claim.execute(params![1, rows.key.as_bytes(), id])?;
        // A hash of channel and reference has no order, unlike the time-ordered key.
        let hash = u128::from(rows.number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        self.claim.execute(params![2, hash.to_be_bytes(), id])?;
        self.write_lines(rows)
    }

    fn write_lines(&mut self, rows: &Rows<'_>) -> Result<()> {
        let id = rows.id.as_bytes();
        for ((line, allocation), number) in rows.order.lines.iter().zip(&rows.allocations).zip(1..)
        {
            let item = Uuid::from_u128(u128::from(line.sku));
            let (item, location) = (item.as_bytes(), line.location);
            self.line
                .execute(params![id, number, item, location, line.quantity])?;
            let allocation = allocation.as_bytes();
            self.allocation
                .execute(params![allocation, id, item, location, line.quantity])?;
            self.ledger
                .execute(params![item, location, line.quantity, id])?;
            let taken = self
                .stock
                .execute(params![line.quantity, location, line.sku])?;
            ensure!(taken == 1, "no stock of {} at {location}", line.sku);
        }
        Ok(())
    }
}

fn contact(order: &Order) -> String {
    format!(
        r#"{{"email":"{}","name":"Customer {:07}","line1":"Example Street {}","city":"Exampleton"}}"#,
        email(order.customer),
        order.customer,
        order.customer % 200 + 1
    )
}
