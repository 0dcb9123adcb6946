//! How much a location can work in one day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Most dated limits of one location.
const DAYS_MAX: usize = 1_000;

/// What a location's day is counted in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapacityUnit {
    /// Fulfilments, whatever is in them.
    #[default]
    Orders,
    /// Lines of fulfilments.
    Lines,
    /// Units.
    Units,
}

/// How much a location can work in one local day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// What is counted.
    pub unit: CapacityUnit,
    /// Most of it on a day that is not among `days`.
    pub per_day: i64,
    /// Days with a limit of their own, such as those of a peak, by ascending date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayLimit>,
}

/// The limit of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayLimit {
    /// The local day.
    pub date: Date,
    /// Most of the unit on that day.
    pub limit: i64,
}

/// What a location has to work on one day, in each unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Load {
    /// Fulfilments.
    pub orders: i64,
    /// Their lines.
    pub lines: i64,
    /// Their units.
    pub units: i64,
}

impl Load {
    /// The load in one unit.
    #[must_use]
    pub fn of(&self, unit: CapacityUnit) -> i64 {
        match unit {
            CapacityUnit::Orders => self.orders,
            CapacityUnit::Lines => self.lines,
            CapacityUnit::Units => self.units,
        }
    }

    /// Adds another load.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            orders: self.orders + other.orders,
            lines: self.lines + other.lines,
            units: self.units + other.units,
        }
    }

    /// Takes another load away.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            orders: self.orders - other.orders,
            lines: self.lines - other.lines,
            units: self.units - other.units,
        }
    }

    /// Whether it is none.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Capacity {
    /// Most of the unit on a day.
    #[must_use]
    pub fn limit_on(&self, date: Date) -> i64 {
        let known = self.days.binary_search_by_key(&date, |day| day.date);
        known.map_or(self.per_day, |position| self.days[position].limit)
    }

    /// Puts the dated limits in order.
    ///
    /// # Errors
    /// Refuses negative limits, a date that comes twice, and more than 1,000 dates.
    pub fn check(&mut self) -> Result<(), Refusal> {
        let below_zero = "must not be negative";
        if self.per_day < 0 {
            return Err(Refusal::invalid("/capacity/per_day", below_zero));
        }
        if self.days.len() > DAYS_MAX {
            return Err(Refusal::TooMany {
                what: "days with a capacity of their own",
                limit: DAYS_MAX as u64,
            });
        }
        if let Some(position) = self.days.iter().position(|day| day.limit < 0) {
            let field = format!("/capacity/days/{position}/limit");
            return Err(Refusal::invalid(field, below_zero));
        }
        self.days.sort_by_key(|day| day.date);
        match self.days.windows(2).find(|two| two[0].date == two[1].date) {
            Some(two) => Err(Refusal::invalid(
                "/capacity/days",
                format!("names {} twice", two[0].date),
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_dated_limit_goes_before_the_usual_one() {
        let day = |day, limit| DayLimit {
            date: date(2026, 11, day),
            limit,
        };
        let mut capacity = Capacity {
            unit: CapacityUnit::Orders,
            per_day: 100,
            days: vec![day(30, 400), day(27, 300)],
        };
        assert_eq!(capacity.check(), Ok(()));
        let limits = [27, 28, 30].map(|day| capacity.limit_on(date(2026, 11, day)));
        assert_eq!(limits, [300, 100, 400]);
        capacity.days.push(day(30, 1));
        let refusal = capacity.check().unwrap_err();
        assert_eq!(refusal.field(), Some("/capacity/days"));
    }
}
