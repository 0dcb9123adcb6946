//! Ending a recall.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use throughline_core::catalog::LiftRecall;
use throughline_core::command::Command;
use utoipa::{IntoParams, ToSchema};

use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = LiftRecall)]
#[serde(deny_unknown_fields)]
pub struct LiftBody {}

may_be_absent!(LiftBody);

/// Which recall of the SKU.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OfLot {
    /// Code of the lot, where one alone is recalled.
    lot: Option<String>,
}

/// Ends a recall. Orders that wait for the SKU are served again.
#[utoipa::path(
    delete, path = "/v1/recalls/{sku}", operation_id = "lift_recall", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"), OfLot),
    responses((status = 204, description = "The recall is over"))
)]
pub async fn lift_recall(
    State(api): State<Shared>,
    Named(Code(sku)): Named<Code>,
    Params(OfLot { lot }): Params<OfLot>,
    write: Write<LiftBody>,
) -> Result<StatusCode, Problem> {
    let command = Command::LiftRecall(LiftRecall { sku, lot });
    api.execute(write.asked.request(command)).await?;
    Ok(StatusCode::NO_CONTENT)
}
