//! Postal codes by country, and which countries need a region: known facts of the postal services.
//!
//! Source: Universal Postal Union, *Postal addressing systems in member countries* (the sheet of each country gives the
//! form of its postal code and the lines of an address). `9` stands for a digit, `A` for a letter, `X` for either;
//! spaces and hyphens are left out, because people write them in many ways.

/// The form of a country's postal codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostalFormat {
    /// ISO 3166-1 alpha-2 code.
    pub country: &'static str,
    /// The forms, without spaces and hyphens.
    pub forms: &'static [&'static str],
    /// One as people write it.
    pub example: &'static str,
}

const fn format(
    country: &'static str,
    forms: &'static [&'static str],
    example: &'static str,
) -> PostalFormat {
    PostalFormat {
        country,
        forms,
        example,
    }
}

/// The forms by country, sorted by code.
#[rustfmt::skip]
const FORMATS: [PostalFormat; 61] = [
    format("AD", &["AA999"], "AD500"),
    format("AR", &["9999", "A9999AAA"], "C1420ABC"),
    format("AT", &["9999"], "1010"),
    format("AU", &["9999"], "2000"),
    format("BE", &["9999"], "1000"),
    format("BG", &["9999"], "1000"),
    format("BR", &["99999999"], "01310-100"),
    format("CA", &["A9A9A9"], "K1A 0B1"),
    format("CH", &["9999"], "8001"),
    format("CL", &["9999999"], "832 0000"),
    format("CN", &["999999"], "100000"),
    format("CO", &["999999"], "110111"),
    format("CY", &["9999"], "1010"),
    format("CZ", &["99999"], "110 00"),
    format("DE", &["99999"], "10115"),
    format("DK", &["9999"], "1050"),
    format("EE", &["99999"], "10111"),
    format("EG", &["99999", "9999999"], "11511"),
    format("ES", &["99999"], "28001"),
    format("FI", &["99999"], "00100"),
    format("FR", &["99999"], "75001"),
    format("GB", &["A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA", "AAA9AA"], "SW1A 1AA"),
    format("GR", &["99999"], "105 57"),
    format("HR", &["99999"], "10000"),
    format("HU", &["9999"], "1051"),
    format("IE", &["A9XXXXX"], "D02 X285"),
    format("IL", &["9999999", "99999"], "9414219"),
    format("IN", &["999999"], "110 001"),
    format("IS", &["999"], "101"),
    format("IT", &["99999"], "00118"),
    format("JP", &["9999999"], "100-0001"),
    format("KR", &["99999"], "03051"),
    format("LI", &["9999"], "9490"),
    format("LT", &["99999"], "01100"),
    format("LU", &["9999"], "1009"),
    format("LV", &["9999"], "LV-1050"),
    format("MC", &["99999"], "98000"),
    format("MT", &["AAA9999", "AAA99"], "VLT 1117"),
    format("MX", &["99999"], "06000"),
    format("MY", &["99999"], "50000"),
    format("NL", &["9999AA"], "1011 AB"),
    format("NO", &["9999"], "0150"),
    format("NZ", &["9999"], "6011"),
    format("PH", &["9999"], "1000"),
    format("PL", &["99999"], "00-001"),
    format("PT", &["9999999"], "1000-001"),
    format("RO", &["999999"], "010011"),
    format("RS", &["99999", "999999"], "11000"),
    format("SE", &["99999"], "111 20"),
    format("SG", &["999999"], "018956"),
    format("SI", &["9999"], "1000"),
    format("SK", &["99999"], "811 01"),
    format("SM", &["99999"], "47890"),
    format("TH", &["99999"], "10200"),
    format("TR", &["99999"], "34000"),
    format("TW", &["999", "99999", "999999"], "100"),
    format("UA", &["99999"], "01001"),
    format("US", &["99999", "999999999"], "20500 or 20500-0003"),
    format("UY", &["99999"], "11000"),
    format("VN", &["99999", "999999"], "10000"),
    format("ZA", &["9999"], "0001"),
];

/// Countries whose addresses have the state, province or territory in them.
const WITH_REGION: [&str; 3] = ["AU", "CA", "US"];

/// The form of a country's postal codes, where it is known.
#[must_use]
pub fn postal_format(country: &str) -> Option<&'static PostalFormat> {
    let found = FORMATS.binary_search_by_key(&country, |format| format.country);
    found.ok().map(|position| &FORMATS[position])
}

/// Whether an address in the country needs its region.
pub(super) fn needs_region(country: &str) -> bool {
    WITH_REGION.contains(&country)
}

impl PostalFormat {
    /// Whether a postal code has this form, with the country's code before it or not.
    #[must_use]
    pub fn fits(&self, code: &str) -> bool {
        let plain: String = code
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .flat_map(char::to_uppercase)
            .collect();
        let without = plain.strip_prefix(self.country);
        [Some(plain.as_str()), without]
            .into_iter()
            .flatten()
            .any(|code| self.forms.iter().any(|form| has_form(code, form)))
    }
}

fn has_form(code: &str, form: &str) -> bool {
    let fits = |(c, sign): (u8, u8)| match sign {
        b'9' => c.is_ascii_digit(),
        b'A' => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
    };
    code.len() == form.len() && code.bytes().zip(form.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countries_are_sorted_and_their_examples_fit() {
        assert!(
            FORMATS
                .windows(2)
                .all(|two| two[0].country < two[1].country)
        );
        for format in FORMATS {
            assert!(
                crate::network::is_country(format.country),
                "{}",
                format.country
            );
            for example in format.example.split(" or ") {
                assert!(format.fits(example), "{}: {example}", format.country);
            }
        }
    }

    #[test]
    fn postal_codes_are_told_apart_by_country() {
        for (country, code, fits) in [
            ("DE", "10115", true),
            ("DE", "DE-10115", true),
            ("DE", "1011", false),
            ("DE", "1O115", false),
            ("US", "90210", true),
            ("US", "90210-1234", true),
            ("US", "902101", false),
            ("CA", "k1a0b1", true),
            ("CA", "K1A 0B", false),
            ("GB", "EC1A 1BB", true),
            ("GB", "W1A 0AX", true),
            ("GB", "M1 1AE", true),
            ("GB", "GIR 0AA", true),
            ("GB", "12345", false),
            ("NL", "1011AB", true),
            ("NL", "1011", false),
            ("CH", "8001", true),
            ("CH", "CH-8001", true),
            ("AT", "A-1010", false),
            ("JP", "1000001", true),
            ("JP", "100-001", false),
            ("AU", "2000", true),
            ("FR", "٧٥٠٠١", false),
        ] {
            let format = postal_format(country).unwrap();
            assert_eq!(format.fits(code), fits, "{country} {code}");
        }
        assert_eq!(postal_format("AE"), None);
        assert_eq!(postal_format(""), None);
    }
}
