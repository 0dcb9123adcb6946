//! What a party wants, as planning counts it: units by item, and what has to come from one location.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Party, Want};
use crate::id::{ItemId, LineNo};
use crate::sourcing::policy::KeepTogether;

/// What a party wants.
#[derive(Debug, Default)]
pub(super) struct Demands {
    /// Its items, each once.
    pub(super) items: SmallVec<[ItemId; 4]>,
    /// Units of one item that are planned as one.
    pub(super) parts: SmallVec<[Part; 4]>,
    keep: KeepTogether,
    positions: FxHashMap<(ItemId, Option<LineNo>), usize>,
}

/// Units of one item that are planned as one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// The position of the item.
    pub(super) item: usize,
    /// The kit or line that has to come from one location.
    pub(super) bundle: Option<LineNo>,
    /// Units.
    pub(super) quantity: i64,
    /// Units that are given together; the same for all wants of the part.
    pub(super) case: i64,
}

impl Part {
    /// Units that whole cases are of.
    pub(super) fn in_cases(&self) -> i64 {
        self.quantity - self.quantity % self.case
    }
}

impl Demands {
    pub(super) fn of(party: &Party, keep: KeepTogether) -> Self {
        let mut demands = Self {
            keep,
            ..Self::default()
        };
        for want in &party.wants {
            let Some(item) = want.item else { continue };
            let key = (item, demands.bundle_of(want));
            let known = demands.positions.get(&key).copied();
            let position = known.unwrap_or_else(|| demands.push(key, want.case));
            demands.parts[position].quantity += want.quantity;
        }
        demands
    }

    fn push(&mut self, key: (ItemId, Option<LineNo>), case: i64) -> usize {
        let (id, bundle) = key;
        let known = self.items.iter().position(|item| *item == id);
        let item = known.unwrap_or_else(|| {
            self.items.push(id);
            self.items.len() - 1
        });
        self.parts.push(Part {
            item,
            bundle,
            quantity: 0,
            case: case.max(1),
        });
        self.positions.insert(key, self.parts.len() - 1);
        self.parts.len() - 1
    }

    fn bundle_of(&self, want: &Want) -> Option<LineNo> {
        match self.keep {
            KeepTogether::Nothing | KeepTogether::Order => None,
            KeepTogether::Lines => Some(want.line),
            KeepTogether::Kits => want.kit,
        }
    }

    /// The part that a want is of.
    pub(super) fn part_of(&self, want: &Want) -> Option<usize> {
        let key = (want.item?, self.bundle_of(want));
        self.positions.get(&key).copied()
    }

    /// Parts that have to come from one location, by their positions.
    pub(super) fn bundles(&self) -> Vec<Vec<usize>> {
        if self.keep == KeepTogether::Order {
            return vec![(0..self.parts.len()).collect()];
        }
        let mut bundles: Vec<(LineNo, Vec<usize>)> = Vec::new();
        for (position, part) in self.parts.iter().enumerate() {
            let Some(bundle) = part.bundle else { continue };
            match bundles.iter_mut().find(|(known, _)| *known == bundle) {
                Some((_, parts)) => parts.push(position),
                None => bundles.push((bundle, vec![position])),
            }
        }
        bundles.into_iter().map(|(_, parts)| parts).collect()
    }
}
