//! Writing the next version of a policy.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::Command;

use super::body::PolicyBody;
use super::view::PolicyView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a policy, or writes its next version. Versions are never changed: what was decided on one can always be seen.
/// A document that says what the last version says makes no new one. The body may be JSON or TOML; `/schemas/sourcing-policy.json`
/// is its schema.
#[utoipa::path(
    put, path = "/v1/sourcing-policies/{code}", operation_id = "put_sourcing_policy", tag = "sourcing",
    request_body(content((PolicyBody = "application/json"), (PolicyBody = "application/toml"))),
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "The version that is the last one now", body = PolicyView),
        (status = 201, description = "Created", body = PolicyView, headers(("Location" = String)))
    )
)]
pub async fn put_sourcing_policy(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<PolicyBody>,
) -> Result<Response, Problem> {
    let network = api.current_network().await?;
    let command = Command::PutPolicy(Box::new(write.body.command(&network, code)?));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
