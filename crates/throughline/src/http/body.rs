//! Reading request bodies: size, content type, JSON, and where it is wrong.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use std::time::Duration;

use super::problem::Problem;
use super::wording;
use crate::nearest;

/// The largest body of a request, in bytes; a batch may be larger.
pub const BODY_MAX: usize = 2 * 1024 * 1024;
/// Most characters of a text of the caller's that an answer repeats.
const REPEATED_MAX: usize = 600;
/// What some programs write before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// How long a whole body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// What a request may carry as its body.
pub trait RequestBody: DeserializeOwned + Send {
    /// What an absent body means, where it may be absent.
    #[must_use]
    fn when_absent() -> Option<Self> {
        None
    }

    /// Whether it may be written in TOML, too: documents that people keep in files.
    const IN_TOML: bool = false;
}

/// The media type of TOML documents.
pub const TOML: &str = "application/toml";

/// Implements [`RequestBody`] for types whose fields are all optional: no body means no field.
macro_rules! may_be_absent {
    ($($body:ty),+ $(,)?) => {$(
        impl $crate::http::body::RequestBody for $body {
            fn when_absent() -> Option<Self> {
                Some(Self::default())
            }
        }
    )+};
}
pub(crate) use may_be_absent;

/// Reads a whole body within the limits of size and time.
///
/// # Errors
/// 413 when it is larger than `limit`, 400 when it breaks off or takes too long.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    if announced_length(headers).is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_limit(&error) => Err(too_large(limit)),
        Ok(Err(_)) => Err(Problem::malformed(
            "the request body broke off; send it again",
        )),
        Err(_) => Err(Problem::malformed(format!(
            "the request body did not arrive within {} s",
            BODY_TIME.as_secs()
        ))),
    }
}

/// The length that the headers announce.
#[must_use]
pub fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_limit(error: &axum::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.to_string() == "length limit exceeded" {
            return true;
        }
        source = inner.source();
    }
    false
}

/// The body is larger than the limit (413).
#[must_use]
pub fn too_large(limit: usize) -> Problem {
    let detail = format!(
        "the request body is larger than {limit} bytes; split it, or use POST /v1/orders/batch for many orders"
    );
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

/// Checks that the body has the media type that is read.
///
/// # Errors
/// 415 that names the right content type.
pub fn require_media_type(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    let detail =
        format!("the content type {given:?} is not understood here; send Content-Type: {wanted}");
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        detail,
    ))
}

/// Parses a JSON body.
///
/// # Errors
/// 415 for another content type, 400 for what is no JSON, 422 for a field that is unknown, missing or of the wrong type.
pub fn parse<T: RequestBody>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty()
        && let Some(absent) = T::when_absent()
    {
        return Ok(absent);
    }
    if T::IN_TOML && require_media_type(headers, TOML).is_ok() {
        return from_toml(bytes);
    }
    require_media_type(headers, "application/json")?;
    match T::when_absent() {
        Some(absent) if bytes.trim_ascii() == b"null" => Ok(absent),
        _ => from_json(bytes),
    }
}

/// Parses a JSON object.
///
/// # Errors
/// 400 for what is no JSON, 422 for what is no object, and for a field that is unknown, missing or of the wrong type.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        // The parser would take the elements of an array for the fields of an object, in their order.
        return Err(no_object(bytes));
    }
    serde_json::from_slice(bytes).map_err(|error| explain::<T>(bytes, &error))
}

/// Parses a TOML document: the same fields as in JSON, and times that may stand without quotes.
///
/// # Errors
/// 400 for what is no TOML, 422 for a field that is unknown, missing or of the wrong type.
pub fn from_toml<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let not_toml = |text: String| {
        Problem::malformed(format!("the body is not TOML: {}", shortened(text.trim())))
    };
    let text = std::str::from_utf8(bytes).map_err(|error| not_toml(error.to_string()))?;
    let table: toml::Table = toml::from_str(text).map_err(|error| not_toml(error.to_string()))?;
    let json = serde_json::to_vec(&as_json(toml::Value::Table(table)));
    from_json(&json.map_err(|error| not_toml(error.to_string()))?)
}

/// A TOML value as JSON says it.
fn as_json(value: toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(whether) => whether.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            let fields = table.into_iter();
            fields.map(|(name, value)| (name, as_json(value))).collect()
        }
    }
}

fn no_object(bytes: &[u8]) -> Problem {
    match serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
        Err(error) => {
            malformed(bytes, &error).unwrap_or_else(|| Problem::malformed("the body is not JSON"))
        }
        Ok(_) => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_field",
            "/: the body is an array; send an object".to_owned(),
        )
        .with_field(String::new()),
    }
}

/// Reads a second time to find the field at fault; only wrong bodies pay for it.
fn explain<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Problem {
    if let Some(malformed) = malformed(bytes, error) {
        return malformed;
    }
    let text = shortened(&error.to_string());
    if text.starts_with("duplicate field") {
        return Problem::malformed(format!("the body is ambiguous: {text}"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let found = serde_path_to_error::deserialize::<_, T>(&mut reader).err();
    let mut pointer = found.map(|found| pointer(found.path())).unwrap_or_default();
    if let Some(missing) = missing_field(&text) {
        pointer = format!("{pointer}/{missing}");
    }
    let shown = if pointer.is_empty() { "/" } else { &pointer };
    let detail = format!("{shown}: {}{}", wording::plain(&text), meant(&text));
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", detail).with_field(pointer)
}

/// The field that the parser missed: its path ends where the field should be.
fn missing_field(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `")?.split('`').next()
}

/// Names the field that was probably meant, where the parser lists the known ones.
fn meant(text: &str) -> String {
    let mut quoted = text.split('`').skip(1).step_by(2);
    match quoted.next() {
        Some(given) if text.starts_with("unknown") => nearest::hint(given, quoted),
        _ => String::new(),
    }
}

/// A text of the caller's as it is repeated in an answer: not too long.
#[must_use]
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(REPEATED_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What is no JSON is malformed, wherever its first wrong field stands.
fn malformed(bytes: &[u8], error: &serde_json::Error) -> Option<Problem> {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return Some(Problem::malformed(
            "the body begins with a byte order mark (EF BB BF), which JSON does not allow; send it without",
        ));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        return Some(Problem::malformed(format!(
            "the body is not UTF-8 from byte {} on",
            error.valid_up_to()
        )));
    }
    let whole = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).err();
    let error = if error.is_data() {
        whole.as_ref()?
    } else {
        error
    };
    let (line, column) = (error.line(), error.column());
    Some(Problem::malformed(format!(
        "the body is not JSON at line {line}, column {column}: {error}"
    )))
}

/// A path as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Example {
        lines: Option<Vec<Line>>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Line {
        quantity: i64,
    }
    may_be_absent!(Example);

    fn refused(body: &[u8]) -> (u16, String) {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            "application/json; charset=utf-8".parse().unwrap(),
        );
        let problem = parse::<Example>(&headers, body).unwrap_err();
        (
            problem.status().as_u16(),
            serde_json::to_value(problem.body()).unwrap()["field"]
                .as_str()
                .unwrap_or("")
                .to_owned(),
        )
    }

    #[test]
    fn what_is_no_json_is_malformed_and_what_is_wrong_json_is_unprocessable() {
        for (body, status, field) in [
            (&b"{"[..], 400, ""),
            (b"\xff\xfe", 400, ""),
            (b"{\"lines\":[{\"quantity\":1}]} x", 400, ""),
            (b"{\"lines\":null,\"lines\":null}", 400, ""),
            (b"{\"line\":1}}", 400, ""),
            (b"{\"line\":\"\xc3\x28\"}", 400, ""),
            (b"[]", 422, ""),
            (b"{\"line\":[]}", 422, "/line"),
            (
                b"{\"lines\":[{\"quantity\":1},{\"quantity\":1.5}]}",
                422,
                "/lines/1/quantity",
            ),
            (b"{\"lines\":[{\"quantity\":1e400}]}", 400, ""),
            (
                b"{\"lines\":[{\"quantity\":99999999999999999999}]}",
                422,
                "/lines/0/quantity",
            ),
            (b"{\"lines\":[{}]}", 422, "/lines/0/quantity"),
            (b"[[]]", 422, ""),
            (b" [null]", 422, ""),
            (b"[nul]", 400, ""),
            (b"[\xff]", 400, ""),
        ] {
            assert_eq!(
                refused(body),
                (status, field.to_owned()),
                "{}",
                String::from_utf8_lossy(body)
            );
        }
    }

    #[test]
    fn toml_says_the_same_as_json_and_is_refused_by_field() {
        let read = |text: &str| from_toml::<Example>(text.as_bytes());
        assert!(read("[[lines]]\nquantity = 1\n").is_ok());
        for (text, status, field) in [
            ("[[lines]\n", 400, None),
            (
                "[[lines]]\nquantity = 1.5\n",
                422,
                Some("/lines/0/quantity"),
            ),
            ("line = 1\n", 422, Some("/line")),
        ] {
            let problem = read(text).unwrap_err();
            let body = serde_json::to_value(problem.body()).unwrap();
            assert_eq!(problem.status().as_u16(), status, "{body}");
            assert_eq!(body["field"].as_str(), field, "{body}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_called_so() {
        let problem = from_json::<Example>(b"\xef\xbb\xbf{}").unwrap_err();
        let body = serde_json::to_value(problem.body()).unwrap();
        assert_eq!(body["status"], 400);
        assert!(
            body["detail"].as_str().unwrap().contains("byte order mark"),
            "{body}"
        );
    }

    #[test]
    fn an_absent_body_means_no_field_and_another_content_type_is_refused() {
        assert!(parse::<Example>(&HeaderMap::new(), b"").is_ok());
        assert_eq!(
            parse::<Example>(&HeaderMap::new(), b"{}")
                .unwrap_err()
                .status()
                .as_u16(),
            415
        );
    }
}
