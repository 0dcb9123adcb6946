//! Ending a closure before its last day.

use axum::extract::State;
use axum::response::Response;
use throughline_core::carrier::EndClosure;
use throughline_core::command::Command;

use super::body::EndBody;
use super::view::ClosureView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Ends a closure now; it stays to be seen, and has no effect any more.
#[utoipa::path(
    post, path = "/v1/carrier-closures/{code}/end", operation_id = "end_carrier_closure", tag = "carriers",
    request_body = inline(Option<EndBody>),
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The carrier closure", body = ClosureView))
)]
pub async fn end_carrier_closure(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<EndBody>,
) -> Result<Response, Problem> {
    let command = Command::EndClosure(EndClosure { code });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
