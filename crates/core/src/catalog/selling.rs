//! How an item is sold when there is none of it, before its launch, and once it is given up.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Maker, Team, Thresholds};
use crate::network::LocationId;
use crate::refusal::Refusal;
use crate::text;

/// Most substitutes of an item.
pub const SUBSTITUTES_MAX: usize = 20;

/// How an item is sold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selling {
    /// What happens to new orders of units that no location has.
    #[serde(default)]
    pub backorder: Backorder,
    /// Sold before it is there, until its launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preorder: Option<Preorder>,
    /// Whether it is given up: what is there is sold, and nothing more is waited for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub discontinued: bool,
    /// Whether customers who wait share what comes, in proportion to what each of them waits for; else the first one is
    /// served first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fair_share: bool,
    /// SKUs that customers may be offered instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<String>,
    /// From how many units on it counts as low, medium and high in stock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thresholds: Option<Thresholds>,
    /// Who makes what no location has; nobody if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makers: Vec<Maker>,
    /// Of a service: who does it where the customer is, in which slots of a day; it has no slots if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Team>,
}

/// What happens to new orders of units that no location has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backorder {
    /// What the channel says.
    #[default]
    Open,
    /// They are refused.
    None,
    /// They may wait, as long as no more units wait in all.
    Limit(i64),
    /// They may wait for units that are announced, and that nobody waits for yet.
    SupplyBacked,
}

/// A time in which an item is sold before it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preorder {
    /// The day it ends, in UTC.
    pub launch: Date,
    /// Most units that may wait until then; any number, if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl Selling {
    /// The location's part in making the item, if it makes it.
    #[must_use]
    pub fn maker(&self, location: LocationId) -> Option<&Maker> {
        self.makers.iter().find(|maker| maker.location == location)
    }

    /// What happens on a day to new orders of units that no location has.
    #[must_use]
    pub fn on(&self, today: Date) -> Backorder {
        let preorder = self.preorder.filter(|preorder| today < preorder.launch);
        match (self.discontinued, preorder) {
            (true, _) => Backorder::None,
            (false, Some(preorder)) => preorder.limit.map_or(Backorder::Open, Backorder::Limit),
            (false, None) => self.backorder,
        }
    }

    /// Refuses limits below nothing, thresholds that do not rise, and substitutes that cannot be.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the field.
    pub(super) fn check(&self, sku: &str) -> Result<(), Refusal> {
        if let Backorder::Limit(units) = self.backorder {
            check_limit("/backorder/limit", units)?;
        }
        if let Some(units) = self.preorder.and_then(|preorder| preorder.limit) {
            check_limit("/preorder/limit", units)?;
        }
        self.thresholds.map_or(Ok(()), Thresholds::check)?;
        if self.substitutes.len() > SUBSTITUTES_MAX {
            let problem = format!("at most {SUBSTITUTES_MAX} are allowed");
            return Err(Refusal::invalid("/substitutes", problem));
        }
        for (position, other) in self.substitutes.iter().enumerate() {
            let field = format!("/substitutes/{position}");
            text::name(&field, other, text::SKU_MAX)?;
            if other == sku || self.substitutes[..position].contains(other) {
                let problem = "must be another item, named once";
                return Err(Refusal::invalid(field, problem));
            }
        }
        Ok(())
    }
}

fn check_limit(field: &str, units: i64) -> Result<(), Refusal> {
    if (0..=crate::inventory::UNITS_MAX).contains(&units) {
        return Ok(());
    }
    let problem = "must lie between 0 and 1000000000000";
    Err(Refusal::invalid(field, problem))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_preorder_has_its_own_limit_until_its_launch_and_what_is_given_up_has_none() {
        let launch = date(2026, 3, 1);
        let preorder = |limit| Some(Preorder { launch, limit });
        let (before, after) = (date(2026, 2, 28), launch);
        for (preorder, discontinued, today, rule) in [
            (None, false, before, Backorder::Limit(9)),
            (preorder(Some(5)), false, before, Backorder::Limit(5)),
            (preorder(None), false, before, Backorder::Open),
            (preorder(Some(5)), false, after, Backorder::Limit(9)),
            (preorder(Some(5)), true, before, Backorder::None),
            (None, true, after, Backorder::None),
        ] {
            let selling = Selling {
                backorder: Backorder::Limit(9),
                preorder,
                discontinued,
                ..Selling::default()
            };
            assert_eq!(selling.on(today), rule, "{selling:?} on {today}");
        }
    }
}
