//! `throughline serve`.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use throughline_store::{Store, keys};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Failure, database};
use crate::config::Settings;
use crate::execute::Executor;
use crate::http::api::Api;
use crate::http::{router, server};
use crate::jobs::Jobs;
use crate::metrics::Metrics;

/// Everything must have ended so long after a signal.
const STOP_TIME: Duration = Duration::from_millis(9_500);

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Address and port to serve on; 127.0.0.1:7474 unless given
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// What this process does: api, worker, or both
    #[arg(long, value_name = "ROLES")]
    pub roles: Option<String>,
    /// Client connections served at the same time
    #[arg(long, value_name = "NUMBER")]
    pub max_connections: Option<String>,
}

/// Serves until the process is told to stop.
pub(super) fn serve(settings: &Settings) -> Result<(), Failure> {
    let store = database::open(settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|source| Failure::Fault {
        what: "cannot start the runtime".to_owned(),
        source,
    })?;
    let served = runtime.block_on(run(settings, store));
    runtime.shutdown_timeout(Duration::from_millis(200));
    served
}

async fn run(settings: &Settings, store: Store) -> Result<(), Failure> {
    let (stop, stopping) = watch::channel(false);
    let listener = match settings.roles.api {
        true => Some(listen(settings.listen).await?),
        false => None,
    };
    let executor = Executor::start(&store)?;
    tell_about_keys(&store, settings)?;
    let serving = listener.map(|listener| {
        let address = listener.local_addr().unwrap_or(settings.listen);
        let metrics = Metrics::new(&executor);
        let api = Api::new(executor.clone(), store.clone(), metrics, stopping.clone());
        tracing::info!(%address, database = store.place(), "serving at http://{address}");
        tokio::spawn(server::serve(
            listener,
            router::router(api),
            stopping.clone(),
            settings.max_connections,
        ))
    });
    let jobs = if settings.roles.worker {
        Some(Jobs::start(&store, &executor)?)
    } else {
        None
    };
    wait_for_signal().await?;
    tracing::info!("stopping: finishing what is in flight");
    stop.send_replace(true);
    let finish = async {
        if let Some(serving) = serving
            && serving.await.is_err()
        {
            tracing::error!("the server ended with a panic");
        }
        if let Some(jobs) = jobs {
            jobs.stop().await;
        }
        executor.shutdown().await;
    };
    if tokio::time::timeout(STOP_TIME, finish).await.is_err() {
        tracing::warn!("not everything ended in time");
    }
    tracing::info!("stopped");
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Listen { address, error })
}

async fn wait_for_signal() -> Result<(), Failure> {
    let signals = signal(SignalKind::terminate())
        .and_then(|terminate| Ok((terminate, signal(SignalKind::interrupt())?)));
    let (mut terminate, mut interrupt) = signals.map_err(|source| Failure::Fault {
        what: "cannot wait for signals".to_owned(),
        source,
    })?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// A database without keys lets nobody in; whoever started the server is told how to make one.
fn tell_about_keys(store: &Store, settings: &Settings) -> Result<(), Failure> {
    if store
        .read(|connection| keys::list(connection, None))?
        .is_empty()
    {
        let database = settings.database_shown();
        tracing::warn!(
            "there are no API keys yet; make one with: throughline key create --database {database} --role owner"
        );
    }
    Ok(())
}
