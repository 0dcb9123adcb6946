//! The closed loop: every connection asks again as soon as it was answered. It finds the peak.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, Result};
use tokio::task::LocalSet;

use super::connection::Connection;
use super::outcome::{Outcome, Window};
use super::{Load, runtime};
use crate::workload::stream::OrderStream;

/// Sends orders as fast as they are answered; any other answer than the one that is wanted ends the run.
pub(crate) fn run(load: &Load, orders: OrderStream) -> Result<Outcome> {
    let runtime = runtime()?;
    let window = Rc::new(RefCell::new(Window::new(load.warm_up, load.lasting)?));
    let orders = Rc::new(orders);
    LocalSet::new().block_on(&runtime, async {
        let buyers: Vec<_> = (0..load.connections)
            .map(|index| {
                let target = (load.target(index), load.wanted);
                tokio::task::spawn_local(buy(target, Rc::clone(&orders), Rc::clone(&window)))
            })
            .collect();
        for buyer in buyers {
            buyer.await??;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    let window = Rc::into_inner(window).context("a buyer outlived its load")?;
    Ok(window.into_inner().outcome())
}

async fn buy(
    (target, wanted): (std::net::SocketAddr, u16),
    orders: Rc<OrderStream>,
    window: Rc<RefCell<Window>>,
) -> Result<()> {
    let mut connection = Connection::open(target).await?;
    let mut request = Vec::with_capacity(2_048);
    loop {
        orders.next_into(&mut request);
        let sent = Instant::now();
        connection.exchange(&request).await?.expect(wanted)?;
        let now = Instant::now();
        let mut window = window.borrow_mut();
        window.record(sent, now);
        if window.is_closed(now) {
            return Ok(());
        }
    }
}
