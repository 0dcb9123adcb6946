//! Identifiers that lead to their bucket.
//!
//! An id is a `UUIDv7` made in the application. Two parts of its random bits have a meaning:
//!
//! ```text
//! | 48 bits time | 4 version | 12 random | 2 variant | 36 random | 16 child | 10 bucket |
//! ```
//!
//! The low 10 bits are random and fixed for life. A root (an order, an item, a reservation, a
//! customer) has child number 0; what belongs to it (a line, a fulfilment, a return) has the same
//! id with another child number. So any id alone leads to its root, and with it to its bucket,
//! without a look-up, and `decide` needs no source of ids for the parts of an order.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

const CHILD_SHIFT: u32 = 10;
const CHILD_MASK: u128 = 0xFFFF << CHILD_SHIFT;
/// The number of bits that choose the bucket.
pub const BUCKET_BITS: u32 = 10;

/// The text is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID of 36 characters such as 01912d68-783e-7a03-8467-5661c1243ad4")]
pub struct InvalidId;

/// Lays out a root id from a time and 128 random bits, of which 58 are used.
#[must_use]
fn root(time_ms: i64, random: u128) -> Uuid {
    let time = u128::from(time_ms.cast_unsigned() & 0xFFFF_FFFF_FFFF) << 80;
    let rand_a = (random >> 64) & 0xFFF;
    let rand_b = random & 0x3FFF_FFFF_FFFF_FFFF & !CHILD_MASK;
    Uuid::from_u128(time | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
}

/// The root that an id belongs to, and its child number (0 for the root itself).
#[must_use]
pub fn split(id: Uuid) -> (Uuid, u16) {
    let bits = id.as_u128();
    let child = u16::try_from((bits & CHILD_MASK) >> CHILD_SHIFT).unwrap_or(u16::MAX);
    (Uuid::from_u128(bits & !CHILD_MASK), child)
}

/// The bucket of an id in a database of `partitions` (a power of two up to 1,024) buckets.
#[must_use]
pub fn bucket_of(id: Uuid, partitions: u16) -> i32 {
    i32::try_from(id.as_u128() & (u128::from(partitions) - 1)).unwrap_or_default()
}

macro_rules! root_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id from the time it is made at and 128 random bits.
            #[must_use]
            pub fn new(time: crate::time::Millis, random: u128) -> Self {
                Self(root(time.0, random))
            }
            /// The id as stored.
            #[must_use]
            pub fn uuid(self) -> Uuid { self.0 }
            /// Takes an id as stored; parts are reduced to their root.
            #[must_use]
            pub fn from_uuid(id: Uuid) -> Self { Self(split(id).0) }
            /// The id of the part with this child number.
            #[must_use]
            pub fn child(self, number: u16) -> Uuid {
                Uuid::from_u128(self.0.as_u128() | u128::from(number) << CHILD_SHIFT)
            }
            /// The bucket in a database of `partitions` buckets.
            #[must_use]
            pub fn bucket(self, partitions: u16) -> i32 { bucket_of(self.0, partitions) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            /// Parses a hyphenated UUID; the id of a part is refused here.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.len() != 36 { return Err(InvalidId); }
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                if split(id).1 == 0 { Ok(Self(id)) } else { Err(InvalidId) }
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { self.0.serialize(s) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Uuid::deserialize(d).map(Self)
            }
        }
    };
}

macro_rules! part_number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u16);

        impl $name {
            /// The full id of this part of `order`.
            #[must_use]
            pub fn of(self, order: OrderId) -> Uuid { order.child(self.0) }
        }
    };
}

root_id!(
    /// An order; the root of everything that happens to it.
    OrderId
);
root_id!(
    /// An item, the master data of one SKU.
    ItemId
);
root_id!(
    /// A reservation: a soft claim on stock with an expiry.
    ReservationId
);
root_id!(
    /// Incoming supply; its low bits are its item's.
    SupplyId
);
root_id!(
    /// A task to count; its low bits are its item's.
    CountTaskId
);
root_id!(
    /// A blanket agreement; its low bits are its customer's.
    AgreementId
);
root_id!(
    /// A customer, known by email address.
    CustomerId
);
root_id!(
    /// One request to change something; the claim of requests that carry no key of their own.
    RequestId
);
root_id!(
    /// An API key.
    KeyId
);
root_id!(
    /// A run of one action over many orders.
    BulkId
);
root_id!(
    /// Work on many orders in the background: a waiting queue sourced together, or past orders decided again.
    SourcingRunId
);
root_id!(
    /// A job: work to be done after a commit.
    JobId
);

part_number!(
    /// A line within its order.
    LineNo
);
part_number!(
    /// A fulfilment within its order.
    FulfilmentNo
);
part_number!(
    /// A package within its order.
    PackageNo
);
part_number!(
    /// A payment within its order.
    PaymentNo
);
part_number!(
    /// A return within its order.
    ReturnNo
);
part_number!(
    /// A production order within its order.
    ProductionNo
);
part_number!(
    /// A visit for a service within its order.
    VisitNo
);
part_number!(
    /// A hold within its order.
    HoldNo
);
part_number!(
    /// A choice of the customer within its order.
    ChoiceNo
);
part_number!(
    /// A contact row (personal values) within its order.
    ContactNo
);

/// An id with the low bits of another one.
fn beside(id: Uuid, other: Uuid) -> Uuid {
    let own_bits = (1 << BUCKET_BITS) - 1;
    Uuid::from_u128(id.as_u128() & !own_bits | other.as_u128() & own_bits)
}

impl SupplyId {
    /// The same id in the item's bucket: with the item's low bits, which lead to it.
    #[must_use]
    pub fn beside(self, item: ItemId) -> Self {
        Self(beside(self.0, item.0))
    }
}

impl CountTaskId {
    /// The same id in the item's bucket: with the item's low bits, which lead to it.
    #[must_use]
    pub fn beside(self, item: ItemId) -> Self {
        Self(beside(self.0, item.0))
    }
}

impl AgreementId {
    /// The same id in the customer's bucket: with the customer's low bits, which lead to it.
    #[must_use]
    pub fn beside(self, customer: CustomerId) -> Self {
        Self(beside(self.0, customer.0))
    }
}

/// Parses the id of a part of an order into the order and the part's number.
///
/// # Errors
/// When the text is not a UUID, or names a root and not a part.
pub fn parse_part(text: &str) -> Result<(OrderId, u16), InvalidId> {
    if text.len() != 36 {
        return Err(InvalidId);
    }
    match split(Uuid::try_parse(text).map_err(|_| InvalidId)?) {
        (_, 0) => Err(InvalidId),
        (root, number) => Ok((OrderId(root), number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Millis;

    #[test]
    fn a_part_leads_to_its_order_and_bucket() {
        let order = OrderId::new(Millis(1_700_000_000_000), u128::MAX);
        let line = LineNo(65_535).of(order);
        assert_eq!(split(line), (order.uuid(), 65_535));
        assert_eq!(bucket_of(line, 64), order.bucket(64));
        assert_eq!(line.get_version_num(), 7);
        assert_eq!(parse_part(&line.to_string()), Ok((order, 65_535)));
    }

    #[test]
    fn supply_lies_in_its_items_bucket_and_keeps_its_own_bits() {
        let item = ItemId::new(Millis(1), 0x2AA);
        let (one, other) = (1_u128 << 26 | 5, 2_u128 << 26 | 5);
        let [one, other] = [one, other].map(|bits| SupplyId::new(Millis(9), bits).beside(item));
        assert_eq!(
            [one.bucket(1024), other.bucket(1024)],
            [item.bucket(1024); 2]
        );
        assert_ne!(one, other);
        assert_eq!(one.to_string().parse::<SupplyId>(), Ok(one));
    }

    #[test]
    fn a_part_is_not_an_order() {
        let order = OrderId::new(Millis(1), 42);
        assert!(order.child(3).to_string().parse::<OrderId>().is_err());
        assert_eq!(order.to_string().parse::<OrderId>(), Ok(order));
    }
}
