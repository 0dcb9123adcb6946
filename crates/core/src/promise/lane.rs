//! Lanes: from a location with a service to an area, and how long parcels take there.
//!
//! A lane with enough parcels speaks for itself. Else all lanes of the location and service to the country do, else all
//! of the service, else the carrier's own table.

use rustc_hash::FxHashMap;

use super::backtest::walk_forward;
use super::days::Month;
use super::transit::Transit;
use crate::network::LocationId;

/// Parcels without which a lane says nothing of its own.
pub const OBSERVATIONS_MIN: u64 = 30;
/// Months that are looked back on: a year, so that each season was seen once.
pub const WINDOW_MONTHS: usize = 12;

/// From where, with which service, to where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// Where parcels start.
    pub location: LocationId,
    /// The carrier's service (`service_of`).
    pub service: String,
    /// ISO 3166-1 alpha-2 code of the destination.
    pub country: String,
    /// Which part of the country: a zone of the carrier's, or a square of two degrees such as `n52e012`; empty for a
    /// destination of which only the country is known.
    pub area: String,
}

/// How many parcels of a lane, delivered in one month, took how many working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneCount {
    /// Which lane.
    pub lane: Lane,
    /// When they were delivered: of parcels that are still on their way nobody knows yet how slow they are.
    pub month: Month,
    /// Working days.
    pub days: u8,
    /// Parcels.
    pub parcels: u64,
}

/// What the carrier says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableDays {
    /// Working days that it names.
    pub days: u8,
    /// Working days that are added to be sure, while nothing is proven.
    pub margin_days: u8,
}

/// Whose parcels an answer is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The lane's own.
    Lane,
    /// Those of the location and service to the whole country.
    Country,
    /// Those of the service, from and to everywhere.
    Service,
    /// Nobody's: the carrier's table.
    Table,
}

/// How long a parcel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransitTime {
    /// Working days that it takes as likely as not.
    pub likely_days: u8,
    /// Working days that it keeps with 90 % confidence, if `proven`.
    pub kept_days: u8,
    /// Whether at least 30 parcels and a backtest stand behind it.
    pub proven: bool,
    /// Whose parcels it was taken from.
    pub level: Level,
    /// How many parcels.
    pub parcels: u64,
}

/// Parcels by month of delivery.
#[derive(Debug, Clone, Default)]
struct History {
    months: Vec<(Month, Transit)>,
}

impl History {
    fn add(&mut self, month: Month, days: u8, parcels: u64) {
        let position = self
            .months
            .binary_search_by_key(&month, |(month, _)| *month);
        let position = position.unwrap_or_else(|position| {
            self.months.insert(position, (month, Transit::default()));
            position
        });
        self.months[position].1.add(days, parcels);
    }

    /// Each month of the window before `now`, the present one included, and as many before it to judge the first of them by.
    fn periods(&self, now: Month) -> Vec<Transit> {
        let looked_back_on = i32::try_from(2 * WINDOW_MONTHS).unwrap_or(i32::MAX);
        let first = now.before(looked_back_on - 1);
        let months = (first.0..=now.0).map(Month);
        let of = |month| {
            let found = self
                .months
                .binary_search_by_key(&month, |(month, _)| *month);
            found.map_or_else(|_| Transit::default(), |at| self.months[at].1.clone())
        };
        months.map(of).collect()
    }

    fn tell(
        &self,
        now: Month,
        level: Level,
        table: TableDays,
        together: u64,
    ) -> Option<TransitTime> {
        let periods = self.periods(now);
        let window = window(&periods);
        if window.total() < OBSERVATIONS_MIN {
            return None;
        }
        let sure = window.kept_days(together);
        let proven = sure.is_some() && walk_forward(&periods, WINDOW_MONTHS, together).passes();
        let cautious = table.days.saturating_add(table.margin_days);
        let kept_days = match sure {
            Some(days) if proven => days,
            // What was seen is not trusted alone, and never promised better than the table with its margin.
            sure => sure.unwrap_or(cautious).max(cautious),
        };
        Some(TransitTime {
            likely_days: window.likely_days().unwrap_or(table.days).min(kept_days),
            kept_days,
            proven,
            level,
            parcels: window.total(),
        })
    }
}

/// The last twelve of the periods together.
fn window(periods: &[Transit]) -> Transit {
    let mut window = Transit::default();
    let last = periods.iter().rev().take(WINDOW_MONTHS);
    last.for_each(|period| window.merge(period));
    window
}

/// What was seen of all lanes.
#[derive(Debug, Clone, Default)]
pub struct LaneBook {
    lanes: FxHashMap<Lane, History>,
    countries: FxHashMap<(LocationId, String, String), History>,
    services: FxHashMap<String, History>,
}

impl LaneBook {
    /// A book of these counts.
    #[must_use]
    pub fn of(counts: impl IntoIterator<Item = LaneCount>) -> Self {
        let mut book = Self::default();
        counts.into_iter().for_each(|count| book.add(count));
        book
    }

    /// Counts parcels on their lane, and on everything that it is part of.
    pub fn add(&mut self, count: LaneCount) {
        let LaneCount {
            lane,
            month,
            days,
            parcels,
        } = count;
        let country = (lane.location, lane.service.clone(), lane.country.clone());
        let service = self.services.entry(lane.service.clone()).or_default();
        service.add(month, days, parcels);
        let country = self.countries.entry(country).or_default();
        country.add(month, days, parcels);
        self.lanes
            .entry(lane)
            .or_default()
            .add(month, days, parcels);
    }

    /// The parcels of a lane itself in the last twelve months.
    #[must_use]
    pub fn counts(&self, lane: &Lane, now: Month) -> Transit {
        let history = self.lanes.get(lane);
        history.map_or_else(Transit::default, |history| window(&history.periods(now)))
    }

    /// How long a parcel takes on a lane that is shipped now: by the most exact level with at least 30 parcels in the last
    /// twelve months; else what the table says with its margin, unproven. What is kept is kept by all of so many parcels
    /// `together`, on this lane and on others.
    #[must_use]
    pub fn transit_time(
        &self,
        lane: &Lane,
        now: Month,
        table: TableDays,
        together: u64,
    ) -> TransitTime {
        let country = (lane.location, lane.service.clone(), lane.country.clone());
        let levels = [
            (Level::Lane, self.lanes.get(lane)),
            (Level::Country, self.countries.get(&country)),
            (Level::Service, self.services.get(&lane.service)),
        ];
        let mut told = levels
            .into_iter()
            .filter_map(|(level, history)| history?.tell(now, level, table, together));
        told.next().unwrap_or(TransitTime {
            likely_days: table.days,
            kept_days: table.days.saturating_add(table.margin_days),
            proven: false,
            level: Level::Table,
            parcels: 0,
        })
    }
}

#[cfg(test)]
mod tests;
