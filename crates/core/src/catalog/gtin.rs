//! Global Trade Item Numbers (GS1 General Specifications, section 3: GTIN-8, -12, -13 and -14).

use serde::{Deserialize, Serialize};

/// A GTIN with a right check digit, kept as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gtin(String);

/// Why a text is no GTIN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGtin {
    /// Not 8, 12, 13 or 14 digits.
    #[error("must have 8, 12, 13 or 14 digits")]
    Length,
    /// The last digit is not the mod-10 check digit of the others.
    #[error("has the check digit {found}, but {expected} is right")]
    CheckDigit {
        /// The digit the text ends with.
        found: u32,
        /// The digit it should end with.
        expected: u32,
    },
}

impl Gtin {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Gtin {
    type Error = InvalidGtin;
    fn try_from(text: String) -> Result<Self, InvalidGtin> {
        let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
        match digits {
            Some(digits) if matches!(digits.len(), 8 | 12 | 13 | 14) => {
                check(&digits).map(|()| Self(text))
            }
            _ => Err(InvalidGtin::Length),
        }
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> Self {
        gtin.0
    }
}

fn check(digits: &[u32]) -> Result<(), InvalidGtin> {
    let found = digits[digits.len() - 1];
    let weighted: u32 = digits
        .iter()
        .rev()
        .skip(1)
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { d * 3 } else { *d })
        .sum();
    let expected = (10 - weighted % 10) % 10;
    if found == expected {
        Ok(())
    } else {
        Err(InvalidGtin::CheckDigit { found, expected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_follow_gs1() {
        // 6291041500213 is the worked example of GS1's check digit page.
        assert!(Gtin::try_from("6291041500213".to_owned()).is_ok());
        assert_eq!(
            Gtin::try_from("6291041500214".to_owned()),
            Err(InvalidGtin::CheckDigit {
                found: 4,
                expected: 3
            })
        );
        for bad in ["", "123", "62910415002130000", "629104150021x"] {
            assert_eq!(Gtin::try_from(bad.to_owned()), Err(InvalidGtin::Length));
        }
    }
}
