//! Cancelling lines or a whole order.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::OrderId;
use throughline_core::order::cancel::CancelOrder;
use utoipa::ToSchema;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::api::units::{LineUnitsBody, lines};
use crate::http::body::RequestBody;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What to cancel, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CancelOrder)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// What; everything that has not left when absent.
    #[schema(max_items = 5000)]
    lines: Option<Vec<LineUnitsBody>>,
}

impl RequestBody for CancelBody {}

/// Cancels units that have not left.
#[utoipa::path(
    post, path = "/v1/orders/{id}/cancel", operation_id = "cancel_order", tag = "orders", request_body = CancelBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn cancel_order(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<CancelBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = write.body.command(order)?;
    let command = Command::CancelOrder(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

impl CancelBody {
    fn command(self, order: OrderId) -> Result<CancelOrder, Refusal> {
        let lines = self
            .lines
            .map(|bodies| lines(order, "/lines", bodies))
            .transpose()?;
        Ok(CancelOrder {
            reason: self.reason,
            lines,
        })
    }
}
