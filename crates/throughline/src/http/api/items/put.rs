//! Creating or changing an item.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ItemBody;
use super::view::ItemView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates an item, or replaces its data.
#[utoipa::path(
    put, path = "/v1/items/{sku}", operation_id = "put_item", tag = "items", request_body = ItemBody,
    params(("sku" = String, Path, description = "The SKU, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = ItemView),
        (status = 201, description = "Created", body = ItemView, headers(("Location" = String)))
    )
)]
pub async fn put_item(
    State(api): State<Shared>,
    Named(Code(sku)): Named<Code>,
    write: Write<ItemBody>,
) -> Result<Response, Problem> {
    let network = api.current_network().await?;
    let command = write.body.command(Some(sku), PutMode::Ensure, &network)?;
    let command = Command::PutItem(command);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
