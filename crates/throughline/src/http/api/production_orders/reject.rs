//! The maker says no.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::production::RejectProduction;
use utoipa::ToSchema;

use super::view::ProductionView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::{Named, ProductionName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Why the maker does not make it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RejectProduction, example = json!({"reason": "no timber"}))]
#[serde(deny_unknown_fields)]
pub struct RejectProductionBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for RejectProductionBody {}

/// The maker rejects a production order, begun or not. The location is not asked again for the order; the units are
/// sourced from elsewhere, made by others, or wait.
#[utoipa::path(
    post, path = "/v1/production-orders/{id}/reject", operation_id = "reject_production_order", tag = "fulfilments",
    request_body = RejectProductionBody,
    params(("id" = Uuid, Path, description = "The production order's id")),
    responses((status = 200, description = "The production order", body = ProductionView))
)]
pub async fn reject_production_order(
    State(api): State<Shared>,
    Named(name): Named<ProductionName>,
    write: Write<RejectProductionBody>,
) -> Result<Response, Problem> {
    let what = RejectProduction {
        production: name.1,
        reason: write.body.reason,
    };
    api.production_verb(&write.asked, name, what, Command::RejectProduction)
        .await
}
