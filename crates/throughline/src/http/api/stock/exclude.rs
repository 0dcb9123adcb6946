//! Sets where an item is not offered for some days.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::{Cause, ExcludeItem};
use utoipa::ToSchema;

use super::view::StockView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// An item that is not to be offered from a location.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ExcludeItem, example = json!({"sku": "MUG", "location": "STORE-1", "days": 3, "code": "not_found"}))]
#[serde(deny_unknown_fields)]
pub struct ExcludeBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Days from now on; 0 ends the exclusion. One that lasts longer already stays.
    #[schema(maximum = 365)]
    days: u16,
    /// Why; `other` unless given.
    #[schema(value_type = Option<CauseShape>)]
    code: Option<Cause>,
}

impl RequestBody for ExcludeBody {}

/// Why a location could not do what it was asked for.
#[derive(Debug, ToSchema)]
#[schema(as = RejectionCode, rename_all = "snake_case")]
pub enum CauseShape {
    /// The goods are not where they should be.
    NotFound,
    /// The goods cannot be sold.
    Damaged,
    /// The price there is another one.
    WrongPrice,
    /// The location is closed.
    Closed,
    /// The location has too much to do.
    TooBusy,
    /// Something else, in words.
    Other,
}

/// Does not offer an item from a location to any order for some days, or ends that: then who waits for it is served. A
/// count of the item there ends it too.
#[utoipa::path(
    post, path = "/v1/stock/exclusions", operation_id = "exclude_item", tag = "stock", request_body = ExcludeBody,
    responses((status = 200, description = "The stock level", body = StockView))
)]
pub async fn exclude_item(
    State(api): State<Shared>,
    write: Write<ExcludeBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let command = Command::ExcludeItem(ExcludeItem {
        sku: body.sku,
        location: body.location,
        days: body.days,
        cause: body.code.unwrap_or_default(),
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
