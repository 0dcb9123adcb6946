//! Setting the priority.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::order::note::SetPriority;
use utoipa::ToSchema;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// A priority.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SetPriority)]
#[serde(deny_unknown_fields)]
pub struct PriorityBody {
    /// Smaller numbers are served first; 100 is usual.
    #[schema(minimum = 0, maximum = 1000)]
    priority: i32,
}

impl RequestBody for PriorityBody {}

/// Sets an order's priority. Its waiting lines move in the queue for stock.
#[utoipa::path(
    post, path = "/v1/orders/{id}/priority", operation_id = "set_priority", tag = "orders", request_body = PriorityBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn set_priority(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<PriorityBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let command = Command::SetPriority(write.asked.on(
        order,
        SetPriority {
            priority: write.body.priority,
        },
    ));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
