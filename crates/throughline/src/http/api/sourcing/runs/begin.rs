//! Beginning to source what waits, by hand.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use throughline_core::Refusal;
use throughline_core::command::{Actor, IdempotencyKey};
use throughline_core::id::SourcingRunId;
use throughline_core::order::queue::{QueueRun, named_policy};
use throughline_core::time::Millis;
use utoipa::ToSchema;

use super::get::read;
use super::view::RunView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::orders::bulk_actions::{FilterBody, filter_of};
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::{Asking, Write, first_half};
use crate::wiring::{clock, ids};

/// Which waiting orders are sourced together.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewSourcingRun, example = json!({"filter": {"channel": "web"}}))]
#[serde(deny_unknown_fields)]
pub struct RunBody {
    /// Which of the orders that wait; all of them unless given. Only orders placed before now are sourced.
    filter: Option<FilterBody>,
    /// Code of the policy that decides on all of them, by its last version; each order's own unless given.
    #[schema(min_length = 1, max_length = 64)]
    policy: Option<String>,
}

impl RequestBody for RunBody {}

/// Sources all orders that wait and fit a filter together, in the background: priority first, then what is wanted first, then
/// age; and of all ways to serve them so, the one that costs least. The answer names the run; reading it tells how far it is,
/// what it saved against one after the other, and what is proven of it.
#[utoipa::path(
    post, path = "/v1/sourcing/runs", operation_id = "begin_sourcing_run", tag = "sourcing", request_body = RunBody,
    responses((status = 202, description = "The run", body = RunView, headers(("Location" = String))))
)]
pub async fn begin_sourcing_run(
    State(api): State<Shared>,
    write: Write<RunBody>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let filter = write.body.filter.unwrap_or_default();
    let policy = write.body.policy.as_deref();
    let run = QueueRun {
        filter: filter_of(&api, filter, &network).await?,
        policy: policy
            .map(|code| named_policy(&network, "/policy", code))
            .transpose()?,
        scheduled: None,
    };
    run.check()?;
    let (actor, now) = (write.asked.caller.actor(), clock::now());
    let id = run_id(&write.asked);
    let asked = run.clone();
    api.write(move |store| store.insert_sourcing_run(id, actor, &run, now))
        .await?;
    let run = read(&api, id).await?;
    if run.asked != asked {
        let key = write.asked.key.map(|key| key.key).unwrap_or_default();
        return Err(Refusal::IdempotencyKeyReused { key }.into());
    }
    let rendered = Rendered::new(StatusCode::ACCEPTED, &RunView::new(&run, &network));
    Ok(rendered.at(&format!("/v1/sourcing/runs/{id}")))
}

/// The id of a run that is asked for: the same key of the same caller leads to the same run.
pub fn run_id(asked: &Asking) -> SourcingRunId {
    let actor = asked.caller.actor();
    let key = asked.key.as_ref();
    key.map_or_else(ids::sourcing_run, |key| id_of(&actor, key))
}

fn id_of(actor: &Actor, key: &IdempotencyKey) -> SourcingRunId {
    let scope = format!("{actor}\n{}\n{}", key.operation, key.key);
    let half = first_half(&Sha256::digest(scope.as_bytes()));
    SourcingRunId::new(Millis(0), u128::from_be_bytes(half))
}
