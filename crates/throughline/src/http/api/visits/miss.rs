//! A visit was missed.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::visit::MissVisit;
use utoipa::ToSchema;

use super::view::VisitView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::{Named, VisitName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Why a visit was missed.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MissVisit, example = json!({"reason": "nobody was at home"}))]
#[serde(deny_unknown_fields)]
pub struct MissVisitBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for MissVisitBody {}

/// Records that nobody was there, or nobody came. The line waits for another visit to be booked.
#[utoipa::path(
    post, path = "/v1/visits/{id}/no-show", operation_id = "miss_visit", tag = "fulfilments",
    request_body = MissVisitBody,
    params(("id" = Uuid, Path, description = "The visit's id")),
    responses((status = 200, description = "The visit", body = VisitView))
)]
pub async fn miss_visit(
    State(api): State<Shared>,
    Named(name): Named<VisitName>,
    write: Write<MissVisitBody>,
) -> Result<Response, Problem> {
    let what = MissVisit {
        visit: name.1,
        reason: write.body.reason,
    };
    api.visit_verb(&write.asked, name, what, Command::MissVisit)
        .await
}
