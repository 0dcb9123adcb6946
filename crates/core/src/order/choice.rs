//! What a customer may choose when a promise slips, until when, and what happens if nothing is chosen.

mod choose;
mod link;
mod offer;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{LineUnits, Order};
use crate::id::{ChoiceNo, LineNo};
use crate::promise::{Promised, Slip};
use crate::time::Millis;

pub use choose::{By, ChooseOption, choose_option};
pub use link::{IssueChoiceLink, issue_choice_link};
pub(crate) use offer::{offer_choices, run_out};

/// What is done when a promise slips on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipRules {
    /// Days that it may be later without the customer being asked.
    #[serde(default)]
    pub tolerance_days: u16,
    /// Hours that the customer has to choose.
    pub answer_within_hours: u16,
    /// What happens if nothing is chosen; the customer waits where that is not possible any more.
    #[serde(default)]
    pub default: Chosen,
}

/// Most days of tolerance.
pub const TOLERANCE_DAYS_MAX: u16 = 365;
/// Most hours to choose.
pub const ANSWER_HOURS_MAX: u16 = 24 * 60;

impl SlipRules {
    /// Refuses what is out of range.
    ///
    /// # Errors
    /// Names the field.
    pub fn check(&self) -> Result<(), crate::Refusal> {
        if self.tolerance_days > TOLERANCE_DAYS_MAX {
            let problem = format!("must lie between 0 and {TOLERANCE_DAYS_MAX}");
            return Err(crate::Refusal::invalid("/slips/tolerance_days", problem));
        }
        if !(1..=ANSWER_HOURS_MAX).contains(&self.answer_within_hours) {
            let problem = format!("must lie between 1 and {ANSWER_HOURS_MAX}");
            return Err(crate::Refusal::invalid(
                "/slips/answer_within_hours",
                problem,
            ));
        }
        Ok(())
    }
}

/// What can be chosen.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// Wait for the later day.
    #[default]
    Wait,
    /// Have what is there sent now, and the rest later.
    Split,
    /// Have something else instead, at no higher price.
    Substitute,
    /// Have the units cancelled, and the money back.
    Refund,
}

impl Chosen {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Wait, Self::Split, Self::Substitute, Self::Refund];

    /// As the API and the page name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Split => "split",
            Self::Substitute => "substitute",
            Self::Refund => "refund",
        }
    }
}

impl Chosen {
    /// For people, after "chose".
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Wait => "to wait",
            Self::Split => "to have what is there sent now",
            Self::Substitute => "to have something else instead",
            Self::Refund => "to have it cancelled",
        }
    }
}

/// A choice that a customer was offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Identity within the order.
    pub no: ChoiceNo,
    /// When it was offered.
    pub at: Millis,
    /// Why.
    pub reason: Slip,
    /// The units that come later.
    pub lines: Vec<LineUnits>,
    /// What was promised of them before: the latest of the lines.
    pub before: Promised,
    /// What is promised of them now; nothing where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Promised>,
    /// What can be chosen.
    pub options: Vec<Chosen>,
    /// The SKUs that would come instead, by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<(LineNo, String)>,
    /// What happens if nothing is chosen.
    pub default: Chosen,
    /// By when.
    pub deadline: Millis,
    /// SHA-256 of the secret of the public link, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<ChoiceMade>,
}

/// What was chosen, when and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceMade {
    /// What.
    pub chosen: Chosen,
    /// When.
    pub at: Millis,
    /// Who.
    pub by: By,
}

impl Order {
    /// The choice that is still open, if there is one.
    #[must_use]
    pub fn open_choice(&self) -> Option<&Choice> {
        let choices = self.progress.choices.iter();
        choices.rev().find(|choice| choice.made.is_none())
    }

    /// A choice by its number.
    #[must_use]
    pub fn choice(&self, no: ChoiceNo) -> Option<&Choice> {
        let mut choices = self.progress.choices.iter();
        choices.find(|choice| choice.no == no)
    }
}
