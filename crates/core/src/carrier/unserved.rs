//! Why a service does not take a shipment.

use serde::{Deserialize, Serialize};

/// Why a service does not take a shipment; the first reason that holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Unserved {
    /// It is not offered.
    #[error("the service is inactive")]
    Inactive,
    /// It does not go to the country.
    #[error("the service does not go to {country:?}")]
    CountryNotServed {
        /// ISO 3166-1 alpha-2 code.
        country: String,
    },
    /// Its table of areas has no zone for the way.
    #[error("no zone leads from the origin to the destination's area")]
    NoZone,
    /// Its zones are distances, and the origin's or the destination's coordinates are not known.
    #[error("the distance is not known; give coordinates")]
    DistanceUnknown,
    /// The way is longer than its last distance band.
    #[error("{km} km are more than the {max_km} km that are served")]
    TooFar {
        /// The distance in kilometres.
        km: i64,
        /// The longest distance in kilometres.
        max_km: i64,
    },
    /// A unit is heavier than the heaviest parcel.
    #[error("a unit of {weight_g} g is heavier than the heaviest parcel of {max_g} g")]
    TooHeavy {
        /// The unit's chargeable weight.
        weight_g: i64,
        /// The heaviest parcel.
        max_g: i64,
    },
    /// The longest side of a unit is too long.
    #[error("a side of {longest_mm} mm is longer than {max_mm} mm")]
    TooLong {
        /// The longest side.
        longest_mm: i64,
        /// The longest side that is taken.
        max_mm: i64,
    },
    /// Length and girth of a unit are too large together.
    #[error("length and girth of {size_mm} mm are more than {max_mm} mm")]
    TooLarge {
        /// Longest side plus twice both others.
        size_mm: i64,
        /// The largest that is taken.
        max_mm: i64,
    },
    /// The zone has no price for the weight.
    #[error("the zone has no price for {weight_g} g")]
    NotPriced {
        /// The shipment's chargeable weight.
        weight_g: i64,
    },
    /// It picks nothing up within a year, because of its calendar or closures.
    #[error("nothing is picked up within a year")]
    NoPickup,
    /// It delivers nothing within a year, because of its calendar or closures.
    #[error("nothing is delivered within a year")]
    NoDelivery,
}
