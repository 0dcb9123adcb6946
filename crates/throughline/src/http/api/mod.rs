//! The endpoints below `/v1`, and what they share.

pub mod agreements;
pub mod answer;
pub mod availability;
pub mod calendars;
pub mod carrier_closures;
pub mod carrier_services;
pub mod channels;
pub mod count_tasks;
pub mod customers;
pub mod drafts;
pub mod events;
pub mod fulfilments;
pub mod geo;
pub mod items;
pub mod keys;
pub mod legs;
pub mod list;
pub mod location_groups;
pub mod locations;
pub mod metadata;
pub mod names;
pub mod orders;
pub mod production_orders;
pub mod promises;
pub mod rates;
pub mod reading;
pub mod recalls;
pub mod reports;
pub mod reservations;
pub mod returns;
pub mod screening_rules;
pub mod shapes;
pub mod sourcing;
pub mod sourcing_policies;
pub mod stock;
pub mod supply;
pub mod transfers;
pub mod units;
pub mod visits;

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::Method;
use rustc_hash::FxHashSet;
use throughline_core::command::Request;
use throughline_core::network::Network;
use throughline_core::promise::LaneBook;
use throughline_core::time::Millis;
use throughline_store::Store;
use tokio::sync::watch;

use super::auth::KnownKeys;
use super::gate::RequestIds;
use super::problem::Problem;
use crate::execute::{Done, Executor};
use crate::metrics::Metrics;

/// What every handler shares.
pub struct Api {
    /// The one way to change anything.
    pub executor: Executor,
    /// Reading.
    pub store: Store,
    /// The network as it was last seen.
    pub network: parking_lot::Mutex<Arc<Network>>,
    /// What was seen of lanes, and when.
    pub lanes: parking_lot::Mutex<Option<(Millis, Arc<LaneBook>)>>,
    /// Keys that were seen a moment ago.
    pub keys: KnownKeys,
    /// Names of requests.
    pub request_ids: RequestIds,
    /// What is measured.
    pub metrics: Arc<Metrics>,
    /// Becomes true when the server stops.
    pub stopping: watch::Receiver<bool>,
    /// The OpenAPI document.
    pub openapi: Bytes,
    /// The JSON Schema of a sourcing policy as text.
    pub policy_schema: Bytes,
    /// The reference page, made when it is first asked for.
    pub docs: OnceLock<Bytes>,
    operations: FxHashSet<(Method, String)>,
}

/// A handle on what every handler shares.
pub type Shared = Arc<Api>;

impl Api {
    /// Puts together what every handler shares.
    #[must_use]
    pub fn new(
        executor: Executor,
        store: Store,
        metrics: Arc<Metrics>,
        stopping: watch::Receiver<bool>,
    ) -> Shared {
        let document = super::openapi::document();
        Arc::new(Self {
            executor,
            store,
            network: parking_lot::Mutex::default(),
            lanes: parking_lot::Mutex::default(),
            keys: KnownKeys::default(),
            request_ids: RequestIds::new(),
            metrics,
            stopping,
            docs: OnceLock::new(),
            operations: super::openapi::operations(&document).into_iter().collect(),
            policy_schema: super::openapi::to_json(&super::schemas::sourcing_policy(&document))
                .into(),
            openapi: super::openapi::to_json(&document).into(),
        })
    }

    /// Executes a request.
    ///
    /// # Errors
    /// The refusal or fault as a problem.
    pub async fn execute(&self, request: Request) -> Result<Done, Problem> {
        Ok(self.executor.execute(request).await?)
    }

    /// Whether the API has such an operation.
    #[must_use]
    pub fn offers(&self, method: &Method, path: &str) -> bool {
        self.operations.contains(&(method.clone(), path.to_owned()))
    }
}
