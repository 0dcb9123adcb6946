//! Listing the versions of a policy.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::PolicyView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which versions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VersionFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the versions of a policy, the first one first.
#[utoipa::path(
    get, path = "/v1/sourcing-policies/{code}/versions", operation_id = "list_sourcing_policy_versions", tag = "sourcing",
    params(("code" = String, Path, description = "The code, percent-encoded"), VersionFilter),
    responses((status = 200, description = "A page of versions", body = Page<PolicyView>))
)]
pub async fn list_sourcing_policy_versions(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    Params(filter): Params<VersionFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let versions = network.policies.iter().filter(|policy| policy.code == code);
    let versions: Vec<_> = versions.collect();
    if versions.is_empty() {
        return Err(Problem::not_found("sourcing policy", &code));
    }
    let page = Page::cut(&versions, filter.cursor.as_deref(), filter.limit, |one| {
        PolicyView::new(&network, one)
    })?;
    Ok(Rendered::ok(&page))
}
