//! Reading a calendar.

use axum::extract::State;

use super::view::CalendarView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::wiring::clock;

/// Reads a calendar.
#[utoipa::path(
    get, path = "/v1/calendars/{code}", operation_id = "get_calendar", tag = "calendars",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The calendar", body = CalendarView))
)]
pub async fn get_calendar(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let calendar = network
        .calendar_by_code(&code)
        .ok_or_else(|| Problem::not_found("calendar", &code))?;
    Ok(Rendered::ok(&CalendarView::new(
        calendar,
        clock::now().utc_date(),
    )))
}
