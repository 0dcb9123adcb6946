//! Items that are made when they are ordered: who makes them, how long that takes, and how many a day.

use serde::{Deserialize, Serialize};

use crate::network::{Capacity, CapacityUnit, LocationId, Network};
use crate::refusal::Refusal;

/// Most locations that make one item.
pub const MAKERS_MAX: usize = 20;
/// Longest lead time in working days.
pub const LEAD_DAYS_MAX: u16 = 365;

/// A location that makes an item when it is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// Who makes it, and has the finished units in its stock.
    pub location: LocationId,
    /// Working days of the location between the day on which it is asked and the first day on which it can have finished.
    #[serde(default)]
    pub lead_days: u16,
    /// Units of the item that it can finish in one local day.
    pub capacity: Capacity,
}

/// Puts dated limits in order.
///
/// # Errors
/// Refuses unknown locations, one that is named twice, lead times beyond 365 days, capacities in another unit than units,
/// and whatever [`Capacity::check`] refuses; the refusal names the field.
pub(super) fn check(makers: &mut [Maker], network: &Network) -> Result<(), Refusal> {
    if makers.len() > MAKERS_MAX {
        return Err(Refusal::TooMany {
            what: "locations that make one item",
            limit: MAKERS_MAX as u64,
        });
    }
    for position in 0..makers.len() {
        let field = |name: &str| format!("/made_to_order/{position}/{name}");
        let (before, rest) = makers.split_at_mut(position);
        let Some(maker) = rest.first_mut() else { break };
        if network.location(maker.location).is_none() {
            let problem = "must be one of the locations";
            return Err(Refusal::invalid(field("location"), problem));
        }
        if before.iter().any(|known| known.location == maker.location) {
            let problem = "must be named once";
            return Err(Refusal::invalid(field("location"), problem));
        }
        if maker.lead_days > LEAD_DAYS_MAX {
            let problem = format!("must be at most {LEAD_DAYS_MAX}");
            return Err(Refusal::invalid(field("lead_days"), problem));
        }
        maker.capacity.unit = CapacityUnit::Units;
        maker.capacity.check().map_err(|refusal| match refusal {
            Refusal::Invalid { field, problem } => {
                Refusal::invalid(format!("/made_to_order/{position}{field}"), problem)
            }
            other => other,
        })?;
    }
    Ok(())
}
