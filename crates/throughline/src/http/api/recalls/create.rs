//! Recalling a SKU or a lot.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use throughline_core::catalog::{Recall, RecallItem};
use throughline_core::command::Command;
use throughline_core::decision::AnswerKind;
use throughline_core::inventory::LotCode;
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
    /// Code of the lot, to recall this one alone.
    #[schema(min_length = 1, max_length = 64)]
    lot: Option<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for RecallBody {}

/// Recalls a SKU, or one of its lots: from this commit on it is sourced, reserved, picked, packed and handed over no more, in any order.
/// New orders that name it are taken with these lines on hold. Where one lot alone is recalled, new orders are given others,
/// and so are those that claim it and that nobody has begun to pick.
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
    let RecallBody { sku, lot, reason } = write.body;
    let command = Command::RecallItem(RecallItem {
        sku: sku.clone(),
        lot: lot.clone(),
        reason,
    });
    let done = api.execute(write.asked.request(command)).await?;
    let status = match done.answer.outcome {
        AnswerKind::Created => StatusCode::CREATED,
        AnswerKind::Ok => StatusCode::OK,
    };
    let network = api.current_network().await?;
    let is_it = |recall: &&Recall| {
        let of_lot = recall.lot.as_ref().map(LotCode::as_str);
        recall.sku == sku && of_lot == lot.as_deref()
    };
    let recall = network.recalls.iter().find(is_it);
    let recall = recall.ok_or_else(|| Problem::not_found("recall", &sku))?;
    Ok(Rendered::new(status, &RecallView::new(recall)))
}
