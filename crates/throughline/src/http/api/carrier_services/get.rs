//! Reading a carrier service.

use axum::extract::State;

use super::view::ServiceView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Reads a carrier service.
#[utoipa::path(
    get, path = "/v1/carrier-services/{code}", operation_id = "get_carrier_service", tag = "carriers",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The carrier service", body = ServiceView))
)]
pub async fn get_carrier_service(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let service = network
        .service_by_code(&code)
        .ok_or_else(|| Problem::not_found("carrier service", &code))?;
    Ok(Rendered::ok(&ServiceView::new(service, &network)))
}
