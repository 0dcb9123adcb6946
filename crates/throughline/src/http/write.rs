//! What every write carries: who asks, an idempotency key, the version that was seen, and a body.

use axum::body::Body;
use axum::extract::{FromRequest, MatchedPath, Request};
use axum::http::{HeaderMap, Method};
use sha2::{Digest, Sha256};
use throughline_core::command::{Command, IdempotencyKey, OnOrder, OnSupply, Request as Asked};
use throughline_core::id::{OrderId, SupplyId};

use super::api::Shared;
use super::auth::Caller;
use super::body::{self, BODY_MAX, RequestBody};
use super::problem::Problem;
use crate::wiring::ids;

/// Longest `Idempotency-Key`, in characters.
pub const KEY_MAX: usize = 255;

/// A request that changes something, read and checked as far as it can be without facts.
#[derive(Debug)]
pub struct Write<T> {
    /// Who asks, how often it may happen, and on which version.
    pub asked: Asking,
    /// What the caller sent.
    pub body: T,
}

/// Who asks, how often it may happen, and on which version.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who asks.
    pub caller: Caller,
    /// The idempotency key, if any.
    pub key: Option<IdempotencyKey>,
    /// The version of the order or supply that the caller saw (`If-Match`).
    pub expected_version: Option<u64>,
}

impl Asking {
    /// The request to execute.
    #[must_use]
    pub fn request(&self, command: Command) -> Asked {
        Asked {
            id: ids::request(),
            actor: self.caller.actor(),
            key: self.key.clone(),
            command,
        }
    }

    /// A verb on an order, with the version that the caller saw.
    #[must_use]
    pub fn on<T>(&self, order: OrderId, what: T) -> OnOrder<T> {
        OnOrder {
            order,
            expected_version: self.expected_version,
            what,
        }
    }

    /// A verb for supply, with the version that the caller saw.
    #[must_use]
    pub fn on_supply<T>(&self, supply: SupplyId, what: T) -> OnSupply<T> {
        OnSupply {
            supply,
            expected_version: self.expected_version,
            what,
        }
    }
}

impl<T: RequestBody> FromRequest<Shared> for Write<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _api: &Shared) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let caller = parts.extensions.get::<Caller>().cloned();
        let caller =
            caller.ok_or_else(|| Problem::unauthenticated("send Authorization: Bearer KEY"))?;
        let key = idempotency_key(&parts.headers)?;
        let expected_version = if_match(&parts.headers)?;
        let bytes = body::read(&parts.headers, Body::new(body), BODY_MAX).await?;
        let parsed = body::parse(&parts.headers, &bytes)?;
        let route = parts
            .extensions
            .get::<MatchedPath>()
            .map_or("", MatchedPath::as_str);
        let key = key.map(|key| scoped(key, &parts.method, route, parts.uri.path(), &bytes));
        Ok(Self {
            asked: Asking {
                caller,
                key,
                expected_version,
            },
            body: parsed,
        })
    }
}

/// The `Idempotency-Key` of a request.
///
/// # Errors
/// 400 when it is empty, too long, or holds something else than visible ASCII characters.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if is_key(text) => Ok(Some(text)),
        _ => Err(Problem::malformed(format!(
            "Idempotency-Key must be 1 to {KEY_MAX} visible ASCII characters"
        ))
        .with_field("Idempotency-Key")),
    }
}

/// Whether a text can be an idempotency key.
#[must_use]
pub fn is_key(text: &str) -> bool {
    (1..=KEY_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// A key in the scope of its operation, with a hash of everything that was asked.
fn scoped(key: &str, method: &Method, route: &str, path: &str, body: &[u8]) -> IdempotencyKey {
    let mut hash = Sha256::new();
    for part in [
        method.as_str().as_bytes(),
        b"\n",
        path.as_bytes(),
        b"\n",
        body,
    ] {
        hash.update(part);
    }
    IdempotencyKey {
        operation: format!("{method} {route}"),
        key: key.to_owned(),
        body_hash: first_half(&hash.finalize()),
    }
}

/// The first 16 bytes of a SHA-256.
#[must_use]
pub fn first_half(hash: &[u8]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

/// The version of `If-Match`: `"3"`, `W/"3"` or `3`; `*` is any.
fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get("if-match") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let inner = tag
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(tag);
    match inner.parse() {
        Ok(version) if inner.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(version)),
        _ => Err(
            Problem::malformed("If-Match must be the order's version, such as \"3\"")
                .with_field("If-Match"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            name,
            axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
        headers
    }

    #[test]
    fn if_match_is_the_orders_version() {
        for (text, version) in [
            ("\"3\"", Some(3)),
            ("3", Some(3)),
            ("W/\"12\"", Some(12)),
            ("*", None),
        ] {
            assert_eq!(
                if_match(&headers("if-match", text)).unwrap(),
                version,
                "{text}"
            );
        }
        for bad in [
            "",
            "\"",
            "x",
            "-1",
            "+1",
            "\"1\", \"2\"",
            "99999999999999999999",
        ] {
            assert_eq!(
                if_match(&headers("if-match", bad))
                    .unwrap_err()
                    .status()
                    .as_u16(),
                400,
                "{bad}"
            );
        }
    }

    #[test]
    fn an_idempotency_key_is_visible_and_not_too_long() {
        let longest = "k".repeat(KEY_MAX);
        assert_eq!(
            idempotency_key(&headers("idempotency-key", &longest)).unwrap(),
            Some(longest.as_str())
        );
        for bad in ["", "schlüssel", &"k".repeat(KEY_MAX + 1), "a\tb"] {
            assert!(
                idempotency_key(&headers("idempotency-key", bad)).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_hash_covers_method_path_and_body() {
        let hash = |path, body: &[u8]| {
            scoped("k", &Method::POST, "/v1/orders/{id}/cancel", path, body).body_hash
        };
        assert_eq!(
            hash("/v1/orders/1/cancel", b"{}"),
            hash("/v1/orders/1/cancel", b"{}")
        );
        assert_ne!(
            hash("/v1/orders/1/cancel", b"{}"),
            hash("/v1/orders/2/cancel", b"{}")
        );
        assert_ne!(
            hash("/v1/orders/1/cancel", b"{}"),
            hash("/v1/orders/1/cancel", b"{ }")
        );
    }
}
