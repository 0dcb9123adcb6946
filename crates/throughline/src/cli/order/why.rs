//! Why locations were or were not chosen, in words.

use throughline_core::network::LocationId;
use throughline_core::sourcing::{Explanation, Group, Reason};

use super::look_up::Found;

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
            lines
        };
    explanation.groups.iter().flat_map(of_group).collect()
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Chosen => "chosen",
        Reason::LessPreferred => "could serve everything, but is less preferred",
        Reason::Farther => "could serve everything as well, but is farther away",
        Reason::AsGood => "could serve it as well; of equals, the one that was made first is taken",
        Reason::NotNeeded => "has some of it, but fewer parcels are possible without",
        Reason::NoStock => "has none of it",
        Reason::NotOpen => "takes no orders now",
        Reason::Excluded => "said no or came up short before",
        Reason::MethodNotAccepted => "does not take orders of this kind",
        Reason::DoesNotServeArea => "does not ship to where it goes",
        Reason::Full => "has as much to do as it can on its first day",
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
