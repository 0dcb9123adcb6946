//! Services that somebody does where the customer is: who does them, and in which slots of a day.

use serde::{Deserialize, Serialize};

use crate::network::{LocationId, Network};
use crate::refusal::Refusal;
use crate::text;

/// Most locations that do one service.
pub const TEAMS_MAX: usize = 20;
/// Most slots of a day.
pub const SLOTS_MAX: usize = 24;
/// Most visits of one slot.
const VISITS_MAX: i64 = 1_000_000;

/// A location whose people do a service, on its working days, where it ships to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The location.
    pub location: LocationId,
    /// The slots of each of its days. Bookings know them by their position: new ones come last.
    pub slots: Vec<DaySlot>,
}

/// A part of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySlot {
    /// What people call it, such as `morning`.
    pub name: String,
    /// When it begins, in minutes after midnight at the location.
    pub from_minute: u16,
    /// When it ends.
    pub until_minute: u16,
    /// Visits that the team can make in it.
    pub visits: i64,
}

/// Checks who does a service.
///
/// # Errors
/// Refuses unknown locations, one that is named twice, no slots or too many, slots that end before they begin, names that are
/// missing or come twice, and impossible numbers of visits; the refusal names the field.
pub(super) fn check(teams: &[Team], network: &Network) -> Result<(), Refusal> {
    if teams.len() > TEAMS_MAX {
        return Err(Refusal::TooMany {
            what: "locations that do one service",
            limit: TEAMS_MAX as u64,
        });
    }
    for (position, team) in teams.iter().enumerate() {
        let field = |name: &str| format!("/visits/{position}/{name}");
        if network.location(team.location).is_none() {
            let problem = "must be one of the locations";
            return Err(Refusal::invalid(field("location"), problem));
        }
        let mut before = teams[..position].iter();
        if before.any(|known| known.location == team.location) {
            return Err(Refusal::invalid(field("location"), "must be named once"));
        }
        if !(1..=SLOTS_MAX).contains(&team.slots.len()) {
            let problem = format!("must be 1 to {SLOTS_MAX}");
            return Err(Refusal::invalid(field("slots"), problem));
        }
        check_slots(&team.slots, &field("slots"))?;
    }
    Ok(())
}

fn check_slots(slots: &[DaySlot], field: &str) -> Result<(), Refusal> {
    for (position, slot) in slots.iter().enumerate() {
        let at = |name: &str| format!("{field}/{position}/{name}");
        text::name(at("name"), &slot.name, text::CODE_MAX)?;
        if slots[..position]
            .iter()
            .any(|known| known.name == slot.name)
        {
            return Err(Refusal::invalid(at("name"), "must be named once"));
        }
        if slot.from_minute >= slot.until_minute || slot.until_minute > 24 * 60 {
            let problem = "must be a time of the same day after it begins";
            return Err(Refusal::invalid(at("until"), problem));
        }
        if !(0..=VISITS_MAX).contains(&slot.visits) {
            let problem = format!("must lie between 0 and {VISITS_MAX}");
            return Err(Refusal::invalid(at("visits"), problem));
        }
    }
    Ok(())
}
