//! Transit: from the day on which a parcel is ready to the days of its pickup and its likely delivery.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use smallvec::SmallVec;

use super::area::Origin;
use super::closure::{Closure, ClosureId};
use super::service::{Service, Zone};
use super::unserved::Unserved;
use crate::network::calendar::DAYS_AHEAD;
use crate::network::{Calendar, CalendarId, Network};
use crate::party::Destination;

/// When a service works: its calendars and the closures that concern it, found once for many ways.
#[derive(Debug, Clone)]
pub struct Timetable<'a> {
    pickup: Option<&'a Calendar>,
    delivery: Option<&'a Calendar>,
    closures: SmallVec<[&'a Closure; 4]>,
}

/// The days of a shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transit {
    /// The day it is picked up, in the origin's dates.
    pub pickup: Date,
    /// The day it is likely delivered, in the destination's dates.
    pub delivery: Date,
    /// The closures that moved one of these days, in their order.
    pub closures: SmallVec<[ClosureId; 2]>,
    /// Whether the public holidays of all these days are known; if not, later years are taken to have none.
    pub holidays_known: bool,
}

impl<'a> Timetable<'a> {
    /// The timetable of a service.
    #[must_use]
    pub fn new(network: &'a Network, service: &Service) -> Self {
        let calendar = |id: Option<CalendarId>| network.calendar(id?).map(Arc::as_ref);
        let closures = network.closures.iter().map(Arc::as_ref);
        Self {
            pickup: calendar(service.pickup_calendar),
            delivery: calendar(service.delivery_calendar),
            closures: closures
                .filter(|closure| closure.concerns(service))
                .collect(),
        }
    }

    /// Whether the days of a shipment depend on where it begins and ends, because a closure holds in an area alone; if not,
    /// they are the same for every way of a zone that is ready on the same day.
    #[must_use]
    pub fn depends_on_place(&self) -> bool {
        self.closures.iter().any(|closure| closure.area.is_some())
    }

    /// The days of a shipment that is ready on a day. The pickup moves on to the next day that is open and not closed; the
    /// delivery comes the zone's days of travel after it, later by the longest delay that it runs into, and then moves
    /// on to the next day that is open and not closed.
    ///
    /// # Errors
    /// [`Unserved::NoPickup`] or [`Unserved::NoDelivery`] when no such day comes within a year.
    pub fn transit(
        &self,
        zone: &Zone,
        origin: &Origin,
        destination: &Destination,
        ready: Date,
    ) -> Result<Transit, Unserved> {
        let mut met = Met::default();
        let pickup = first_day(self.pickup, ready, |day| {
            met.any(&self.closures, |one| one.stops_pickup(zone, origin, day))
        });
        let pickup = pickup.ok_or(Unserved::NoPickup)?;
        let arrival = after(self.delivery, pickup, zone.transit_days);
        let arrival = arrival.ok_or(Unserved::NoDelivery)?;
        let delay = self.delay(zone, (origin, destination), (pickup, arrival), &mut met);
        let arrival = after(self.delivery, arrival, delay).ok_or(Unserved::NoDelivery)?;
        let delivery = first_day(self.delivery, arrival, |day| {
            met.any(&self.closures, |one| {
                one.stops_delivery(zone, destination, day)
            })
        });
        let delivery = delivery.ok_or(Unserved::NoDelivery)?;
        let knows = |calendar: Option<&Calendar>, day| calendar.is_none_or(|one| one.knows(day));
        Ok(Transit {
            pickup,
            delivery,
            closures: met.0,
            holidays_known: knows(self.pickup, pickup) && knows(self.delivery, delivery),
        })
    }

    /// The longest delay of a parcel that is under way between two days.
    fn delay(
        &self,
        zone: &Zone,
        ways: (&Origin, &Destination),
        days: (Date, Date),
        met: &mut Met,
    ) -> u16 {
        let mut longest = 0;
        for closure in &self.closures {
            let delay = closure.delays(zone, ways, days);
            if delay > 0 {
                met.note(closure);
            }
            longest = longest.max(delay);
        }
        longest
    }
}

/// The closures that a shipment has met, each once.
#[derive(Default)]
struct Met(SmallVec<[ClosureId; 2]>);

impl Met {
    fn any(&mut self, closures: &[&Closure], stops: impl Fn(&Closure) -> bool) -> bool {
        let stopping = closures.iter().find(|closure| stops(closure));
        stopping.inspect(|closure| self.note(closure)).is_some()
    }

    fn note(&mut self, closure: &Closure) {
        if !self.0.contains(&closure.id) {
            self.0.push(closure.id);
        }
    }
}

/// The first day from a date on that a calendar has open and that is not stopped, within [`DAYS_AHEAD`] days.
fn first_day(
    calendar: Option<&Calendar>,
    from: Date,
    mut stopped: impl FnMut(Date) -> bool,
) -> Option<Date> {
    let days = std::iter::successors(Some(from), |day| day.tomorrow().ok());
    days.take(usize::from(DAYS_AHEAD))
        .find(|day| calendar.is_none_or(|one| one.is_open(*day)) && !stopped(*day))
}

/// So many working days after a date; without a calendar every day is one.
fn after(calendar: Option<&Calendar>, date: Date, days: u16) -> Option<Date> {
    match calendar {
        Some(calendar) => calendar.plus_working_days(date, days),
        None => date.checked_add(i64::from(days).days()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::closure::{ClosureScope, Effect};
    use super::super::fixture::{service, to};
    use super::super::read_area;
    use super::*;
    use crate::network::calendar::calendar;

    fn closure(id: u16, area: &str, days: (&str, &str), effect: Effect) -> Closure {
        Closure {
            id: ClosureId(id),
            code: format!("C{id}"),
            scope: ClosureScope::All,
            area: (!area.is_empty()).then(|| read_area(area)),
            zones: Vec::new(),
            from: days.0.parse().unwrap(),
            to: days.1.parse().unwrap(),
            effect,
            reason: "snow".to_owned(),
            ended_at: None,
        }
    }

    /// Picks up on working days of Germany, delivers Monday to Saturday; zone 1 takes one day, zone 2 two days.
    fn network(closures: Vec<Closure>) -> (Network, Service) {
        let mut service = service("to DE: 1\nto US: 2");
        service.pickup_calendar = Some(CalendarId(0));
        service.delivery_calendar = Some(CalendarId(1));
        let network = Network {
            calendars: vec![
                Arc::new(calendar("mon-fri 08:00-17:00; DE")),
                Arc::new(calendar("mon-sat 08:00-20:00; DE")),
            ],
            closures: closures.into_iter().map(Arc::new).collect(),
            ..Network::default()
        };
        (network, service)
    }

    fn berlin() -> Origin {
        Origin {
            country: "DE".to_owned(),
            area: Some("101".to_owned()),
            ..Origin::default()
        }
    }

    /// The days of a parcel from Berlin, as `pickup delivery [closures]`.
    fn days(closures: Vec<Closure>, destination: &str, ready: &str) -> String {
        let (network, service) = network(closures);
        let destination = to(destination);
        let zone = service.zone(&berlin(), &destination).unwrap();
        let timetable = Timetable::new(&network, &service);
        match timetable.transit(zone, &berlin(), &destination, ready.parse().unwrap()) {
            Ok(found) => {
                let closures: Vec<u16> = found.closures.iter().map(|id| id.0).collect();
                format!("{} {} {closures:?}", found.pickup, found.delivery)
            }
            Err(why) => why.to_string(),
        }
    }

    #[test]
    fn pickup_and_delivery_follow_their_calendars() {
        for (destination, ready, expected) in [
            ("DE 80331", "2026-03-02", "2026-03-02 2026-03-03 []"), // a Monday
            ("US 94105", "2026-03-02", "2026-03-02 2026-03-04 []"),
            ("DE 80331", "2026-03-06", "2026-03-06 2026-03-07 []"), // Friday to Saturday
            ("US 94105", "2026-03-06", "2026-03-06 2026-03-09 []"), // no delivery on Sundays
            ("DE 80331", "2026-03-07", "2026-03-09 2026-03-10 []"), // no pickup on Saturdays
            ("US 94105", "2026-04-02", "2026-04-02 2026-04-07 []"), // Easter
            ("DE 80331", "2026-04-03", "2026-04-07 2026-04-08 []"), // Good Friday
        ] {
            assert_eq!(days(Vec::new(), destination, ready), expected, "{ready}");
        }
    }

    #[test]
    fn closures_move_pickups_and_deliveries_and_are_named() {
        let strike = |effect| closure(0, "", ("2026-03-02", "2026-03-04"), effect);
        let of = |effect| days(vec![strike(effect)], "DE 80331", "2026-03-02");
        assert_eq!(of(Effect::NoPickup), "2026-03-05 2026-03-06 [0]");
        assert_eq!(of(Effect::NoDelivery), "2026-03-02 2026-03-05 [0]");
        assert_eq!(of(Effect::NoService), "2026-03-05 2026-03-06 [0]");
        assert_eq!(of(Effect::Delay { days: 3 }), "2026-03-02 2026-03-06 [0]");
        let late = closure(
            0,
            "",
            ("2026-03-04", "2026-03-05"),
            Effect::Delay { days: 3 },
        );
        assert_eq!(
            days(vec![late], "DE 80331", "2026-03-02"),
            "2026-03-02 2026-03-03 []"
        );
    }

    #[test]
    fn the_longest_delay_counts_and_not_their_sum() {
        let storm =
            |id, days| closure(id, "", ("2026-03-02", "2026-03-02"), Effect::Delay { days });
        let storms = vec![storm(0, 2), storm(1, 1)];
        assert_eq!(
            days(storms, "DE 80331", "2026-03-02"),
            "2026-03-02 2026-03-05 [0, 1]"
        );
    }

    #[test]
    fn a_closure_holds_in_its_area_and_zones_alone() {
        let week = ("2026-03-02", "2026-03-08");
        let usual = "2026-03-02 2026-03-03 []";
        let of = |closure: Closure| days(vec![closure], "DE 80331", "2026-03-02");
        assert_eq!(
            of(closure(0, "DE 80", week, Effect::NoDelivery)),
            "2026-03-02 2026-03-09 [0]"
        );
        assert_eq!(of(closure(0, "DE 81", week, Effect::NoDelivery)), usual);
        assert_eq!(of(closure(0, "DE 80", week, Effect::NoPickup)), usual);
        assert_eq!(
            of(closure(0, "DE 101", week, Effect::NoPickup)),
            "2026-03-09 2026-03-10 [0]"
        );
        assert_eq!(of(closure(0, "DE 101", week, Effect::NoDelivery)), usual);
        let delay = Effect::Delay { days: 1 };
        assert_eq!(
            of(closure(0, "DE 101", week, delay)),
            "2026-03-02 2026-03-04 [0]"
        );
        assert_eq!(of(closure(0, "FR", week, delay)), usual);
        let other_zone = Closure {
            zones: vec!["2".to_owned()],
            ..closure(0, "", week, Effect::NoService)
        };
        assert_eq!(of(other_zone), usual);
    }

    #[test]
    fn days_depend_on_the_place_only_where_a_closure_has_an_area() {
        let day = ("2026-03-02", "2026-03-02");
        let everywhere = closure(0, "", day, Effect::NoPickup);
        let somewhere = closure(1, "DE 80", day, Effect::NoPickup);
        for (closures, expected) in [
            (vec![], false),
            (vec![everywhere.clone()], false),
            (vec![everywhere, somewhere], true),
        ] {
            let (network, service) = network(closures);
            let timetable = Timetable::new(&network, &service);
            assert_eq!(timetable.depends_on_place(), expected);
        }
    }

    #[test]
    fn a_closure_touches_what_it_would_move_and_nothing_else() {
        let (network, service) = network(Vec::new());
        let (origin, destination) = (berlin(), to("DE 80331"));
        let zone = &service.zones[0];
        let ready = "2026-03-02".parse().unwrap();
        let plan = |network: &Network| {
            let timetable = Timetable::new(network, &service);
            let found = timetable
                .transit(zone, &origin, &destination, ready)
                .unwrap();
            (found.pickup, found.delivery)
        };
        let usual = plan(&network);
        for effect in [
            Effect::NoService,
            Effect::NoPickup,
            Effect::NoDelivery,
            Effect::Delay { days: 1 },
        ] {
            for days in [
                ("2026-03-02", "2026-03-02"),
                ("2026-03-03", "2026-03-03"),
                ("2026-03-04", "2026-03-05"),
            ] {
                for area in ["", "DE 101", "DE 803", "DE 9", "FR"] {
                    let closure = closure(0, area, days, effect);
                    let touched = closure.touches((&service, zone), (&origin, &destination), usual);
                    let closed = Network {
                        closures: vec![Arc::new(closure)],
                        ..network.clone()
                    };
                    assert_eq!(
                        touched,
                        plan(&closed) != usual,
                        "{effect:?} {days:?} {area}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_closure_concerns_its_carrier_or_service_until_it_is_ended() {
        let usual = "2026-03-02 2026-03-03 []";
        let moved = "2026-03-03 2026-03-04 [0]";
        let day = ("2026-03-02", "2026-03-02");
        let of = |scope, ended_at| {
            let strike = Closure {
                scope,
                ended_at,
                ..closure(0, "", day, Effect::NoPickup)
            };
            days(vec![strike], "DE 80331", "2026-03-02")
        };
        assert_eq!(of(ClosureScope::Carrier("Carrier".to_owned()), None), moved);
        assert_eq!(of(ClosureScope::Carrier("Other".to_owned()), None), usual);
        assert_eq!(of(ClosureScope::Service(Default::default()), None), moved);
        assert_eq!(
            of(ClosureScope::Service(super::super::ServiceId(1)), None),
            usual
        );
        assert_eq!(of(ClosureScope::All, Some(crate::time::Millis(1))), usual);
    }

    #[test]
    fn where_no_day_comes_within_a_year_nothing_is_promised() {
        let year = ("2026-01-01", "2027-12-31");
        let of = |effect| days(vec![closure(0, "", year, effect)], "DE 80331", "2026-03-02");
        assert_eq!(of(Effect::NoPickup), Unserved::NoPickup.to_string());
        assert_eq!(of(Effect::NoDelivery), Unserved::NoDelivery.to_string());
        assert_eq!(
            days(Vec::new(), "DE 80331", "9999-12-31"),
            Unserved::NoDelivery.to_string()
        );
    }

    #[test]
    fn days_beyond_the_known_holidays_are_marked() {
        let (network, service) = network(Vec::new());
        let timetable = Timetable::new(&network, &service);
        let (origin, destination) = (berlin(), to("DE 80331"));
        let transit = |ready: &str| {
            let zone = &service.zones[0];
            timetable.transit(zone, &origin, &destination, ready.parse().unwrap())
        };
        assert!(transit("2028-12-27").unwrap().holidays_known);
        assert!(!transit("2028-12-30").unwrap().holidays_known);
    }
}
