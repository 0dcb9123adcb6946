//! Who makes an item to order, as the API writes and reads it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::catalog::Maker;
use throughline_core::network::{Capacity, CapacityUnit, DayLimit, Network};
use utoipa::ToSchema;

/// A location that makes the item when it is ordered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Maker, example = json!({"location": "WORKSHOP", "lead_days": 3, "units_per_day": 8}))]
#[serde(deny_unknown_fields)]
pub struct MakerShape {
    /// Code of the location; it has the finished units in its stock.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Its working days between the day on which it is asked and the first on which it can have finished; 0 unless given.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365)]
    lead_days: u16,
    /// Units of the item that it can finish on a local day that is not among `days`.
    #[schema(minimum = 0)]
    units_per_day: i64,
    /// Days with a limit of their own, such as those of a holiday.
    #[serde(default)]
    #[schema(max_items = 1000)]
    days: Vec<MakerDayShape>,
}

/// Units that can be finished on one day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MakerDay)]
#[serde(deny_unknown_fields)]
pub struct MakerDayShape {
    /// The local day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// Most units of it.
    #[schema(minimum = 0)]
    units: i64,
}

/// The makers that a body names.
///
/// # Errors
/// Refuses unknown locations.
pub fn makers(shapes: Vec<MakerShape>, network: &Network) -> Result<Vec<Maker>, Refusal> {
    let named = shapes.into_iter().enumerate().map(|(position, shape)| {
        let known = network.location_by_code(&shape.location);
        let field = format!("/made_to_order/{position}/location");
        let unknown = || Refusal::unknown(field, "location", shape.location.as_str());
        let days = shape.days.iter().map(|day| DayLimit {
            date: day.date,
            limit: day.units,
        });
        Ok(Maker {
            location: known.ok_or_else(unknown)?.id,
            lead_days: shape.lead_days,
            capacity: Capacity {
                unit: CapacityUnit::Units,
                per_day: shape.units_per_day,
                days: days.collect(),
            },
        })
    });
    named.collect()
}

impl MakerShape {
    /// Shows a maker.
    #[must_use]
    pub fn of(maker: &Maker, network: &Network) -> Self {
        let location = network.location(maker.location);
        let days = maker.capacity.days.iter().map(|day| MakerDayShape {
            date: day.date,
            units: day.limit,
        });
        Self {
            location: location.map_or_else(String::new, |known| known.code.clone()),
            lead_days: maker.lead_days,
            units_per_day: maker.capacity.per_day,
            days: days.collect(),
        }
    }
}
