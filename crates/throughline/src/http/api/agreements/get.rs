//! Reading an agreement.

use axum::extract::State;
use throughline_core::id::AgreementId;

use super::view::AgreementView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Reads an agreement: what is agreed, called off, delivered and left, and the latest orders that draw on it.
#[utoipa::path(
    get, path = "/v1/agreements/{id}", operation_id = "get_agreement", tag = "customers",
    params(("id" = Uuid, Path, description = "The agreement's id")),
    responses((status = 200, description = "The agreement", body = AgreementView))
)]
pub async fn get_agreement(
    State(api): State<Shared>,
    Named(id): Named<AgreementId>,
) -> Result<Rendered, Problem> {
    Ok(Rendered::ok(&api.agreement_view(id).await?))
}
