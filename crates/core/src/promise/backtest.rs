//! Whether promises would have been kept: each period is judged by what was known before it.

use super::lane::OBSERVATIONS_MIN;
use super::transit::{TENTH, Transit};

/// Promises that have to be judged before a lane counts as tested.
pub const JUDGED_MIN: u64 = 10;
/// The square of the 95 % quantile of the normal distribution, in thousandths.
const Z_SQUARED_E3: u128 = 2_706;

/// How promises of 90 % confidence would have fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backtest {
    /// Parcels that would have had a promise.
    pub promised: u64,
    /// Those of them that came in time.
    pub kept: u64,
    /// How many parcels the promises were for, of which all have to come.
    pub together: u64,
}

impl Backtest {
    /// Whether enough promises could be judged, and nine of ten were kept (of parcels that come together each one but for its
    /// share of the tenth), less what chance explains: a share is too small when a one-sided binomial test at 5 % (normal approximation) says so.
    #[must_use]
    pub fn passes(self) -> bool {
        let (n, kept) = (u128::from(self.promised), u128::from(self.kept));
        if self.promised < JUDGED_MIN {
            return false;
        }
        // One of `all` may be missed. The missing promises, `all` times: all · ((1 − 1 / all) n − kept). Their variance is
        // all² · n · (1 − 1 / all) · (1 / all) = (all − 1) · n.
        let all = u128::from(self.together.max(1)) * TENTH;
        let missing = ((all - 1) * n).saturating_sub(all * kept);
        let chance = Z_SQUARED_E3.saturating_mul(all - 1).saturating_mul(n);
        missing.saturating_mul(missing).saturating_mul(1_000) <= chance
    }
}

/// Walks forward over periods, oldest first: what each would have promised is taken from the `window` periods before it,
/// if they have [`OBSERVATIONS_MIN`] parcels. Promises are for so many parcels `together`.
#[must_use]
pub fn walk_forward(periods: &[Transit], window: usize, together: u64) -> Backtest {
    let mut test = Backtest {
        promised: 0,
        kept: 0,
        together,
    };
    for (position, period) in periods.iter().enumerate() {
        let mut known = Transit::default();
        for past in &periods[position.saturating_sub(window)..position] {
            known.merge(past);
        }
        if known.total() < OBSERVATIONS_MIN {
            continue;
        }
        // What would have been promised beyond all counted days is no promise that was kept.
        test.promised += period.total();
        test.kept += known
            .kept_days(together)
            .map_or(0, |days| period.within(days));
    }
    test
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(days: &[(u8, u64)]) -> Transit {
        let mut transit = Transit::default();
        days.iter()
            .for_each(|(days, parcels)| transit.add(*days, *parcels));
        transit
    }

    #[test]
    fn nine_of_ten_have_to_be_kept_less_what_chance_explains() {
        for (promised, kept, passes) in [
            (9, 9, false),
            (10, 9, true),
            (10, 8, true),
            (10, 7, false),
            (100, 90, true),
            (100, 86, true),
            (100, 85, false),
            (10_000, 8_951, true),
            (10_000, 8_950, false),
            (u64::MAX, u64::MAX, true),
        ] {
            let test = Backtest {
                promised,
                kept,
                together: 1,
            };
            assert_eq!(test.passes(), passes, "{test:?}");
        }
    }

    #[test]
    fn each_month_is_judged_by_the_months_before_it() {
        let steady = month(&[(2, 36), (3, 4)]);
        let slow = month(&[(2, 10), (5, 30)]);
        let walked = |months: &[Transit]| {
            let test = walk_forward(months, 12, 1);
            (test.promised, test.kept)
        };
        assert_eq!(walked(&[]), (0, 0));
        assert_eq!(walked(std::slice::from_ref(&steady)), (0, 0));
        // of 40 parcels rank 37 took three days
        assert_eq!(walked(&[steady.clone(), steady.clone()]), (40, 40));
        assert_eq!(walked(&[steady.clone(), slow.clone()]), (40, 10));
        assert_eq!(
            walked(&[steady.clone(), slow.clone(), slow.clone()]),
            (80, 50)
        );
        // With a window of one month the first month is forgotten.
        let test = walk_forward(&[slow.clone(), steady.clone(), slow], 1, 1);
        assert_eq!((test.promised, test.kept), (80, 50));
    }

    #[test]
    fn months_with_too_few_parcels_before_them_are_not_judged() {
        let few = month(&[(2, 14)]);
        let test = walk_forward(&[few.clone(), few.clone(), few.clone(), few], 12, 1);
        assert_eq!((test.promised, test.kept), (14, 14));
    }
}
