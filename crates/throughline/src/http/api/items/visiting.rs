//! Who does a service where the customer is, as the API writes and reads it.

use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::catalog::{DaySlot, Team};
use throughline_core::network::Network;
use utoipa::ToSchema;

/// A location whose people do the service, on its working days and where it ships to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Team, example = json!({
    "location": "CREW", "slots": [{"name": "morning", "from": "08:00", "until": "12:00", "visits": 4}]
}))]
#[serde(deny_unknown_fields)]
pub struct TeamShape {
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// The slots of each of its days. Bookings know them by their position: new ones come last.
    #[schema(min_items = 1, max_items = 24)]
    slots: Vec<DaySlotShape>,
}

/// A part of a day.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = DaySlot)]
#[serde(deny_unknown_fields)]
pub struct DaySlotShape {
    /// What people call it.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// When it begins, at the location.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    from: String,
    /// When it ends.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    until: String,
    /// Visits that can be made in it.
    #[schema(minimum = 0, maximum = 1_000_000)]
    visits: i64,
}

/// The teams that a body names.
///
/// # Errors
/// Refuses unknown locations and what is no time of day.
pub fn teams(shapes: Vec<TeamShape>, network: &Network) -> Result<Vec<Team>, Refusal> {
    let named = shapes.into_iter().enumerate().map(|(position, shape)| {
        let known = network.location_by_code(&shape.location);
        let field = format!("/visits/{position}");
        let unknown = || {
            let name = shape.location.as_str();
            Refusal::unknown(format!("{field}/location"), "location", name)
        };
        let location = known.ok_or_else(unknown)?.id;
        let slots = shape.slots.into_iter().enumerate();
        let slots = slots.map(|(at, slot)| {
            let field = |name: &str| format!("{field}/slots/{at}/{name}");
            Ok(DaySlot {
                from_minute: minute(field("from"), &slot.from)?,
                until_minute: minute(field("until"), &slot.until)?,
                name: slot.name,
                visits: slot.visits,
            })
        });
        let slots = slots.collect::<Result<Vec<_>, Refusal>>()?;
        Ok(Team { location, slots })
    });
    named.collect()
}

fn minute(field: String, text: &str) -> Result<u16, Refusal> {
    let read = || {
        let (hour, minute) = text.split_once(':')?;
        let is_shaped = hour.len() == 2 && minute.len() == 2;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        let is_time = minute < 60 && hour * 60 + minute <= 24 * 60;
        (is_shaped && is_time).then_some(hour * 60 + minute)
    };
    read().ok_or_else(|| Refusal::invalid(field, "must be a time of day such as 08:30"))
}

/// Minutes after midnight as a time of day.
#[must_use]
pub fn time_of_day(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl TeamShape {
    /// Shows a team.
    #[must_use]
    pub fn of(team: &Team, network: &Network) -> Self {
        let location = network.location(team.location);
        let slots = team.slots.iter().map(|slot| DaySlotShape {
            name: slot.name.clone(),
            from: time_of_day(slot.from_minute),
            until: time_of_day(slot.until_minute),
            visits: slot.visits,
        });
        Self {
            location: location.map_or_else(String::new, |known| known.code.clone()),
            slots: slots.collect(),
        }
    }
}
