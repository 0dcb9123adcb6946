//! Creating or changing screening rules.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ScreeningRulesBody;
use super::view::ScreeningRulesView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates screening rules, or replaces them with a new version. Orders that are placed from then on are checked by
/// them; holds that were found before stay.
#[utoipa::path(
    put, path = "/v1/screening-rules/{code}", operation_id = "put_screening_rules", tag = "screening",
    request_body = ScreeningRulesBody,
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = ScreeningRulesView),
        (status = 201, description = "Created", body = ScreeningRulesView, headers(("Location" = String)))
    )
)]
pub async fn put_screening_rules(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<ScreeningRulesBody>,
) -> Result<Response, Problem> {
    let put = write.body.command(Some(code), PutMode::Ensure)?;
    let command = Command::PutScreeningRules(Box::new(put));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
