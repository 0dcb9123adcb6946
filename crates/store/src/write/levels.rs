//! Stock levels: the net difference of a batch for each level, and what the level must have been for the batch's
//! decisions to be right.

use rustc_hash::FxHashMap;
use throughline_core::decision::Decision;
use throughline_core::id::ItemId;
use throughline_core::inventory::{LevelChange, StockMove};
use throughline_core::network::LocationId;

use crate::engine::Columns;

/// All moves of one level in a batch.
///
/// Each move was decided on the level as the earlier moves had left it. So that the guard asks neither more nor less
/// than the decisions did, it carries the most that any of them needed, counted from the level before the batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct NetMove {
    change: LevelChange,
    /// Units that must have been claimable (available and what may be oversold) for every claiming move.
    claimable: i64,
    /// Units that must not have been claimed, safety not counted, for every move.
    free: i64,
    /// The on hand that a count saw, counted back to before the batch.
    saw: Option<i64>,
    /// Whether goods came in, so that the level may be a new one.
    may_be_new: bool,
}

impl Default for NetMove {
    fn default() -> Self {
        Self {
            change: LevelChange::default(),
            claimable: i64::MIN,
            free: i64::MIN,
            saw: None,
            may_be_new: false,
        }
    }
}

impl NetMove {
    /// Whether more units may be claimed than before, or the level may be a new one.
    pub(super) fn frees(&self) -> bool {
        let change = &self.change;
        let claimed = change.allocated + change.reserved + change.safety;
        self.may_be_new || change.on_hand > claimed
    }

    fn add(&mut self, moved: &StockMove) {
        let step = &moved.change;
        if let Some(saw) = moved.saw_of_level() {
            self.saw = Some(saw - self.change.on_hand);
        }
        self.change.add(step);
        let claimed = self.change.allocated + self.change.reserved - self.change.on_hand;
        self.free = self.free.max(claimed);
        if moved.claims() {
            self.claimable = self.claimable.max(claimed + self.change.safety);
        }
        let came = [
            step.on_hand,
            step.safety,
            step.quarantined,
            step.damaged,
            step.in_transit,
        ];
        self.may_be_new |= came.iter().any(|units| *units > 0);
    }
}

/// The net differences by level, sorted as all committers sort them.
pub(super) fn net<'a>(
    decisions: impl Iterator<Item = &'a Decision>,
) -> Vec<((LocationId, ItemId), NetMove)> {
    let mut levels: FxHashMap<(LocationId, ItemId), NetMove> = FxHashMap::default();
    for moved in decisions.flat_map(|decision| &decision.moves) {
        levels
            .entry((moved.location, moved.item))
            .or_default()
            .add(moved);
    }
    levels.into_iter().collect()
}

/// Writes the differences and the levels that may have to be made first.
pub(super) fn gather(
    mut levels: Vec<((LocationId, ItemId), NetMove)>,
    partitions: u16,
    updates: &mut Columns,
    ensures: &mut Columns,
) {
    levels
        .sort_unstable_by_key(|((location, item), _)| (item.bucket(partitions), *location, *item));
    for ((location, item), net) in levels {
        let bucket = item.bucket(partitions);
        let change = &net.change;
        let row = updates.row().int(bucket).int(location.0).uuid(item.uuid());
        let row = row
            .int(change.on_hand)
            .int(change.allocated)
            .int(change.reserved)
            .int(change.safety);
        let row = row
            .int(change.quarantined)
            .int(change.damaged)
            .int(change.in_transit);
        row.int(net.claimable).int(net.free).opt_int(net.saw);
        if net.may_be_new {
            ensures.row().int(bucket).int(location.0).uuid(item.uuid());
        }
    }
}

#[cfg(test)]
mod tests {
    use throughline_core::inventory::{MoveReason, Reference};
    use throughline_core::time::Millis;

    use super::*;

    fn moved(change: LevelChange, saw_on_hand: Option<i64>) -> StockMove {
        let item = ItemId::new(Millis(1), 7);
        let reference = Reference::Document {
            reference: String::new(),
            note: None,
        };
        StockMove {
            item,
            location: LocationId(0),
            change,
            reason: MoveReason::Adjusted,
            reference,
            saw_on_hand,
            lot: None,
        }
    }

    fn net_of(steps: &[(i64, i64, Option<i64>)]) -> NetMove {
        let mut net = NetMove::default();
        for (on_hand, allocated, saw) in steps {
            net.add(&moved(
                LevelChange {
                    on_hand: *on_hand,
                    allocated: *allocated,
                    ..LevelChange::default()
                },
                *saw,
            ));
        }
        net
    }

    #[test]
    fn a_claim_needs_its_units_although_the_batch_nets_to_nothing() {
        let net = net_of(&[(0, 3, None), (-3, -3, None)]);
        assert_eq!(
            (net.change.on_hand, net.change.allocated, net.claimable),
            (-3, 0, 3)
        );
    }

    #[test]
    fn units_that_came_in_the_batch_are_not_asked_of_the_level_before_it() {
        let net = net_of(&[(10, 0, None), (0, 4, None)]);
        assert_eq!(net.claimable, -6);
        assert!(net.may_be_new);
    }

    #[test]
    fn a_release_needs_nothing_of_what_is_claimable() {
        assert_eq!(net_of(&[(0, -2, None)]).claimable, i64::MIN);
    }

    #[test]
    fn what_a_count_saw_is_counted_back_to_before_the_batch() {
        assert_eq!(net_of(&[(5, 0, None), (-1, 0, Some(15))]).saw, Some(10));
    }
}
