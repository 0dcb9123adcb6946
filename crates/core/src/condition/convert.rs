//! Functions of single values.

use std::borrow::Cow;

use super::evaluate::{ConditionError, wrong};
use super::value::Value;

type Result<T> = std::result::Result<T, ConditionError>;

pub(super) fn count(count: usize) -> Value<'static> {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Steps that reading a value once more takes.
pub(super) fn size(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len() / super::evaluate::BYTES_PER_STEP,
        other => other.len().unwrap_or(0),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number was seen to be whole and within range"
)]
pub(super) fn to_int<'a>(value: &Value<'_>) -> Result<Value<'a>> {
    let range = ConditionError::OutOfRange("int");
    match value {
        Value::Int(number) => Ok(Value::Int(*number)),
        Value::Text(text) => text.parse().map(Value::Int).map_err(|_| range),
        Value::Double(number) if number.abs() < 9_007_199_254_740_992.0 => {
            Ok(Value::Int(number.trunc() as i64))
        }
        Value::Double(_) => Err(range),
        other => Err(wrong("int", other)),
    }
}

pub(super) fn to_text<'a>(value: &Value<'a>) -> Result<Value<'a>> {
    let text = match value {
        Value::Text(text) => return Ok(Value::Text(text.clone())),
        Value::Int(number) => number.to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Double(number) => number.to_string(),
        other => return Err(wrong("string", other)),
    };
    Ok(Value::Text(Cow::Owned(text)))
}
