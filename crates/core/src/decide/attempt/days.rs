//! What locations have to do on their days, as the attempt changes it.

use jiff::civil::Date;

use super::Attempt;
use crate::decide::Stop;
use crate::decision::DayChange;
use crate::facts::Need;
use crate::network::{CapacityUnit, Load, LocationId, Network};
use crate::order::{LocationDay, Order, load_changes, loads};

impl Attempt<'_> {
    /// What a location has to do on a day, with what the attempt has changed.
    ///
    /// # Errors
    /// Stops when that was not looked up yet.
    pub fn load_on(&self, location: LocationId, date: Date) -> Result<Load, Stop> {
        let day = (location, date);
        let known = self.facts.loads.get(&day);
        let known = known.ok_or_else(|| Stop::Missing(vec![Need::Load(location, date)]))?;
        let changes = self
            .changed_orders()
            .flat_map(|(before, now)| load_changes(before, now));
        let here = changes.filter(|(changed, _)| *changed == day);
        Ok(here.fold(*known, |sum, (_, change)| sum.plus(change)))
    }

    /// Writes down what the attempt changes of what locations have to do.
    ///
    /// # Errors
    /// Stops when that was not looked up yet: a count that is not known cannot be kept current.
    pub fn count_loads(&mut self) -> Result<(), Stop> {
        let changes = self
            .changed_orders()
            .flat_map(|(before, now)| load_changes(before, now));
        let changes: Vec<(LocationDay, Load)> = changes.collect();
        let unknown = changes
            .iter()
            .filter(|(day, _)| !self.facts.loads.contains_key(day));
        let missing: Vec<Need> = unknown
            .map(|((location, date), _)| Need::Load(*location, *date))
            .collect();
        let network = self.decision.network.as_ref();
        let network = network.unwrap_or(&self.facts.network);
        let limited = |(day, change): (LocationDay, Load)| DayChange {
            day,
            change,
            most: most_on(network, day, change, self.alone_on(day)),
        };
        self.decision.loads = changes.into_iter().map(limited).collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Stop::Missing(missing))
        }
    }

    /// What the attempt's orders give a location on a day, if nobody else gives it anything: more than a whole day may be
    /// given to a day of its own.
    fn alone_on(&self, day: LocationDay) -> Option<Load> {
        let of = |order: Option<&Order>| {
            let loads = order.map(loads).unwrap_or_default();
            let here = loads.into_iter().find(|(known, _)| *known == day);
            here.map(|(_, load)| load).unwrap_or_default()
        };
        let sum = |load: Load, order: Option<&Order>| load.plus(of(order));
        let changed = || self.changed_orders();
        let before = changed().fold(Load::default(), |load, (before, _)| sum(load, before));
        let known = self.facts.loads.get(&day).copied().unwrap_or_default();
        let after = changed().fold(Load::default(), |load, (_, now)| sum(load, Some(now)));
        (known == before).then_some(after)
    }
}

/// The most that a day may hold after a change that adds to it.
fn most_on(
    network: &Network,
    (location, date): LocationDay,
    change: Load,
    alone: Option<Load>,
) -> Load {
    let location = network.location(location);
    let capacity = location.and_then(|location| location.capacity.as_ref());
    let most = |unit| match capacity {
        _ if change.of(unit) <= 0 => i64::MIN,
        Some(capacity) if capacity.unit == unit => {
            let own = alone.map_or(0, |alone| alone.of(unit));
            capacity.limit_on(date).max(own)
        }
        _ => i64::MAX,
    };
    Load {
        orders: most(CapacityUnit::Orders),
        lines: most(CapacityUnit::Lines),
        units: most(CapacityUnit::Units),
    }
}
