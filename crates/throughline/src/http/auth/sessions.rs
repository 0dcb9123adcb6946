//! Keys that were seen a moment ago. A key is looked up again after a second, so a revocation by any
//! process works within that time; an unknown key is looked up every time, so a new one works at once.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use subtle::ConstantTimeEq;
use throughline_core::time::Millis;
use throughline_store::ApiKey;

use super::caller::Caller;
use super::key;
use crate::http::api::Api;
use crate::http::problem::Problem;
use crate::wiring::clock::{self, Stopwatch};

/// How long a key that was found is believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// Most keys remembered; beyond it the memory is emptied.
const REMEMBERED: usize = 10_000;

/// Keys that were seen a moment ago, by the hash of their text.
#[derive(Debug, Default)]
pub struct KnownKeys {
    known: RwLock<FxHashMap<[u8; 32], Known>>,
}

#[derive(Debug)]
struct Known {
    caller: Caller,
    expires_at: Option<Millis>,
    looked_up: Stopwatch,
}

impl Api {
    /// Finds out who is calling.
    ///
    /// # Errors
    /// 401 when no key was sent, or it is unknown, expired or revoked.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let text = bearer(headers)?;
        let prefix = key::prefix(text).ok_or_else(unknown)?;
        let hash = key::hash(text);
        if let Some(caller) = self.keys.find(&hash, clock::now()) {
            return Ok(caller);
        }
        let looked_up = Stopwatch::start();
        let candidates = self.api_keys_by_prefix(prefix.to_owned()).await?;
        let found = candidates
            .into_iter()
            .find(|key| bool::from(key.hash.as_slice().ct_eq(hash.as_slice())));
        let key = found.ok_or_else(unknown)?;
        let caller = admit(&key, clock::now())?;
        self.keys.remember(
            hash,
            Known {
                caller: caller.clone(),
                expires_at: key.expires_at,
                looked_up,
            },
        );
        Ok(caller)
    }
}

impl KnownKeys {
    fn find(&self, hash: &[u8; 32], now: Millis) -> Option<Caller> {
        let known = self.known.read();
        let found = known.get(hash)?;
        let is_fresh =
            found.looked_up.elapsed() < BELIEVED && found.expires_at.is_none_or(|end| now < end);
        is_fresh.then(|| found.caller.clone())
    }

    fn remember(&self, hash: [u8; 32], key: Known) {
        let mut known = self.known.write();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(hash, key);
    }

    /// Forgets everything, so that a revocation by this process works at once.
    pub fn forget(&self) {
        self.known.write().clear();
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let value = headers.get(AUTHORIZATION).ok_or_else(|| {
        Problem::unauthenticated("this needs an API key; send Authorization: Bearer KEY (throughline key create makes one)")
    })?;
    let scheme_and_key = value.to_str().ok().and_then(|text| text.split_once(' '));
    match scheme_and_key {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Ok(key.trim()),
        _ => Err(Problem::unauthenticated(
            "the Authorization header must be: Bearer KEY",
        )),
    }
}

fn unknown() -> Problem {
    Problem::unauthenticated(
        "this API key is unknown; check it, or make one with throughline key create",
    )
}

fn admit(key: &ApiKey, now: Millis) -> Result<Caller, Problem> {
    if key.revoked_at.is_some() {
        return Err(Problem::unauthenticated(
            "this API key was revoked; use another one",
        ));
    }
    if key.expires_at.is_some_and(|end| now >= end) {
        return Err(Problem::unauthenticated(
            "this API key has expired; make a new one",
        ));
    }
    let role = key.role.parse().map_err(|_| {
        Problem::unauthenticated(
            "this API key has a role that this version does not know; make a new one",
        )
    })?;
    let is_bound = super::Role::is_bound_to_locations(role);
    let locations = is_bound.then(|| Arc::from(key.locations.clone()));
    Ok(Caller {
        key: key.id,
        role,
        locations,
    })
}
