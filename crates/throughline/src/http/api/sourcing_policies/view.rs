//! A policy as the API shows it.

use serde::Serialize;
use throughline_core::network::{LocationGroupId, Network};
use throughline_core::sourcing::policy::{
    Constraints, Goal, KeepTogether, Objective, Place, Policy, Preference, Unserved,
};
use utoipa::ToSchema;

use super::document::{
    ConstraintsShape, CreditShape, ExchangeShape, ExclusionShape, KeepTogetherShape,
    ObjectiveShape, PreferenceShape, ScarceShape, UnservedShape,
};
use crate::http::api::shapes::Instant;

/// Millionths of one.
const MICROS: i64 = 1_000_000;

/// One version of a policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingPolicy)]
pub struct PolicyView<'a> {
    /// The merchant's own code.
    code: &'a str,
    /// From 1, without gaps.
    version: u32,
    /// What people call it.
    name: &'a str,
    /// From when on this version is in force, until the next one is.
    #[schema(value_type = String, format = DateTime)]
    valid_from: Instant,
    /// Codes of the channels whose orders it is for; all if empty.
    #[schema(value_type = Vec<String>)]
    channels: Vec<&'a str>,
    /// The orders that it is for, in CEL; all if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    /// Of several policies that fit an order, the one with the smallest rank decides.
    rank: i32,
    /// Whether the policy is out of use from this version on.
    retired: bool,
    /// What must hold of every plan.
    constraints: ConstraintsShape,
    /// The lowest cost is best.
    #[serde(skip_serializing_if = "Option::is_none")]
    objective: Option<ObjectiveShape>,
    /// Preferences that are compared one after the other, instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<PreferenceShape>>)]
    ranked: Option<&'a [Preference]>,
    /// What happens to units that no location may serve; as the channel says if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<UnservedShape>)]
    unserved: Option<Unserved>,
    /// What happens to units that no substitute could be found for; as the channel says if absent.
    #[schema(value_type = Option<UnservedShape>)]
    unserved_then: Option<Unserved>,
}

impl<'a> PolicyView<'a> {
    /// Shows a version.
    #[must_use]
    pub fn new(network: &'a Network, policy: &'a Policy) -> Self {
        let channels = policy.channels.iter().filter_map(|id| network.channel(*id));
        let (objective, ranked) = match &policy.goal {
            Goal::LowestCost(objective) => (Some(shown(network, objective)), None),
            Goal::Ranked(preferences) => (None, Some(preferences.as_slice())),
        };
        Self {
            code: &policy.code,
            version: policy.version,
            name: &policy.name,
            valid_from: Instant(policy.valid_from),
            channels: channels.map(|channel| channel.code.as_str()).collect(),
            when: policy.when.as_ref().map(|when| when.text()),
            rank: policy.rank,
            retired: policy.retired,
            constraints: constraints(network, &policy.constraints),
            objective,
            ranked,
            unserved: policy.unserved,
            unserved_then: policy.unserved_then,
        }
    }
}

fn constraints(network: &Network, constraints: &Constraints) -> ConstraintsShape {
    let exclusions = constraints.exclusions.iter().map(|exclusion| {
        let (location, group) = place(network, exclusion.place);
        ExclusionShape {
            location,
            group,
            reason: exclusion.reason.clone(),
            until: exclusion.until,
        }
    });
    let groups = constraints.groups.iter();
    ConstraintsShape {
        location_groups: groups.filter_map(|id| group_code(network, *id)).collect(),
        max_locations: constraints.max_locations,
        keep_together: match constraints.keep_together {
            KeepTogether::Nothing => KeepTogetherShape::Nothing,
            KeepTogether::Lines => KeepTogetherShape::Lines,
            KeepTogether::Kits => KeepTogetherShape::Kits,
            KeepTogether::Order => KeepTogetherShape::Order,
        },
        same_day_only: constraints.same_day_only,
        keep_units: constraints.keep_units,
        suppliers_last: constraints.suppliers_last,
        margin_floor_percent: constraints.margin_floor_percent,
        consolidate_hours: constraints.consolidate_hours,
        exclusions: exclusions.collect(),
    }
}

fn shown(network: &Network, objective: &Objective) -> ObjectiveShape {
    let exchange = objective.exchange.iter().map(|known| ExchangeShape {
        currency: known.currency.to_string(),
        rate: decimal(known.micros),
    });
    let credits = objective.credits.iter().map(|credit| {
        let (location, group) = place(network, credit.place);
        CreditShape {
            location,
            group,
            unit_minor: credit.unit_minor,
        }
    });
    ObjectiveShape {
        currency: objective.currency.to_string(),
        exchange: exchange.collect(),
        carrier_percent: objective.carrier_percent,
        labour_percent: objective.labour_percent,
        split_minor: objective.split_minor,
        late_day_minor: objective.late_day_minor,
        full_day_minor: objective.full_day_minor,
        distance_minor: objective.distance_minor,
        priority_minor: objective.priority_minor,
        scarce: objective.scarce.map(|scarce| ScarceShape {
            last_units: scarce.last_units,
            extra_minor: scarce.extra_minor,
        }),
        credits: credits.collect(),
        unserved_minor: objective.unserved_minor,
    }
}

/// A decimal number from millionths, without needless zeros.
fn decimal(micros: i64) -> String {
    let text = format!("{}.{:06}", micros / MICROS, micros % MICROS);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn group_code(network: &Network, id: LocationGroupId) -> Option<String> {
    network.group(id).map(|group| group.code.clone())
}

/// The codes of a location or of a group.
fn place(network: &Network, place: Place) -> (Option<String>, Option<String>) {
    match place {
        Place::Location(id) => {
            let known = network.location(id);
            (known.map(|location| location.code.clone()), None)
        }
        Place::Group(id) => (None, group_code(network, id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_shown_as_they_are_written() {
        let shown = [920_000, 1_000_000, 12_345_678, 1].map(decimal);
        assert_eq!(shown, ["0.92", "1", "12.345678", "0.000001"]);
    }
}
