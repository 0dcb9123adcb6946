//! What it costs at least to have every want of a set served by somebody: a table over sets of wants.
//!
//! Sets are masks. A source may help with the wants that it has units of; the cheapest partition of a set
//! into what single sources may help with bounds every plan from below, since no plan helps with less.

use super::board::Board;

/// Wants of which sets are made; of further ones the scarcest are taken.
const MOST_BITS: usize = 10;
/// More than any cost, and small enough to be added up.
const FAR: i64 = i64::MAX / 4;

/// Which wants are bits, and which bits each row may help with.
#[derive(Debug)]
pub(super) struct Cover {
    /// The bit of a want; zero where it has none.
    pub(super) bit: Vec<u32>,
    /// Bits that a row may help with.
    pub(super) helps: Vec<u32>,
    /// Wants by bit.
    pub(super) wants: Vec<usize>,
}

impl Cover {
    /// Chooses the bits of a board.
    pub(super) fn new(board: &Board<'_>) -> Self {
        let mut counts = vec![0_usize; board.wants()];
        for row in 0..board.len() {
            for (count, most) in counts.iter_mut().zip(board.row(row).most) {
                *count += usize::from(*most > 0);
            }
        }
        let mut wants: Vec<usize> = (0..board.wants())
            .filter(|want| counts[*want] > 0)
            .collect();
        wants.sort_by_key(|want| counts[*want]);
        wants.truncate(MOST_BITS);
        wants.sort_unstable();
        let mut bit = vec![0_u32; board.wants()];
        for (nth, want) in wants.iter().enumerate() {
            bit[*want] = 1 << nth;
        }
        let helps = (0..board.len())
            .map(|row| mask(&bit, board.row(row).most))
            .collect();
        Self { bit, helps, wants }
    }

    /// All bits.
    pub(super) fn all(&self) -> usize {
        (1 << self.wants.len()) - 1
    }

    /// By set, the least sum of costs that helps with every want in it, where each cost comes with the bits that it
    /// helps with, and leaving a want as it is costs `left` (by want). Costs are not below zero.
    pub(super) fn table(&self, costs: impl Iterator<Item = (u32, i64)>, left: &[i64]) -> Vec<i64> {
        let mut one = vec![FAR; self.all() + 1];
        for (helps, cost) in costs {
            let least = &mut one[helps as usize];
            *least = (*least).min(cost);
        }
        for nth in 0..self.wants.len() {
            for set in 0..one.len() {
                if set & (1 << nth) == 0 {
                    one[set] = one[set].min(one[set | 1 << nth]);
                }
            }
        }
        for (nth, want) in self.wants.iter().enumerate() {
            one[1 << nth] = one[1 << nth].min(left[*want]);
        }
        cheapest_partition(&one)
    }
}

fn mask(bit: &[u32], most: &[i64]) -> u32 {
    let helps = bit.iter().zip(most).filter(|(_, most)| **most > 0);
    helps.fold(0, |mask, (bit, _)| mask | bit)
}

/// By set, the cheapest way to make it of disjoint sets.
fn cheapest_partition(one: &[i64]) -> Vec<i64> {
    let mut whole = vec![0; one.len()];
    for set in 1..one.len() {
        let lowest = set & set.wrapping_neg();
        let rest = set ^ lowest;
        let mut least = FAR;
        let mut others = rest;
        // Every set with the lowest member, and what is left of the whole.
        loop {
            least = least.min(one[others | lowest] + whole[rest ^ others]);
            if others == 0 {
                break;
            }
            others = (others - 1) & rest;
        }
        whole[set] = least.min(FAR);
    }
    whole
}
