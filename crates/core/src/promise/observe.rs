//! What a delivery teaches: which lane it was on, and how many working days it took.

use jiff::civil::Date;

use super::days::{Month, is_weekday, local_day, working_days};
use super::lane::Lane;
use super::promised::Promised;
use super::score::{Against, Scored, late_days};
use crate::network::{Location, LocationId};
use crate::order::{Fulfilment, Order, Placed, Shipment};
use crate::party::Destination;
use crate::time::Millis;

/// Longest name of a service, in bytes; what is longer is cut.
const SERVICE_MAX: usize = 64;
/// Tenths of a degree of an area's side.
const AREA_DECIDEGREES: i16 = 20;

/// One parcel more on a lane: deltas of counts, which commute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Which lane.
    pub lane: Lane,
    /// When it was delivered.
    pub month: Month,
    /// Working days that it took.
    pub days: u8,
}

/// What a fulfilment that has arrived as a whole teaches; nothing where its way is not known: it was not shipped from a
/// location, or to no country.
#[must_use]
pub fn transit(
    placed: &Placed,
    fulfilment: &Fulfilment,
    origin: &Location,
    delivered_at: Millis,
) -> Option<Observation> {
    let shipment = fulfilment.shipment.as_ref()?;
    let line = placed.line(fulfilment.lines.first()?.line)?;
    let destination = placed.destination_of(line);
    let lane = lane_of(origin.id, &service_of(shipment), destination)?;
    // Where one end is not known the other stands for it: most parcels stay near.
    let (here, there) = (longitude_of(origin), longitude(destination));
    let shipped = local_day(shipment.at, here.or(there).unwrap_or_default())?;
    let delivered = local_day(delivered_at, there.or(here).unwrap_or_default())?;
    Some(Observation {
        lane,
        month: Month::of(delivered),
        days: working_days(shipped, delivered, is_weekday),
    })
}

/// Whether a promise of this day was kept by a fulfilment that has arrived as a whole; nothing where it was not shipped.
#[must_use]
pub fn scored(
    placed: &Placed,
    fulfilment: &Fulfilment,
    origin: &Location,
    (against, promised): (Against, Date),
    delivered_at: Millis,
) -> Option<Scored> {
    let shipment = fulfilment.shipment.as_ref()?;
    let line = placed.line(fulfilment.lines.first()?.line)?;
    let there = longitude(placed.destination_of(line)).or(longitude_of(origin));
    let delivered = local_day(delivered_at, there.unwrap_or_default())?;
    Some(Scored {
        location: origin.id,
        service: service_of(shipment),
        channel: placed.channel,
        month: Month::of(delivered),
        late_days: late_days(promised, delivered),
        against,
    })
}

/// The days by which a fulfilment had to arrive: by the promise of its own, and by the first ones of its lines, of which the
/// latest counts; nothing of what no day of arrival was promised of.
#[must_use]
pub fn due_of_part(order: &Order, fulfilment: &Fulfilment) -> Vec<(Against, Date)> {
    let last = Promised::of_fulfilment(fulfilment).and_then(|told| told.keeps_on);
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let firsts = lines.filter(|(line, _)| fulfilment.units(line.no).is_some());
    let first = firsts
        .filter_map(|(_, progress)| progress.first_promise)
        .map(|told| told.keeps_on)
        .max()
        .unwrap_or(last);
    let last = last.map(|day| (Against::Last, day));
    let first = first.map(|day| (Against::First, day));
    last.into_iter().chain(first).collect()
}

fn longitude(destination: &Destination) -> Option<i16> {
    destination.decidegrees.map(|(_, east)| east)
}

fn longitude_of(location: &Location) -> Option<i16> {
    location.place().map(|place| place.point.decidegrees().1)
}

/// The lane from a location with a service to a destination; none where not even the country is known.
#[must_use]
pub fn lane_of(location: LocationId, service: &str, destination: &Destination) -> Option<Lane> {
    if !crate::network::is_country(&destination.country) {
        return None;
    }
    Some(Lane {
        location,
        service: service.to_owned(),
        country: destination.country.clone(),
        area: area(destination),
    })
}

/// The service that a shipment went with, as lanes call it: carrier and service as they were given, in small letters.
#[must_use]
pub fn service_of(shipment: &Shipment) -> String {
    let given = [Some(shipment.carrier.as_str()), shipment.service.as_deref()];
    let words = given.into_iter().flatten().flat_map(str::split_whitespace);
    let mut name = words.collect::<Vec<_>>().join(" ").to_lowercase();
    let end = (0..=SERVICE_MAX.min(name.len()))
        .rev()
        .find(|end| name.is_char_boundary(*end));
    name.truncate(end.unwrap_or_default());
    name
}

/// The square of two degrees that a destination lies in, by its south-western corner; empty where only the country is known.
fn area(destination: &Destination) -> String {
    let exact = destination
        .decidegrees
        .filter(|_| destination.located_by != crate::geo::LocatedBy::Country);
    let Some((north, east)) = exact else {
        return String::new();
    };
    let corner =
        |decidegrees: i16| decidegrees.div_euclid(AREA_DECIDEGREES) * AREA_DECIDEGREES / 10;
    let (north, east) = (corner(north), corner(east));
    let sign = |degrees: i16, positive, negative| if degrees < 0 { negative } else { positive };
    format!(
        "{}{:02}{}{:03}",
        sign(north, 'n', 's'),
        north.unsigned_abs(),
        sign(east, 'e', 'w'),
        east.unsigned_abs()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::LocatedBy;

    fn destination(decidegrees: Option<(i16, i16)>, located_by: LocatedBy) -> Destination {
        Destination {
            country: "DE".to_owned(),
            decidegrees,
            located_by,
            ..Destination::default()
        }
    }

    fn location(longitude: f64) -> Location {
        let location = serde_json::json!({
            "id": 7, "code": "L7", "name": "L7", "kind": "warehouse", "priority": 1, "time_zone": "UTC",
            "address": {"country": "US", "latitude": 40.0, "longitude": longitude}
        });
        serde_json::from_value(location).unwrap()
    }

    /// An order to a place in the US, and its fulfilment, shipped at this time with DHL.
    fn shipped(at: &str, longitude: i16) -> (Placed, Fulfilment) {
        let placed = serde_json::json!({
            "channel": 3, "currency": "EUR", "placed_at": 0,
            "destination": {"country": "US", "decidegrees": [400, longitude]},
            "lines": [{"no": 1, "sku": "A", "title": "A", "quantity": 1, "unit_price_minor": 1}]
        });
        let units = serde_json::to_value(crate::order::Units::default()).unwrap();
        let mut line = serde_json::json!({"line": 1});
        let fields = units.as_object().unwrap().clone();
        line.as_object_mut().unwrap().extend(fields);
        let fulfilment = serde_json::json!({
            "no": 2, "location": 7, "method": "ship", "created_at": 0, "lines": [line],
            "shipment": {"carrier": "DHL", "at": millis(at).0}
        });
        (
            serde_json::from_value(placed).unwrap(),
            serde_json::from_value(fulfilment).unwrap(),
        )
    }

    fn millis(text: &str) -> Millis {
        Millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn days_are_those_of_both_ends() {
        for (from, to, shipped_at, delivered_at, days) in [
            // Monday to Wednesday
            (
                -74.0,
                -740,
                "2026-11-23T15:00:00Z",
                "2026-11-25T15:00:00Z",
                2,
            ),
            // Monday evening in New York is Tuesday in UTC.
            (
                -74.0,
                -740,
                "2026-11-24T01:00:00Z",
                "2026-11-25T15:00:00Z",
                2,
            ),
            // Friday to Tuesday, shipped in the east and delivered in the west on its Monday evening
            (
                -74.0,
                -1_224,
                "2026-11-27T15:00:00Z",
                "2026-12-01T05:00:00Z",
                1,
            ),
        ] {
            let (placed, fulfilment) = shipped(shipped_at, to);
            let seen = transit(&placed, &fulfilment, &location(from), millis(delivered_at));
            let seen = seen.unwrap();
            assert_eq!(seen.days, days, "{shipped_at} {delivered_at}");
            assert_eq!(seen.lane.location, LocationId(7));
            assert_eq!(
                (seen.lane.service.as_str(), seen.lane.country.as_str()),
                ("dhl", "US")
            );
        }
    }

    #[test]
    fn a_promise_is_scored_by_the_day_at_its_destination() {
        let (placed, fulfilment) = shipped("2026-11-27T15:00:00Z", -1_224);
        let late = |promised: &str, delivered: &str| {
            let promised = promised.parse().unwrap();
            let origin = location(-74.0);
            let promised = (Against::Last, promised);
            let scored = scored(&placed, &fulfilment, &origin, promised, millis(delivered));
            let scored = scored.unwrap();
            assert_eq!(scored.channel, crate::network::ChannelId(3));
            (scored.late_days, scored.month.to_string())
        };
        // It is still the thirtieth in San Francisco.
        assert_eq!(
            late("2026-11-30", "2026-12-01T05:00:00Z"),
            (0, "2026-11".to_owned())
        );
        assert_eq!(
            late("2026-11-30", "2026-12-03T20:00:00Z"),
            (3, "2026-12".to_owned())
        );
        let unshipped = Fulfilment {
            shipment: None,
            ..fulfilment.clone()
        };
        let promised = (Against::First, "2026-11-30".parse().unwrap());
        assert_eq!(
            scored(&placed, &unshipped, &location(0.0), promised, Millis(0)),
            None
        );
        assert_eq!(
            transit(&placed, &unshipped, &location(0.0), Millis(0)),
            None
        );
    }

    fn shipment(carrier: &str, service: Option<&str>) -> Shipment {
        Shipment {
            carrier: carrier.to_owned(),
            service: service.map(str::to_owned),
            tracking_number: None,
            at: Millis(0),
        }
    }

    #[test]
    fn areas_are_squares_of_two_degrees() {
        for (decidegrees, name) in [
            ((525, 134), "n52e012"),
            ((520, 120), "n52e012"),
            ((519, 119), "n50e010"),
            ((-1, -1), "s02w002"),
            ((0, 0), "n00e000"),
            ((-900, 1_800), "s90e180"),
            ((407, -740), "n40w074"),
        ] {
            let there = destination(Some(decidegrees), LocatedBy::PostalCode);
            assert_eq!(area(&there), name, "{decidegrees:?}");
        }
        assert_eq!(area(&destination(None, LocatedBy::Given)), "");
        let centre = destination(Some((512, 105)), LocatedBy::Country);
        assert_eq!(area(&centre), "");
        let nowhere = Destination::default();
        assert_eq!(lane_of(LocationId(1), "dhl", &nowhere), None);
    }

    #[test]
    fn services_are_named_alike_however_they_are_written() {
        let express = service_of(&shipment(" DHL ", Some("Express  Easy")));
        assert_eq!(express, "dhl express easy");
        assert_eq!(service_of(&shipment("UPS", None)), "ups");
        let long = service_of(&shipment(&format!("x{}", "ü".repeat(40)), None));
        assert_eq!(long, format!("x{}", "ü".repeat(31)));
    }
}
