//! A stock level as the API shows it.

use serde::Serialize;
use throughline_core::inventory::Level;
use throughline_core::network::Network;
use utoipa::ToSchema;

/// The stock of one SKU at one location. Only sellable units are on hand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockLevel)]
pub struct StockView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Code of the location.
    location: &'a str,
    /// Sellable units that are there.
    on_hand: i64,
    /// Units that fulfilments claim.
    allocated: i64,
    /// Units that reservations claim, and ring-fences of channels.
    reserved: i64,
    /// Units that are never promised.
    safety: i64,
    /// on hand − allocated − reserved − safety; negative when more is promised than there is.
    available: i64,
    /// Units that may be allocated beyond what is on hand.
    oversell_limit: i64,
    /// Units that wait for an inspection; not on hand.
    quarantined: i64,
    /// Units that cannot be sold; not on hand.
    damaged: i64,
    /// Units on their way here; not on hand.
    in_transit: i64,
}

impl<'a> StockView<'a> {
    /// Shows a level.
    #[must_use]
    pub fn new(sku: &'a str, level: &Level, network: &'a Network) -> Self {
        Self {
            sku,
            location: network
                .location(level.location)
                .map_or("", |location| &location.code),
            on_hand: level.on_hand,
            allocated: level.allocated,
            reserved: level.reserved,
            safety: level.safety,
            available: level.available(),
            oversell_limit: level.oversell_limit,
            quarantined: level.quarantined,
            damaged: level.damaged,
            in_transit: level.in_transit,
        }
    }
}
