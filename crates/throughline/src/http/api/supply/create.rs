//! Announcing goods from a supplier or from production.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::{CreateSupply, NewSource};
use utoipa::ToSchema;

use super::CONFIDENCE_PERCENT;
use super::view::SupplyView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::ids;

/// Goods that will come.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSupply)]
#[serde(deny_unknown_fields)]
pub struct SupplyBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location that they will come to.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Where they come from.
    source: SourceBody,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    quantity: i64,
    /// The day they are expected on, in the location's time zone; not in the past.
    #[schema(value_type = String, format = Date)]
    expected: Date,
    /// How sure it is that they come by then; 100 unless given.
    #[schema(minimum = 0, maximum = 100)]
    confidence_percent: Option<u8>,
    /// What people should know of it.
    #[schema(max_length = 10_000)]
    note: Option<String>,
}

/// Where announced goods come from. A transfer is announced by `POST /v1/transfers`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSupplySource)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum SourceBody {
    /// A supplier.
    PurchaseOrder {
        /// Who.
        #[schema(min_length = 1, max_length = 255)]
        supplier: String,
        /// The number of the purchase order.
        #[schema(min_length = 1, max_length = 255)]
        reference: String,
    },
    /// They are being made.
    Production {},
}

impl RequestBody for SupplyBody {}

/// Announces goods that will come.
#[utoipa::path(
    post, path = "/v1/supply", operation_id = "create_supply", tag = "supply", request_body = SupplyBody,
    responses((status = 201, description = "The supply", body = SupplyView, headers(("Location" = String), ("ETag" = String))))
)]
pub async fn create_supply(
    State(api): State<Shared>,
    write: Write<SupplyBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.location)?;
    let source = match body.source {
        SourceBody::PurchaseOrder {
            supplier,
            reference,
        } => NewSource::PurchaseOrder {
            supplier,
            reference,
        },
        SourceBody::Production {} => NewSource::Production,
    };
    let command = Command::CreateSupply(CreateSupply {
        id: ids::supply(),
        sku: body.sku,
        location: body.location,
        source,
        quantity: body.quantity,
        expected: body.expected,
        confidence_percent: body.confidence_percent.unwrap_or(CONFIDENCE_PERCENT),
        note: body.note,
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
