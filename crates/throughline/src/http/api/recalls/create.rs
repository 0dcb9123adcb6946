//! Recalling a SKU.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use throughline_core::catalog::RecallItem;
use throughline_core::command::Command;
use throughline_core::decision::AnswerKind;
use utoipa::ToSchema;

use super::view::RecallView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What is recalled, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewRecall)]
#[serde(deny_unknown_fields)]
pub struct RecallBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for RecallBody {}

/// Recalls a SKU: from this commit on it is sourced, reserved, picked, packed and handed over no more, in any order.
/// New orders that name it are taken with these lines on hold.
#[utoipa::path(
    post, path = "/v1/recalls", operation_id = "recall_item", tag = "items", request_body = RecallBody,
    responses(
        (status = 200, description = "It was recalled before", body = RecallView),
        (status = 201, description = "The recall", body = RecallView)
    )
)]
pub async fn recall_item(
    State(api): State<Shared>,
    write: Write<RecallBody>,
) -> Result<Rendered, Problem> {
    let RecallBody { sku, reason } = write.body;
    let command = Command::RecallItem(RecallItem {
        sku: sku.clone(),
        reason,
    });
    let done = api.execute(write.asked.request(command)).await?;
    let status = match done.answer.outcome {
        AnswerKind::Created => StatusCode::CREATED,
        AnswerKind::Ok => StatusCode::OK,
    };
    let network = api.current_network().await?;
    let recall = network.recalls.iter().find(|recall| recall.sku == sku);
    let recall = recall.ok_or_else(|| Problem::not_found("recall", &sku))?;
    Ok(Rendered::new(status, &RecallView::new(recall)))
}
