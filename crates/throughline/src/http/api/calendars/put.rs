//! Creating or changing a calendar.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::CalendarBody;
use super::view::CalendarView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a calendar, or replaces its data.
#[utoipa::path(
    put, path = "/v1/calendars/{code}", operation_id = "put_calendar", tag = "calendars", request_body = CalendarBody,
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = CalendarView),
        (status = 201, description = "Created", body = CalendarView, headers(("Location" = String)))
    )
)]
pub async fn put_calendar(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<CalendarBody>,
) -> Result<Response, Problem> {
    let command = Command::PutCalendar(write.body.command(Some(code), PutMode::Ensure)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
