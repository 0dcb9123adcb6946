//! The maker begins.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::production::StartProduction;
use utoipa::ToSchema;

use super::view::ProductionView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, ProductionName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What the maker says when he begins; nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = StartProduction, example = json!({"due": "2026-12-04"}))]
#[serde(deny_unknown_fields)]
pub struct StartProductionBody {
    /// The local day on which it will be finished; as it was said before unless given. Another day is promised anew.
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
}

may_be_absent!(StartProductionBody);

/// The maker begins a production order; from then on it goes on even if the order is cancelled, and what it makes is free.
#[utoipa::path(
    post, path = "/v1/production-orders/{id}/start", operation_id = "start_production_order", tag = "fulfilments",
    request_body = inline(Option<StartProductionBody>),
    params(("id" = Uuid, Path, description = "The production order's id")),
    responses((status = 200, description = "The production order", body = ProductionView))
)]
pub async fn start_production_order(
    State(api): State<Shared>,
    Named(name): Named<ProductionName>,
    write: Write<StartProductionBody>,
) -> Result<Response, Problem> {
    let what = StartProduction {
        production: name.1,
        due: write.body.due,
    };
    api.production_verb(&write.asked, name, what, Command::StartProduction)
        .await
}
