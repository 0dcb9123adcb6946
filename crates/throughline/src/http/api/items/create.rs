//! Creating an item.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ItemBody;
use super::view::ItemView;
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates an item. A SKU that is taken answers 409.
#[utoipa::path(
    post, path = "/v1/items", operation_id = "create_item", tag = "items", request_body = ItemBody,
    responses((status = 201, description = "The item", body = ItemView, headers(("Location" = String))))
)]
pub async fn create_item(
    State(api): State<Shared>,
    write: Write<ItemBody>,
) -> Result<Response, Problem> {
    let network = api.current_network().await?;
    let command = write.body.command(None, PutMode::Create, &network)?;
    let command = Command::PutItem(command);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
