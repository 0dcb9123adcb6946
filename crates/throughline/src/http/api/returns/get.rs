//! Reading a return.

use axum::extract::State;

use super::view::ReturnView;
use crate::http::api::Shared;
use crate::http::api::answer::{Rendered, return_of};
use crate::http::path::{Named, ReturnName};
use crate::http::problem::Problem;

/// Reads a return.
#[utoipa::path(
    get, path = "/v1/returns/{id}", operation_id = "get_return", tag = "returns",
    params(("id" = Uuid, Path, description = "The return's id")),
    responses((status = 200, description = "The return", body = ReturnView))
)]
pub async fn get_return(
    State(api): State<Shared>,
    Named(ReturnName(order, no)): Named<ReturnName>,
) -> Result<Rendered, Problem> {
    let (stored, _) = api.order(order).await?;
    let order = &stored.order;
    Ok(Rendered::ok(&ReturnView::new(order, return_of(order, no)?)).with_version(order.version))
}
