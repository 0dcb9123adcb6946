//! Listing policies.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::PolicyView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which policies.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PolicyFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the last version of each policy, in the order they were created in.
#[utoipa::path(
    get, path = "/v1/sourcing-policies", operation_id = "list_sourcing_policies", tag = "sourcing", params(PolicyFilter),
    responses((status = 200, description = "A page of policies", body = Page<PolicyView>))
)]
pub async fn list_sourcing_policies(
    State(api): State<Shared>,
    Params(filter): Params<PolicyFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let first = network.policies.iter().filter(|policy| policy.version == 1);
    let last = |code: &str| {
        let versions = network.policies.iter().rev();
        versions.into_iter().find(|policy| policy.code == code)
    };
    let policies: Vec<_> = first.filter_map(|policy| last(&policy.code)).collect();
    let page = Page::cut(&policies, filter.cursor.as_deref(), filter.limit, |one| {
        PolicyView::new(&network, one)
    })?;
    Ok(Rendered::ok(&page))
}
