//! What the JSON parser says of a wrong value, in words for those who send it.

/// What is said of a text where an id should be.
pub(super) const NO_ID: &str = "is no id; ids look like 01890a5d-ac96-774b-bcce-b302099a8057";
/// What the parser of dates says first.
const NO_DATE: &[&str] = &["failed to parse", "parsed date is not valid"];
/// Names of the parser for whole numbers, with what they mean.
const WHOLE_NUMBERS: &[(&str, &str)] = &[
    ("expected u8", "must be a whole number from 0 to 255"),
    ("expected u16", "must be a whole number from 0 to 65535"),
    (
        "expected u32",
        "must be a whole number from 0 to 4294967295",
    ),
    ("expected u64", "must be a whole number, 0 or more"),
    (
        "expected i32",
        "must be a whole number from -2147483648 to 2147483647",
    ),
    ("expected i64", "must be a whole number"),
];
/// Names of the parser for other values.
const OTHERS: &[(&str, &str)] = &[
    ("expected a string", "must be a text"),
    ("expected string", "must be a text"),
    ("expected a boolean", "must be true or false"),
    ("expected a sequence", "must be an array"),
    ("expected a map", "must be an object"),
    ("expected f64", "must be a number"),
];

/// The parser's message without its jargon; what it says well is kept.
pub(super) fn plain(text: &str) -> String {
    if text.starts_with("UUID parsing failed") {
        return NO_ID.to_owned();
    }
    let place = text.find(" at line ").unwrap_or(text.len());
    let (message, place) = text.split_at(place);
    if message.contains("expected a formatted UUID string") {
        return format!(
            "must be an id, a text such as 01890a5d-ac96-774b-bcce-b302099a8057{place}"
        );
    }
    let no_date = NO_DATE.iter().any(|start| message.starts_with(start));
    if no_date || message.ends_with("expected a date string") {
        return format!("must be a date such as 2026-12-31{place}");
    }
    let given = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "));
    let Some((given, expected)) = given.and_then(|given| given.rsplit_once(", ")) else {
        return text.to_owned();
    };
    let meant = WHOLE_NUMBERS
        .iter()
        .chain(OTHERS)
        .find(|(known, _)| *known == expected);
    let meant = match meant {
        Some((_, meant)) => (*meant).to_owned(),
        None if expected.starts_with("expected struct ") => "must be an object".to_owned(),
        None => return text.to_owned(),
    };
    format!("{meant}, and {given} is none{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only parsed")]
    struct Example {
        quantity: Option<i64>,
        limit: Option<u32>,
        id: Option<uuid::Uuid>,
        requested_date: Option<jiff::civil::Date>,
        name: Option<String>,
        lines: Option<Vec<i64>>,
        part: Option<Box<Example>>,
    }

    #[test]
    fn wrong_values_are_told_without_the_parsers_names() {
        for (wrong, said) in [
            (
                json!({"quantity": "x"}),
                "must be a whole number, and string \"x\" is none",
            ),
            (
                json!({"quantity": 1.5}),
                "must be a whole number, and floating point `1.5` is none",
            ),
            (
                json!({"limit": -1}),
                "must be a whole number from 0 to 4294967295, and integer `-1` is none",
            ),
            (json!({"id": "L-1"}), "is no id"),
            (json!({"id": 5}), "must be an id"),
            (
                json!({"requested_date": "31.12.2026"}),
                "must be a date such as 2026-12-31",
            ),
            (
                json!({"requested_date": "2026-02-30"}),
                "must be a date such as 2026-12-31",
            ),
            (
                json!({"requested_date": 5}),
                "must be a date such as 2026-12-31",
            ),
            (
                json!({"name": 5}),
                "must be a text, and integer `5` is none",
            ),
            (json!({"lines": {}}), "must be an array, and map is none"),
            (
                json!({"part": "x"}),
                "must be an object, and string \"x\" is none",
            ),
        ] {
            let error =
                serde_json::from_slice::<Example>(wrong.to_string().as_bytes()).unwrap_err();
            let text = plain(&error.to_string());
            assert!(text.starts_with(said), "{wrong}: {text}\n{error}");
        }
    }
}
