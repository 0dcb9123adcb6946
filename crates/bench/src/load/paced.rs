//! The open loop: orders arrive when customers please, not when the server is ready. Each order's
//! time counts from the instant it was due, so a server that falls behind cannot hide it.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::LocalSet;

use super::connection::Connection;
use super::outcome::{Outcome, Window};
use super::{Load, runtime};
use crate::workload::stream::OrderStream;

type Arrivals = Rc<Mutex<UnboundedReceiver<Instant>>>;

/// Places `rate` orders a second at random intervals, as independent customers would.
pub(crate) fn run(load: &Load, rate: f64, orders: OrderStream) -> Result<Outcome> {
    let runtime = runtime()?;
    let (due, arrivals) = unbounded_channel();
    let window = Rc::new(RefCell::new(Window::new(load.warm_up, load.lasting)?));
    let until = Instant::now() + load.warm_up + load.lasting;
    let clock = thread::spawn(move || announce(rate, until, &due));
    let arrivals: Arrivals = Rc::new(Mutex::new(arrivals));
    let orders = Rc::new(orders);
    LocalSet::new().block_on(&runtime, async {
        let buyers: Vec<_> = (0..load.connections)
            .map(|index| {
                let (arrivals, orders) = (Rc::clone(&arrivals), Rc::clone(&orders));
                let buyer = buy(load.target(index), arrivals, orders, Rc::clone(&window));
                tokio::task::spawn_local(buyer)
            })
            .collect();
        for buyer in buyers {
            buyer.await??;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    clock.join().ok().context("the arrival clock failed")?;
    let window = Rc::into_inner(window).context("a buyer outlived its load")?;
    Ok(window.into_inner().outcome())
}

/// Sends the instant of every arrival when it is due. A thread of its own, because the timer of
/// an asynchronous runtime is no finer than a millisecond.
fn announce(rate: f64, until: Instant, due: &UnboundedSender<Instant>) {
    let mut random = fastrand::Rng::with_seed(7);
    let mut next = Instant::now();
    while next < until {
        let wait = next.saturating_duration_since(Instant::now());
        if !wait.is_zero() {
            thread::sleep(wait);
        }
        if due.send(next).is_err() {
            return;
        }
        next += Duration::from_secs_f64(-(1.0 - random.f64()).ln() / rate);
    }
}

async fn buy(
    target: SocketAddr,
    arrivals: Arrivals,
    orders: Rc<OrderStream>,
    window: Rc<RefCell<Window>>,
) -> Result<()> {
    let mut connection = Connection::open(target).await?;
    let mut request = Vec::with_capacity(2_048);
    loop {
        let Some(due) = arrivals.lock().await.recv().await else {
            return Ok(());
        };
        orders.next_into(&mut request);
        connection.exchange(&request).await?.expect(201)?;
        window.borrow_mut().record(due, Instant::now());
    }
}
