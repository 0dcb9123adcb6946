//! Reading an order.

use axum::extract::State;

use super::view::{OrderView, Surroundings};
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;

/// Reads an order.
#[utoipa::path(
    get, path = "/v1/orders/{id}", operation_id = "get_order", tag = "orders",
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView, headers(("ETag" = String))))
)]
pub async fn get_order(
    State(api): State<Shared>,
    caller: Caller,
    Named(name): Named<OrderName>,
) -> Result<Rendered, Problem> {
    let id = api.order_id(name).await?;
    let (stored, contacts) = api.order(id).await?;
    let network = api.current_network().await?;
    let around = Surroundings {
        network: &network,
        contacts: &contacts,
        caller: &caller,
    };
    let view = OrderView::new(&stored.order, around);
    Ok(Rendered::ok(&view).with_version(stored.order.version))
}
