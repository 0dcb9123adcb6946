//! Creating a carrier closure.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ClosureBody;
use super::view::ClosureView;
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a carrier closure. A code that is taken answers 409.
#[utoipa::path(
    post, path = "/v1/carrier-closures", operation_id = "create_carrier_closure", tag = "carriers", request_body = ClosureBody,
    responses((status = 201, description = "The carrier closure", body = ClosureView, headers(("Location" = String))))
)]
pub async fn create_carrier_closure(
    State(api): State<Shared>,
    write: Write<ClosureBody>,
) -> Result<Response, Problem> {
    let command = Command::PutClosure(write.body.command(None, PutMode::Create)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
