//! Reading a production order.

use axum::extract::State;

use super::verb::production_of;
use super::view::ProductionView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::{Named, ProductionName};
use crate::http::problem::Problem;

/// Reads a production order.
#[utoipa::path(
    get, path = "/v1/production-orders/{id}", operation_id = "get_production_order", tag = "fulfilments",
    params(("id" = Uuid, Path, description = "The production order's id")),
    responses((status = 200, description = "The production order", body = ProductionView, headers(("ETag" = String))))
)]
pub async fn get_production_order(
    State(api): State<Shared>,
    caller: Caller,
    Named(name): Named<ProductionName>,
) -> Result<Rendered, Problem> {
    let (stored, _) = api
        .order(name.0)
        .await
        .map_err(|problem| problem.of_part("production order", name.1.of(name.0)))?;
    let network = api.current_network().await?;
    let order = &stored.order;
    let production = production_of(order, name)?;
    caller.at_number(&network, Some(production.location))?;
    let view = ProductionView::new(order, production, &network, &caller);
    Ok(Rendered::ok(&view).with_version(order.version))
}
