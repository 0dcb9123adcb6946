//! Reading screening rules.

use axum::extract::State;

use super::view::ScreeningRulesView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Reads screening rules.
#[utoipa::path(
    get, path = "/v1/screening-rules/{code}", operation_id = "get_screening_rules", tag = "screening",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The rules", body = ScreeningRulesView))
)]
pub async fn get_screening_rules(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let rules = network.screening.iter().find(|rules| rules.code == code);
    let rules = rules.ok_or_else(|| Problem::not_found("screening rules", &code))?;
    Ok(Rendered::ok(&ScreeningRulesView::new(rules)))
}
