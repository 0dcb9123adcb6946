//! Prices against what the items cost, or what they are listed at: a slip of the comma is seen before the goods leave.

use super::finding::{Check, Finding};
use super::rules::{PriceBase, PriceRules};
use crate::money::share;
use crate::order::{Line, Placed};

/// What a line's price is compared with: an amount in minor units, of so many units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) minor: i64,
    pub(super) units: i64,
}

/// Finds lines whose price lies outside the band. `base` tells what a line's item costs or is listed at; items without that,
/// and components of kits, are left out.
pub(super) fn check(
    rules: &PriceRules,
    placed: &Placed,
    base: impl Fn(&Line) -> Option<Compared>,
) -> Option<Finding> {
    let lines = placed
        .lines
        .iter()
        .filter(|line| line.kit.is_none() && line.quantity > 0);
    let reasons: Vec<String> = lines
        .filter_map(|line| outside(rules, line, base(line)?))
        .collect();
    (!reasons.is_empty()).then(|| Finding::new(Check::Price, super::screen::listed(&reasons)))
}

/// Compared exactly: (goods less discount) × units of the base × 100 against base × units of the line × percent.
fn outside(rules: &PriceRules, line: &Line, base: Compared) -> Option<String> {
    let price = i128::from(line.goods_minor()) - i128::from(line.discount_minor);
    let own = price * 100 * i128::from(base.units);
    let percent_of =
        |percent: u32| i128::from(base.minor) * i128::from(line.quantity) * i128::from(percent);
    let (word, percent) = match (rules.least_percent, rules.most_percent) {
        (Some(least), _) if own < percent_of(least) => ("below", least),
        (_, Some(most)) if own > percent_of(most) => ("above", most),
        _ => return None,
    };
    let what = match rules.against {
        PriceBase::Cost => "cost",
        PriceBase::List => "list price",
    };
    let whole = share(base.minor, line.quantity, base.units);
    Some(format!(
        "SKU {:?} is sold for {price}, {word} {percent} % of its {what} {whole}",
        line.sku
    ))
}
