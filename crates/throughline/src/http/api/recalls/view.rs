//! A recall as the API shows it.

use serde::Serialize;
use throughline_core::catalog::Recall;
use throughline_core::inventory::LotCode;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// A SKU, or a lot of it, that must go on to no customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recall)]
pub struct RecallView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Code of the lot, where one alone is recalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lot: Option<&'a str>,
    /// Why.
    reason: &'a str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
}

impl<'a> RecallView<'a> {
    /// Shows a recall.
    #[must_use]
    pub fn new(recall: &'a Recall) -> Self {
        Self {
            sku: &recall.sku,
            lot: recall.lot.as_ref().map(LotCode::as_str),
            reason: &recall.reason,
            since: Instant(recall.since),
        }
    }
}
