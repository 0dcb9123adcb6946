//! The location says no.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::RejectFulfilment;
use utoipa::ToSchema;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Why the location says no.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RejectFulfilment)]
#[serde(deny_unknown_fields)]
pub struct RejectBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for RejectBody {}

/// A location rejects a fulfilment. Its units are sourced elsewhere in the same commit.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/reject", operation_id = "reject_fulfilment", tag = "fulfilments",
    request_body = RejectBody,
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn reject_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<RejectBody>,
) -> Result<Response, Problem> {
    let what = RejectFulfilment {
        fulfilment: name.no(),
        reason: write.body.reason,
    };
    api.fulfilment_verb(&write.asked, name, what, Command::RejectFulfilment)
        .await
}
