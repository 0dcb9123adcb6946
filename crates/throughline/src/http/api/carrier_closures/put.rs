//! Creating or changing a carrier closure.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ClosureBody;
use super::view::ClosureView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a carrier closure, or replaces its data.
#[utoipa::path(
    put, path = "/v1/carrier-closures/{code}", operation_id = "put_carrier_closure", tag = "carriers", request_body = ClosureBody,
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = ClosureView),
        (status = 201, description = "Created", body = ClosureView, headers(("Location" = String)))
    )
)]
pub async fn put_carrier_closure(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<ClosureBody>,
) -> Result<Response, Problem> {
    let command = Command::PutClosure(write.body.command(Some(code), PutMode::Ensure)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
