//! A recall as the API shows it.

use serde::Serialize;
use throughline_core::catalog::Recall;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// A SKU that must go on to no customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recall)]
pub struct RecallView<'a> {
    /// The SKU.
    sku: &'a str,
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
            reason: &recall.reason,
            since: Instant(recall.since),
        }
    }
}
