//! What an area must be like to hold anything.

use rustc_hash::FxHashSet;

use super::super::area::{Area, PostalRange};
use super::super::zoning::ZoneOrigin;
use crate::network::is_country;
use crate::party::area_max;
use crate::refusal::Refusal;
use crate::text;

/// Most ranges of postal codes in one rule or closure.
pub const RANGES_MAX: usize = 1_000;

/// Where ways may begin: postal codes are those of a country.
pub(super) fn check_origin(pointer: &str, from: &ZoneOrigin) -> Result<(), Refusal> {
    if let Some(group) = &from.group {
        text::name(format!("{pointer}/group"), group, text::CODE_MAX)?;
    }
    let Some(country) = &from.country else {
        if from.postal.is_empty() {
            return Ok(());
        }
        let problem = "needs the country that the postal codes are of";
        return Err(Refusal::invalid(format!("{pointer}/country"), problem));
    };
    check_country(&format!("{pointer}/country"), country)?;
    check_ranges(&format!("{pointer}/postal"), country, &from.postal)
}

/// An area whose country is one, and whose ranges can hold something.
pub(in super::super) fn check_area(pointer: &str, area: &Area) -> Result<(), Refusal> {
    check_country(&format!("{pointer}/country"), &area.country)?;
    check_ranges(&format!("{pointer}/postal"), &area.country, &area.postal)
}

fn check_ranges(pointer: &str, country: &str, ranges: &[PostalRange]) -> Result<(), Refusal> {
    if ranges.len() > RANGES_MAX {
        let problem = format!("may hold at most {RANGES_MAX} ranges");
        return Err(Refusal::invalid(pointer, problem));
    }
    let mut seen = FxHashSet::default();
    for (position, range) in ranges.iter().enumerate() {
        let pointer = format!("{pointer}/{position}");
        check_beginning(&format!("{pointer}/first"), country, &range.first)?;
        check_beginning(&format!("{pointer}/last"), country, &range.last)?;
        if range.first.len() != range.last.len() || range.last < range.first {
            let problem = format!("must be as long as {:?} and not before it", range.first);
            return Err(Refusal::invalid(format!("{pointer}/last"), problem));
        }
        if !seen.insert(range) {
            return Err(Refusal::invalid(
                pointer,
                "is listed twice; keep one of them",
            ));
        }
    }
    Ok(())
}

fn check_beginning(pointer: &str, country: &str, text: &str) -> Result<(), Refusal> {
    let longest = area_max(country);
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if (1..=longest).contains(&text.len()) && text.bytes().all(is_plain) {
        return Ok(());
    }
    let problem = format!(
        "must be 1 to {longest} capital letters or digits: the beginning of a postal code of {country}, as far as orders keep it"
    );
    Err(Refusal::invalid(pointer, problem))
}

/// An officially assigned country.
pub(super) fn check_country(pointer: &str, code: &str) -> Result<(), Refusal> {
    if is_country(code) {
        return Ok(());
    }
    let problem = "must be an ISO 3166-1 alpha-2 country code such as DE";
    Err(Refusal::invalid(pointer, problem))
}
