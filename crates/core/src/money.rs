//! Money: integer minor units with an ISO 4217 currency, and the few ways it is computed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The largest amount that is accepted, in minor units: the largest integer JSON readers keep exactly.
pub const AMOUNT_MAX: i64 = (1 << 53) - 1;

/// An ISO 4217 currency code of three letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// The text is no ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an ISO 4217 currency code such as EUR")]
pub struct UnknownCurrency;

impl Default for Currency {
    /// `XXX`: no currency (ISO 4217).
    fn default() -> Self {
        Self(*b"XXX")
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        let known = iso_currency::Currency::from_code(code).is_some();
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(bytes) if known => Ok(Self(bytes)),
            _ => Err(UnknownCurrency),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;
    fn try_from(code: String) -> Result<Self, UnknownCurrency> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.to_string()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or("XXX"))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Currency {
    /// Digits after the decimal point of the major unit: 2 for GBP, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn exponent(self) -> u32 {
        iso_currency::Currency::from_code(&self.to_string())
            .and_then(iso_currency::Currency::exponent)
            .map_or(2, u32::from)
    }
}

/// `amount × part / whole`, rounded once, halves away from zero. `whole` must be positive.
#[must_use]
pub fn share(amount: i64, part: i64, whole: i64) -> i64 {
    let product = i128::from(amount) * i128::from(part);
    let whole = i128::from(whole.max(1));
    let half = if product < 0 { -whole } else { whole };
    saturate((2 * product + half) / (2 * whole))
}

/// An exact intermediate as an amount; beyond the range of an amount it saturates, and
/// placing refuses such orders ([`AMOUNT_MAX`]).
#[must_use]
pub fn saturate(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_rounds_once_halves_away_from_zero() {
        // unit price 1 per 10 units: a tenth of a penny
        for (quantity, total) in [(1, 0), (4, 0), (5, 1), (14, 1), (15, 2), (100, 10)] {
            assert_eq!(share(1, quantity, 10), total, "{quantity} units");
        }
        assert_eq!(share(-1, 5, 10), -1);
        assert_eq!(share(AMOUNT_MAX, 1_000_000_000, 1), i64::MAX);
    }

    #[test]
    fn currencies_are_iso_4217() {
        assert!("GBP".parse::<Currency>().is_ok());
        for bad in ["gbp", "", "GB", "ZZZ", "POUND"] {
            assert!(bad.parse::<Currency>().is_err(), "{bad}");
        }
        assert_eq!("JPY".parse::<Currency>().map(Currency::exponent), Ok(0));
    }
}
