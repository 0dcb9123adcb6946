//! The area of a postal code: as much of it as zones need, and not enough to find anybody.

/// Most characters of an area.
const AREA_MAX: usize = 3;
/// Most characters of an outward part.
const OUTWARD_MAX: usize = 4;
/// Characters of the inward part that follows it.
const INWARD: usize = 3;

/// Whether the country's postal codes have an outward and an inward part, as in `SW1A 1AA` (United Kingdom and the
/// islands that share its system).
#[must_use]
pub fn has_outward_codes(country: &str) -> bool {
    matches!(country, "GB" | "GG" | "IM" | "JE")
}

/// How many characters of its postal codes an area of the country has at most.
#[must_use]
pub fn area_max(country: &str) -> usize {
    if has_outward_codes(country) {
        OUTWARD_MAX
    } else {
        AREA_MAX
    }
}

/// The area of a postal code, in capitals and without spaces: the outward part where there is one, else the first three
/// characters (in the US a ZIP3, in Canada a forward sortation area). None without a postal code.
#[must_use]
pub fn area(country: &str, postal_code: &str) -> Option<String> {
    let mut code: String = postal_code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if has_outward_codes(country) && code.len() > OUTWARD_MAX {
        code.truncate(code.len() - INWARD);
    }
    code.truncate(area_max(country));
    (!code.is_empty()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_the_outward_part_or_three_characters() {
        for (country, code, expected) in [
            ("US", "94105-1234", "941"),
            ("US", "00501", "005"),
            ("CA", "m5v 3l9", "M5V"),
            ("DE", "80331", "803"),
            ("DE", "D-80331", "D80"),
            ("GB", "SW1A 1AA", "SW1A"),
            ("GB", "M1 1AE", "M1"),
            ("GB", "m11ae", "M1"),
            ("GB", "EH99 1SP", "EH99"),
            ("GB", "LS1", "LS1"),
            ("JE", "JE2 3AB", "JE2"),
            ("NL", "1012 AB", "101"),
            ("IE", "D02 AF30", "D02"),
            ("JP", "100-0001", "100"),
            ("IS", "1", "1"),
        ] {
            assert_eq!(
                area(country, code).as_deref(),
                Some(expected),
                "{country} {code}"
            );
        }
        for nothing in ["", " ", "-", "é"] {
            assert_eq!(area("FR", nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn no_area_is_longer_than_its_country_allows() {
        for country in ["GB", "US", "DE"] {
            let long = area(country, "A1B2C3D4E5F6G7H8").unwrap();
            assert_eq!(long.len(), area_max(country), "{country}");
        }
    }
}
