//! A tariff: what a carrier asks for a shipment to one zone, by its chargeable weight.

use serde::{Deserialize, Serialize};

/// Grams of one kilogram.
const GRAMS_PER_KG: i64 = 1_000;

/// Prices of one service to one zone. The price never falls as the weight rises.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// Prices by weight, by rising weight and price; may be empty where every kilogram is priced.
    #[serde(default)]
    pub brackets: Vec<Bracket>,
    /// What each begun kilogram above the last bracket costs in addition; absent where no heavier parcel is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_kg_minor: Option<i64>,
    /// What a parcel costs at least.
    #[serde(default)]
    pub minimum_minor: i64,
    /// The heaviest parcel; what is heavier goes as several parcels.
    pub parcel_max_g: i64,
}

/// What a parcel up to a weight costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// The heaviest parcel of this price.
    pub up_to_g: i64,
    /// Its price in minor units.
    pub price_minor: i64,
}

/// What a shipment costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// Price of all parcels in minor units.
    pub price_minor: i64,
    /// Parcels.
    pub parcels: i64,
}

impl Tariff {
    /// The price of one parcel of this chargeable weight, in minor units; none where no such parcel is taken.
    #[must_use]
    pub fn parcel(&self, weight_g: i64) -> Option<i64> {
        if weight_g > self.parcel_max_g {
            return None;
        }
        let bracket = self
            .brackets
            .iter()
            .find(|bracket| weight_g <= bracket.up_to_g);
        let price = match (bracket, self.brackets.last(), self.per_kg_minor) {
            (Some(bracket), ..) => bracket.price_minor,
            (None, last, Some(per_kg)) => {
                let (from_g, price) = last.map_or((0, 0), |last| (last.up_to_g, last.price_minor));
                price.saturating_add(begun_kilograms(weight_g - from_g).saturating_mul(per_kg))
            }
            (None, _, None) => return None,
        };
        Some(price.max(self.minimum_minor))
    }

    /// The price of a shipment: full parcels and one with the rest. A shipment that weighs nothing is one parcel.
    /// None where the heaviest parcel has no price.
    #[must_use]
    pub fn shipment(&self, weight_g: i64) -> Option<Quote> {
        if weight_g <= self.parcel_max_g {
            return self.parcel(weight_g.max(0)).map(|price_minor| Quote {
                price_minor,
                parcels: 1,
            });
        }
        let full = (weight_g - 1) / self.parcel_max_g.max(1);
        let rest = self.parcel(weight_g - full * self.parcel_max_g)?;
        let price_minor = self.parcel(self.parcel_max_g)?.saturating_mul(full);
        Some(Quote {
            price_minor: price_minor.saturating_add(rest),
            parcels: full + 1,
        })
    }
}

fn begun_kilograms(grams: i64) -> i64 {
    (grams + GRAMS_PER_KG - 1) / GRAMS_PER_KG
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tariff() -> Tariff {
        Tariff {
            brackets: vec![
                Bracket {
                    up_to_g: 500,
                    price_minor: 300,
                },
                Bracket {
                    up_to_g: 2_000,
                    price_minor: 450,
                },
            ],
            per_kg_minor: Some(100),
            minimum_minor: 350,
            parcel_max_g: 10_000,
        }
    }

    #[test]
    fn a_parcel_costs_its_bracket_then_begun_kilograms_and_at_least_the_minimum() {
        let priced: Vec<Option<i64>> = [0, 500, 501, 2_000, 2_001, 3_000, 3_001, 10_000, 10_001]
            .map(|weight| tariff().parcel(weight))
            .to_vec();
        let expected = [
            Some(350),
            Some(350),
            Some(450),
            Some(450),
            Some(550),
            Some(550),
            Some(650),
            Some(1_250),
            None,
        ];
        assert_eq!(priced, expected);
        let without_more = Tariff {
            per_kg_minor: None,
            ..tariff()
        };
        assert_eq!(without_more.parcel(2_001), None);
    }

    #[test]
    fn what_is_too_heavy_for_one_parcel_goes_as_several() {
        let quoted = |weight| {
            tariff()
                .shipment(weight)
                .map(|quote| (quote.parcels, quote.price_minor))
        };
        assert_eq!(quoted(0), Some((1, 350)));
        assert_eq!(quoted(10_000), Some((1, 1_250)));
        assert_eq!(quoted(10_001), Some((2, 1_600)));
        assert_eq!(quoted(20_000), Some((2, 2_500)));
        assert_eq!(quoted(20_600), Some((3, 2_950)));
    }

    #[test]
    fn more_weight_never_costs_less() {
        let prices: Vec<i64> = (0..40_000)
            .step_by(50)
            .map(|weight| {
                tariff()
                    .shipment(weight)
                    .map_or(0, |quote| quote.price_minor)
            })
            .collect();
        assert!(prices.is_sorted());
    }
}
