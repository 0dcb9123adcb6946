//! The maker has finished.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::production::CompleteProduction;
use utoipa::ToSchema;

use super::view::ProductionView;
use crate::http::api::Shared;
use crate::http::api::stock::lot::LotBody;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, ProductionName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What was made; everything that was asked for unless something is said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = CompleteProduction, example = json!({"quantity": 3}))]
#[serde(deny_unknown_fields)]
pub struct CompleteProductionBody {
    /// Good units; all that were asked for unless given. What is short is sourced, or made, again.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    quantity: Option<i64>,
    /// The lot that the units are of, where the item has lots.
    lot: Option<LotBody>,
    /// The serial numbers of the units, where the item's are captured at receipt.
    #[schema(max_items = 1000)]
    serials: Option<Vec<String>>,
}

may_be_absent!(CompleteProductionBody);

/// The maker completes a production order: its units are received into his stock and allotted to the line that they were
/// made for, in one commit.
#[utoipa::path(
    post, path = "/v1/production-orders/{id}/complete", operation_id = "complete_production_order", tag = "fulfilments",
    request_body = inline(Option<CompleteProductionBody>),
    params(("id" = Uuid, Path, description = "The production order's id")),
    responses((status = 200, description = "The production order", body = ProductionView))
)]
pub async fn complete_production_order(
    State(api): State<Shared>,
    Named(name): Named<ProductionName>,
    write: Write<CompleteProductionBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    let what = CompleteProduction {
        production: name.1,
        quantity: body.quantity,
        lot: body.lot.map(Into::into),
        serials: body.serials.unwrap_or_default(),
    };
    api.production_verb(&write.asked, name, what, Command::CompleteProduction)
        .await
}
