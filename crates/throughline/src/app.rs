//! A running server: the write path, the jobs and the API on one database, started and stopped together.

use std::net::SocketAddr;
use std::time::Duration;

use throughline_store::{Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::execute::Executor;
use crate::http::api::Api;
use crate::http::{router, server};
use crate::jobs::Jobs;
use crate::metrics::Metrics;

/// Everything has ended so long after it was told to stop, or is left behind.
const STOP_TIME: Duration = Duration::from_millis(9_500);

/// What a server does.
#[derive(Debug)]
pub struct Parts {
    /// Where it serves the API, if it does.
    pub listener: Option<TcpListener>,
    /// Whether it works on jobs.
    pub worker: bool,
    /// Client connections served at the same time.
    pub max_connections: usize,
}

/// A running server.
pub struct App {
    executor: Executor,
    address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<()>>,
    jobs: Option<Jobs>,
}

impl App {
    /// Starts a server on a database. Call it within a runtime.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn start(store: &Store, parts: Parts) -> Result<Self, StoreError> {
        let executor = Executor::start(store)?;
        let jobs = match parts.worker {
            true => Some(Jobs::start(store, &executor)?),
            false => None,
        };
        let (stop, stopping) = watch::channel(false);
        let address = parts
            .listener
            .as_ref()
            .and_then(|listener| listener.local_addr().ok());
        let serving = parts.listener.map(|listener| {
            let metrics = Metrics::new(&executor);
            let api = Api::new(executor.clone(), store.clone(), metrics, stopping.clone());
            tokio::spawn(server::serve(
                listener,
                router::router(api),
                stopping,
                parts.max_connections,
            ))
        });
        Ok(Self {
            executor,
            address,
            stop,
            serving,
            jobs,
        })
    }

    /// Where the API is served.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// The write path.
    #[must_use]
    pub fn executor(&self) -> &Executor {
        &self.executor
    }

    /// Finishes what is in flight and ends, within ten seconds.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let finish = async {
            if let Some(serving) = self.serving
                && serving.await.is_err()
            {
                tracing::error!("the server ended with a panic");
            }
            if let Some(jobs) = self.jobs {
                jobs.stop().await;
            }
            self.executor.shutdown().await;
        };
        if tokio::time::timeout(STOP_TIME, finish).await.is_err() {
            tracing::warn!("not everything ended in time");
        }
    }
}
