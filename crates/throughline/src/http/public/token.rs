//! Tokens of public links: the id of a choice, and 256 random bits. Only a hash of the latter is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use throughline_core::id::{ChoiceNo, OrderId, parse_part};
use uuid::Uuid;

use crate::wiring::random;

/// Bytes of the secret.
const SECRET: usize = 32;
/// Characters of a token: 16 bytes of the id and the secret, in base64url.
const LENGTH: usize = 64;

/// A token of a link to a choice.
#[derive(Clone)]
pub struct ChoiceToken {
    /// The order.
    pub order: OrderId,
    /// The choice.
    pub choice: ChoiceNo,
    secret: [u8; SECRET],
}

impl ChoiceToken {
    /// A token that nobody had before.
    #[must_use]
    pub fn new(order: OrderId, choice: ChoiceNo) -> Self {
        let secret = random::bytes();
        Self {
            order,
            choice,
            secret,
        }
    }

    /// Reads a token; `None` for what cannot be one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() != LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, secret) = bytes.split_at_checked(16)?;
        let id = Uuid::from_bytes(id.try_into().ok()?);
        let (order, number) = parse_part(&id.to_string()).ok()?;
        Some(Self {
            order,
            choice: ChoiceNo(number),
            secret: secret.try_into().ok()?,
        })
    }

    /// The token as links have it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut bytes = self.choice.of(self.order).as_bytes().to_vec();
        bytes.extend_from_slice(&self.secret);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What is stored of it: SHA-256 of the secret, in hexadecimal digits. Its random bits need no slow hash.
    #[must_use]
    pub fn secret_hash(&self) -> String {
        let hash = Sha256::digest(self.secret);
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it is the token of which this was stored; how long that takes says nothing.
    #[must_use]
    pub fn fits(&self, stored: &str) -> bool {
        self.secret_hash()
            .as_bytes()
            .ct_eq(stored.as_bytes())
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_core::time::Millis;

    #[test]
    fn a_token_is_read_as_it_was_written_and_fits_its_own_hash_alone() {
        let order = OrderId::new(Millis(1_767_600_000_000), 77);
        let token = ChoiceToken::new(order, ChoiceNo(3));
        let text = token.text();
        assert_eq!(text.len(), LENGTH);
        let read = ChoiceToken::read(&text).unwrap();
        assert_eq!((read.order, read.choice), (order, ChoiceNo(3)));
        assert!(read.fits(&token.secret_hash()));
        assert!(!read.fits(&ChoiceToken::new(order, ChoiceNo(3)).secret_hash()));
        assert!(!read.fits(""));
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let text = ChoiceToken::new(OrderId::new(Millis(1), 7), ChoiceNo(3)).text();
        for bad in [
            "",
            "x",
            &text[1..],
            &format!("{text}A"),
            &"!".repeat(LENGTH),
            &"A".repeat(LENGTH),
        ] {
            assert!(ChoiceToken::read(bad).is_none(), "{bad}");
        }
    }
}
