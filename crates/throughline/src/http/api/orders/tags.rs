//! Changing labels.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::order::note::ChangeTags;
use utoipa::ToSchema;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Labels to add and remove.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ChangeTags)]
#[serde(deny_unknown_fields)]
pub struct TagsBody {
    /// Labels to add.
    #[schema(max_items = 100)]
    add: Option<Vec<String>>,
    /// Labels to remove.
    #[schema(max_items = 100)]
    remove: Option<Vec<String>>,
}

may_be_absent!(TagsBody);

/// Adds and removes labels of an order.
#[utoipa::path(
    post, path = "/v1/orders/{id}/tags", operation_id = "change_tags", tag = "orders", request_body = TagsBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn change_tags(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<TagsBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = ChangeTags {
        add: write.body.add.unwrap_or_default(),
        remove: write.body.remove.unwrap_or_default(),
    };
    let command = Command::ChangeTags(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
