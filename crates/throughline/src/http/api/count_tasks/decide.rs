//! Agreeing to what was counted, having it counted again, or giving up on it.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::CountTaskId;
use throughline_core::inventory::{CountDecision, DecideCount};
use utoipa::ToSchema;

use super::view::CountTaskView;
use crate::http::api::Shared;
use crate::http::body::{RequestBody, may_be_absent};
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Why a count is right.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ApproveCount)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    /// Why.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

may_be_absent!(ApproveBody);

/// Why a count is not right, or not needed.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TurnDownCount)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for ReasonBody {}

/// Approves what was counted: the difference is applied to what is on hand now, with the task's id in the stock ledger.
#[utoipa::path(
    post, path = "/v1/count-tasks/{id}/approve", operation_id = "approve_count", tag = "stock",
    request_body = inline(Option<ApproveBody>),
    params(("id" = Uuid, Path, description = "The task's id")),
    responses((status = 200, description = "The task", body = CountTaskView, headers(("ETag" = String))))
)]
pub async fn approve_count(
    State(api): State<Shared>,
    Named(id): Named<CountTaskId>,
    write: Write<ApproveBody>,
) -> Result<Response, Problem> {
    let Write { asked, body, .. } = write;
    let done = api
        .execute(asked.request(decided(id, CountDecision::Approve, body.reason)))
        .await?;
    api.answer(&asked.caller, done).await
}

/// Rejects what was counted: nothing changes, and it is to be counted again.
#[utoipa::path(
    post, path = "/v1/count-tasks/{id}/reject", operation_id = "reject_count", tag = "stock", request_body = ReasonBody,
    params(("id" = Uuid, Path, description = "The task's id")),
    responses((status = 200, description = "The task", body = CountTaskView, headers(("ETag" = String))))
)]
pub async fn reject_count(
    State(api): State<Shared>,
    Named(id): Named<CountTaskId>,
    write: Write<ReasonBody>,
) -> Result<Response, Problem> {
    let Write { asked, body, .. } = write;
    let done = api
        .execute(asked.request(decided(id, CountDecision::Reject, Some(body.reason))))
        .await?;
    api.answer(&asked.caller, done).await
}

/// Cancels a task: it is not to be counted any more, and what was counted and not approved changes nothing.
#[utoipa::path(
    post, path = "/v1/count-tasks/{id}/cancel", operation_id = "cancel_count", tag = "stock", request_body = ReasonBody,
    params(("id" = Uuid, Path, description = "The task's id")),
    responses((status = 200, description = "The task", body = CountTaskView, headers(("ETag" = String))))
)]
pub async fn cancel_count(
    State(api): State<Shared>,
    Named(id): Named<CountTaskId>,
    write: Write<ReasonBody>,
) -> Result<Response, Problem> {
    let Write { asked, body, .. } = write;
    let done = api
        .execute(asked.request(decided(id, CountDecision::Cancel, Some(body.reason))))
        .await?;
    api.answer(&asked.caller, done).await
}

fn decided(task: CountTaskId, decision: CountDecision, reason: Option<String>) -> Command {
    Command::DecideCount(DecideCount {
        task,
        decision,
        reason,
    })
}
