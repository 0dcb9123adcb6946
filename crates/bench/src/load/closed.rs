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

/// Places orders as fast as they are answered; anything but a 201 ends the run.
pub(crate) fn run(load: &Load, orders: OrderStream) -> Result<Outcome> {
    let runtime = runtime()?;
    let window = Rc::new(RefCell::new(Window::new(load.warm_up, load.lasting)?));
    let orders = Rc::new(orders);
    LocalSet::new().block_on(&runtime, async {
        let buyers: Vec<_> = (0..load.connections)
            .map(|index| {
                let buyer = buy(load.target(index), Rc::clone(&orders), Rc::clone(&window));
                tokio::task::spawn_local(buyer)
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
    target: std::net::SocketAddr,
    orders: Rc<OrderStream>,
    window: Rc<RefCell<Window>>,
) -> Result<()> {
    let mut connection = Connection::open(target).await?;
    let mut request = Vec::with_capacity(2_048);
    loop {
        orders.next_into(&mut request);
        let sent = Instant::now();
        connection.exchange(&request).await?.expect(201)?;
        let now = Instant::now();
        let mut window = window.borrow_mut();
        window.record(sent, now);
        if window.is_closed(now) {
            return Ok(());
        }
    }
}
