//! How many days parcels took: counts by working days.

/// The most working days that are told apart; what took longer is counted as one day more.
pub const DAYS_MAX: u8 = 30;
/// Counts of 0 to [`DAYS_MAX`] days, and of more.
const COUNTS: usize = DAYS_MAX as usize + 2;
/// One promise of so many may be missed.
pub(super) const TENTH: u128 = 10;

/// How many parcels took how many working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transit {
    counts: [u64; COUNTS],
}

impl Default for Transit {
    fn default() -> Self {
        Self {
            counts: [0; COUNTS],
        }
    }
}

impl Transit {
    /// Counts `parcels` that took so many working days.
    pub fn add(&mut self, days: u8, parcels: u64) {
        let count = &mut self.counts[usize::from(days.min(DAYS_MAX + 1))];
        *count = count.saturating_add(parcels);
    }

    /// Counts everything that another has counted.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
    }

    /// Parcels that were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts
            .iter()
            .fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Parcels that took at most so many working days.
    #[must_use]
    pub fn within(&self, days: u8) -> u64 {
        let counts = self.counts.iter().take(usize::from(days) + 1);
        counts.fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The likely number of days: the median, of an even number of parcels the shorter of the middle two. None where
    /// nothing was counted, or the median is beyond [`DAYS_MAX`].
    #[must_use]
    pub fn likely_days(&self) -> Option<u8> {
        self.ranked(self.total().div_ceil(2))
    }

    /// The number of days that the next `together` parcels all keep with 90 % confidence, if they are of the same kind: of
    /// `n` parcels the one with rank ⌈(n + 1) · (1 − 0.1 / `together`)⌉, the conservative empirical quantile (Vovk, Gammerman
    /// and Shafer, Algorithmic Learning in a Random World, 2005), where each of them may miss its share of the tenth
    /// (Bonferroni), whatever they have to do with each other. None where there are fewer than nine for each, or it is beyond
    /// [`DAYS_MAX`].
    #[must_use]
    pub fn kept_days(&self, together: u64) -> Option<u8> {
        let total = u128::from(self.total());
        let all = u128::from(together.max(1)) * TENTH;
        let rank = ((total + 1) * (all - 1)).div_ceil(all);
        u64::try_from(rank)
            .ok()
            .filter(|_| rank <= total)
            .and_then(|rank| self.ranked(rank))
    }

    /// The days of the parcel with this rank, from 1, among all by rising days.
    fn ranked(&self, rank: u64) -> Option<u8> {
        (0..=DAYS_MAX).find(|days| rank > 0 && self.within(*days) >= rank)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(days: &[u8]) -> Transit {
        let mut transit = Transit::default();
        days.iter().for_each(|days| transit.add(*days, 1));
        transit
    }

    #[test]
    fn quantiles_of_small_counts() {
        for (days, likely, kept) in [
            (&[][..], None, None),
            (&[3], Some(3), None),
            (&[1, 2, 3, 4], Some(2), None),
            // of nine parcels rank 9 keeps nine times of ten
            (&[1, 1, 1, 1, 1, 1, 1, 1, 7], Some(1), Some(7)),
            // of ten parcels rank 10
            (&[1, 1, 1, 1, 1, 1, 1, 1, 2, 7], Some(1), Some(7)),
            // of nineteen parcels rank 18
            (
                &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 7],
                Some(1),
                Some(2),
            ),
            (&[40, 40, 40], None, None),
        ] {
            let transit = of(days);
            assert_eq!(transit.likely_days(), likely, "{days:?}");
            assert_eq!(transit.kept_days(1), kept, "{days:?}");
        }
    }

    #[test]
    fn of_parcels_that_come_together_each_may_miss_its_share_of_the_tenth() {
        // of 39 parcels ranks 36, 38 and 39
        let mut days = vec![1; 35];
        days.extend([2, 3, 4, 5]);
        let transit = of(&days);
        for (together, kept) in [(0, 2), (1, 2), (2, 4), (3, 5), (4, 5)] {
            assert_eq!(transit.kept_days(together), Some(kept), "{together}");
        }
        assert_eq!(transit.kept_days(5), None);
    }

    proptest! {
        #[test]
        fn ranks_are_those_of_the_sorted_days(mut days in prop::collection::vec(0_u8..=DAYS_MAX, 9..200)) {
            let transit = of(&days);
            days.sort_unstable();
            let n = days.len();
            let rank = (9 * (n + 1)).div_ceil(10);
            prop_assert_eq!(transit.kept_days(1), Some(days[rank - 1]));
            prop_assert_eq!(transit.likely_days(), Some(days[n.div_ceil(2) - 1]));
            // at least nine of ten of what was seen lie within what is promised
            let kept = transit.within(days[rank - 1]);
            prop_assert!(kept * 10 >= 9 * n as u64);
        }

        #[test]
        fn counting_apart_and_together_is_the_same(
            one in prop::collection::vec(0_u8..50, 0..60), other in prop::collection::vec(0_u8..50, 0..60),
        ) {
            let mut merged = of(&one);
            merged.merge(&of(&other));
            prop_assert_eq!(merged, of(&[one, other].concat()));
        }
    }
}
