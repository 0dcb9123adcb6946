//! Whether the process lives, and whether it can work.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::api::Shared;
use super::api::answer::Rendered;
use super::problem::Problem;

/// The state of the server.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Health)]
pub(super) struct HealthView {
    /// `ok`.
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

const OK: HealthView = HealthView {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

/// The process lives. Needs no key.
#[utoipa::path(
    get, path = "/healthz", operation_id = "healthz", tag = "server", security(()),
    responses((status = 200, description = "It lives", body = HealthView))
)]
pub(super) async fn healthz() -> Rendered {
    Rendered::new(StatusCode::OK, &OK)
}

/// The server can work: the database answers, and it is not about to stop. Needs no key.
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "server", security(()),
    responses((status = 200, description = "It can work", body = HealthView))
)]
pub(super) async fn readyz(State(api): State<Shared>) -> Result<Rendered, Problem> {
    if *api.stopping.borrow() {
        return Err(Problem::unavailable("the server is shutting down"));
    }
    api.check_database().await?;
    Ok(Rendered::new(StatusCode::OK, &OK))
}
