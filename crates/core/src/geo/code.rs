//! Postal codes as they are compared, and the areas that they begin with.

use smallvec::SmallVec;

use super::LocatedBy;

/// Longest postal code that is compared, in bytes; no country has one half as long.
const CODE_MAX: usize = 16;
/// Countries whose codes are five digits, which spreadsheets rob of their leading zeros.
const FIVE_DIGITS: [&str; 12] = [
    "DE", "ES", "FR", "GP", "IT", "MQ", "MX", "PR", "RE", "TR", "US", "VI",
];
/// How many leading characters name a larger area, longest first, by country (Universal Postal Union, addressing guide).
const AREAS: [(&str, &[usize]); 27] = [
    ("AT", &[2]),
    ("AU", &[2]),
    ("BE", &[2]),
    ("BR", &[5, 3]),
    ("CA", &[3]),
    ("CH", &[2]),
    ("CZ", &[3]),
    ("DE", &[3, 2]),
    ("DK", &[2]),
    ("ES", &[2]),
    ("FI", &[3]),
    ("FR", &[2]),
    ("IE", &[3]),
    ("IN", &[3]),
    ("IT", &[3]),
    ("JP", &[3]),
    ("KR", &[3]),
    ("MT", &[3]),
    ("MX", &[3]),
    ("NL", &[4, 2]),
    ("NO", &[2]),
    ("PL", &[2]),
    ("PT", &[4]),
    ("SE", &[3]),
    ("SK", &[3]),
    ("TR", &[2]),
    ("US", &[3]),
];
/// Places whose codes are those of the United Kingdom's system: an outward code, and three characters.
const BRITISH: [&str; 4] = ["GB", "GG", "IM", "JE"];
/// Characters of the inward part of a British code.
const INWARD: usize = 3;

/// Postal codes that lie together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Area {
    /// One code.
    Code(String),
    /// All codes that begin so.
    Beginning(String),
}

impl Area {
    /// How exactly the middle of this area tells where an address is.
    #[must_use]
    pub fn located_by(&self) -> LocatedBy {
        match self {
            Self::Code(_) => LocatedBy::PostalCode,
            Self::Beginning(_) => LocatedBy::Area,
        }
    }
}

/// A postal code as it is compared: capitals and digits alone, with the zeros that belong in front, without the country's
/// sign and what is finer than the country's five digits. Empty for what can be none.
#[must_use]
pub fn normalised(country: &str, postal_code: &str) -> String {
    let code = without_sign(country, postal_code.trim());
    let code: String = match code.split_once('-') {
        Some((zip, _)) if country == "US" => compact(zip),
        _ => compact(code),
    };
    let is_digits = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    match code.len() {
        3..5 if is_digits && FIVE_DIGITS.contains(&country) => format!("{code:0>5}"),
        9 if is_digits && country == "US" => code[..5].to_owned(),
        ..=CODE_MAX => code,
        _ => String::new(),
    }
}

/// `D-10115` and `DE-10115` are `10115`.
fn without_sign<'a>(country: &str, code: &'a str) -> &'a str {
    let Some((sign, rest)) = code.split_once('-') else {
        return code;
    };
    let sign = sign.trim().to_ascii_uppercase();
    let is_sign = !sign.is_empty() && country.starts_with(sign.as_str());
    if is_sign && rest.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        rest
    } else {
        code
    }
}

fn compact(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// The code itself and the larger areas it lies in, the most exact first; nothing for no code.
#[must_use]
pub fn areas(country: &str, normalised: &str) -> SmallVec<[Area; 3]> {
    let mut areas = SmallVec::new();
    if normalised.is_empty() {
        return areas;
    }
    areas.push(Area::Code(normalised.to_owned()));
    if BRITISH.contains(&country) {
        if let Some(outward) = outward(normalised) {
            areas.push(Area::Code(outward.to_owned()));
            areas.push(Area::Beginning(outward.to_owned()));
        }
        return areas;
    }
    let lengths = AREAS
        .binary_search_by_key(&country, |(known, _)| known)
        .map_or(&[][..], |position| AREAS[position].1);
    let shorter = lengths.iter().filter(|length| **length < normalised.len());
    areas.extend(shorter.filter_map(|length| {
        let beginning = normalised.get(..*length)?;
        Some(Area::Beginning(beginning.to_owned()))
    }));
    areas
}

/// The outward part of a whole British code, such as `SW1A` of `SW1A1AA`.
fn outward(code: &str) -> Option<&str> {
    let (outward, inward) = code.split_at_checked(code.len().checked_sub(INWARD)?)?;
    let (digit, letters) = inward.split_at_checked(1)?;
    let is_inward = digit.bytes().all(|byte| byte.is_ascii_digit())
        && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_inward && (2..=4).contains(&outward.len())).then_some(outward)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_compared_without_what_people_add() {
        for (country, text, code) in [
            ("US", "10001", "10001"),
            ("US", "10001-1234", "10001"),
            ("US", "100011234", "10001"),
            ("US", "501", "00501"),
            ("CA", " k1a 0b1 ", "K1A0B1"),
            ("DE", "D-10115", "10115"),
            ("DE", "DE-10115", "10115"),
            ("DE", "1067", "01067"),
            ("GB", "sw1a-1aa", "SW1A1AA"),
            ("JP", "100-0001", "1000001"),
            ("PL", "00-950", "00950"),
            ("IE", "D02 AF30", "D02AF30"),
            ("NO", "0150", "0150"),
            ("DE", "", ""),
            ("DE", "–", ""),
            ("DE", "12345678901234567", ""),
        ] {
            assert_eq!(normalised(country, text), code, "{country} {text}");
        }
    }

    #[test]
    fn larger_areas_follow_the_code() {
        for (country, code, expected) in [
            ("US", "10001", "=10001 100*"),
            ("CA", "K1A0B1", "=K1A0B1 K1A*"),
            ("CA", "K1A", "=K1A"),
            ("GB", "SW1A1AA", "=SW1A1AA =SW1A SW1A*"),
            ("GB", "LS1", "=LS1"),
            ("DE", "10115", "=10115 101* 10*"),
            ("DE", "1", "=1"),
            ("ZZ", "12345", "=12345"),
            ("US", "", ""),
        ] {
            let text: Vec<String> = areas(country, code)
                .iter()
                .map(|area| match area {
                    Area::Code(code) => format!("={code}"),
                    Area::Beginning(code) => format!("{code}*"),
                })
                .collect();
            assert_eq!(text.join(" "), expected, "{country} {code}");
        }
    }

    #[test]
    fn the_tables_are_sorted_and_name_countries() {
        assert!(AREAS.is_sorted_by_key(|(country, _)| *country));
        let named = AREAS.iter().map(|(country, _)| country);
        for country in named.chain(&FIVE_DIGITS).chain(&BRITISH) {
            assert!(crate::network::is_country(country), "{country}");
        }
    }
}
