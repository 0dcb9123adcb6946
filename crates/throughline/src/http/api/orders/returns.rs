//! Announcing goods coming back.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::OrderId;
use throughline_core::returns::{RegisterReturn, ReturnedLine};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::Shared;
use crate::http::api::returns::view::ReturnView;
use crate::http::api::units::line;
use crate::http::body::RequestBody;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Delivered units that come back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RegisterReturn)]
#[serde(deny_unknown_fields)]
pub struct ReturnBody {
    /// What.
    #[schema(min_items = 1, max_items = 5000)]
    lines: Vec<ReturnedBody>,
}

/// Units of one line that come back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReturnedLine)]
#[serde(deny_unknown_fields)]
struct ReturnedBody {
    /// The order line's id.
    id: Uuid,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    quantity: i64,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for ReturnBody {}

/// Announces that delivered units come back.
#[utoipa::path(
    post, path = "/v1/orders/{id}/returns", operation_id = "register_return", tag = "returns", request_body = ReturnBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 201, description = "The return", body = ReturnView, headers(("Location" = String))))
)]
pub async fn register_return(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<ReturnBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = write.body.command(order)?;
    let command = Command::RegisterReturn(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

impl ReturnBody {
    fn command(self, order: OrderId) -> Result<RegisterReturn, Refusal> {
        let line = |(position, body): (usize, ReturnedBody)| {
            let line = line(order, format!("/lines/{position}/id"), body.id)?;
            Ok(ReturnedLine {
                line,
                quantity: body.quantity,
                reason: body.reason,
            })
        };
        let lines = self.lines.into_iter().enumerate().map(line);
        Ok(RegisterReturn {
            lines: lines.collect::<Result<_, Refusal>>()?,
        })
    }
}
