//! What is done when a promise slips, as the API writes and shows it.

use serde::{Deserialize, Serialize};
use throughline_core::order::choice::{ANSWER_HOURS_MAX, Chosen, SlipRules, TOLERANCE_DAYS_MAX};
use utoipa::ToSchema;

/// What is done when a promise slips: the customer may choose until a deadline, at which a default is done.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = SlipRules)]
#[serde(deny_unknown_fields)]
pub struct SlipRulesShape {
    /// Days that it may be later without the customer being asked; 0 unless given.
    #[serde(default)]
    #[schema(maximum = 365)]
    tolerance_days: u16,
    /// Hours that the customer has to choose.
    #[schema(minimum = 1, maximum = 1440)]
    answer_within_hours: u16,
    /// What is done if nothing is chosen, where it is possible; else the customer waits. `wait` unless given.
    #[serde(default)]
    #[schema(value_type = ChosenShape)]
    default: Chosen,
}

/// What a customer may choose.
#[derive(Debug, ToSchema)]
#[schema(as = ChoiceOption, rename_all = "snake_case")]
pub enum ChosenShape {
    /// Wait for the later day.
    Wait,
    /// Have what is there sent now, and the rest later: what was to be kept together is not.
    Split,
    /// Have the substitute of the item instead, at the price of before.
    Substitute,
    /// Have the units cancelled, and the money back.
    Refund,
}

impl SlipRulesShape {
    /// The rules as they are checked and stored.
    #[must_use]
    pub fn rules(self) -> SlipRules {
        SlipRules {
            tolerance_days: self.tolerance_days,
            answer_within_hours: self.answer_within_hours,
            default: self.default,
        }
    }

    /// Shows stored rules.
    #[must_use]
    pub fn new(rules: SlipRules) -> Self {
        Self {
            tolerance_days: rules.tolerance_days,
            answer_within_hours: rules.answer_within_hours,
            default: rules.default,
        }
    }
}

const _: () = assert!(
    TOLERANCE_DAYS_MAX == 365 && ANSWER_HOURS_MAX == 1440,
    "the schema says so"
);
