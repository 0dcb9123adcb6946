//! Listing calendars.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::CalendarView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};
use crate::wiring::clock;

/// Which calendars.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CalendarFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists calendars in the order they were created in.
#[utoipa::path(
    get, path = "/v1/calendars", operation_id = "list_calendars", tag = "calendars", params(CalendarFilter),
    responses((status = 200, description = "A page of calendars", body = Page<CalendarView>))
)]
pub async fn list_calendars(
    State(api): State<Shared>,
    Params(filter): Params<CalendarFilter>,
) -> Result<Rendered, Problem> {
    let today = clock::now().utc_date();
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.calendars,
        filter.cursor.as_deref(),
        filter.limit,
        |one| CalendarView::new(one, today),
    )?;
    Ok(Rendered::ok(&page))
}
