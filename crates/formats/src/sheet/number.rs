//! What a spreadsheet writes as a number.

use super::amount::{Amount, DECIMALS};

/// Digits before the decimal separator that are accepted.
const WHOLE_DIGITS_MAX: usize = 12;
/// Largest quantity of one row, either way.
pub const QUANTITY_MAX: i64 = 1_000_000_000;

/// How the file writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberStyle {
    pub(crate) decimal: char,
    pub(crate) thousands: Option<char>,
}

/// Why a cell is no number that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NumberFault {
    #[error("is empty")]
    Empty,
    #[error("is no number")]
    NoNumber,
    #[error("is too large")]
    TooLarge,
    #[error("has more decimals than can be kept exactly")]
    TooPrecise,
    #[error("is no whole number")]
    Fraction,
}

impl NumberStyle {
    /// An amount such as `2.55`, `-1,234.50` or `£3`.
    pub(crate) fn amount(self, text: &str) -> Result<Amount, NumberFault> {
        let text = text.trim().trim_matches(['£', '$', '€', '¥']).trim();
        let (negative, digits) = match text.as_bytes().first() {
            None => return Err(NumberFault::Empty),
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            Some(_) => (false, text),
        };
        let nanos = self.nanos(digits)?;
        Ok(Amount(if negative { -nanos } else { nanos }))
    }

    /// A whole number of units such as `12`, `-3`, `1,200` or `6.0`.
    pub(crate) fn quantity(self, text: &str) -> Result<i64, NumberFault> {
        let scale = 10_i128.pow(DECIMALS);
        let Amount(nanos) = self.amount(text)?;
        if nanos % scale != 0 {
            return Err(NumberFault::Fraction);
        }
        i64::try_from(nanos / scale)
            .ok()
            .filter(|quantity| quantity.abs() <= QUANTITY_MAX)
            .ok_or(NumberFault::TooLarge)
    }

    fn nanos(self, digits: &str) -> Result<i128, NumberFault> {
        let (whole, fraction) = digits.split_once(self.decimal).unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(NumberFault::NoNumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > DECIMALS as usize {
            let digits_only = fraction.bytes().all(|b| b.is_ascii_digit());
            return Err(if digits_only {
                NumberFault::TooPrecise
            } else {
                NumberFault::NoNumber
            });
        }
        let mut nanos = self.whole(whole)?;
        for byte in fraction
            .bytes()
            .chain(std::iter::repeat(b'0'))
            .take(DECIMALS as usize)
        {
            nanos = nanos * 10 + digit(byte)?;
        }
        Ok(nanos)
    }

    fn whole(self, text: &str) -> Result<i128, NumberFault> {
        let (mut value, mut count) = (0, 0);
        for character in text.chars() {
            if self
                .thousands
                .is_some_and(|separator| same_separator(separator, character))
            {
                continue;
            }
            let byte = u8::try_from(character).map_err(|_| NumberFault::NoNumber)?;
            value = value * 10 + digit(byte)?;
            count += usize::from(value > 0);
            if count > WHOLE_DIGITS_MAX {
                return Err(NumberFault::TooLarge);
            }
        }
        Ok(value)
    }
}

/// Spreadsheets write the space between thousands in several ways.
fn same_separator(separator: char, character: char) -> bool {
    separator == character || (separator == ' ' && matches!(character, '\u{a0}' | '\u{202f}'))
}

fn digit(byte: u8) -> Result<i128, NumberFault> {
    if byte.is_ascii_digit() {
        Ok(i128::from(byte - b'0'))
    } else {
        Err(NumberFault::NoNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRITISH: NumberStyle = NumberStyle {
        decimal: '.',
        thousands: Some(','),
    };
    const GERMAN: NumberStyle = NumberStyle {
        decimal: ',',
        thousands: Some('.'),
    };
    const FRENCH: NumberStyle = NumberStyle {
        decimal: ',',
        thousands: Some(' '),
    };

    #[test]
    fn numbers_are_read_as_the_file_writes_them() {
        let cases = [
            (BRITISH, "2.55", "2.55"),
            (BRITISH, "-1,234.5", "-1,234.50"),
            (BRITISH, " £38970.0 ", "38,970.00"),
            (BRITISH, "0.001", "0.001"),
            (BRITISH, ".5", "0.50"),
            (BRITISH, "5.", "5.00"),
            (BRITISH, "+7", "7.00"),
            (BRITISH, "1.2345678900000", "1.23456789"),
            (GERMAN, "1.234,50", "1,234.50"),
            (FRENCH, "1\u{202f}234,50 €", "1,234.50"),
        ];
        for (style, text, expected) in cases {
            assert_eq!(
                style.amount(text).map(|amount| amount.to_string()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_number_says_why() {
        use NumberFault::{Empty, NoNumber, TooLarge, TooPrecise};
        let cases = [
            ("", Empty),
            ("  ", Empty),
            ("-", NoNumber),
            (".", NoNumber),
            ("abc", NoNumber),
            ("1.2.3", NoNumber),
            ("1e-5", NoNumber),
            ("--1", NoNumber),
            ("1.0000000001x", NoNumber),
            ("0.0000000001", TooPrecise),
            ("1234567890123", TooLarge),
        ];
        for (text, fault) in cases {
            assert_eq!(BRITISH.amount(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn quantities_are_whole_and_bounded() {
        use NumberFault::{Fraction, TooLarge};
        let cases = [
            ("12", Ok(12)),
            ("-3", Ok(-3)),
            ("1,200", Ok(1200)),
            ("6.0", Ok(6)),
            ("1.5", Err(Fraction)),
            ("1000000000", Ok(QUANTITY_MAX)),
            ("1000000001", Err(TooLarge)),
        ];
        for (text, expected) in cases {
            assert_eq!(BRITISH.quantity(text), expected, "{text}");
        }
    }
}
