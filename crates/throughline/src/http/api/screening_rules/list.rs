//! Listing screening rules.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ScreeningRulesView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which screening rules.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ScreeningRulesFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists screening rules in the order they were created in.
#[utoipa::path(
    get, path = "/v1/screening-rules", operation_id = "list_screening_rules", tag = "screening",
    params(ScreeningRulesFilter),
    responses((status = 200, description = "A page of screening rules", body = Page<ScreeningRulesView>))
)]
pub async fn list_screening_rules(
    State(api): State<Shared>,
    Params(filter): Params<ScreeningRulesFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.screening,
        filter.cursor.as_deref(),
        filter.limit,
        |one| ScreeningRulesView::new(one),
    )?;
    Ok(Rendered::ok(&page))
}
