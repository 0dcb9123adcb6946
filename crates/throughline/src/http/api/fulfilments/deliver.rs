//! What became of shipped units.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::fulfilment::{OutcomeScope, RecordOutcome};
use throughline_core::order::Outcome;
use utoipa::ToSchema;
use uuid::Uuid;

use super::lines::package;
use super::view::{FulfilmentView, OutcomeShape};
use crate::http::api::Shared;
use crate::http::api::shapes::Instant;
use crate::http::api::units::{LineUnitsBody, lines};
use crate::http::body::may_be_absent;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What became of which units; all that are on the way were delivered when nothing is said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RecordOutcome)]
#[serde(deny_unknown_fields)]
pub struct DeliverBody {
    /// When, if that was earlier than now.
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Instant>,
    /// What became of them; `delivered` unless given.
    #[schema(value_type = Option<OutcomeShape>)]
    outcome: Option<Outcome>,
    /// Ids of the packages it is about.
    #[schema(max_items = 1000)]
    packages: Option<Vec<Uuid>>,
    /// The units it is about.
    #[schema(max_items = 5000)]
    lines: Option<Vec<LineUnitsBody>>,
}

may_be_absent!(DeliverBody);

/// Records what became of shipped units; of digital and service units, that they are done.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/deliver", operation_id = "deliver_fulfilment", tag = "fulfilments",
    request_body = inline(Option<DeliverBody>),
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn deliver_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<DeliverBody>,
) -> Result<Response, Problem> {
    let what = write.body.command(name)?;
    api.fulfilment_verb(&write.asked, name, what, Command::RecordOutcome)
        .await
}

impl DeliverBody {
    fn command(self, name: FulfilmentName) -> Result<RecordOutcome, Refusal> {
        let scope = match (self.packages, self.lines) {
            (None, None) => OutcomeScope::All,
            (Some(ids), None) => {
                let packages = ids
                    .into_iter()
                    .enumerate()
                    .map(|(position, id)| package(name.0, position, id));
                OutcomeScope::Packages(packages.collect::<Result<_, _>>()?)
            }
            (None, Some(bodies)) => OutcomeScope::Lines(lines(name.0, "/lines", bodies)?),
            (Some(_), Some(_)) => {
                return Err(Refusal::invalid(
                    "/packages",
                    "cannot be given together with lines",
                ));
            }
        };
        let outcome = self.outcome.unwrap_or(Outcome::Delivered);
        Ok(RecordOutcome {
            fulfilment: name.no(),
            outcome,
            at: self.delivered_at.map(|at| at.0),
            scope,
        })
    }
}
