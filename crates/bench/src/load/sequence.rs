//! Finite work over a few connections: setting a server up, and asking one thing many times.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Result;
use tokio::task::LocalSet;

use super::connection::Connection;
use super::outcome::Latency;
use super::runtime;

/// Sends every request once over `connections` connections; each must be answered with 2xx.
pub(crate) fn send_all<I>(target: SocketAddr, connections: usize, requests: I) -> Result<()>
where
    I: Iterator<Item = Vec<u8>> + 'static,
{
    let runtime = runtime()?;
    let requests = Rc::new(RefCell::new(requests));
    LocalSet::new().block_on(&runtime, async {
        let senders: Vec<_> = (0..connections)
            .map(|_| tokio::task::spawn_local(send(target, Rc::clone(&requests))))
            .collect();
        for sender in senders {
            sender.await??;
        }
        Ok(())
    })
}

async fn send<I: Iterator<Item = Vec<u8>>>(
    target: SocketAddr,
    requests: Rc<RefCell<I>>,
) -> Result<()> {
    let mut connection = Connection::open(target).await?;
    loop {
        let Some(request) = requests.borrow_mut().next() else {
            return Ok(());
        };
        let answer = connection.exchange(&request).await?;
        if !(200..300).contains(&answer.status) {
            answer.expect(200)?;
        }
    }
}

/// One connection that asks one thing after the other, for times without any contention.
pub(crate) struct Caller {
    runtime: tokio::runtime::Runtime,
    connection: Connection,
}

impl Caller {
    /// Connects.
    pub(crate) fn open(target: SocketAddr) -> Result<Self> {
        let runtime = runtime()?;
        let connection = runtime.block_on(Connection::open(target))?;
        Ok(Self {
            runtime,
            connection,
        })
    }

    /// Sends one request, wants this status and answers the body.
    pub(crate) fn ask(&mut self, request: &[u8], status: u16) -> Result<Vec<u8>> {
        let answer = self.runtime.block_on(self.connection.exchange(request))?;
        answer.expect(status)?;
        Ok(answer.body.to_vec())
    }

    /// Sends `count` requests one after the other and adds their times to `latency`.
    pub(crate) fn time(
        &mut self,
        count: usize,
        status: u16,
        latency: &mut Latency,
        mut render: impl FnMut(&mut Vec<u8>),
    ) -> Result<()> {
        let mut request = Vec::with_capacity(2_048);
        let connection = &mut self.connection;
        self.runtime.block_on(async {
            for _ in 0..count {
                render(&mut request);
                let sent = Instant::now();
                connection.exchange(&request).await?.expect(status)?;
                latency.record(sent.elapsed());
            }
            Ok(())
        })
    }
}
