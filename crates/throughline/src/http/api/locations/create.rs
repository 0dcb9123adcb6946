//! Creating a location.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::LocationBody;
use super::view::LocationView;
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a location. A code that is taken answers 409.
#[utoipa::path(
    post, path = "/v1/locations", operation_id = "create_location", tag = "locations", request_body = LocationBody,
    responses((status = 201, description = "The location", body = LocationView, headers(("Location" = String))))
)]
pub async fn create_location(
    State(api): State<Shared>,
    write: Write<LocationBody>,
) -> Result<Response, Problem> {
    let network = api.current_network().await?;
    let command = Command::PutLocation(write.body.command(&network, None, PutMode::Create)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
