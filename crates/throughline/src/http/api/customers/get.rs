//! Reading a customer.

use axum::extract::State;
use throughline_core::id::CustomerId;

use super::view::CustomerView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Reads a customer.
#[utoipa::path(
    get, path = "/v1/customers/{id}", operation_id = "get_customer", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer's id")),
    responses((status = 200, description = "The customer", body = CustomerView))
)]
pub async fn get_customer(
    State(api): State<Shared>,
    Named(id): Named<CustomerId>,
) -> Result<Rendered, Problem> {
    let customer = api.customer(id).await?;
    Ok(Rendered::ok(&CustomerView::new(&customer)))
}
