//! Runs the hand-written transactions with some number of clients and counts the commits.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::LocalSet;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

use super::cluster::Cluster;
use super::{one_statement, separate};
use crate::load::outcome::{Outcome, Window};
use crate::workload::catalogue::{Catalogue, RECEIVED, location_code, sku_code};
use crate::workload::order::Order;
use crate::workload::request::email;
use crate::workload::stream::new_key;

const DATABASE: &str = "hand_written";
const SCHEMA: &str = include_str!("../../../sql/hand_written.sql");

/// How the transaction is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// (a): one statement for each thing, between BEGIN and COMMIT.
    Separate,
    /// (b): one data-modifying statement that does everything.
    OneStatement,
}

/// A database with stock, ready for hand-written orders.
pub(crate) struct Hand {
    cluster: Rc<Cluster>,
    placed: Cell<i64>,
}

/// One client with its prepared statements.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) statements: Vec<Statement>,
}

/// An order with what the application makes up for it.
pub(crate) struct Placing<'a> {
    pub(crate) order: &'a Order,
    pub(crate) id: Uuid,
    pub(crate) payment_id: Uuid,
    pub(crate) external_ref: String,
    pub(crate) customer_email: String,
    pub(crate) customer_name: String,
    pub(crate) ship_to: String,
    pub(crate) journal_body: String,
    /// The lines in the order in which their stock is locked.
    pub(crate) lines: [PlacingLine; 3],
}

/// A line as its columns.
pub(crate) struct PlacingLine {
    pub(crate) sku: String,
    pub(crate) location: String,
    pub(crate) quantity: i32,
    unit_price_minor: i64,
}

impl Hand {
    /// Makes the tables and receives the stock.
    pub(crate) fn set_up(cluster: &Rc<Cluster>, catalogue: &Catalogue) -> Result<Self> {
        cluster.create_database(DATABASE)?;
        cluster.execute(DATABASE, SCHEMA)?;
        for part in catalogue.stock().chunks(10_000) {
            let rows: Vec<String> = part
                .iter()
                .map(|&(sku, location)| {
                    let (sku, location) = (sku_code(sku), location_code(location));
                    format!("('{sku}', '{location}', {RECEIVED})")
                })
                .collect();
            let rows = rows.join(", ");
            let sql = format!("insert into stock (sku, location, on_hand) values {rows}");
            cluster.execute(DATABASE, &sql)?;
        }
        cluster.execute(DATABASE, "vacuum analyze")?;
        Ok(Self {
            cluster: Rc::clone(cluster),
            placed: Cell::new(0),
        })
    }

    /// Places orders with `clients` clients, each as soon as its last commit was answered.
    pub(crate) fn run(
        &self,
        shape: Shape,
        clients: usize,
        orders: &Arc<Vec<Order>>,
        times: (Duration, Duration),
    ) -> Result<Outcome> {
        let runtime = crate::load::runtime()?;
        LocalSet::new().block_on(&runtime, async {
            let mut sessions = Vec::new();
            for _ in 0..clients {
                sessions.push(Session::open(&self.cluster, shape).await?);
            }
            let window = Rc::new(RefCell::new(Window::new(times.0, times.1)?));
            let next = Rc::new(Cell::new(fastrand::usize(..orders.len())));
            let writers: Vec<_> = sessions
                .into_iter()
                .map(|session| {
                    let (orders, next) = (Arc::clone(orders), Rc::clone(&next));
                    tokio::task::spawn_local(write(session, shape, orders, next, window.clone()))
                })
                .collect();
            for writer in writers {
                self.placed.set(self.placed.get() + writer.await??);
            }
            let window = Rc::into_inner(window).context("a client outlived its load")?;
            Ok(window.into_inner().outcome())
        })
    }

    /// Fails unless the database holds every order that was acknowledged, with its stock.
    pub(crate) fn check(&self) -> Result<()> {
        let number = |sql| self.cluster.number(DATABASE, sql);
        let placed = self.placed.get();
        let lines = number("select sum(quantity)::bigint from order_lines")?;
        let stock = number("select sum(allocated)::bigint from stock")?;
        ensure!(placed == number("select count(*) from orders")?);
        ensure!(placed == number("select count(*) from payments")?);
        ensure!(placed == number("select count(*) from journal")?);
        ensure!(lines == stock, "{lines} units ordered, {stock} allocated");
        Ok(())
    }
}

impl Session {
    async fn open(cluster: &Cluster, shape: Shape) -> Result<Self> {
        let (client, connection) = cluster.config(DATABASE).connect(NoTls).await?;
        // The connection ends with its client; what went wrong is answered to the client.
        tokio::task::spawn_local(connection);
        let mut statements = Vec::new();
        let sql = match shape {
            Shape::Separate => separate::STATEMENTS,
            Shape::OneStatement => one_statement::STATEMENTS,
        };
        for text in sql {
            statements.push(client.prepare(text).await?);
        }
        Ok(Self { client, statements })
    }
}

async fn write(
    mut session: Session,
    shape: Shape,
    orders: Arc<Vec<Order>>,
    next: Rc<Cell<usize>>,
    window: Rc<RefCell<Window>>,
) -> Result<i64> {
    let mut random = fastrand::Rng::new();
    let mut placed = 0;
    loop {
        let index = next.get();
        next.set((index + 1) % orders.len());
        let placing = Placing::new(&orders[index], &mut random);
        let sent = Instant::now();
        place(&mut session, shape, &placing).await?;
        placed += 1;
        let now = Instant::now();
        let mut window = window.borrow_mut();
        window.record(sent, now);
        if window.is_closed(now) {
            return Ok(placed);
        }
    }
}

/// Places one order, again if PostgreSQL chose it as the victim of a deadlock.
async fn place(session: &mut Session, shape: Shape, placing: &Placing<'_>) -> Result<()> {
    loop {
        let answer = match shape {
            Shape::Separate => separate::place(session, placing).await,
            Shape::OneStatement => one_statement::place(session, placing).await,
        };
        match answer {
            Err(error) if is_deadlock(&error) => {}
            answer => return answer,
        }
    }
}

fn is_deadlock(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<tokio_postgres::Error>();
    error.and_then(tokio_postgres::Error::code) == Some(&SqlState::T_R_DEADLOCK_DETECTED)
}

impl<'a> Placing<'a> {
    fn new(order: &'a Order, random: &mut fastrand::Rng) -> Self {
        let name = format!("Customer {:07}", order.customer);
        let id = new_key(random);
        Self {
            order,
            id,
            payment_id: new_key(random),
            external_ref: id.simple().to_string(),
            customer_email: email(order.customer),
            ship_to: format!(
                r#"{{"name":"{name}","line1":"Example Street {}","city":"Exampleton","postal_code":"{:05}","country":"DE"}}"#,
                order.customer % 200 + 1,
                10_000 + order.customer % 80_000
            ),
            journal_body: format!(
                r#"{{"total_minor":{},"lines":3,"by":"web"}}"#,
                order.total_minor()
            ),
            customer_name: name,
            lines: order.lines_by_stock_key().map(|line| PlacingLine {
                sku: sku_code(line.sku),
                location: location_code(line.location),
                quantity: i32::from(line.quantity),
                unit_price_minor: i64::from(line.unit_price_minor),
            }),
        }
    }

    /// Appends the columns of all lines.
    pub(crate) fn push_lines<'b>(&'b self, values: &mut Vec<&'b (dyn ToSql + Sync)>) {
        for line in &self.lines {
            values.push(&line.sku);
            values.push(&line.location);
            values.push(&line.quantity);
            values.push(&line.unit_price_minor);
        }
    }
}
