//! The customer collects.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::CollectFulfilment;
use utoipa::ToSchema;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = CollectFulfilment)]
#[serde(deny_unknown_fields)]
pub struct PickupBody {}

may_be_absent!(PickupBody);

/// The customer collects everything of a pickup fulfilment.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/pickup", operation_id = "collect_fulfilment", tag = "fulfilments",
    request_body = inline(Option<PickupBody>),
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn collect_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<PickupBody>,
) -> Result<Response, Problem> {
    let what = CollectFulfilment {
        fulfilment: name.no(),
    };
    api.fulfilment_verb(&write.asked, name, what, Command::CollectFulfilment)
        .await
}
