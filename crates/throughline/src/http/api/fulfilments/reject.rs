//! The location says no.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::{RejectFulfilment, Variance};
use throughline_core::inventory::Cause;
use utoipa::ToSchema;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::api::stock::exclude::CauseShape;
use crate::http::api::units::{LineUnitsBody, lines};
use crate::http::body::RequestBody;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Why the location says no.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RejectFulfilment, example = json!({"reason": "not on the shelf", "code": "not_found", "exclude_days": 5}))]
#[serde(deny_unknown_fields)]
pub struct RejectBody {
    /// Why, in words.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// Why; `other` unless given. What says something of the goods excludes them there for some days.
    #[schema(value_type = Option<CauseShape>)]
    code: Option<Cause>,
    /// The units; everything unless given.
    #[schema(max_items = 5000)]
    lines: Option<Vec<LineUnitsBody>>,
    /// Days for which the items are not offered from there to any order; as the location's rules say unless given.
    #[schema(maximum = 365)]
    exclude_days: Option<u16>,
    /// What becomes of the units on the books; as the code and the location's rules say unless given.
    #[schema(value_type = Option<VarianceShape>)]
    stock: Option<VarianceShape>,
}

/// What becomes of rejected units on the books.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[schema(as = StockVariance)]
#[serde(rename_all = "snake_case")]
pub enum VarianceShape {
    /// They stay on hand.
    None,
    /// They are not there: on hand falls.
    Missing,
    /// They are there and cannot be sold.
    Damaged,
    /// They are there and have to be looked at.
    Quarantine,
}

impl From<VarianceShape> for Variance {
    fn from(shape: VarianceShape) -> Self {
        match shape {
            VarianceShape::None => Self::None,
            VarianceShape::Missing => Self::Missing,
            VarianceShape::Damaged => Self::Damaged,
            VarianceShape::Quarantine => Self::Quarantine,
        }
    }
}

impl RequestBody for RejectBody {}

/// A location rejects a fulfilment, or some of its units. They are sourced elsewhere in the same commit, and the location
/// is not asked again for this order. What locations turned down as often as the channel lets them is held instead.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/reject", operation_id = "reject_fulfilment", tag = "fulfilments",
    request_body = RejectBody,
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn reject_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<RejectBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    let some = body
        .lines
        .map(|some| lines(name.0, "/lines", some))
        .transpose()?;
    let what = RejectFulfilment {
        fulfilment: name.no(),
        reason: body.reason,
        cause: body.code.unwrap_or_default(),
        lines: some,
        exclude_days: body.exclude_days,
        variance: body.stock.map(Variance::from),
    };
    api.fulfilment_verb(&write.asked, name, what, Command::RejectFulfilment)
        .await
}
