//! Why locations were or were not chosen, in words.

use throughline_core::geo::LocatedBy;
use throughline_core::inventory::Cause;
use throughline_core::network::LocationId;
use throughline_core::sourcing::{Explanation, Group, Instead, Reason, Substitution, Weighing};

use super::super::numbers::money;
use super::look_up::Found;
use crate::http::api::orders::sourcing::measured_from;

/// Locations that are named for one reason; more are only counted.
const NAMED_MAX: usize = 8;

/// The reasons of one decision, a line for each.
pub(super) fn lines(found: &Found, explanation: &Explanation) -> Vec<String> {
    let several = explanation.groups.len() > 1;
    let of_group =
        |group: &Group| {
            let mut lines = Vec::new();
            if several {
                lines.push(format!("for {}:", skus(found, group)));
            }
            lines.extend(group.reasons.iter().map(|(reason, locations)| {
                format!("{}: {}", word(*reason), names(found, locations))
            }));
            lines.extend(
                group
                    .missing
                    .iter()
                    .map(|(line, units)| format!("nobody has: {units} × {}", found.sku(*line))),
            );
            lines.extend(group.barred.iter().map(|one| {
                let (sku, place) = (found.sku(one.line), found.location(one.location));
                let until = one.until.local_date("UTC");
                format!(
                    "{sku} is not offered from {place} until {until}: {}",
                    cause(one.cause)
                )
            }));
            // Where no location was compared, no distance was measured.
            let from = measured_from(&found.order, group).filter(|_| !group.reasons.is_empty());
            lines.extend(measured(from).map(str::to_owned));
            lines.extend(group.weighing.as_ref().and_then(|one| cost(found, one)));
            lines
        };
    let substitutions = explanation.substitutions.iter();
    let substitutions = substitutions.map(|one| substituted(found, one));
    let shared = explanation.shared.map(|one| {
        let sku = found.sku(one.line);
        format!(
            "{sku} was scarce: {} customers waited for {} and shared {}; {} of the {} that it waited for were its share",
            one.customers, one.waited, one.free, one.share, one.wanted
        )
    });
    let groups = explanation.groups.iter().flat_map(of_group);
    substitutions.chain(shared).chain(groups).collect()
}

/// What came instead of units that nobody serves, or why nothing did.
fn substituted(found: &Found, one: &Substitution) -> String {
    let (units, sku) = (one.quantity, found.sku(one.line));
    match &one.instead {
        Instead::Substituted { sku: other, .. } => {
            format!("instead of {units} × {sku}, which nobody has: {other}")
        }
        Instead::NotAllowed => {
            format!("nothing instead of {units} × {sku}: the line does not allow it")
        }
        Instead::PartOfKit => format!("nothing instead of {units} × {sku}: it is part of a kit"),
        Instead::NoneThere => {
            format!("nothing instead of {units} × {sku}: no substitute is there in full")
        }
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::NotFound => "it was not found",
        Cause::Damaged => "it was damaged",
        Cause::WrongPrice => "it had another price",
        Cause::Closed => "the place was closed",
        Cause::TooBusy => "there was too much to do",
        Cause::Other => "the place said no",
    }
}

/// What the plan costs, and how sure it is that no other one costs less.
fn cost(found: &Found, weighing: &Weighing) -> Option<String> {
    let currency = weighing.currency?;
    let proof = match weighing.gap_minor {
        None => "no plan costs less".to_owned(),
        Some(gap) => format!("another plan may cost up to {} less", money(currency, gap)),
    };
    let next = weighing.runners_up.first().map(|plan| {
        let places = names(found, &plan.locations);
        format!(
            "; next best: {places} for {}",
            money(currency, plan.total_minor)
        )
    });
    let total = money(currency, weighing.total_minor);
    Some(format!(
        "costs {total}: {proof}{}",
        next.unwrap_or_default()
    ))
}

/// How good distances are, where they are not measured to the address itself.
fn measured(from: Option<LocatedBy>) -> Option<&'static str> {
    match from? {
        LocatedBy::Given | LocatedBy::PostalCode => None,
        LocatedBy::Area => Some("distances are to the middle of the postal area"),
        LocatedBy::Country => Some("distances are to the middle of the country"),
    }
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Chosen => "chosen",
        Reason::LessPreferred => "could serve everything, but is less preferred",
        Reason::Farther => "could serve everything as well, but is farther away",
        Reason::AsGood => "could serve it as well; of equals, the one that was made first is taken",
        Reason::NotNeeded => "has some of it, but fewer parcels are possible without",
        Reason::NoStock => "has none of it",
        Reason::NoWholeCase => "has some of it, but no whole case",
        Reason::NotOpen => "takes no orders now",
        Reason::Excluded => "said no or came up short before",
        Reason::MethodNotAccepted => "does not take orders of this kind",
        Reason::DoesNotServeArea => "does not ship to where it goes",
        Reason::Full => "has as much to do as it can on its first day",
        Reason::NotAllowed => "is in none of the groups that the policy allows",
        Reason::ExcludedByPolicy => "is excluded by the policy for now",
        Reason::SuppliersLast => "is a supplier, who serves only what nobody else can",
        Reason::NotToday => "cannot work it on the day on which it came",
        Reason::NoService => "has no carrier service that goes there with it",
        Reason::ServesNothing => {
            "has some of it, but capacity, carriers or what stays together keep it from serving"
        }
        Reason::Dominated => "costs no less than a chosen one, and has no more of anything",
        Reason::CostsMore => "could serve everything, but plans with it cost more",
        Reason::NotSoldFrom => "is not where this channel sells from",
        Reason::ItemExcluded => "does not offer it for now",
        Reason::PlannedForOthers => "has some of it, which was planned for other orders that wait",
        Reason::BelowMargin => "would serve it, but too little of the price would be left",
        Reason::CollectedThere => "is where the customer collects, and lacks it",
        Reason::AtTheTill => "is where it was sold at the till, and has it not on its shelf",
        Reason::NotThePickupLocation => "is not where the customer collects",
    }
}

fn names(found: &Found, locations: &[LocationId]) -> String {
    let named: Vec<&str> = locations
        .iter()
        .take(NAMED_MAX)
        .map(|id| found.location(*id))
        .collect();
    let more = locations.len().saturating_sub(NAMED_MAX);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", named.join(", "))
}

fn skus(found: &Found, group: &Group) -> String {
    let named: Vec<&str> = group
        .lines
        .iter()
        .take(NAMED_MAX)
        .map(|line| found.sku(*line))
        .collect();
    let more = group.lines.len().saturating_sub(NAMED_MAX);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", named.join(", "))
}
