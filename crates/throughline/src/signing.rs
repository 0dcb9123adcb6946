//! Signatures of messages from and to others, as the Standard Webhooks specification has them: HMAC-SHA-256 over id, time
//! and body, under a secret that both sides have.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use throughline_core::order::screening::Secret;
use throughline_core::time::Millis;

/// The headers that a signed message carries.
pub const ID: &str = "webhook-id";
/// When it was sent, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// `v1,` and the signature in base64; several are parted by spaces.
pub const SIGNATURE: &str = "webhook-signature";

/// How old, or how far ahead, a message may be, in seconds.
const TOLERANCE_S: i64 = 300;
/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// What base64 is read with: the last digit of a secret may have bits that mean nothing.
const READER: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The signature of a message.
#[must_use]
pub fn sign(secret: &Secret, id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let text = secret.reveal();
    let key = READER.decode(text.strip_prefix(PREFIX).unwrap_or(text));
    // A secret is checked when it is written; a key of nothing fits nothing that anybody signed.
    let key = key.unwrap_or_default();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return String::new();
    };
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Whether one of the signatures is that of the message, and the message is of now; how long that takes says nothing.
#[must_use]
pub fn fits(
    secret: &Secret,
    (id, timestamp, signatures): (&str, &str, &str),
    body: &[u8],
    now: Millis,
) -> bool {
    let Ok(sent_s) = timestamp.parse::<i64>() else {
        return false;
    };
    let age_s = (now.0 / 1_000).saturating_sub(sent_s);
    if secret.is_empty() || !(-TOLERANCE_S..=TOLERANCE_S).contains(&age_s) {
        return false;
    }
    let expected = sign(secret, id, sent_s, body);
    let fits = |given: &str| bool::from(given.as_bytes().ct_eq(expected.as_bytes()));
    signatures.split(' ').any(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn the_example_of_the_specification_is_signed_as_there() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_message_fits_its_own_signature_for_five_minutes() {
        let secret = Secret::new(format!("whsec_{}", "B".repeat(32)));
        let other = Secret::new(format!("whsec_{}", "C".repeat(32)));
        let now = Millis(1_767_600_000_000);
        let sent = now.0 / 1_000;
        let signature = sign(&secret, "a", sent, b"{}");
        let at = sent.to_string();
        let several = format!("v1,x {signature}");
        assert!(fits(&secret, ("a", &at, &signature), b"{}", now));
        assert!(fits(&secret, ("a", &at, &several), b"{}", now));
        assert!(!fits(&other, ("a", &at, &signature), b"{}", now));
        assert!(!fits(&secret, ("b", &at, &signature), b"{}", now));
        assert!(!fits(&secret, ("a", &at, &signature), b"{ }", now));
        assert!(!fits(&secret, ("a", "now", &signature), b"{}", now));
        for late in [301_000, -301_000] {
            let then = now.plus_ms(late);
            assert!(!fits(&secret, ("a", &at, &signature), b"{}", then));
        }
        assert!(!fits(
            &Secret::default(),
            ("a", &at, &signature),
            b"{}",
            now
        ));
    }
}
