//! What a policy may say.

use super::{Constraints, Goal, Objective, PolicyData, Preference, Unserved};
use crate::refusal::Refusal;
use crate::text;

/// Most channels, groups, exclusions, credits and currencies of one policy.
const LIST_MAX: usize = 200;
/// Largest cost of one thing, in minor units: well below what the optimiser adds up.
const COST_MAX: i64 = 1_000_000_000;
/// The longest that parts of an order wait for each other: four weeks.
const CONSOLIDATE_HOURS_MAX: i64 = 28 * 24;
/// Largest percentage of carriers' prices and labour.
const PERCENT_MAX: i64 = 10_000;
/// Most units that are kept, or that are the last ones.
const UNITS_MAX: i64 = 1_000_000;
/// Largest worth of another currency's minor unit, in millionths.
const MICROS_MAX: i64 = 1_000_000_000_000;

/// Refuses what no policy may say, and names the field.
///
/// # Errors
/// [`Refusal::Invalid`], [`Refusal::TooMany`].
pub(super) fn check(data: &PolicyData) -> Result<(), Refusal> {
    text::required("/name", &data.name, text::NAME_MAX)?;
    in_list("channels", data.channels.len())?;
    constraints(&data.constraints)?;
    match &data.goal {
        Goal::LowestCost(objective) => check_objective(objective)?,
        Goal::Ranked(preferences) if preferences.is_empty() => {
            return Err(Refusal::invalid(
                "/ranked",
                "must name at least one preference, such as fewest_locations",
            ));
        }
        Goal::Ranked(preferences) => {
            let again = |position: usize| preferences[..position].contains(&preferences[position]);
            if let Some(position) = (0..preferences.len()).find(|position| again(*position)) {
                let field = format!("/ranked/{position}");
                return Err(Refusal::invalid(field, "was named before"));
            }
            let fewest = |preference: &Preference| *preference == Preference::FewestLocations;
            if let Some(position) = preferences.iter().skip(1).position(fewest) {
                let field = format!("/ranked/{}", position + 1);
                let problem = "fewest_locations must be named first, or not at all";
                return Err(Refusal::invalid(field, problem));
            }
        }
    }
    check_answers(data)?;
    weighs_what_it_needs(data)
}

/// A second answer goes with substitutes alone, and is another one.
fn check_answers(data: &PolicyData) -> Result<(), Refusal> {
    let wrong = |problem: &str| Err(Refusal::invalid("/unserved_then", problem));
    match (data.unserved, data.unserved_then) {
        (_, None) => Ok(()),
        (Some(Unserved::Substitute), Some(Unserved::Substitute)) => {
            wrong("must be another answer than substitute")
        }
        (Some(Unserved::Substitute), Some(_)) => Ok(()),
        (_, Some(_)) => wrong("goes with the answer substitute in unserved alone; leave it away"),
    }
}

fn constraints(constraints: &Constraints) -> Result<(), Refusal> {
    in_list("location groups", constraints.groups.len())?;
    in_list("exclusions", constraints.exclusions.len())?;
    if constraints.max_locations == Some(0) {
        return Err(Refusal::invalid(
            "/constraints/max_locations",
            "must be at least 1; leave it away for any number",
        ));
    }
    within(
        "/constraints/keep_units",
        constraints.keep_units,
        0,
        UNITS_MAX,
    )?;
    if let Some(percent) = constraints.margin_floor_percent {
        within("/constraints/margin_floor_percent", percent, -1_000, 100)?;
    }
    if let Some(hours) = constraints.consolidate_hours {
        let field = "/constraints/consolidate_hours";
        within(field, i64::from(hours), 1, CONSOLIDATE_HOURS_MAX)?;
    }
    for (position, exclusion) in constraints.exclusions.iter().enumerate() {
        let field = format!("/constraints/exclusions/{position}/reason");
        text::required(field, &exclusion.reason, text::REASON_MAX)?;
    }
    Ok(())
}

fn check_objective(objective: &Objective) -> Result<(), Refusal> {
    in_list("currencies", objective.exchange.len())?;
    in_list("credits", objective.credits.len())?;
    let percents = [
        ("carrier_percent", objective.carrier_percent),
        ("labour_percent", objective.labour_percent),
    ];
    for (name, percent) in percents {
        within(&format!("/objective/{name}"), percent, 0, PERCENT_MAX)?;
    }
    let costs = [
        ("split_minor", objective.split_minor),
        ("late_day_minor", objective.late_day_minor),
        ("full_day_minor", objective.full_day_minor),
        ("distance_minor", objective.distance_minor),
        ("priority_minor", objective.priority_minor),
        ("unserved_minor", objective.unserved_minor.unwrap_or(0)),
    ];
    for (name, cost) in costs {
        within(&format!("/objective/{name}"), cost, 0, COST_MAX)?;
    }
    if let Some(scarce) = objective.scarce {
        within(
            "/objective/scarce/last_units",
            scarce.last_units,
            1,
            UNITS_MAX,
        )?;
        within(
            "/objective/scarce/extra_minor",
            scarce.extra_minor,
            0,
            COST_MAX,
        )?;
    }
    for (position, credit) in objective.credits.iter().enumerate() {
        let field = format!("/objective/credits/{position}/unit_minor");
        within(&field, credit.unit_minor, 0, COST_MAX / 100)?;
    }
    for (position, exchange) in objective.exchange.iter().enumerate() {
        let field = format!("/objective/exchange/{position}/rate");
        within(&field, exchange.micros, 1, MICROS_MAX)?;
    }
    Ok(())
}

/// A margin is money, so that it needs costs in money.
fn weighs_what_it_needs(data: &PolicyData) -> Result<(), Refusal> {
    let is_ranked = matches!(data.goal, Goal::Ranked(_));
    if is_ranked && data.constraints.margin_floor_percent.is_some() {
        return Err(Refusal::invalid(
            "/constraints/margin_floor_percent",
            "needs an objective; ranked rules do not count costs",
        ));
    }
    Ok(())
}

fn in_list(what: &'static str, count: usize) -> Result<(), Refusal> {
    if count > LIST_MAX {
        return Err(Refusal::TooMany {
            what,
            limit: LIST_MAX as u64,
        });
    }
    Ok(())
}

fn within(field: &str, value: i64, least: i64, most: i64) -> Result<(), Refusal> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        format!("must lie between {least} and {most}"),
    ))
}
