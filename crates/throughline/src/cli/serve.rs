//! `throughline serve`.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use throughline_store::{Store, keys};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::block_in_place;

use super::{Failure, database};
use crate::app::{App, Parts};
use crate::config::Settings;

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
    let runtime = runtime()?;
    let served = runtime.block_on(run(settings));
    runtime.shutdown_timeout(Duration::from_millis(200));
    served
}

/// The runtime that a server needs.
///
/// # Errors
/// When the system gives no more threads.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(|source| Failure::Fault {
        what: "cannot start the runtime".to_owned(),
        source,
    })
}

async fn run(settings: &Settings) -> Result<(), Failure> {
    let mut signals = signals()?;
    let listener = match settings.roles.api {
        true => Some(listen(settings.listen).await?),
        false => None,
    };
    // The port comes first, so that nothing is made where it is taken. The database is talked to by threads that may
    // wait for it.
    let store = block_in_place(|| database::open(settings))?;
    block_in_place(|| tell_about_keys(&store, settings))?;
    let parts = Parts {
        listener,
        worker: settings.roles.worker,
        max_connections: settings.max_connections,
    };
    let app = block_in_place(|| App::start(&store, parts))
        .map_err(|error| database::named(&store, error))?;
    match app.address() {
        Some(address) => {
            tracing::info!(%address, database = store.place(), "serving at http://{address}")
        }
        None => tracing::info!(database = store.place(), "working on jobs"),
    }
    told_to_stop(&mut signals).await;
    tracing::info!("stopping: finishing what is in flight");
    app.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Binds the port.
///
/// # Errors
/// When somebody else listens there.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Listen { address, error })
}

/// Waits until the process is told to stop.
///
/// # Errors
/// When signals cannot be waited for.
pub(super) async fn wait_for_signal() -> Result<(), Failure> {
    told_to_stop(&mut signals()?).await;
    Ok(())
}

/// The signals that tell the process to stop, waited for from now on.
///
/// # Errors
/// When signals cannot be waited for.
pub(super) fn signals() -> Result<(Signal, Signal), Failure> {
    let terminate = signal(SignalKind::terminate());
    let both = terminate.and_then(|terminate| Ok((terminate, signal(SignalKind::interrupt())?)));
    both.map_err(|source| Failure::Fault {
        what: "cannot wait for signals".to_owned(),
        source,
    })
}

/// Waits for the next of them.
pub(super) async fn told_to_stop((terminate, interrupt): &mut (Signal, Signal)) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
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
