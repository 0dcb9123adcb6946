//! Jobs: work to be done after a commit, kept in the same transaction as the change that asked for it.

use serde::{Deserialize, Serialize};
use throughline_core::id::{BUCKET_BITS, ItemId, JobId};
use throughline_core::time::Millis;
use uuid::Uuid;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobKind {
    /// Give free stock of an item to the orders that wait for it.
    ServeWaiting {
        /// The item.
        item: ItemId,
    },
}

impl JobKind {
    /// The kind as stored.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ServeWaiting { .. } => "serve_waiting",
        }
    }
}

/// The id of the job that a batch enqueues for something: in its bucket, and never given twice, because a writer's
/// batches are numbered and a batch has one job for each thing.
pub(crate) fn id(of: Uuid, now: Millis, writer: i32, batch: i64) -> JobId {
    let low = of.as_u128() & ((1 << BUCKET_BITS) - 1);
    let mut mixed = (u64::from(writer.cast_unsigned()) << 40)
        ^ batch.cast_unsigned()
        ^ (of.as_u128() >> 64) as u64;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let mixed = u128::from(mixed ^ (mixed >> 31));
    JobId::new(now, (mixed << 64) | (mixed << 10) | low)
}
