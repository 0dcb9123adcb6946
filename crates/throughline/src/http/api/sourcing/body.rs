//! Lines that somebody might order, as the caller writes them.

use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::order::Method;
use throughline_core::order::place::NewLine;
use utoipa::ToSchema;

use crate::http::api::orders::body::MethodShape;
use crate::http::api::rates::body::ShipToShape;
use crate::http::body::RequestBody;

/// An order that is only asked about.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SourcingInquiry)]
#[serde(deny_unknown_fields)]
pub struct InquiryBody {
    /// Code of the channel.
    #[schema(min_length = 1, max_length = 64)]
    pub channel: String,
    /// Where it would go.
    pub ship_to: ShipToShape,
    /// What.
    #[schema(min_items = 1, max_items = 5000)]
    pub lines: Vec<InquiryLine>,
    /// Code of the policy that is to decide, by its last version, whether it is in force or not; that of the channel unless
    /// given.
    #[schema(min_length = 1, max_length = 64)]
    pub policy: Option<String>,
}

impl RequestBody for InquiryBody {}

/// A quantity of one SKU.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InquiryLine {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    pub sku: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
    /// Price of one unit in minor units, for conditions of policies; 0 unless given.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub unit_price_minor: Option<i64>,
    /// How it reaches the customer; `ship` unless given.
    #[schema(value_type = Option<MethodShape>)]
    pub method: Option<Method>,
    /// Code of the location the line is bound to.
    #[schema(min_length = 1, max_length = 64)]
    pub location: Option<String>,
    /// Code of the carrier service that the customer chose.
    #[schema(min_length = 1, max_length = 64)]
    pub service: Option<String>,
    /// When the customer wants it.
    #[schema(value_type = Option<String>, format = Date)]
    pub requested_date: Option<Date>,
    /// Whether something else may come instead where nobody has it; no unless given.
    pub allow_substitutes: Option<bool>,
}

impl From<InquiryLine> for NewLine {
    fn from(line: InquiryLine) -> Self {
        Self {
            sku: line.sku,
            quantity: line.quantity,
            unit_price_minor: line.unit_price_minor.unwrap_or(0),
            method: line.method.unwrap_or_default(),
            location: line.location,
            service: line.service,
            requested_date: line.requested_date,
            substitutable: line.allow_substitutes.unwrap_or_default(),
            ..Self::default()
        }
    }
}
