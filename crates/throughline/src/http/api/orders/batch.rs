//! Placing many orders: NDJSON in, an answer per row out, in the order of the rows.
//!
//! Rows are executed while others are still being read and answered. Answers never wait for the
//! client to read them, so a client may send everything before it reads anything.

mod answers;
mod rows;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::Serialize;
use throughline_core::id::OrderId;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use super::body::OrderBody;
use crate::http::api::Shared;
use crate::http::auth::Caller;
use crate::http::body::{self, too_large};
use crate::http::problem::{Problem, ProblemBody};
use crate::http::write::idempotency_key;

/// Most bytes of a batch.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most rows of a batch.
pub const ROWS_MAX: usize = 10_000;
/// Rows that are read ahead of the answers.
const AHEAD: usize = 2_000;
/// The media types of newline-delimited JSON.
const MEDIA_TYPES: [&str; 4] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/json-lines",
];

/// The answer to one row.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchRow)]
pub struct RowAnswer<'a> {
    /// Which row, from 1.
    row: usize,
    /// The status that the row would have had alone.
    #[schema(minimum = 200, maximum = 599)]
    status: u16,
    /// The order's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    id: Option<OrderId>,
    /// The order's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    number: Option<u64>,
    /// Why there is no order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = ProblemBody, required = false)]
    problem: Option<&'a ProblemBody>,
}

/// Places many orders: one JSON order a line, at most 10,000 lines and 64 MiB. Answers one JSON object a line, in the
/// order of the lines. A line may carry an `idempotency_key` of its own; else it has the header's key and its number.
#[utoipa::path(
    post, path = "/v1/orders/batch", operation_id = "place_batch", tag = "orders",
    request_body(content = Vec<OrderBody>, content_type = "application/x-ndjson", description = "One element of the array a line"),
    responses((status = 200, description = "One element of the array a line", body = Vec<RowAnswer>, content_type = "application/x-ndjson"))
)]
pub async fn place_batch(
    State(api): State<Shared>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    if !MEDIA_TYPES
        .iter()
        .any(|known| body::require_media_type(&parts.headers, known).is_ok())
    {
        body::require_media_type(&parts.headers, MEDIA_TYPES[0])?;
    }
    if body::announced_length(&parts.headers).is_some_and(|length| length > BYTES_MAX as u64) {
        return Err(too_large(BYTES_MAX));
    }
    let key = idempotency_key(&parts.headers)?.map(str::to_owned);
    let (to_answers, rows) = mpsc::channel(AHEAD);
    let (to_client, answers) = mpsc::unbounded_channel();
    tokio::spawn(rows::read(
        api.clone(),
        rows::Sender {
            actor: caller.actor(),
            key,
        },
        body,
        to_answers,
    ));
    tokio::spawn(answers::write(api, caller, rows, to_client));
    let lines = futures_util::stream::unfold(answers, |mut answers| async {
        answers.recv().await.map(|line| (line, answers))
    });
    let body = Body::from_stream(lines.map(Ok::<_, std::convert::Infallible>));
    Ok(([(CONTENT_TYPE, MEDIA_TYPES[0])], body).into_response())
}
