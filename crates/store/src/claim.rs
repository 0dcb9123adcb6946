//! How unique values are stored: short, and clustered where they come in sequence.

use sha2::{Digest, Sha256};
use smallvec::SmallVec;
use throughline_core::decision::{Answer, AnswerKind, Resource};
use throughline_core::facts::{Claim, ClaimKey, ClaimKind};
use throughline_core::order::screening::TallyKey;
use uuid::Uuid;

use crate::engine::Row;
use crate::error::StoreError;

/// A unique value as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredKey {
    /// Where it is.
    pub bucket: i32,
    /// What kind of value.
    pub kind: i16,
    /// The value: order numbers as eight bytes, generated keys as their UUID, email addresses as half of their hash, keys
    /// of callers as a hash of their scope and then as their UUID or half of their hash, others as they are, so that
    /// what comes in sequence (references, time-ordered UUIDs) clusters.
    pub value: SmallVec<[u8; 32]>,
}

/// How a unique value is stored in a database of so many buckets.
pub(crate) fn stored(key: &ClaimKey, partitions: u16) -> StoredKey {
    let kind = key.kind as i16;
    let value = match key.kind {
        ClaimKind::OrderNumber => {
            SmallVec::from_slice(&key.value.parse::<u64>().unwrap_or_default().to_be_bytes())
        }
        ClaimKind::Generated => {
            SmallVec::from_slice(Uuid::try_parse(&key.value).unwrap_or_default().as_bytes())
        }
        ClaimKind::Request => key_of_caller(&key.value),
        ClaimKind::Import | ClaimKind::Email => half_of_hash(&key.value, 16),
        ClaimKind::ExternalRef | ClaimKind::CustomerRef | ClaimKind::Sku => {
            SmallVec::from_slice(key.value.as_bytes())
        }
    };
    StoredKey {
        bucket: bucket(kind, &value, partitions),
        kind,
        value,
    }
}

/// How a value that orders are counted by is stored: half of its hash.
pub(crate) fn stored_tally(key: &TallyKey, partitions: u16) -> StoredKey {
    let (kind, value) = (key.kind as i16, half_of_hash(&key.value, 16));
    StoredKey {
        bucket: bucket(kind, &value, partitions),
        kind,
        value,
    }
}

/// A key that a caller made, in the scope of the caller and the operation.
fn key_of_caller(value: &str) -> SmallVec<[u8; 32]> {
    let (scope, key) = value.rsplit_once('\n').unwrap_or(("", value));
    let mut stored = half_of_hash(scope, 8);
    match Uuid::try_parse(key) {
        // Another way to write the same UUID is another key.
        Ok(id) if id.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == key => {
            stored.extend_from_slice(id.as_bytes());
        }
        _ => stored.extend_from_slice(&half_of_hash(key, 16)),
    }
    stored
}

fn half_of_hash(value: &str, bytes: usize) -> SmallVec<[u8; 32]> {
    SmallVec::from_slice(&Sha256::digest(value.as_bytes())[..bytes])
}

/// The bucket hashes the value, so that a uniqueness across orders never needs more than one place.
fn bucket(kind: i16, value: &[u8], partitions: u16) -> i32 {
    if partitions <= 1 {
        return 0;
    }
    let hash = Sha256::new()
        .chain_update(kind.to_be_bytes())
        .chain_update(value)
        .finalize();
    i32::from(u16::from_be_bytes([hash[0], hash[1]]) & (partitions - 1))
}

/// The number an answer's kind is stored as.
pub(crate) fn answer_kind(outcome: AnswerKind) -> i16 {
    match outcome {
        AnswerKind::Created => 0,
        AnswerKind::Ok => 1,
    }
}

/// Reads a claim from six columns: resource kind, id and number, answer kind, version, hash of the body.
pub(crate) fn read(row: Row<'_>, first: usize) -> Result<Claim, StoreError> {
    let resource = Resource::decode(
        row.number(first)?,
        row.opt_uuid(first + 1)?.unwrap_or_default(),
        row.number(first + 2)?,
    );
    let outcome = if row.int(first + 3)? == 0 {
        AnswerKind::Created
    } else {
        AnswerKind::Ok
    };
    let answer = Answer {
        outcome,
        resource,
        version: row.number(first + 4)?,
    };
    let body_hash = row.opt_uuid(first + 5)?.map_or([0; 16], Uuid::into_bytes);
    Ok(Claim {
        resource,
        answer,
        body_hash,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_numbers_sort_as_numbers_and_personal_values_are_hashed() {
        let nine = stored(&ClaimKey::order_number(9), 64);
        let ten = stored(&ClaimKey::order_number(10), 64);
        assert!(nine.value < ten.value);
        let email = stored(&ClaimKey::email("a@example.com"), 64);
        assert_eq!(email.value.len(), 16);
        assert!(!email.value.windows(3).any(|part| part == b"a@e"));
    }

    #[test]
    fn keys_that_callers_make_in_sequence_lie_together_and_differ_by_scope_and_spelling() {
        let key = |value: &str| {
            let key = ClaimKey {
                kind: ClaimKind::Request,
                value: value.to_owned(),
            };
            stored(&key, 1).value
        };
        let first = key("key 1\nPOST /v1/orders\n0199f3a0-0000-7000-8000-000000000001");
        let next = key("key 1\nPOST /v1/orders\n0199f3a0-0001-7000-8000-000000000000");
        assert!(first < next && first[..13] == next[..13]);
        let others = [
            "key 2\nPOST /v1/orders\n0199f3a0-0000-7000-8000-000000000001",
            "key 1\nPOST /v1/items\n0199f3a0-0000-7000-8000-000000000001",
            "key 1\nPOST /v1/orders\n0199F3A0-0000-7000-8000-000000000001",
            "key 1\nPOST /v1/orders\n0199f3a0000070008000000000000001",
            "key 1\nPOST /v1/orders\nmy own key",
        ];
        for other in others {
            assert_ne!(first, key(other), "{other}");
            assert_eq!(key(other).len(), 24);
        }
    }

    #[test]
    fn a_bucket_is_below_the_number_of_partitions() {
        let buckets: Vec<i32> = (0..200)
            .map(|number| stored(&ClaimKey::order_number(number), 4).bucket)
            .collect();
        assert!(buckets.iter().all(|bucket| (0..4).contains(bucket)));
        assert!((0..4).all(|bucket| buckets.contains(&bucket)));
        assert_eq!(stored(&ClaimKey::sku("A"), 1).bucket, 0);
    }
}
