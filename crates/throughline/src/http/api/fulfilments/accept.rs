//! The location says yes.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::AcceptFulfilment;
use utoipa::ToSchema;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = AcceptFulfilment)]
#[serde(deny_unknown_fields)]
pub struct AcceptBody {}

may_be_absent!(AcceptBody);

/// A location that was asked accepts a fulfilment. One that needs no accepting answers 409.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/accept", operation_id = "accept_fulfilment", tag = "fulfilments",
    request_body = inline(Option<AcceptBody>),
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn accept_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<AcceptBody>,
) -> Result<Response, Problem> {
    let what = AcceptFulfilment {
        fulfilment: name.no(),
    };
    api.fulfilment_verb(&write.asked, name, what, Command::AcceptFulfilment)
        .await
}
