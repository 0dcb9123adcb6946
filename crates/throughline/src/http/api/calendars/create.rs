//! Creating a calendar.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::CalendarBody;
use super::view::CalendarView;
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a calendar. A code that is taken answers 409.
#[utoipa::path(
    post, path = "/v1/calendars", operation_id = "create_calendar", tag = "calendars", request_body = CalendarBody,
    responses((status = 201, description = "The calendar", body = CalendarView, headers(("Location" = String))))
)]
pub async fn create_calendar(
    State(api): State<Shared>,
    write: Write<CalendarBody>,
) -> Result<Response, Problem> {
    let command = Command::PutCalendar(write.body.command(None, PutMode::Create)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
