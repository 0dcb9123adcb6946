//! New identities, made of the time and randomness.

use throughline_core::id::{
    AgreementId, BulkId, CountTaskId, CustomerId, ItemId, KeyId, OrderId, RequestId, ReservationId,
    SourcingRunId, SupplyId,
};

use super::{clock, random};

/// A new order's id.
#[must_use]
pub fn order() -> OrderId {
    OrderId::new(clock::now(), random::bits())
}

/// A new customer's id.
#[must_use]
pub fn customer() -> CustomerId {
    CustomerId::new(clock::now(), random::bits())
}

/// A new item's id.
#[must_use]
pub fn item() -> ItemId {
    ItemId::new(clock::now(), random::bits())
}

/// A new reservation's id.
#[must_use]
pub fn reservation() -> ReservationId {
    ReservationId::new(clock::now(), random::bits())
}

/// A new agreement's id; it is moved into its customer's bucket.
#[must_use]
pub fn agreement() -> AgreementId {
    AgreementId::new(clock::now(), random::bits())
}

/// A new supply's id; it is moved into its item's bucket when that is known.
#[must_use]
pub fn supply() -> SupplyId {
    SupplyId::new(clock::now(), random::bits())
}

/// A new count task's id; it is moved into its item's bucket when that is known.
#[must_use]
pub fn count_task() -> CountTaskId {
    CountTaskId::new(clock::now(), random::bits())
}

/// A new request's id.
#[must_use]
pub fn request() -> RequestId {
    RequestId::new(clock::now(), random::bits())
}

/// The id of a new run over many orders.
#[must_use]
pub fn bulk() -> BulkId {
    BulkId::new(clock::now(), random::bits())
}

/// A new run's id: a waiting queue that is sourced, or past orders that are decided again.
#[must_use]
pub fn sourcing_run() -> SourcingRunId {
    SourcingRunId::new(clock::now(), random::bits())
}

/// A new API key's id.
#[must_use]
pub fn key() -> KeyId {
    KeyId::new(clock::now(), random::bits())
}
