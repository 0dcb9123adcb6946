//! What can be said of a scorer outside.

use super::put_rules::within;
use super::record_score::SCORE_MAX;
use super::rules::{ScorerRules, ScreeningRules};
use crate::network::Network;
use crate::refusal::Refusal;

/// Longest address of a scorer, in bytes.
const URL_MAX: usize = 2_000;
/// Bytes of a secret, as the Standard Webhooks specification has them.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The rules, with the secret that the scorer had where none is given: who reads rules and writes them back has none.
pub(super) fn with_secret(rules: &ScreeningRules, network: &Network) -> ScreeningRules {
    let mut rules = rules.clone();
    let known = network.screening.iter().find(|one| one.code == rules.code);
    let known = known.and_then(|known| known.scorer.as_ref());
    if let (Some(scorer), Some(known)) = (&mut rules.scorer, known)
        && scorer.secret.is_empty()
    {
        scorer.secret = known.secret.clone();
    }
    rules
}

/// # Errors
/// Refuses an address that nobody can be asked at, a secret that is none, and numbers beyond their limits.
pub(super) fn check_scorer(scorer: &ScorerRules) -> Result<(), Refusal> {
    check_url(&scorer.url)?;
    check_secret(scorer.secret.reveal())?;
    within(
        "/scorer/timeout_ms",
        i64::from(scorer.timeout_ms),
        100,
        30_000,
    )?;
    let deadline = i64::from(scorer.deadline_seconds);
    within("/scorer/deadline_seconds", deadline, 1, 604_800)?;
    within("/scorer/hold_at", scorer.hold_at, -SCORE_MAX, SCORE_MAX)
}

fn check_url(url: &str) -> Result<(), Refusal> {
    let wrong = |problem: &str| Err(Refusal::invalid("/scorer/url", problem));
    if url.len() > URL_MAX {
        return wrong("is longer than 2000 bytes");
    }
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return wrong("must begin with https:// or http://");
    };
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return wrong("holds a character that must be percent-encoded");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.starts_with(':') {
        return wrong("names no host");
    }
    if authority.contains('@') {
        return wrong("must hold no user and password; the secret proves who asks");
    }
    if url.contains('#') {
        return wrong("must have no fragment");
    }
    Ok(())
}

fn check_secret(secret: &str) -> Result<(), Refusal> {
    let wrong = "must be whsec_ and 24 to 64 random bytes in base64";
    let bytes = secret
        .strip_prefix("whsec_")
        .and_then(base64_length)
        .unwrap_or_default();
    if SECRET_BYTES.contains(&bytes) {
        return Ok(());
    }
    Err(Refusal::invalid("/scorer/secret", wrong))
}

/// Bytes that a text in base64 with its padding stands for.
fn base64_length(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_whole = text.len().is_multiple_of(4) && padding <= 2;
    (is_whole && digits.bytes().all(is_digit)).then_some(text.len() / 4 * 3 - padding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_somebody_can_be_asked_at() {
        for good in [
            "https://scorer.example/v1?a=b",
            "http://127.0.0.1:8080",
            "http://[::1]/x",
        ] {
            assert!(check_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ftp://a",
            "https://",
            "https:///x",
            "http://:80",
            "https://user:word@host/",
            "https://host/#x",
            "https://host/ x",
            "https://h\u{fc}st/",
            &format!("https://h/{}", "x".repeat(2_000)),
        ] {
            let refusal = check_url(bad).unwrap_err();
            assert_eq!(refusal.field(), Some("/scorer/url"), "{bad}");
        }
    }

    #[test]
    fn a_secret_has_24_to_64_bytes() {
        let of = |count: usize| format!("whsec_{}", "A".repeat(count));
        for (text, is_good) in [
            (of(32), true),
            (format!("{}==", of(86)), true),
            (of(28), false),
            (of(33), false),
            (of(88), false),
            (of(32).replace("whsec_", ""), false),
            (format!("{}!===", of(28)), false),
            (String::new(), false),
        ] {
            assert_eq!(check_secret(&text).is_ok(), is_good, "{text}");
        }
    }

    #[test]
    fn who_looks_for_mistakes_does_not_see_the_secret() {
        let secret = super::super::Secret::new("whsec_AAAA");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }
}
