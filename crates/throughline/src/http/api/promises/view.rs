//! Promises as the API shows them.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::id::{LineNo, SupplyId};
use throughline_core::network::Network;
use throughline_core::order::Method;
use utoipa::ToSchema;

use super::options::Found;
use crate::http::api::orders::body::MethodShape;

/// Which deliveries could be promised.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Promises)]
pub struct PromisesView {
    /// An option for each way: complete ones first, then the earliest.
    options: Vec<OptionView>,
}

/// What could be promised one way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseOption)]
pub struct OptionView {
    /// How it would reach the customer.
    #[schema(value_type = MethodShape)]
    method: Method,
    /// Code of the carrier service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    service: Option<String>,
    /// Code of the location where it would be collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pickup_location: Option<String>,
    /// The local day on which the last parcel leaves, or on which it can be collected.
    #[schema(value_type = Option<String>, format = Date)]
    ships_on: Option<Date>,
    /// The day on which the last parcel arrives as likely as not.
    #[schema(value_type = Option<String>, format = Date)]
    likely_on: Option<Date>,
    /// The day by which all of it is there with 90 % confidence, if that is proven.
    #[schema(value_type = Option<String>, format = Date)]
    keeps_on: Option<Date>,
    /// Whether at least 30 deliveries and a backtest stand behind `keeps_on`; else it is the carrier's table and a margin.
    proven: bool,
    /// The deliveries that it was taken from.
    deliveries_seen: u64,
    /// Whether `keeps_on` is no later than the day that was asked for; absent where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    in_time: Option<bool>,
    /// What the carrier asks for all parcels, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    carrier_minor: Option<i64>,
    /// The currency of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    currency: Option<String>,
    /// How often it is split: the parcels that come now, beyond the first one.
    splits: usize,
    /// Codes of the locations it comes from.
    locations: Vec<String>,
    /// Units that would be made to order; the dates know of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    made: Vec<MadeView>,
    /// Units that could not be served now; the dates are those of the rest.
    missing: Vec<MissingView>,
    /// When all of it would be there, with what has to wait for incoming supply; null where some of it has none.
    complete: Option<CompleteView>,
}

/// Units that would be made to order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseMade)]
struct MadeView {
    /// The SKU.
    sku: String,
    /// Units.
    quantity: i64,
    /// Code of the location that would make them.
    location: Option<String>,
    /// The first local day on which it has room for them after its lead time.
    #[schema(value_type = String, format = Date)]
    finished_on: Date,
    /// The local day on which they would leave, or could be collected.
    #[schema(value_type = Option<String>, format = Date)]
    ships_on: Option<Date>,
}

/// Units that could not be served now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseMissing)]
struct MissingView {
    /// The SKU.
    sku: String,
    /// Units.
    quantity: i64,
    /// The incoming supply that they would wait for; fewer units than missing where there is no more.
    awaits: Vec<AwaitedView>,
}

/// Incoming supply that missing units would wait for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseAwaited)]
struct AwaitedView {
    /// The supply.
    #[schema(value_type = Uuid)]
    supply_id: SupplyId,
    /// Units.
    quantity: i64,
    /// Code of the location that it comes to.
    location: Option<String>,
    /// The day it is expected on.
    #[schema(value_type = String, format = Date)]
    expected_on: Date,
    /// The local day on which it would leave, or could be collected.
    #[schema(value_type = Option<String>, format = Date)]
    ships_on: Option<Date>,
}

/// When all of it would be there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseComplete)]
struct CompleteView {
    /// The local day on which the last parcel leaves, or on which all of it can be collected.
    #[schema(value_type = Option<String>, format = Date)]
    ships_on: Option<Date>,
    /// The day on which the last parcel arrives as likely as not.
    #[schema(value_type = Option<String>, format = Date)]
    likely_on: Option<Date>,
    /// The day by which all of it is there with 90 % confidence, if that is proven.
    #[schema(value_type = Option<String>, format = Date)]
    keeps_on: Option<Date>,
    /// Whether at least 30 deliveries and a backtest stand behind `keeps_on`; the supply may still be late.
    proven: bool,
    /// Whether `keeps_on` is no later than the day that was asked for; absent where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    in_time: Option<bool>,
}

impl PromisesView {
    /// Shows options.
    #[must_use]
    pub fn new(found: Vec<Found>, network: &Network) -> Self {
        let options = found.into_iter().map(|one| OptionView::new(&one, network));
        Self {
            options: options.collect(),
        }
    }
}

impl OptionView {
    fn new(found: &Found, network: &Network) -> Self {
        let service = found.service.and_then(|id| network.service(id));
        let dates = found.dates;
        let keeps_on = dates.and_then(|dates| dates.keeps_on);
        let parcels = found.preview.allotments.iter();
        let makes = found.preview.productions.iter();
        let prices = parcels.map(|one| one.route.and_then(|route| route.carrier_minor));
        let prices = prices.chain(makes.map(|one| one.route.carrier_minor));
        let carrier_minor: Option<i64> = prices.sum();
        let code = |id| {
            let known = network.location(id);
            known.map(|location| location.code.clone())
        };
        let parcels = found.preview.allotments.iter();
        let parcels = parcels.filter_map(|one| one.location);
        let mut locations: Vec<_> = parcels.collect();
        for made in &found.preview.productions {
            if !locations.contains(&made.location) {
                locations.push(made.location);
            }
        }
        Self {
            method: found.method,
            service: service.map(|service| service.code.clone()),
            pickup_location: found.pickup.and_then(code),
            ships_on: dates.and_then(|dates| dates.ships_on),
            likely_on: dates.and_then(|dates| dates.likely_on),
            keeps_on,
            proven: dates.is_some_and(|dates| dates.proven),
            deliveries_seen: dates.map_or(0, |dates| dates.parcels),
            in_time: found
                .needed_by
                .map(|needed_by| keeps_on.is_some_and(|keeps_on| keeps_on <= needed_by)),
            carrier_minor: carrier_minor.filter(|_| service.is_some()),
            currency: service.map(|service| service.currency.to_string()),
            splits: found.preview.allotments.len().saturating_sub(1),
            locations: locations.into_iter().filter_map(code).collect(),
            made: made(found, network),
            missing: missing(found, network),
            complete: found.complete.map(|dates| CompleteView {
                ships_on: dates.ships_on,
                likely_on: dates.likely_on,
                keeps_on: dates.keeps_on,
                proven: dates.proven,
                in_time: found
                    .needed_by
                    .map(|needed_by| dates.keeps_on.is_some_and(|on| on <= needed_by)),
            }),
        }
    }
}

fn made(found: &Found, network: &Network) -> Vec<MadeView> {
    let placed = &found.preview.order.placed;
    let made = found.preview.productions.iter();
    made.map(|made| MadeView {
        sku: placed
            .line(made.line)
            .map_or_else(String::new, |line| line.sku.clone()),
        quantity: made.quantity,
        location: network
            .location(made.location)
            .map(|known| known.code.clone()),
        finished_on: made.day,
        ships_on: made.route.leaves_on,
    })
    .collect()
}

fn missing(found: &Found, network: &Network) -> Vec<MissingView> {
    let placed = &found.preview.order.placed;
    let missing = found.preview.missing.iter();
    missing
        .filter_map(|(no, quantity)| {
            let line = placed.line(*no)?;
            Some(MissingView {
                sku: line.sku.clone(),
                quantity: *quantity,
                awaits: awaits(found, *no, network),
            })
        })
        .collect()
}

fn awaits(found: &Found, line: LineNo, network: &Network) -> Vec<AwaitedView> {
    let named = found.preview.awaited.iter();
    let named = named.filter(|units| units.line == line);
    named
        .map(|units| AwaitedView {
            supply_id: units.supply,
            quantity: units.quantity,
            location: network
                .location(units.location)
                .map(|known| known.code.clone()),
            expected_on: units.expected_on,
            ships_on: units.route.leaves_on,
        })
        .collect()
}
