//! The load generator: keep-alive connections in closed or open loops, and what they saw.

pub(crate) mod closed;
pub(crate) mod connection;
pub(crate) mod outcome;
pub(crate) mod paced;
pub(crate) mod response;
pub(crate) mod sequence;

use std::net::SocketAddr;
use std::time::Duration;

/// How hard and how long a load presses on a server.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// The servers; connections are dealt out to them in turn.
    pub(crate) targets: Vec<SocketAddr>,
    /// How many connections are open at once.
    pub(crate) connections: usize,
    /// How long the load runs before anything is counted.
    pub(crate) warm_up: Duration,
    /// How long the load is counted.
    pub(crate) lasting: Duration,
}

impl Load {
    /// The server that the connection with this index talks to.
    pub(crate) fn target(&self, connection: usize) -> SocketAddr {
        self.targets[connection % self.targets.len()]
    }
}

/// A runtime for one load: one thread, because the server needs the other core more.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
