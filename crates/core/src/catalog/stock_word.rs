//! How much of an item there is, in a word.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// From how many units on an item counts as low, medium and high in stock. Below low it counts as out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Low; at least 1.
    pub low: i64,
    /// Medium; at least low.
    pub medium: i64,
    /// High; at least medium.
    pub high: i64,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockWord {
    /// Less than the low threshold, or nothing.
    Out,
    /// The low threshold or more.
    Low,
    /// The medium threshold or more.
    Medium,
    /// The high threshold or more; where an item has no thresholds, anything at all.
    High,
}

impl StockWord {
    /// The word for so many units.
    #[must_use]
    pub fn of(units: i64, thresholds: Option<Thresholds>) -> Self {
        let one = Thresholds {
            low: 1,
            medium: 1,
            high: 1,
        };
        let from = thresholds.unwrap_or(one);
        match units {
            units if units >= from.high => Self::High,
            units if units >= from.medium => Self::Medium,
            units if units >= from.low => Self::Low,
            _ => Self::Out,
        }
    }

    /// The word as the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Thresholds {
    /// Refuses thresholds that do not rise.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the threshold.
    pub(super) fn check(self) -> Result<(), Refusal> {
        for (field, units, least) in [
            ("low", self.low, 1),
            ("medium", self.medium, self.low),
            ("high", self.high, self.medium),
        ] {
            if !(least..=crate::inventory::UNITS_MAX).contains(&units) {
                let problem = format!("must lie between {least} and 1000000000000");
                return Err(Refusal::invalid(format!("/thresholds/{field}"), problem));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_a_word_by_the_thresholds() {
        let from = |low, medium, high| Some(Thresholds { low, medium, high });
        for (units, thresholds, word) in [
            (0, None, "out"),
            (-4, None, "out"),
            (1, None, "high"),
            (1, from(2, 5, 9), "out"),
            (2, from(2, 5, 9), "low"),
            (4, from(2, 5, 9), "low"),
            (5, from(2, 5, 9), "medium"),
            (9, from(2, 5, 9), "high"),
            (3, from(3, 3, 3), "high"),
        ] {
            assert_eq!(
                StockWord::of(units, thresholds).as_str(),
                word,
                "{units} {thresholds:?}"
            );
        }
    }

    #[test]
    fn thresholds_rise() {
        let field = |low, medium, high| {
            let refused = Thresholds { low, medium, high }.check().err();
            refused.and_then(|refusal| refusal.field().map(str::to_owned))
        };
        assert_eq!(field(1, 1, 1), None);
        assert_eq!(field(0, 1, 1).as_deref(), Some("/thresholds/low"));
        assert_eq!(field(3, 2, 9).as_deref(), Some("/thresholds/medium"));
        assert_eq!(field(3, 4, 3).as_deref(), Some("/thresholds/high"));
    }
}
