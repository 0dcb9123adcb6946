//! The service of a visit was done.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::visit::CompleteVisit;
use utoipa::ToSchema;

use super::view::VisitView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, VisitName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = CompleteVisit)]
#[serde(deny_unknown_fields)]
pub struct CompleteVisitBody {}

may_be_absent!(CompleteVisitBody);

/// Records that the service of a visit was done: its line is fulfilled.
#[utoipa::path(
    post, path = "/v1/visits/{id}/complete", operation_id = "complete_visit", tag = "fulfilments",
    request_body = inline(Option<CompleteVisitBody>),
    params(("id" = Uuid, Path, description = "The visit's id")),
    responses((status = 200, description = "The visit", body = VisitView))
)]
pub async fn complete_visit(
    State(api): State<Shared>,
    Named(name): Named<VisitName>,
    write: Write<CompleteVisitBody>,
) -> Result<Response, Problem> {
    let what = CompleteVisit { visit: name.1 };
    api.visit_verb(&write.asked, name, what, Command::CompleteVisit)
        .await
}
