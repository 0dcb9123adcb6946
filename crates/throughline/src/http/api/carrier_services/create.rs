//! Creating a carrier service.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ServiceBody;
use super::view::ServiceView;
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a carrier service. A code that is taken answers 409.
#[utoipa::path(
    post, path = "/v1/carrier-services", operation_id = "create_carrier_service", tag = "carriers", request_body = ServiceBody,
    responses((status = 201, description = "The carrier service", body = ServiceView, headers(("Location" = String))))
)]
pub async fn create_carrier_service(
    State(api): State<Shared>,
    write: Write<ServiceBody>,
) -> Result<Response, Problem> {
    let command = Command::PutService(write.body.command(None, PutMode::Create)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
