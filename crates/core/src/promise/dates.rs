//! The dates of a promise: when it ships, when it likely arrives, and by when with 90 % confidence.

use jiff::civil::Date;

use super::days::{is_weekday, working_days};
use super::lane::{LaneBook, Level, TableDays};
use super::{Month, lane_of, service_of};
use crate::carrier::Service;
use crate::network::{Location, Network};
use crate::order::{Allotment, Route, Shipment};
use crate::party::Destination;
use crate::time::Millis;

/// Working days that are added to the carrier's own, while nothing is proven.
const MARGIN_DAYS: u8 = 2;
/// Days that a delivery may be looked for.
const DAYS_AHEAD: usize = 366;

/// The dates of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// The local day on which it leaves, or on which it can be collected.
    pub ships_on: Option<Date>,
    /// The day on which it arrives as likely as not.
    pub likely_on: Option<Date>,
    /// The day that is kept with 90 % confidence, if `proven`.
    pub keeps_on: Option<Date>,
    /// Whether at least 30 parcels and a backtest stand behind it.
    pub proven: bool,
    /// The parcels that it was taken from.
    pub parcels: u64,
}

impl Dates {
    /// When both are there: the later of the dates, proven if both are.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            ships_on: self.ships_on.max(other.ships_on),
            likely_on: self.likely_on.max(other.likely_on),
            keeps_on: self.keeps_on.max(other.keeps_on),
            proven: self.proven && other.proven,
            parcels: self.parcels.min(other.parcels),
        }
    }
}

/// The dates of what one location would serve, as one of so many parcels that come `together`.
#[must_use]
pub fn dates(
    network: &Network,
    lanes: &LaneBook,
    now: Millis,
    allotment: &Allotment,
    destination: &Destination,
    together: u64,
) -> Dates {
    let location = allotment.location.and_then(|id| network.location(id));
    let route = allotment.route.unwrap_or_default();
    let leaves_on = route.leaves_on.or_else(|| {
        let day = allotment.work_day?;
        location?.leaves_on(network, day.date)
    });
    let service = route.service.and_then(|id| network.service(id));
    let known = location
        .zip(service)
        .zip(leaves_on.zip(route.arrives_on))
        .and_then(|((location, service), days)| {
            let way = (&**location, &**service, together);
            of_lane(network, lanes, now, way, days, destination)
        });
    known.unwrap_or(Dates {
        ships_on: leaves_on,
        likely_on: route.arrives_on.or(leaves_on),
        // Where nothing travels, the day that it is ready is the day.
        keeps_on: route.arrives_on.or(leaves_on),
        proven: false,
        parcels: 0,
    })
}

/// A way with the days that lanes know of it: when it likely arrives, and by when with 90 % confidence, if it is one of so
/// many parcels that come `together`: it is all of them that the customer waits for.
#[must_use]
pub fn assured(
    network: &Network,
    lanes: &LaneBook,
    now: Millis,
    location: &Location,
    (route, together): (Route, u64),
    destination: &Destination,
) -> Route {
    let service = route.service.and_then(|id| network.service(id));
    let known = service
        .zip(route.leaves_on.zip(route.arrives_on))
        .and_then(|(service, days)| {
            let way = (location, &**service, together);
            of_lane(network, lanes, now, way, days, destination)
        });
    let Some(dates) = known else {
        return Route {
            keeps_on: None,
            proven: false,
            ..route
        };
    };
    Route {
        arrives_on: dates.likely_on,
        keeps_on: dates.keeps_on,
        proven: dates.proven,
        ..route
    }
}

fn of_lane(
    network: &Network,
    lanes: &LaneBook,
    now: Millis,
    (location, service, together): (&Location, &Service, u64),
    (leaves_on, arrives_on): (Date, Date),
    destination: &Destination,
) -> Option<Dates> {
    let lane = lane_of(location.id, &name(service), destination)?;
    let calendar = service
        .delivery_calendar
        .and_then(|id| network.calendar(id));
    let works = |day: Date| calendar.is_none_or(|calendar| calendar.is_open(day));
    let table = TableDays {
        days: working_days(leaves_on, arrives_on, is_weekday),
        margin_days: MARGIN_DAYS,
    };
    let told = lanes.transit_time(&lane, Month::at(now), table, together);
    let (likely_on, keeps_on) = match told.level {
        Level::Table => (Some(arrives_on), after(arrives_on, MARGIN_DAYS, works)),
        // Lanes count weekdays; a day on which nothing is delivered moves on to the next one.
        Level::Lane | Level::Country | Level::Service => {
            let on = |days| after(leaves_on, days, is_weekday).and_then(|day| first(day, works));
            (on(told.likely_days), on(told.kept_days))
        }
    };
    Some(Dates {
        ships_on: Some(leaves_on),
        likely_on,
        keeps_on,
        proven: told.proven,
        parcels: told.parcels,
    })
}

/// The first day from a day on that works.
fn first(from: Date, works: impl Fn(Date) -> bool) -> Option<Date> {
    let days = from.series(jiff::Span::new().days(1));
    days.take(DAYS_AHEAD).find(|day| works(*day))
}

/// The service as lanes call it.
fn name(service: &Service) -> String {
    service_of(&Shipment {
        carrier: service.carrier.clone(),
        service: Some(service.code.clone()),
        tracking_number: None,
        at: Millis::default(),
    })
}

/// The day that comes so many working days after another one.
fn after(from: Date, days: u8, works: impl Fn(Date) -> bool) -> Option<Date> {
    if days == 0 {
        return Some(from);
    }
    let later = from.series(jiff::Span::new().days(1)).skip(1);
    let mut working = later.take(DAYS_AHEAD).filter(|day| works(*day));
    working.nth(usize::from(days) - 1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_counted_after_the_first_and_closed_ones_are_passed_over() {
        let weekdays = |day: Date| day.weekday().to_monday_one_offset() < 6;
        // a Friday
        let friday = date(2026, 11, 27);
        assert_eq!(after(friday, 0, weekdays), Some(friday));
        assert_eq!(after(friday, 1, weekdays), Some(date(2026, 11, 30)));
        assert_eq!(after(friday, 6, weekdays), Some(date(2026, 12, 7)));
        assert_eq!(after(friday, 1, |_| false), None);
    }

    #[test]
    fn a_promise_of_several_parcels_is_that_of_the_last_one() {
        let one = Dates {
            ships_on: Some(date(2026, 11, 27)),
            likely_on: Some(date(2026, 11, 30)),
            keeps_on: Some(date(2026, 12, 2)),
            proven: true,
            parcels: 40,
        };
        let other = Dates {
            likely_on: Some(date(2026, 12, 1)),
            proven: false,
            parcels: 3,
            ..one
        };
        let both = one.and(other);
        assert_eq!(both.likely_on, Some(date(2026, 12, 1)));
        assert_eq!((both.proven, both.parcels), (false, 3));
    }
}
