//! API keys: `tl_`, eight characters that name the key, `_`, and 256 random bits. Only a hash is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What every key begins with.
const MARK: &str = "tl_";
/// Characters that name a key; they are no secret.
const PREFIX_LENGTH: usize = 8;
/// Characters of 256 bits in base64url.
const SECRET_LENGTH: usize = 43;
/// Letters and digits that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A key that was just made. Its text is shown once.
#[derive(Clone)]
pub struct NewKey {
    /// The whole key.
    pub text: String,
    /// The part that names it.
    pub prefix: String,
    /// What is stored of it.
    pub hash: [u8; 32],
}

impl NewKey {
    /// Makes a key of random bytes.
    #[must_use]
    pub fn new(random: &[u8; PREFIX_LENGTH + 32]) -> Self {
        let (name, secret) = random.split_at(PREFIX_LENGTH);
        let prefix: String = name
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
            .collect();
        let text = format!("{MARK}{prefix}_{}", URL_SAFE_NO_PAD.encode(secret));
        let hash = hash(&text);
        Self { text, prefix, hash }
    }
}

/// The part of a key that names it; `None` for what cannot be a key.
#[must_use]
pub fn prefix(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(MARK)?;
    let (name, secret) = rest.split_at_checked(PREFIX_LENGTH)?;
    let secret = secret.strip_prefix('_')?;
    let is_key = secret.len() == SECRET_LENGTH && name.bytes().all(|byte| ALPHABET.contains(&byte));
    is_key.then_some(name)
}

/// What is stored of a key. Its 256 random bits need no slow hash.
#[must_use]
pub fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_prefix() {
        let key = NewKey::new(&[7; 40]);
        assert_eq!(prefix(&key.text), Some(key.prefix.as_str()));
        assert_eq!(key.text.len(), 55);
        assert_eq!(hash(&key.text), key.hash);
    }

    #[test]
    fn other_texts_are_no_keys() {
        let key = NewKey::new(&[7; 40]).text;
        for bad in [
            "",
            "tl_",
            "tl_abc",
            &key[1..],
            &format!("{key}x"),
            "tl_äääääääää",
            &key.replace('_', "-"),
        ] {
            assert_eq!(prefix(bad), None, "{bad}");
        }
    }
}
