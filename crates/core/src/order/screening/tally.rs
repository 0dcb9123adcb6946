//! Tallies: what was seen of late of one value, as a row of its own that a commit guards.

use serde::{Deserialize, Serialize};

use crate::condition::VelocityCount;
use crate::time::Millis;

/// How long a tally remembers an order, in milliseconds: 24 hours.
pub const TALLY_KEPT_MS: i64 = 86_400_000;
/// Most orders that a tally remembers; counts stop there.
pub const TALLY_ENTRIES_MAX: usize = 100;
/// An hour in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// What a tally counts orders by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TallyKey {
    /// What kind of value.
    pub kind: TallyKind,
    /// The value; only its hash is stored.
    pub value: String,
}

/// The kinds of values that orders are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TallyKind {
    /// A customer, by id.
    Customer = 1,
    /// An email address in its compared form.
    Email = 2,
    /// An area: see [`Destination::area`](crate::party::Destination::area).
    Area = 3,
    /// A card, by the gateway's fingerprint.
    Card = 4,
    /// The same order: customer, destination, SKUs and quantities.
    Contents = 5,
}

/// The orders of the last day that have one value in common, the latest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rises by one with every change; 0 for one that does not exist.
    #[serde(skip)]
    pub version: i64,
    /// What was seen.
    pub seen: Vec<Seen>,
}

/// One order in a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// When it was placed.
    #[serde(rename = "t")]
    pub at: Millis,
    /// Its number.
    #[serde(rename = "n")]
    pub number: u64,
    /// Its total in minor units.
    #[serde(rename = "m")]
    pub amount_minor: i64,
}

impl Tally {
    /// The tally with one order more; what is older than a day, or beyond [`TALLY_ENTRIES_MAX`], is forgotten.
    #[must_use]
    pub fn with(&self, seen: Seen) -> Self {
        let kept = |known: &&Seen| known.at > seen.at.plus_ms(-TALLY_KEPT_MS);
        let mut all: Vec<Seen> = self.seen.iter().filter(kept).copied().collect();
        all.push(seen);
        all.drain(..all.len().saturating_sub(TALLY_ENTRIES_MAX));
        Self {
            version: self.version + 1,
            seen: all,
        }
    }

    /// Orders and money of the last hour and day.
    #[must_use]
    pub fn count(&self, now: Millis) -> VelocityCount {
        let mut count = VelocityCount::default();
        for seen in self.within(now, TALLY_KEPT_MS) {
            count.orders_day += 1;
            count.amount_day_minor = count.amount_day_minor.saturating_add(seen.amount_minor);
            if seen.at > now.plus_ms(-HOUR_MS) {
                count.orders_hour += 1;
                count.amount_hour_minor = count.amount_hour_minor.saturating_add(seen.amount_minor);
            }
        }
        count
    }

    /// What was seen within so many milliseconds before now.
    pub fn within(&self, now: Millis, window_ms: i64) -> impl Iterator<Item = &Seen> {
        let since = now.plus_ms(-window_ms);
        self.seen.iter().filter(move |seen| seen.at > since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_forgets_what_is_old_and_counts_the_hour_and_the_day() {
        let at = |minutes: i64| Millis(minutes * 60_000);
        let seen = |minutes, amount_minor| Seen {
            at: at(minutes),
            number: 1,
            amount_minor,
        };
        let tally = Tally::default()
            .with(seen(0, 1))
            .with(seen(1_400, 10))
            .with(seen(1_430, 100));
        assert_eq!(tally.version, 3);
        let count = tally.count(at(1_440));
        assert_eq!((count.orders_hour, count.orders_day), (2, 2));
        assert_eq!(
            (count.amount_hour_minor, count.amount_day_minor),
            (110, 110)
        );
        let count = tally.count(at(1_439));
        assert_eq!((count.orders_day, count.amount_day_minor), (3, 111));
        assert_eq!(tally.with(seen(1_441, 0)).seen.len(), 3);
    }

    #[test]
    fn a_tally_keeps_the_latest_hundred() {
        let mut tally = Tally::default();
        for number in 0..150 {
            let at = Millis(1_000 + i64::try_from(number).unwrap());
            tally = tally.with(Seen {
                at,
                number,
                amount_minor: i64::MAX,
            });
        }
        assert_eq!(tally.seen.len(), TALLY_ENTRIES_MAX);
        assert_eq!(tally.seen[0].number, 50);
        assert_eq!(tally.count(Millis(2_000)).amount_day_minor, i64::MAX);
    }
}
