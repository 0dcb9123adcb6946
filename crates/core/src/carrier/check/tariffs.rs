//! What a tariff must be like: more weight never costs less, and every parcel that is taken has a price.

use super::super::tariff::Tariff;
use super::within;
use crate::money::AMOUNT_MAX;
use crate::refusal::Refusal;

/// Most brackets of a tariff.
pub const BRACKETS_MAX: usize = 200;
/// The heaviest parcel that can be said, in grams.
const WEIGHT_G_MAX: i64 = 1_000_000_000;

/// A tariff whose prices never fall, and which has one for every parcel that it takes.
pub(super) fn check_tariff(pointer: &str, tariff: &Tariff) -> Result<(), Refusal> {
    let at = |field: &str| format!("{pointer}/{field}");
    within(&at("parcel_max_g"), Some(tariff.parcel_max_g), WEIGHT_G_MAX)?;
    price(&at("minimum_minor"), tariff.minimum_minor)?;
    tariff
        .per_kg_minor
        .map_or(Ok(()), |per_kg| price(&at("per_kg_minor"), per_kg))?;
    check_brackets(&at("brackets"), tariff)?;
    if tariff.parcel(tariff.parcel_max_g).is_none() {
        let problem = format!(
            "a parcel of {} g has no price; add a bracket up to it, a price per kilogram, or take lighter parcels alone",
            tariff.parcel_max_g
        );
        return Err(Refusal::invalid(at("parcel_max_g"), problem));
    }
    Ok(())
}

fn check_brackets(pointer: &str, tariff: &Tariff) -> Result<(), Refusal> {
    if tariff.brackets.len() > BRACKETS_MAX {
        let problem = format!("may hold at most {BRACKETS_MAX}");
        return Err(Refusal::invalid(pointer, problem));
    }
    let (mut weight, mut last_price) = (0, 0);
    for (position, bracket) in tariff.brackets.iter().enumerate() {
        let at = |field: &str| format!("{pointer}/{position}/{field}");
        if bracket.up_to_g <= weight || bracket.up_to_g > WEIGHT_G_MAX {
            let problem = format!(
                "must be more than {weight} and at most {WEIGHT_G_MAX}; list brackets by rising weight"
            );
            return Err(Refusal::invalid(at("up_to_g"), problem));
        }
        price(&at("price_minor"), bracket.price_minor)?;
        if bracket.price_minor < last_price {
            let problem = format!(
                "must be at least the {last_price} of the lighter bracket before it: more weight never costs less"
            );
            return Err(Refusal::invalid(at("price_minor"), problem));
        }
        (weight, last_price) = (bracket.up_to_g, bracket.price_minor);
    }
    Ok(())
}

fn price(pointer: &str, minor: i64) -> Result<(), Refusal> {
    if (0..=AMOUNT_MAX).contains(&minor) {
        return Ok(());
    }
    let problem = format!("must be 0 to {AMOUNT_MAX}");
    Err(Refusal::invalid(pointer, problem))
}
