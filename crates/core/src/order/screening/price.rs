//! Prices against what the items cost: a slip of the comma is seen before the goods leave.

use super::finding::{Check, Finding};
use super::rules::PriceRules;
use crate::order::{Line, Placed};

/// Finds lines whose price lies outside the band. `unit_cost_minor` tells what a unit of a line's item costs; items
/// without a cost, and components of kits, are left out.
pub(super) fn check(
    rules: &PriceRules,
    placed: &Placed,
    unit_cost_minor: impl Fn(&Line) -> Option<i64>,
) -> Option<Finding> {
    let lines = placed
        .lines
        .iter()
        .filter(|line| line.kit.is_none() && line.quantity > 0);
    let reasons: Vec<String> = lines
        .filter_map(|line| outside(rules, line, unit_cost_minor(line)?))
        .collect();
    (!reasons.is_empty()).then(|| Finding::new(Check::Price, super::screen::listed(&reasons)))
}

/// Compared exactly: goods less discount against cost × units × percent / 100.
fn outside(rules: &PriceRules, line: &Line, unit_cost_minor: i64) -> Option<String> {
    let price = i128::from(line.goods_minor()) - i128::from(line.discount_minor);
    let cost = i128::from(unit_cost_minor) * i128::from(line.quantity);
    let percent_of_cost = |percent: u32| cost * i128::from(percent);
    let (word, percent) = match (rules.least_percent, rules.most_percent) {
        (Some(least), _) if price * 100 < percent_of_cost(least) => ("below", least),
        (_, Some(most)) if price * 100 > percent_of_cost(most) => ("above", most),
        _ => return None,
    };
    Some(format!(
        "SKU {:?} is sold for {price}, {word} {percent} % of its cost {cost}",
        line.sku
    ))
}
