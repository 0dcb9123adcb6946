//! A carrier service as data: where it goes, what it asks, how long it takes.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::tariff::{Quote, Tariff};
use super::units::Units;
use super::unserved::Unserved;
use super::zoning::Zoning;
use crate::catalog::Dimensions;
use crate::money::{self, Currency};
use crate::network::CalendarId;

/// What a surcharge of 100 % is in basis points.
const WHOLE_BP: i64 = 10_000;

/// The number of a service: small, given once, never reused. The API speaks of codes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ServiceId(pub u16);

/// Whether a service is offered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceStatus {
    /// It is.
    #[default]
    Active,
    /// It is not.
    Inactive,
}

/// Where a service brings parcels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliversTo {
    /// To the address.
    #[default]
    Home,
    /// To a pickup point near it, where the customer fetches them.
    PickupPoint,
}

/// What a carrier does for a price: "Ground", "Express".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Identity.
    pub id: ServiceId,
    /// The merchant's own code; unique among services.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The carrier's name; services of one carrier are closed together.
    pub carrier: String,
    /// Whether it is offered.
    #[serde(default)]
    pub status: ServiceStatus,
    /// The currency of its prices.
    pub currency: Currency,
    /// Where it brings parcels.
    #[serde(default)]
    pub delivers_to: DeliversTo,
    /// How the zone of a way is found.
    pub zoning: Zoning,
    /// Its zones, each code once.
    pub zones: Vec<Zone>,
    /// What is added to every price, for fuel and the like, in basis points: 1,250 are 12.5 %.
    #[serde(default)]
    pub surcharge_bp: u32,
    /// Cubic centimetres that count as one kilogram; absent: only the actual weight counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensional_divisor: Option<i64>,
    /// The largest units.
    #[serde(default)]
    pub limits: Limits,
    /// The countries that it goes to, as far as its zones do not say it.
    #[serde(default)]
    pub countries: Countries,
    /// Minute of the day, where the parcel begins, from which on what is ordered misses that day's pickup; absent: nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off_minute: Option<u16>,
    /// When it picks up, in the location's dates; absent: every day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup_calendar: Option<CalendarId>,
    /// When it travels and delivers, in the destination's dates; absent: every day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_calendar: Option<CalendarId>,
}

/// A zone: one price list and one time of travel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its code; unique within the service.
    pub code: String,
    /// Prices without the surcharge.
    pub tariff: Tariff,
    /// Days of its delivery calendar that a parcel likely travels; 0: delivered on the day of the pickup.
    pub transit_days: u16,
}

/// The largest units that a service takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The longest side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_mm: Option<i64>,
    /// The longest side plus the girth, which is twice the sum of both others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_and_girth_mm: Option<i64>,
}

/// Countries that a service goes to, by ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countries {
    /// These alone; none: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Never these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

impl Service {
    /// The first day on which it may pick up what is ready on a day, if it is ordered at this local time.
    #[must_use]
    pub fn ready_on(&self, ready: Date, ordered: DateTime) -> Date {
        let minute = i32::from(ordered.hour()) * 60 + i32::from(ordered.minute());
        let is_late = self
            .cut_off_minute
            .is_some_and(|cut_off| minute >= i32::from(cut_off));
        if is_late && ready <= ordered.date() {
            ready.tomorrow().unwrap_or(ready)
        } else {
            ready
        }
    }

    /// The zone with this code.
    #[must_use]
    pub fn zone_by_code(&self, code: &str) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.code == code)
    }

    /// Whether it is offered for a country at all.
    ///
    /// # Errors
    /// Inactive, or not for this country.
    pub fn goes_to(&self, country: &str) -> Result<(), Unserved> {
        if self.status == ServiceStatus::Inactive {
            return Err(Unserved::Inactive);
        }
        let Countries { only, except } = &self.countries;
        let lists = |codes: &[String]| codes.iter().any(|code| code == country);
        if (!only.is_empty() && !lists(only)) || lists(except) {
            let country = country.to_owned();
            return Err(Unserved::CountryNotServed { country });
        }
        Ok(())
    }

    /// A zone's prices with the surcharge, each rounded once. Without a surcharge they are lent as they are.
    #[must_use]
    pub fn tariff<'a>(&self, zone: &'a Zone) -> Cow<'a, Tariff> {
        if self.surcharge_bp == 0 {
            return Cow::Borrowed(&zone.tariff);
        }
        let whole = WHOLE_BP + i64::from(self.surcharge_bp);
        let charged = |price: i64| money::share(price, whole, WHOLE_BP);
        let mut tariff = zone.tariff.clone();
        for bracket in &mut tariff.brackets {
            bracket.price_minor = charged(bracket.price_minor);
        }
        tariff.per_kg_minor = tariff.per_kg_minor.map(charged);
        tariff.minimum_minor = charged(tariff.minimum_minor);
        Cow::Owned(tariff)
    }

    /// The chargeable weight of one unit in grams: the actual or the dimensional one, whichever is larger, begun grams
    /// counted whole. What is not known counts as nothing.
    #[must_use]
    pub fn unit_weight_g(&self, weight_g: Option<i64>, dimensions: Option<Dimensions>) -> i64 {
        let actual = weight_g.unwrap_or(0).max(0);
        let dimensional = dimensions.zip(self.dimensional_divisor);
        let dimensional = dimensional.map_or(0, |(size, divisor)| {
            // mm³ / (cm³ per kg) are grams: the thousands of both units cancel out
            let [length, width, height] =
                [size.length_mm, size.width_mm, size.height_mm].map(|side| i128::from(side.max(0)));
            let volume = length.saturating_mul(width).saturating_mul(height);
            let divisor = i128::from(divisor.max(1));
            money::saturate(volume / divisor + i128::from(volume % divisor > 0))
        });
        actual.max(dimensional)
    }

    /// Whether one unit may travel in a zone.
    ///
    /// # Errors
    /// Too long, too large, or heavier than the zone's heaviest parcel.
    pub fn check_unit(
        &self,
        zone: &Zone,
        weight_g: Option<i64>,
        dimensions: Option<Dimensions>,
    ) -> Result<(), Unserved> {
        dimensions.map_or(Ok(()), |size| self.limits.check(size))?;
        let weight_g = self.unit_weight_g(weight_g, dimensions);
        let max_g = zone.tariff.parcel_max_g;
        if weight_g > max_g {
            return Err(Unserved::TooHeavy { weight_g, max_g });
        }
        Ok(())
    }

    /// The price of a shipment in a zone with its chargeable weight in grams, the surcharge included.
    ///
    /// # Errors
    /// A unit that may not travel, and a weight that has no price.
    pub fn quote(&self, zone: &Zone, units: &[Units]) -> Result<(Quote, i64), Unserved> {
        let mut weight_g: i64 = 0;
        for unit in units {
            self.check_unit(zone, unit.weight_g, unit.dimensions)?;
            let one = self.unit_weight_g(unit.weight_g, unit.dimensions);
            weight_g = weight_g.saturating_add(one.saturating_mul(unit.quantity.max(0)));
        }
        let quote = self.tariff(zone).shipment(weight_g);
        let quote = quote.ok_or(Unserved::NotPriced { weight_g })?;
        Ok((quote, weight_g))
    }
}

impl Limits {
    /// Whether a unit of this size is taken; the longest of its sides is its length, however it lies.
    ///
    /// # Errors
    /// Too long or too large.
    pub fn check(&self, size: Dimensions) -> Result<(), Unserved> {
        let mut sides = [size.length_mm, size.width_mm, size.height_mm];
        sides.sort_unstable();
        let [height, width, longest_mm] = sides;
        if let Some(max_mm) = self.longest_mm.filter(|max_mm| longest_mm > *max_mm) {
            return Err(Unserved::TooLong { longest_mm, max_mm });
        }
        let girth = width.saturating_add(height).saturating_mul(2);
        let size_mm = longest_mm.saturating_add(girth);
        match self.length_and_girth_mm {
            Some(max_mm) if size_mm > max_mm => Err(Unserved::TooLarge { size_mm, max_mm }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::service;
    use super::*;

    fn size(length_mm: i64, width_mm: i64, height_mm: i64) -> Option<Dimensions> {
        Some(Dimensions {
            length_mm,
            width_mm,
            height_mm,
        })
    }

    #[test]
    fn the_chargeable_weight_is_the_larger_one_rounded_up() {
        let mut service = service("to DE: 1");
        assert_eq!(service.unit_weight_g(Some(700), size(400, 300, 200)), 700);
        service.dimensional_divisor = Some(5_000);
        for (weight, dimensions, expected) in [
            (Some(700), size(400, 300, 200), 4_800), // 24,000 cm³ / 5,000 = 4.8 kg
            (Some(5_000), size(400, 300, 200), 5_000),
            (None, size(100, 100, 1), 2),
            (None, size(1, 1, 1), 1),
            (None, size(71, 71, 71), 72), // 71.58 g
            (Some(3), None, 3),
            (None, None, 0),
            (Some(1), size(i64::MAX, i64::MAX, i64::MAX), i64::MAX),
        ] {
            assert_eq!(
                service.unit_weight_g(weight, dimensions),
                expected,
                "{dimensions:?}"
            );
        }
    }

    #[test]
    fn a_unit_that_is_too_large_or_too_heavy_is_refused_with_the_limit() {
        let mut service = service("to DE: 1");
        service.limits = Limits {
            longest_mm: Some(1_200),
            length_and_girth_mm: Some(3_000),
        };
        let check = |weight, dimensions| service.check_unit(&service.zones[0], weight, dimensions);
        assert_eq!(check(Some(30_000), size(600, 1_200, 300)), Ok(()));
        let too_long = Unserved::TooLong {
            longest_mm: 1_201,
            max_mm: 1_200,
        };
        assert_eq!(check(None, size(10, 10, 1_201)), Err(too_long));
        let too_large = Unserved::TooLarge {
            size_mm: 3_002,
            max_mm: 3_000,
        };
        assert_eq!(check(None, size(600, 301, 1_200)), Err(too_large));
        let too_heavy = Unserved::TooHeavy {
            weight_g: 30_001,
            max_g: 30_000,
        };
        assert_eq!(check(Some(30_001), None), Err(too_heavy));
    }

    #[test]
    fn the_surcharge_is_added_to_every_price() {
        let mut service = service("to DE: 1");
        service.zones[0].tariff.minimum_minor = 333;
        assert!(matches!(
            service.tariff(&service.zones[0]),
            Cow::Borrowed(_)
        ));
        service.surcharge_bp = 1_250;
        let charged = service.tariff(&service.zones[0]).into_owned();
        let prices: Vec<i64> = charged.brackets.iter().map(|one| one.price_minor).collect();
        assert_eq!(prices, [563, 788]); // 500 and 700 with an eighth, 562.5 and 787.5
        assert_eq!(
            (charged.per_kg_minor, charged.minimum_minor),
            (Some(113), 375)
        );
        assert_eq!(charged.parcel_max_g, 30_000);
    }

    #[test]
    fn a_shipment_is_quoted_by_the_weight_of_all_its_units() {
        let mut service = service("to DE: 1");
        service.dimensional_divisor = Some(5_000);
        let units = |weight, dimensions, quantity| Units {
            weight_g: weight,
            dimensions,
            quantity,
        };
        let quote = |units: &[Units]| {
            let quoted = service.quote(&service.zones[0], units);
            quoted.map(|(quote, weight_g)| (weight_g, quote.parcels, quote.price_minor))
        };
        let small = units(Some(500), None, 2);
        assert_eq!(quote(&[small]), Ok((1_000, 1, 500)));
        let bulky = units(Some(100), size(400, 300, 200), 1);
        assert_eq!(quote(&[small, bulky]), Ok((5_800, 1, 800)));
        let heavy = units(Some(20_000), None, 2);
        assert_eq!(quote(&[heavy]), Ok((40_000, 2, 4_400)));
        assert_eq!(quote(&[]), Ok((0, 1, 500)));
        let huge = quote(&[small, units(Some(31_000), None, 1)]);
        assert!(matches!(huge, Err(Unserved::TooHeavy { .. })), "{huge:?}");
    }
}
