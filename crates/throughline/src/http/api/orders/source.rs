//! Choosing locations.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::order::source::SourceOrder;
use utoipa::ToSchema;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// How to source.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = SourceOrder)]
#[serde(deny_unknown_fields)]
pub struct SourceBody {
    /// Also take back what nobody has begun to pick, and choose again; no unless given.
    again: Option<bool>,
}

may_be_absent!(SourceBody);

/// Chooses locations for what is open and what waits.
#[utoipa::path(
    post, path = "/v1/orders/{id}/source", operation_id = "source_order", tag = "orders",
    request_body = inline(Option<SourceBody>),
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn source_order(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<SourceBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = SourceOrder {
        again: write.body.again.unwrap_or(false),
        together: None,
    };
    let command = Command::SourceOrder(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
