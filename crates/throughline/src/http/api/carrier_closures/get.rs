//! Reading a carrier closure.

use axum::extract::State;

use super::view::ClosureView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::wiring::clock;

/// Reads a carrier closure.
#[utoipa::path(
    get, path = "/v1/carrier-closures/{code}", operation_id = "get_carrier_closure", tag = "carriers",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The carrier closure", body = ClosureView))
)]
pub async fn get_carrier_closure(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let closure = network
        .closure_by_code(&code)
        .ok_or_else(|| Problem::not_found("carrier closure", &code))?;
    Ok(Rendered::ok(&ClosureView::new(
        closure,
        &network,
        clock::now().utc_date(),
    )))
}
