//! Two fulfilments become one.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::MergeFulfilments;
use throughline_core::id::FulfilmentNo;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::api::units::part;
use crate::http::body::RequestBody;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// The one that ends.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MergeFulfilments)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    /// Id of a fulfilment of the same order, whose units join this one.
    with: Uuid,
}

impl RequestBody for MergeBody {}

/// Puts another fulfilment of the same order into this one: the same location does both on the same day, in the same way
/// and for the same address. The other one is left without units.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/merge", operation_id = "merge_fulfilments", tag = "fulfilments",
    request_body = MergeBody,
    params(("id" = Uuid, Path, description = "The id of the fulfilment that stays")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn merge_fulfilments(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<MergeBody>,
) -> Result<Response, Problem> {
    let what = MergeFulfilments {
        fulfilment: name.no(),
        with: part(name.0, "/with", "fulfilment", write.body.with).map(FulfilmentNo)?,
    };
    api.fulfilment_verb(&write.asked, name, what, Command::MergeFulfilments)
        .await
}
