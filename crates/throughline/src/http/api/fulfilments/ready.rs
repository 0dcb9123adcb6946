//! Ready to be collected.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::MarkReady;
use utoipa::ToSchema;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = MarkReady)]
#[serde(deny_unknown_fields)]
pub struct ReadyBody {}

may_be_absent!(ReadyBody);

/// Everything of a pickup fulfilment is picked; the customer may come.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/ready", operation_id = "mark_ready", tag = "fulfilments",
    request_body = inline(Option<ReadyBody>),
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn mark_ready(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<ReadyBody>,
) -> Result<Response, Problem> {
    let what = MarkReady {
        fulfilment: name.no(),
    };
    api.fulfilment_verb(&write.asked, name, what, Command::MarkReady)
        .await
}
