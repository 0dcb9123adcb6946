//! Saving a draft.

use axum::extract::State;
use axum::response::Response;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::OrderId;
use throughline_core::order::place::SaveDraft;

use crate::http::api::Shared;
use crate::http::api::orders::body::OrderBody;
use crate::http::api::orders::view::OrderView;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::ids;

/// Saves a draft. It claims no stock until it is placed.
#[utoipa::path(
    post, path = "/v1/drafts", operation_id = "save_draft", tag = "drafts", request_body = OrderBody,
    responses((status = 201, description = "The draft", body = OrderView, headers(("Location" = String))))
)]
pub async fn save_draft(
    State(api): State<Shared>,
    write: Write<OrderBody>,
) -> Result<Response, Problem> {
    let command = save(ids::order(), false, write.body)?;
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

/// The command that saves a draft.
pub(super) fn save(id: OrderId, exists: bool, body: OrderBody) -> Result<Command, Refusal> {
    let order = body.try_into()?;
    Ok(Command::SaveDraft(Box::new(SaveDraft {
        id,
        exists,
        new_customer: ids::customer(),
        order,
    })))
}
