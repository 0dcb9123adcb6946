//! Revoking an API key.

use axum::extract::State;
use axum::http::StatusCode;
use throughline_core::id::KeyId;

use crate::http::api::Shared;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::wiring::clock;

/// Revokes an API key. Within a second it works in no process any more.
#[utoipa::path(
    delete, path = "/v1/keys/{id}", operation_id = "revoke_key", tag = "keys",
    params(("id" = Uuid, Path, description = "The key's id")),
    responses((status = 204, description = "Revoked"))
)]
pub async fn revoke_key(
    State(api): State<Shared>,
    Named(id): Named<KeyId>,
) -> Result<StatusCode, Problem> {
    let now = clock::now();
    if !api
        .write(move |store| store.revoke_api_key(id, now))
        .await?
    {
        return Err(Problem::not_found("key", &id.to_string()));
    }
    api.keys.forget();
    Ok(StatusCode::NO_CONTENT)
}
