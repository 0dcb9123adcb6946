//! One fulfilment becomes two.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::fulfilment::SplitFulfilment;
use throughline_core::id::{OrderId, PackageNo};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::api::units::{LineUnitsBody, lines, part};
use crate::http::body::RequestBody;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What goes its own way: units that are not packed, packages, or both.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SplitFulfilment)]
#[serde(deny_unknown_fields)]
pub struct SplitBody {
    /// Units that are not packed; those that are not picked yet go first.
    #[schema(max_items = 5000)]
    #[serde(default)]
    lines: Vec<LineUnitsBody>,
    /// Ids of packages; what is in them goes along.
    #[schema(max_items = 1000)]
    #[serde(default)]
    packages: Vec<Uuid>,
}

impl RequestBody for SplitBody {}

/// Parts a fulfilment that has not left in two: what is named becomes one of its own at the same location, on the same
/// day and by the same way. Answers the new one.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/split", operation_id = "split_fulfilment", tag = "fulfilments",
    request_body = SplitBody,
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 201, description = "The new fulfilment", body = FulfilmentView))
)]
pub async fn split_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<SplitBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    let what = SplitFulfilment {
        fulfilment: name.no(),
        lines: lines(name.0, "/lines", body.lines)?,
        packages: packages(name.0, &body.packages)?,
    };
    api.fulfilment_verb(&write.asked, name, what, Command::SplitFulfilment)
        .await
}

fn packages(order: OrderId, ids: &[Uuid]) -> Result<Vec<PackageNo>, Refusal> {
    let package = |(position, id): (usize, &Uuid)| {
        let field = format!("/packages/{position}");
        part(order, field, "package", *id).map(PackageNo)
    };
    ids.iter().enumerate().map(package).collect()
}
