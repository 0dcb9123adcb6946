//! Numbers and money as people read them.

use throughline_core::money::Currency;

/// A number with commas between the thousands.
pub(super) fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of minor units with its currency, such as `GBP 1,234.50`.
pub(super) fn money(currency: Currency, minor: impl Into<i128>) -> String {
    let minor = minor.into();
    let exponent = currency.exponent();
    let unit = 10_i128.pow(exponent);
    let sign = if minor < 0 { "-" } else { "" };
    let whole = grouped(minor.abs() / unit);
    if exponent == 0 {
        return format!("{currency} {sign}{whole}");
    }
    let width = exponent as usize;
    format!("{currency} {sign}{whole}.{:0width$}", minor.abs() % unit)
}

/// `one` or `many`, as the number wants it, behind the number.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (-12_345_678, "-12,345,678"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(2_000, "row", "rows"), "2,000 rows");
    }

    #[test]
    fn money_has_the_decimals_of_its_currency() {
        for (code, minor, text) in [
            ("GBP", 123_450, "GBP 1,234.50"),
            ("GBP", -5, "GBP -0.05"),
            ("JPY", 1_234, "JPY 1,234"),
            ("KWD", 1_234, "KWD 1.234"),
        ] {
            assert_eq!(money(code.parse().unwrap(), minor), text);
        }
    }
}
