//! A lot as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::inventory::{ItemLots, KnownLot, LotLevel};
use throughline_core::network::Network;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;
use crate::http::auth::Caller;

/// Units of an item that were made together, and may expire together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lot)]
pub struct LotView<'a> {
    /// Its code, as it is printed on it.
    code: &'a str,
    /// The last day on which it may be used.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<Date>,
    /// The day on which it was made.
    #[schema(value_type = Option<String>, format = Date)]
    made_on: Option<Date>,
    /// When it first came in.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Instant,
    /// Why it is recalled, if it is: alone, or with the whole SKU.
    recalled: Option<&'a str>,
    /// Where its units are.
    levels: Vec<LotLevelView<'a>>,
}

/// The units of a lot at a location.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LotLevel)]
struct LotLevelView<'a> {
    /// Code of the location.
    location: &'a str,
    /// Sellable units that are there.
    on_hand: i64,
    /// Units that fulfilments claim.
    allocated: i64,
    /// Units that wait for an inspection; not on hand.
    quarantined: i64,
    /// Units that cannot be sold; not on hand.
    damaged: i64,
    /// Units on their way here; not on hand.
    in_transit: i64,
}

impl<'a> LotView<'a> {
    /// Shows a lot to a caller, who sees the caller's own locations.
    #[must_use]
    pub fn new(
        known: &'a KnownLot,
        lots: &ItemLots,
        network: &'a Network,
        caller: &Caller,
    ) -> Self {
        let recall = network.recall_of_lot(known.item, &known.lot.code);
        let recall = recall.or_else(|| network.recall_of(known.item));
        let here = lots.levels().iter().filter(|level| {
            level.lot.code == known.lot.code
                && caller.at_number(network, Some(level.location)).is_ok()
        });
        Self {
            code: known.lot.code.as_str(),
            expires_on: known.lot.expires_on,
            made_on: known.made_on,
            first_seen_at: Instant(known.first_seen_at),
            recalled: recall.map(|recall| recall.reason.as_str()),
            levels: here
                .map(|level| LotLevelView::new(level, network))
                .collect(),
        }
    }
}

impl<'a> LotLevelView<'a> {
    fn new(level: &LotLevel, network: &'a Network) -> Self {
        Self {
            location: network
                .location(level.location)
                .map_or("", |location| &location.code),
            on_hand: level.on_hand,
            allocated: level.allocated,
            quarantined: level.quarantined,
            damaged: level.damaged,
            in_transit: level.in_transit,
        }
    }
}
