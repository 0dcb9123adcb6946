//! Promise against actual: how many promises were kept, and how late the others were.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::days::Month;
use crate::network::{ChannelId, LocationId};

/// Days of lateness that are told apart; what is later is counted as one day more.
const LATE_MAX: u16 = 30;

/// One promise that was kept or not: a delta of counts, which commutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// Who shipped it.
    pub location: LocationId,
    /// With which service (`service_of`).
    pub service: String,
    /// Where it was ordered.
    pub channel: ChannelId,
    /// When it was delivered.
    pub month: Month,
    /// Calendar days after the promised one; 0 when it was kept.
    pub late_days: u16,
    /// Which promise it is measured by.
    pub against: Against,
}

/// The promise that a delivery is measured by.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The one in force when it left.
    #[default]
    Last,
    /// The first one that the customer was given.
    First,
}

/// Promises of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// Promises whose end is known.
    pub promised: u64,
    /// Those that were kept.
    pub kept: u64,
    /// How many were late, by days, 31 for all that were later; rising, none is empty.
    pub late: Vec<(u16, u64)>,
}

impl Score {
    /// Counts promises that were so many days late.
    pub fn add(&mut self, late_days: u16, promises: u64) {
        self.promised = self.promised.saturating_add(promises);
        if late_days == 0 {
            self.kept = self.kept.saturating_add(promises);
            return;
        }
        let days = late_days.min(LATE_MAX + 1);
        match self.late.binary_search_by_key(&days, |(days, _)| *days) {
            Ok(position) => self.late[position].1 = self.late[position].1.saturating_add(promises),
            Err(position) => self.late.insert(position, (days, promises)),
        }
    }

    /// The share that was kept, in hundredths of a percent, rounded down; none without promises.
    #[must_use]
    pub fn kept_basis_points(&self) -> Option<u16> {
        let share = (u128::from(self.kept) * 10_000).checked_div(u128::from(self.promised))?;
        u16::try_from(share).ok()
    }
}

/// Calendar days from the promised day to the day of delivery; 0 when it was kept, 31 for more than thirty.
#[must_use]
pub fn late_days(promised: Date, delivered: Date) -> u16 {
    let late = promised.until(delivered).map_or(0, |span| span.get_days());
    u16::try_from(late).unwrap_or_default().min(LATE_MAX + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_kept_up_to_its_day() {
        let late = |promised: &str, delivered: &str| {
            late_days(promised.parse().unwrap(), delivered.parse().unwrap())
        };
        assert_eq!(late("2026-11-27", "2026-11-27"), 0);
        assert_eq!(late("2026-11-27", "2026-11-20"), 0);
        assert_eq!(late("2026-11-27", "2026-11-30"), 3);
        assert_eq!(late("2026-11-27", "2026-12-27"), 30);
        assert_eq!(late("2026-11-27", "2027-11-27"), 31);
    }

    #[test]
    fn a_score_adds_up() {
        let mut score = Score::default();
        assert_eq!(score.kept_basis_points(), None);
        for (late, promises) in [(0, 6), (2, 1), (1, 1), (2, 1), (99, 1)] {
            score.add(late, promises);
        }
        assert_eq!((score.promised, score.kept), (10, 6));
        assert_eq!(score.late, [(1, 1), (2, 2), (31, 1)]);
        assert_eq!(score.kept_basis_points(), Some(6_000));
    }
}
