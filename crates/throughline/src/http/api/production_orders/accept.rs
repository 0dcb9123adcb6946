//! The maker says yes.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::production::AcceptProduction;
use utoipa::ToSchema;

use super::view::ProductionView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, ProductionName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What the maker says to it; nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = AcceptProduction, example = json!({"reference": "W-4711"}))]
#[serde(deny_unknown_fields)]
pub struct AcceptProductionBody {
    /// The maker's own name for it.
    #[schema(max_length = 255)]
    reference: Option<String>,
    /// The local day on which it will be finished; as it was planned unless given. Another day is promised anew.
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
}

may_be_absent!(AcceptProductionBody);

/// The maker accepts a production order.
#[utoipa::path(
    post, path = "/v1/production-orders/{id}/accept", operation_id = "accept_production_order", tag = "fulfilments",
    request_body = inline(Option<AcceptProductionBody>),
    params(("id" = Uuid, Path, description = "The production order's id")),
    responses((status = 200, description = "The production order", body = ProductionView))
)]
pub async fn accept_production_order(
    State(api): State<Shared>,
    Named(name): Named<ProductionName>,
    write: Write<AcceptProductionBody>,
) -> Result<Response, Problem> {
    let what = AcceptProduction {
        production: name.1,
        reference: write.body.reference,
        due: write.body.due,
    };
    api.production_verb(&write.asked, name, what, Command::AcceptProduction)
        .await
}
