//! Closing an agreement.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::AgreementId;
use throughline_core::party::CloseAgreement;
use utoipa::ToSchema;

use super::view::AgreementView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Why an agreement is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CloseAgreement)]
#[serde(deny_unknown_fields)]
pub struct CloseAgreementBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

impl RequestBody for CloseAgreementBody {}

/// Closes an agreement: nothing more is called off it. Orders that were called off go on.
#[utoipa::path(
    post, path = "/v1/agreements/{id}/close", operation_id = "close_agreement", tag = "customers",
    request_body = CloseAgreementBody,
    params(("id" = Uuid, Path, description = "The agreement's id")),
    responses((status = 200, description = "The agreement", body = AgreementView))
)]
pub async fn close_agreement(
    State(api): State<Shared>,
    Named(id): Named<AgreementId>,
    write: Write<CloseAgreementBody>,
) -> Result<Response, Problem> {
    let reason = write.body.reason;
    let command = Command::CloseAgreement(CloseAgreement { id, reason });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
