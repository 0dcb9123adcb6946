//! A batch of decisions, and the union of what they change.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use throughline_core::command::Actor;
use throughline_core::decision::Decision;
use throughline_core::facts::{Claim, ClaimKey};
use throughline_core::id::{ItemId, OrderId};
use throughline_core::order::Order;
use throughline_core::time::Millis;

use crate::claim::{self, StoredKey};

/// What is to be committed together.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// Decisions with who asked for them, in the order they were decided in.
    pub decisions: &'a [(Actor, Decision)],
    /// The version of the network that the first of them was decided on.
    pub network_version: i64,
    /// Items that were decided on, with their versions, where others may have changed them since they were loaded.
    pub items: &'a [(ItemId, i64)],
    /// The time of the batch.
    pub now: Millis,
}

/// A batch that is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The writer's number.
    pub writer: i32,
    /// The batch's number; batches of one writer are serial.
    pub batch: i64,
}

/// One order as it was before the batch and as it is after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Revised<'a> {
    pub before: Option<&'a Arc<Order>>,
    pub after: &'a Arc<Order>,
}

impl<'a> Batch<'a> {
    /// Every changed order once, in the one order in which all committers take them.
    pub(crate) fn orders(&self, partitions: u16) -> Vec<Revised<'a>> {
        let mut orders: Vec<Revised<'a>> = Vec::with_capacity(self.decisions.len());
        let mut positions: FxHashMap<OrderId, usize> = FxHashMap::default();
        for revised in self
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.orders)
        {
            match positions.get(&revised.after.id) {
                Some(position) => orders[*position].after = &revised.after,
                None => {
                    positions.insert(revised.after.id, orders.len());
                    orders.push(Revised {
                        before: revised.before.as_ref(),
                        after: &revised.after,
                    });
                }
            }
        }
        orders.sort_by_key(|revised| {
            let id = revised.after.id;
            (id.bucket(partitions), id)
        });
        orders
    }

    /// New claims in the one order in which all committers take them.
    pub(crate) fn claims(&self, partitions: u16) -> Vec<(StoredKey, &'a ClaimKey, &'a Claim)> {
        let claims = self
            .decisions
            .iter()
            .flat_map(|(_, decision)| &decision.claims);
        let mut claims: Vec<_> = claims
            .map(|(key, claim)| (claim::stored(key, partitions), key, claim))
            .collect();
        claims.sort_unstable_by(|(a, ..), (b, ..)| {
            (a.bucket, a.kind, &a.value).cmp(&(b.bucket, b.kind, &b.value))
        });
        claims
    }
}
