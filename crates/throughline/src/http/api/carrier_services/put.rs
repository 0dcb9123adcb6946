//! Creating or changing a carrier service.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ServiceBody;
use super::view::ServiceView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a carrier service, or replaces its data.
#[utoipa::path(
    put, path = "/v1/carrier-services/{code}", operation_id = "put_carrier_service", tag = "carriers", request_body = ServiceBody,
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = ServiceView),
        (status = 201, description = "Created", body = ServiceView, headers(("Location" = String)))
    )
)]
pub async fn put_carrier_service(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<ServiceBody>,
) -> Result<Response, Problem> {
    let command = Command::PutService(write.body.command(Some(code), PutMode::Ensure)?);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
