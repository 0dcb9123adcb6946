//! Reading the last version of a policy.

use axum::extract::State;

use super::view::PolicyView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Reads the last version of a policy, which may come into force later.
#[utoipa::path(
    get, path = "/v1/sourcing-policies/{code}", operation_id = "get_sourcing_policy", tag = "sourcing",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The last version", body = PolicyView))
)]
pub async fn get_sourcing_policy(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let versions = network.policies.iter();
    let last = versions.rev().find(|policy| policy.code == code);
    let policy = last.ok_or_else(|| Problem::not_found("sourcing policy", &code))?;
    Ok(Rendered::ok(&PolicyView::new(&network, policy)))
}
