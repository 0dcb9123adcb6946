//! Listing tasks to count.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::inventory::{CountState, CountTask};
use throughline_store::views;
use utoipa::IntoParams;

use super::view::{CountTaskView, StateShape};
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CountTaskFilter {
    /// Only in this state.
    #[param(inline)]
    state: Option<StateShape>,
    /// Code of the one location.
    location: Option<String>,
    /// Most rows that are looked at for the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists tasks to count, latest first. A page may have fewer rows than its limit, and more to come.
#[utoipa::path(
    get, path = "/v1/count-tasks", operation_id = "list_count_tasks", tag = "stock", params(CountTaskFilter),
    responses((status = 200, description = "A page of tasks", body = Page<CountTaskView>))
)]
pub async fn list_count_tasks(
    State(api): State<Shared>,
    caller: Caller,
    Params(filter): Params<CountTaskFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let CountTaskFilter {
        state,
        location,
        limit,
        cursor,
    } = filter;
    let state = state.map(CountState::from);
    let mut page = api
        .read(move |connection| {
            views::counts::list(connection, state, cursor.as_deref(), limit.rows())
        })
        .await?;
    let is_asked = |task: &CountTask| {
        let code = location.as_deref();
        code.is_none_or(|code| {
            let known = network.location_by_code(code);
            known.is_some_and(|known| known.id == task.location)
        })
    };
    let may_see = |task: &CountTask| caller.at_number(&network, Some(task.location)).is_ok();
    page.data.retain(|task| is_asked(task) && may_see(task));
    Ok(Rendered::ok(&Page::of(&page, |task| {
        CountTaskView::new(task, &network)
    })))
}
