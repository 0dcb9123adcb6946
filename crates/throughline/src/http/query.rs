//! Reading query parameters: unknown ones name the nearest known one, pages are bounded, cursors opaque.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::body::shortened;
use super::problem::Problem;
use crate::nearest;

/// Rows of a page unless the caller says otherwise.
pub const LIMIT_DEFAULT: u32 = 50;
/// Most rows of a page.
pub const LIMIT_MAX: u32 = 200;

/// Query parameters of one operation; types deny unknown fields.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        refuse_unreadable(parts.uri.query().unwrap_or_default())?;
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(params)| Self(params))
            .map_err(|rejection| {
                let source = std::error::Error::source(&rejection)
                    .map_or_else(|| rejection.to_string(), ToString::to_string);
                explain(&source)
            })
    }
}

/// Nothing that is stored holds control characters, and not every database can compare them; what is no UTF-8 would
/// be searched for as something else than what was sent.
fn refuse_unreadable(query: &str) -> Result<(), Problem> {
    for pair in query.split('&') {
        let bytes = unescaped(pair);
        let problem = match std::str::from_utf8(&bytes) {
            Err(_) => "must be UTF-8",
            Ok(_) if bytes.iter().any(u8::is_ascii_control) => "must not hold control characters",
            Ok(_) => continue,
        };
        let name = shortened(pair.split('=').next().unwrap_or_default());
        return Err(Problem::parameter(name, problem));
    }
    Ok(())
}

/// The bytes that a part of a query stands for; a `%` that begins no escape stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let escape = part
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escape {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(&part.as_bytes()[2..]);
            }
            None => {
                bytes.push(b'%');
                bytes.extend(part.as_bytes());
            }
        }
    }
    bytes
}

/// Makes a problem of what the parser says: `unknown field `x`, expected one of `a`, `b``, or `name: what is wrong`.
fn explain(message: &str) -> Problem {
    let message = &shortened(message);
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.contains("unknown field") {
        let given = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        let hint = nearest::hint(given, known.iter().copied());
        return Problem::parameter(given, format!("the parameter {given:?} is unknown{hint}"));
    }
    let name = message
        .split_once(": ")
        .map(|(name, _)| name)
        .or_else(|| quoted.next())
        .unwrap_or_default();
    Problem::parameter(name, message.to_owned())
}

/// A page's size, read from text so that the message can say what is allowed.
#[derive(Debug, Clone, Copy)]
pub struct Limit(pub u32);

impl Limit {
    /// The number of rows.
    #[must_use]
    pub fn rows(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT_DEFAULT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(limit) if (1..=LIMIT_MAX).contains(&limit) => Ok(Self(limit)),
            _ => Err(serde::de::Error::custom(format!(
                "must be a number between 1 and {LIMIT_MAX}"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Example {
        status: Option<String>,
        #[serde(default)]
        limit: Limit,
    }

    fn refused(query: &str) -> serde_json::Value {
        let uri = format!("http://localhost/?{query}").parse().unwrap();
        let rejection = Query::<Example>::try_from_uri(&uri).unwrap_err();
        let problem = explain(&std::error::Error::source(&rejection).unwrap().to_string());
        assert_eq!(problem.status().as_u16(), 400);
        serde_json::to_value(problem.body()).unwrap()
    }

    #[test]
    fn an_unknown_parameter_names_the_nearest_known_one() {
        let problem = refused("staus=open");
        assert_eq!(
            problem["detail"],
            "the parameter \"staus\" is unknown; did you mean \"status\"?"
        );
    }

    #[test]
    fn control_characters_and_what_is_no_utf_8_are_refused() {
        assert!(refuse_unreadable("a=b&c=%C3%BC%20&d=100%&e=%zz").is_ok());
        for bad in [
            "a=%00",
            "a=b&c=x%1fy",
            "a%7F=b",
            "a=%ff",
            "a=%C3&b=%BC",
            "a=%C3",
        ] {
            assert!(refuse_unreadable(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_is_bounded() {
        for bad in [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=x",
            "limit=",
            "limit=1&limit=2",
        ] {
            let problem = refused(bad);
            assert_eq!(problem["field"], "limit", "{bad}: {problem}");
        }
        let uri = "http://localhost/?limit=200".parse().unwrap();
        assert_eq!(Query::<Example>::try_from_uri(&uri).unwrap().0.limit.0, 200);
    }
}
