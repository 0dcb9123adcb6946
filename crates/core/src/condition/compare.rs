//! How values compare: as CEL says, numbers by their value, and values of different kinds are never equal.

use std::cmp::Ordering;

use super::node::Comparison;
use super::value::Value;

/// The outcome of a comparison; nothing where the two cannot be ordered.
pub(super) fn compare(how: Comparison, left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    match how {
        Comparison::Equal => Some(is_equal(left, right)),
        Comparison::Unequal => Some(!is_equal(left, right)),
        Comparison::Less => order(left, right).map(|order| order == Some(Ordering::Less)),
        Comparison::AtMost => order(left, right).map(|order| order.is_some_and(Ordering::is_le)),
        Comparison::More => order(left, right).map(|order| order == Some(Ordering::Greater)),
        Comparison::AtLeast => order(left, right).map(|order| order.is_some_and(Ordering::is_ge)),
    }
}

/// Whether two values are the same. Lists are, element by element.
pub(super) fn is_equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Line(left), Value::Line(right)) => left == right,
        (Value::Map(left), Value::Map(right)) => left == right,
        _ => match (left.len(), right.len()) {
            (Some(len), Some(other)) if !is_map(left) && !is_map(right) => {
                len == other
                    && (0..len).all(|at| match (left.at(at), right.at(at)) {
                        (Some(left), Some(right)) => is_equal(&left, &right),
                        _ => false,
                    })
            }
            _ => order(left, right).flatten() == Some(Ordering::Equal),
        },
    }
}

fn is_map(value: &Value<'_>) -> bool {
    matches!(value, Value::Map(_))
}

/// How two scalars are ordered: nothing for kinds that do not compare, `Some(None)` for what is no number.
fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Option<Ordering>> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(Some(left.cmp(right))),
        (Value::Int(left), Value::Int(right)) => Some(Some(left.cmp(right))),
        (Value::Text(left), Value::Text(right)) => Some(Some(left.cmp(right))),
        (Value::Double(left), Value::Double(right)) => Some(left.partial_cmp(right)),
        (Value::Int(left), Value::Double(right)) => Some(of_int(*left, *right)),
        (Value::Double(left), Value::Int(right)) => {
            Some(of_int(*right, *left).map(Ordering::reverse))
        }
        _ => None,
    }
}

/// How a whole number compares with a fraction, exactly: 2^53 + 1 is not 2^53.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the fraction was seen to lie within the range of whole numbers"
)]
fn of_int(int: i64, double: f64) -> Option<Ordering> {
    /// 2^63, the first double beyond the range of whole numbers.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if double.is_nan() {
        return None;
    }
    if double >= BEYOND {
        return Some(Ordering::Less);
    }
    if double < -BEYOND {
        return Some(Ordering::Greater);
    }
    let whole = int.cmp(&(double.trunc() as i64));
    Some(whole.then_with(|| {
        0.0f64
            .partial_cmp(&double.fract())
            .unwrap_or(Ordering::Equal)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_compare_with_fractions_exactly() {
        for (int, double, order) in [
            (1, 1.5, Some(Ordering::Less)),
            (2, 1.5, Some(Ordering::Greater)),
            (-1, -1.5, Some(Ordering::Greater)),
            (3, 3.0, Some(Ordering::Equal)),
            (
                (1 << 53) + 1,
                9_007_199_254_740_992.0,
                Some(Ordering::Greater),
            ),
            (i64::MAX, 9_223_372_036_854_775_808.0, Some(Ordering::Less)),
            (
                i64::MIN,
                -9_223_372_036_854_775_808.0,
                Some(Ordering::Equal),
            ),
            (0, f64::INFINITY, Some(Ordering::Less)),
            (0, f64::NEG_INFINITY, Some(Ordering::Greater)),
            (0, f64::NAN, None),
        ] {
            assert_eq!(of_int(int, double), order, "{int} and {double}");
        }
    }
}
