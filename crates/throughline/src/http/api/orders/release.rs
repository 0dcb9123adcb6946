//! Letting scheduled fulfilments be begun now.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::order::schedule::ReleaseScheduled;
use utoipa::ToSchema;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ReleaseOrder)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {}

may_be_absent!(ReleaseBody);

/// Lets the scheduled fulfilments of an order be begun now, although the customer could still change it or the rest is
/// waited for.
#[utoipa::path(
    post, path = "/v1/orders/{id}/release", operation_id = "release_order", tag = "orders",
    request_body = inline(Option<ReleaseBody>),
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn release_order(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<ReleaseBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = ReleaseScheduled { by_hand: true };
    let command = Command::ReleaseScheduled(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
