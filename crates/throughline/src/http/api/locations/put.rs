//! Creating or changing a location.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::LocationBody;
use super::view::LocationView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a location, or replaces its data.
#[utoipa::path(
    put, path = "/v1/locations/{code}", operation_id = "put_location", tag = "locations", request_body = LocationBody,
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = LocationView),
        (status = 201, description = "Created", body = LocationView, headers(("Location" = String)))
    )
)]
pub async fn put_location(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<LocationBody>,
) -> Result<Response, Problem> {
    let network = api.current_network().await?;
    let command =
        Command::PutLocation(write.body.command(&network, Some(code), PutMode::Ensure)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
