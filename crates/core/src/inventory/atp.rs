//! Available to promise: what can still be promised on each day, so that nothing promised before is broken.
//!
//! On a day a location can promise what it will have had come in by then, less what is wanted of it by then; but no more
//! than that on any later day, or somebody who was promised units of a later day would miss them (the cumulative ATP with
//! look-ahead of the textbooks). Demand that is bound to a location is taken from there; all other demand may be served
//! by any, so what it leaves is a limit of the whole network, and of each location with it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Supply;
use crate::network::LocationId;

/// Units on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dated {
    /// The day.
    pub date: Date,
    /// Units.
    pub units: i64,
}

/// What one location has, will have, and owes of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The location.
    pub location: LocationId,
    /// Units that are available now; negative, when more is claimed than there is.
    pub available: i64,
    /// Units that will come. What should have come before today has no day any more, and does not count.
    pub supply: Vec<Dated>,
    /// Units that are wanted of this location and no other. What was wanted before today is wanted now.
    pub demand: Vec<Dated>,
}

/// What can still be promised from each day on. Days between two steps are like the earlier one, and days after the
/// last step like that; units never fall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Curve(pub Vec<Dated>);

/// What can still be promised, by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Atp {
    /// By all locations together that whoever asks may have units of.
    pub network: Curve,
    /// By each location alone, in the order of the positions.
    pub locations: Vec<(LocationId, Curve)>,
}

impl Curve {
    /// Units that can be promised for a day; none for a day before the first step.
    #[must_use]
    pub fn on(&self, date: Date) -> i64 {
        let step = self.0.partition_point(|step| step.date <= date);
        step.checked_sub(1).map_or(0, |step| self.0[step].units)
    }

    /// The first day from which on so many units can be promised, if there is one.
    #[must_use]
    pub fn day_of(&self, units: i64) -> Option<Date> {
        let step = self.0.iter().find(|step| step.units >= units);
        step.map(|step| step.date)
    }

    /// The units that can be promised once everything has come.
    #[must_use]
    pub fn at_last(&self) -> i64 {
        self.0.last().map_or(0, |step| step.units)
    }

    /// The same in multiples: how many of something can be promised that needs so many of these.
    #[must_use]
    pub fn in_multiples_of(&self, units: i64) -> Self {
        let steps = self.0.iter().map(|step| Dated {
            units: step.units.checked_div(units).unwrap_or(0),
            ..*step
        });
        Self(shortened(steps.collect()))
    }

    /// What can be promised of two things together: the less of both on each day.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let days: BTreeSet<Date> = self
            .0
            .iter()
            .chain(&other.0)
            .map(|step| step.date)
            .collect();
        let step = |date| Dated {
            date,
            units: self.on(date).min(other.on(date)),
        };
        Self(shortened(days.into_iter().map(step).collect()))
    }

    /// The same with units on top.
    #[must_use]
    pub fn plus(&self, units: i64) -> Self {
        let steps = self.0.iter().map(|step| Dated {
            units: step.units + units,
            ..*step
        });
        Self(steps.collect())
    }

    /// The same without units that are kept back.
    #[must_use]
    pub fn less(&self, units: i64) -> Self {
        let steps = self.0.iter().map(|step| Dated {
            units: (step.units - units).max(0),
            ..*step
        });
        Self(shortened(steps.collect()))
    }
}

/// What can still be promised from today on. `anywhere` is demand that any of the locations may serve. `share` tells how
/// many of a location's units whoever asks may have: all of them, some, or none; never fewer of more.
#[must_use]
pub fn atp(
    today: Date,
    positions: &[Position],
    anywhere: &[Dated],
    share: impl Fn(LocationId, i64) -> i64,
) -> Atp {
    let days = days(today, positions, anywhere);
    let own: Vec<Vec<i64>> = positions
        .iter()
        .map(|position| {
            let came = sums(&days, today, &position.supply, Late::Dropped);
            let wanted = sums(&days, today, &position.demand, Late::Now);
            let left = came.iter().zip(wanted);
            let left = left.map(|(came, wanted)| position.available + came - wanted);
            looking_ahead(left.collect())
        })
        .collect();
    let wanted = sums(&days, today, anywhere, Late::Now);
    let left = wanted.iter().enumerate().map(|(day, wanted)| {
        let all: i64 = own.iter().map(|units| units[day]).sum();
        all - wanted
    });
    let network = looking_ahead(left.collect());
    let shared: Vec<Vec<i64>> = positions
        .iter()
        .zip(&own)
        .map(|(position, own)| {
            own.iter()
                .map(|units| share(position.location, *units))
                .collect()
        })
        .collect();
    let curve = |units: &dyn Fn(usize) -> i64| {
        let steps = days.iter().enumerate().map(|(day, date)| Dated {
            date: *date,
            units: units(day),
        });
        Curve(shortened(steps.collect()))
    };
    let locations = positions.iter().zip(&shared).map(|(position, shared)| {
        let units = |day: usize| shared[day].min(network[day]);
        (position.location, curve(&units))
    });
    let of_all = |day: usize| {
        let units: i64 = shared.iter().map(|units| units[day]).sum();
        units.min(network[day])
    };
    Atp {
        locations: locations.collect(),
        network: curve(&of_all),
    }
}

/// Supply as it counts: open, and at least so sure.
#[must_use]
pub fn counted_supply<'a>(
    supply: impl IntoIterator<Item = &'a Supply>,
    min_confidence_percent: u8,
) -> Vec<(LocationId, Dated)> {
    let sure = supply
        .into_iter()
        .filter(|supply| supply.confidence_percent >= min_confidence_percent);
    let dated = sure.map(|supply| {
        let units = Dated {
            date: supply.expected,
            units: supply.outstanding(),
        };
        (supply.location, units)
    });
    dated.filter(|(_, dated)| dated.units > 0).collect()
}

/// What becomes of units of a day before today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Late {
    /// They do not count.
    Dropped,
    /// They count today.
    Now,
}

/// Today, and the days on which something comes or is wanted.
fn days(today: Date, positions: &[Position], anywhere: &[Dated]) -> Vec<Date> {
    let of_positions = positions
        .iter()
        .flat_map(|position| position.supply.iter().chain(&position.demand));
    let all = of_positions.chain(anywhere).map(|dated| dated.date);
    let days: BTreeSet<Date> = all.filter(|day| *day > today).chain([today]).collect();
    days.into_iter().collect()
}

/// For each day, the units of that day and all before it.
fn sums(days: &[Date], today: Date, units: &[Dated], late: Late) -> Vec<i64> {
    let mut sums = vec![0; days.len()];
    for dated in units {
        if dated.date < today && late == Late::Dropped {
            continue;
        }
        let day = days.partition_point(|day| *day < dated.date);
        if let Some(sum) = sums.get_mut(day) {
            *sum += dated.units;
        }
    }
    for day in 1..sums.len() {
        sums[day] += sums[day - 1];
    }
    sums
}

/// For each day the least of it and all later ones, and never less than nothing.
fn looking_ahead(mut left: Vec<i64>) -> Vec<i64> {
    let mut least = i64::MAX;
    for units in left.iter_mut().rev() {
        least = least.min(*units);
        *units = least.max(0);
    }
    left
}

/// Without the days on which nothing changes.
fn shortened(mut steps: Vec<Dated>) -> Vec<Dated> {
    steps.dedup_by_key(|step| step.units);
    steps
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 1, 5);

    fn day(offset: i64) -> Date {
        TODAY + offset.days()
    }

    /// Reads `0:5 3:2`: five units on the first day, two three days later.
    fn dated(text: &str) -> Vec<Dated> {
        let words = text.split_whitespace();
        let read = words.map(|word| {
            let (offset, units) = word.split_once(':').unwrap();
            Dated {
                date: day(offset.parse().unwrap()),
                units: units.parse().unwrap(),
            }
        });
        read.collect()
    }

    fn position(number: u16, available: i64, supply: &str, demand: &str) -> Position {
        Position {
            location: LocationId(number),
            available,
            supply: dated(supply),
            demand: dated(demand),
        }
    }

    fn all(_: LocationId, units: i64) -> i64 {
        units
    }

    fn told(curve: &Curve) -> String {
        let steps = curve.0.iter().map(|step| {
            let offset = (step.date - TODAY).get_days();
            format!("{offset}:{}", step.units)
        });
        steps.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_location_promises_what_comes_less_what_is_wanted() {
        for (available, supply, demand, promised) in [
            (5, "", "", "0:5"),
            (0, "", "", "0:0"),
            (-2, "3:5", "", "0:0 3:3"),
            (5, "3:2 9:1", "", "0:5 3:7 9:8"),
            (5, "", "0:7", "0:0"),
            (5, "3:4", "0:7", "0:0 3:2"),
            // Units that somebody was promised for a later day are not given away before.
            (5, "", "4:3", "0:2"),
            (5, "3:2", "4:6", "0:1"),
            (5, "3:2 8:9", "4:6", "0:1 8:10"),
            // Supply of a day that is over does not count; demand of such a day is wanted now.
            (1, "-1:9", "", "0:1"),
            (5, "", "-3:4", "0:1"),
            (0, "0:3", "", "0:3"),
        ] {
            let atp = atp(TODAY, &[position(0, available, supply, demand)], &[], all);
            let case = format!("{available}, {supply}, {demand}");
            assert_eq!(told(&atp.network), promised, "{case}");
            assert_eq!(told(&atp.locations[0].1), promised, "{case}");
        }
    }

    #[test]
    fn demand_that_anybody_may_serve_is_a_limit_of_the_network() {
        let two = [position(0, 4, "", ""), position(1, 3, "5:6", "0:1")];
        for (anywhere, network, first, second) in [
            ("", "0:6 5:12", "0:4", "0:2 5:8"),
            ("0:3", "0:3 5:9", "0:3 5:4", "0:2 5:8"),
            ("0:7", "0:0 5:5", "0:0 5:4", "0:0 5:5"),
            ("9:11", "0:1", "0:1", "0:1"),
        ] {
            let atp = atp(TODAY, &two, &dated(anywhere), all);
            let seen = [&atp.network, &atp.locations[0].1, &atp.locations[1].1];
            assert_eq!(seen.map(told), [network, first, second], "{anywhere}");
        }
    }

    #[test]
    fn a_location_that_owes_more_than_it_has_does_not_lower_the_others() {
        let two = [position(0, 1, "", "0:5"), position(1, 3, "", "")];
        let atp = atp(TODAY, &two, &[], all);
        assert_eq!(told(&atp.network), "0:3");
    }

    #[test]
    fn whoever_may_have_a_part_is_promised_no_more_and_the_rest_serves_those_who_wait() {
        let two = [position(0, 4, "", ""), position(1, 3, "5:6", "")];
        for (anywhere, promised) in [("", "0:2 5:8"), ("0:4", "0:2 5:8"), ("0:6", "0:1 5:7")] {
            let second = |location: LocationId, units: i64| match location.0 {
                0 => 0,
                _ => (units - 1).max(0),
            };
            let atp = atp(TODAY, &two, &dated(anywhere), second);
            assert_eq!(told(&atp.network), promised, "{anywhere}");
            assert_eq!(told(&atp.locations[0].1), "0:0", "{anywhere}");
        }
    }

    #[test]
    fn a_curve_tells_days_and_units() {
        let curve = Curve(dated("0:2 3:5 9:11"));
        let on = [-1, 0, 2, 3, 8, 9, 99].map(|offset| curve.on(day(offset)));
        assert_eq!(on, [0, 2, 2, 5, 5, 11, 11]);
        let days = [1, 2, 3, 11, 12].map(|units| curve.day_of(units));
        let known = [0, 0, 3, 9].map(|offset| Some(day(offset)));
        assert_eq!(days[..4], known);
        assert_eq!((days[4], curve.at_last()), (None, 11));
        assert_eq!(told(&curve.in_multiples_of(2)), "0:1 3:2 9:5");
        assert_eq!(told(&curve.less(5)), "0:0 9:6");
        assert_eq!(
            told(&curve.and(&Curve(dated("0:9 3:4 5:99")))),
            "0:2 3:4 5:5 9:11"
        );
    }

    /// Units of demand with their days: what was promised keeps the day on which it can be served at all.
    fn kept_days(supply: &[i64], demand: &[i64]) -> Vec<i64> {
        let unit = |day: &i64, position: usize| supply.get(position).map(|came| *day.max(came));
        let demand = demand.iter().enumerate();
        demand
            .filter_map(|(position, day)| unit(day, position))
            .collect()
    }

    /// Whether every unit of demand can have a unit of supply of its own that is there by its day.
    fn is_feasible(supply: &[i64], mut demand: Vec<i64>) -> bool {
        demand.sort_unstable();
        let served = demand.iter().enumerate();
        served
            .into_iter()
            .all(|(position, day)| supply.get(position).is_some_and(|came| came <= day))
    }

    /// The most units that can be promised for a day, tried one after the other.
    fn tried(supply: &[i64], demand: &[i64], day: i64) -> i64 {
        let kept = kept_days(supply, demand);
        let fits = |more: usize| {
            let mut all = kept.clone();
            all.extend(std::iter::repeat_n(day, more));
            is_feasible(supply, all)
        };
        (0..=supply.len()).rev().find(|more| fits(*more)).unwrap() as i64
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]
        #[test]
        fn the_most_that_can_be_promised_is_what_trying_finds(
            available in 0..6_i64,
            supply in proptest::collection::vec((0..8_i64, 1..4_i64), 0..5),
            demand in proptest::collection::vec((0..8_i64, 1..4_i64), 0..5),
            on in 0..10_i64,
        ) {
            let units = |pairs: &[(i64, i64)]| -> Vec<i64> {
                let mut days: Vec<i64> = pairs
                    .iter()
                    .flat_map(|(day, units)| std::iter::repeat_n(*day, usize::try_from(*units).unwrap()))
                    .collect();
                days.sort_unstable();
                days
            };
            let text = |pairs: &[(i64, i64)]| {
                let words = pairs.iter().map(|(day, units)| format!("{day}:{units}"));
                words.collect::<Vec<_>>().join(" ")
            };
            let now: Vec<i64> = vec![0; usize::try_from(available).unwrap()];
            let came: Vec<i64> = now.into_iter().chain(units(&supply)).collect();
            let position = position(0, available, &text(&supply), &text(&demand));
            let atp = atp(TODAY, &[position], &[], all);
            prop_assert_eq!(atp.network.on(day(on)), tried(&came, &units(&demand), on));
        }
    }
}
