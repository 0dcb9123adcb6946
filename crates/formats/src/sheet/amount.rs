//! Exact decimal amounts of money.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use super::number::NumberFault;

/// Decimals that an [`Amount`] keeps behind the major unit.
pub(crate) const DECIMALS: u32 = 9;
/// Largest amount in minor units: the largest integer that JSON readers keep exactly.
const MINOR_MAX: i128 = (1 << 53) - 1;
/// Largest number of units a price may be for: a millionth of a minor unit can be said.
const PRICE_QUANTITY_DIGITS_MAX: u32 = 6;

/// An exact amount of money: billionths (10⁻⁹) of a currency's major unit.
///
/// Sums of prices with digits below the minor unit stay exact: 0.001 GBP is 1,000,000.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub(crate) i128);

/// A price that the rest of the system can carry: `unit_price_minor` for `price_quantity` units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Price {
    /// Minor units for [`price_quantity`](Self::price_quantity) units.
    pub(crate) unit_price_minor: i64,
    /// How many units the price is for: a power of ten, 1 for prices in whole minor units.
    pub(crate) price_quantity: i64,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `minor` minor units of a currency with `digits` decimals, divided by `parts`, which must divide them into
    /// whole billionths (a power of ten up to a million does).
    #[must_use]
    pub fn of_minor(minor: i128, parts: i64, digits: u32) -> Self {
        Self(minor * minor_unit(digits) / i128::from(parts.max(1)))
    }

    /// This amount `quantity` times.
    #[must_use]
    pub fn times(self, quantity: i64) -> Self {
        Self(self.0 * i128::from(quantity))
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// In minor units of a currency with `digits` decimals, halves away from zero.
    #[must_use]
    pub fn rounded_minor(self, digits: u32) -> i128 {
        let unit = minor_unit(digits);
        let half = if self.0 < 0 { -unit } else { unit };
        (2 * self.0 + half) / (2 * unit)
    }

    /// In minor units, rounded; beyond the range of an amount it saturates, and no order with such an amount is accepted.
    pub(crate) fn saturated_minor(self, digits: u32) -> i64 {
        let minor = self.rounded_minor(digits);
        i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX })
    }

    /// In minor units, where that is exact and within the range of an amount.
    pub(crate) fn exact_minor(self, digits: u32) -> Result<i64, NumberFault> {
        let unit = minor_unit(digits);
        if self.0 % unit != 0 {
            return Err(NumberFault::TooPrecise);
        }
        in_range(self.0 / unit)
    }

    /// As a price: the smallest power of ten of units for which it is whole minor units.
    pub(crate) fn price(self, digits: u32) -> Result<Price, NumberFault> {
        let unit = minor_unit(digits);
        let (mut nanos, mut price_quantity) = (self.0, 1_i64);
        for _ in 0..=PRICE_QUANTITY_DIGITS_MAX {
            if nanos % unit == 0 {
                return Ok(Price {
                    unit_price_minor: in_range(nanos / unit)?,
                    price_quantity,
                });
            }
            nanos *= 10;
            price_quantity *= 10;
        }
        Err(NumberFault::TooPrecise)
    }

    /// As text with at least `digits` decimals, and as many more as it needs.
    #[must_use]
    pub fn to_text(self, digits: u32) -> String {
        let nanos = self.0.unsigned_abs();
        let scale = 10_u128.pow(DECIMALS);
        let mut fraction = format!("{:09}", nanos % scale);
        while fraction.len() > digits as usize && fraction.ends_with('0') {
            fraction.pop();
        }
        let point = if fraction.is_empty() { "" } else { "." };
        format!(
            "{}{}{point}{fraction}",
            if self.0 < 0 { "-" } else { "" },
            grouped(nanos / scale)
        )
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(2))
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}
impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

fn minor_unit(digits: u32) -> i128 {
    10_i128.pow(DECIMALS - digits.min(DECIMALS))
}

fn in_range(minor: i128) -> Result<i64, NumberFault> {
    i64::try_from(minor)
        .ok()
        .filter(|_| minor.abs() <= MINOR_MAX)
        .ok_or(NumberFault::TooLarge)
}

/// Digits in groups of three.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::number::NumberStyle;

    const BRITISH: NumberStyle = NumberStyle {
        decimal: '.',
        thousands: Some(','),
    };

    #[test]
    fn prices_are_whole_minor_units_of_as_few_units_as_possible() {
        let cases = [
            ("2.55", 2, Ok((255, 1))),
            ("0.001", 2, Ok((1, 10))),
            ("0.125", 2, Ok((125, 10))),
            ("1.23456789", 2, Ok((123_456_789, 1_000_000))),
            ("1.234567891", 2, Err(NumberFault::TooPrecise)),
            ("100.5", 0, Ok((1005, 10))),
            ("1.5", 3, Ok((1500, 1))),
            ("-11062.06", 2, Ok((-1_106_206, 1))),
            ("100000000000", 2, Ok((10_000_000_000_000, 1))),
            ("100000000000", 4, Ok((1_000_000_000_000_000, 1))),
            ("999999999999.99999999", 2, Err(NumberFault::TooLarge)),
        ];
        for (text, digits, expected) in cases {
            let price = BRITISH.amount(text).and_then(|amount| amount.price(digits));
            assert_eq!(
                price.map(|price| (price.unit_price_minor, price.price_quantity)),
                expected,
                "{text}"
            );
            if let Ok(price) = price {
                let back =
                    Amount::of_minor(price.unit_price_minor.into(), price.price_quantity, digits);
                assert_eq!(Ok(back), BRITISH.amount(text), "{text} there and back");
            }
        }
    }

    #[test]
    fn rounding_takes_halves_away_from_zero() {
        for (text, minor) in [
            ("0.001", 0),
            ("0.005", 1),
            ("-0.005", -1),
            ("0.0149", 1),
            ("0.015", 2),
            ("-2.5", -250),
        ] {
            assert_eq!(
                BRITISH.amount(text).map(|amount| amount.rounded_minor(2)),
                Ok(minor),
                "{text}"
            );
        }
    }
}
