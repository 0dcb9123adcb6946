//! Writing a note.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::order::note::AddNote;
use utoipa::ToSchema;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// A note.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddNote)]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    /// The text.
    #[schema(min_length = 1, max_length = 10000)]
    text: String,
}

impl RequestBody for NoteBody {}

/// Writes a note on an order.
#[utoipa::path(
    post, path = "/v1/orders/{id}/notes", operation_id = "add_note", tag = "orders", request_body = NoteBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn add_note(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<NoteBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let command = Command::AddNote(write.asked.on(
        order,
        AddNote {
            text: write.body.text,
        },
    ));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
