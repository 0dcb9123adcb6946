//! A policy as the caller writes it.

use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::PutMode;
use throughline_core::condition::Condition;
use throughline_core::money::Currency;
use throughline_core::network::{ChannelId, LocationGroupId, Network};
use throughline_core::sourcing::policy::{
    Constraints, Credit, Exchange, Exclusion, Goal, KeepTogether, Objective, Place, PolicyData,
    Preference, PutPolicy, Scarce, Unserved,
};
use utoipa::ToSchema;

use super::document::{
    ConstraintsShape, ExchangeShape, KeepTogetherShape, ObjectiveShape, PreferenceShape,
    UnservedShape,
};
use crate::http::api::names::name;
use crate::http::api::shapes::Instant;
use crate::http::body::RequestBody;

/// The rank of a policy that names none.
const RANK: i32 = 100;
/// Decimals of a rate of exchange.
const RATE_DECIMALS: usize = 6;

/// The next version of a policy. Either `objective` or `ranked` says what is best.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SourcingPolicyData)]
#[serde(deny_unknown_fields)]
pub struct PolicyBody {
    /// The merchant's own code; may be left away, or must be the path's.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// From when on this version is in force; from now on unless given.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Instant>,
    /// Codes of the channels whose orders it is for; all if empty.
    #[serde(default)]
    #[schema(max_items = 200)]
    channels: Vec<String>,
    /// The orders that it is for, in CEL; all unless given.
    #[schema(
        max_length = 2000,
        example = "total_minor > 10000 && ship_to.country == 'DE'"
    )]
    when: Option<String>,
    /// Of several policies that fit an order, the one with the smallest rank decides; 100 unless given.
    rank: Option<i32>,
    /// Whether the policy is out of use from this version on.
    #[serde(default)]
    retired: bool,
    /// What must hold of every plan.
    #[serde(default)]
    constraints: ConstraintsShape,
    /// The lowest cost is best; proven.
    objective: Option<ObjectiveShape>,
    /// Preferences that are compared one after the other, instead.
    #[schema(value_type = Option<Vec<PreferenceShape>>)]
    ranked: Option<Vec<Preference>>,
    /// What happens to units that no location may serve; as the channel says unless given.
    #[schema(value_type = Option<UnservedShape>)]
    unserved: Option<Unserved>,
    /// What happens to units that no substitute could be found for, where `unserved` is `substitute`; as the channel says
    /// unless given.
    #[schema(value_type = Option<UnservedShape>)]
    unserved_then: Option<Unserved>,
}

impl RequestBody for PolicyBody {
    const IN_TOML: bool = true;
}

impl PolicyBody {
    /// The command that writes the version, with the codes looked up in the network.
    ///
    /// # Errors
    /// Refuses unknown codes and names, conditions that are no CEL, and both or neither of `objective` and `ranked`.
    pub fn command(self, network: &Network, path: String) -> Result<PutPolicy, Refusal> {
        let code = name("code", Some(path), self.code)?;
        let when = self.when.as_deref();
        let data = PolicyData {
            name: self.name,
            valid_from: self.valid_from.map(|at| at.0),
            channels: channels(network, &self.channels)?,
            when: when
                .map(|text| Condition::parse("/when", text))
                .transpose()?,
            rank: self.rank.unwrap_or(RANK),
            retired: self.retired,
            constraints: constraints(network, self.constraints)?,
            goal: goal(network, self.objective, self.ranked)?,
            unserved: self.unserved,
            unserved_then: self.unserved_then,
        };
        Ok(PutPolicy {
            code,
            data,
            mode: PutMode::Ensure,
        })
    }
}

fn channels(network: &Network, codes: &[String]) -> Result<Vec<ChannelId>, Refusal> {
    let channel = |(position, code): (usize, &String)| {
        let known = network.channel_by_code(code);
        let unknown =
            || Refusal::unknown(format!("/channels/{position}"), "channel", code.as_str());
        known.map(|channel| channel.id).ok_or_else(unknown)
    };
    codes.iter().enumerate().map(channel).collect()
}

fn goal(
    network: &Network,
    given: Option<ObjectiveShape>,
    ranked: Option<Vec<Preference>>,
) -> Result<Goal, Refusal> {
    match (given, ranked) {
        (Some(given), None) => objective(network, given).map(Goal::LowestCost),
        (None, Some(ranked)) => Ok(Goal::Ranked(ranked)),
        (Some(_), Some(_)) => Err(Refusal::invalid(
            "/ranked",
            "goes without an objective; give one of the two",
        )),
        (None, None) => Err(Refusal::invalid(
            "/objective",
            "must be given, or ranked preferences instead of it",
        )),
    }
}

fn constraints(network: &Network, given: ConstraintsShape) -> Result<Constraints, Refusal> {
    let group = |(position, code): (usize, &String)| {
        group(
            network,
            &format!("/constraints/location_groups/{position}"),
            code,
        )
    };
    let exclusions = given.exclusions.into_iter().enumerate();
    let exclusion = |(position, one): (usize, super::document::ExclusionShape)| {
        let field = format!("/constraints/exclusions/{position}");
        Ok(Exclusion {
            place: place(
                network,
                &field,
                one.location.as_deref(),
                one.group.as_deref(),
            )?,
            reason: one.reason,
            until: one.until,
        })
    };
    Ok(Constraints {
        groups: given
            .location_groups
            .iter()
            .enumerate()
            .map(group)
            .collect::<Result<_, _>>()?,
        max_locations: given.max_locations,
        keep_together: keep_together(given.keep_together),
        same_day_only: given.same_day_only,
        keep_units: given.keep_units,
        suppliers_last: given.suppliers_last,
        margin_floor_percent: given.margin_floor_percent,
        consolidate_hours: given.consolidate_hours,
        exclusions: exclusions.map(exclusion).collect::<Result<_, Refusal>>()?,
    })
}

fn keep_together(shape: KeepTogetherShape) -> KeepTogether {
    match shape {
        KeepTogetherShape::Nothing => KeepTogether::Nothing,
        KeepTogetherShape::Lines => KeepTogether::Lines,
        KeepTogetherShape::Kits => KeepTogether::Kits,
        KeepTogetherShape::Order => KeepTogether::Order,
    }
}

fn objective(network: &Network, given: ObjectiveShape) -> Result<Objective, Refusal> {
    let exchange = given.exchange.iter().enumerate();
    let credits = given.credits.iter().enumerate();
    let credit = |(position, one): (usize, &super::document::CreditShape)| {
        let field = format!("/objective/credits/{position}");
        Ok(Credit {
            place: place(
                network,
                &field,
                one.location.as_deref(),
                one.group.as_deref(),
            )?,
            unit_minor: one.unit_minor,
        })
    };
    Ok(Objective {
        currency: currency("/objective/currency", &given.currency)?,
        exchange: exchange
            .map(|(position, one)| rate(position, one))
            .collect::<Result<_, _>>()?,
        carrier_percent: given.carrier_percent,
        labour_percent: given.labour_percent,
        split_minor: given.split_minor,
        late_day_minor: given.late_day_minor,
        full_day_minor: given.full_day_minor,
        distance_minor: given.distance_minor,
        priority_minor: given.priority_minor,
        scarce: given.scarce.map(|scarce| Scarce {
            last_units: scarce.last_units,
            extra_minor: scarce.extra_minor,
        }),
        credits: credits.map(credit).collect::<Result<_, Refusal>>()?,
        unserved_minor: given.unserved_minor,
    })
}

fn currency(field: &str, code: &str) -> Result<Currency, Refusal> {
    let known = code.parse();
    known.map_err(|_| Refusal::invalid(field, "must be an ISO 4217 code such as EUR"))
}

fn rate(position: usize, given: &ExchangeShape) -> Result<Exchange, Refusal> {
    let field = |name: &str| format!("/objective/exchange/{position}/{name}");
    let micros = micros(&given.rate).ok_or_else(|| {
        let problem = "must be a number such as 0.92, with up to 6 decimals";
        Refusal::invalid(field("rate"), problem)
    })?;
    Ok(Exchange {
        currency: currency(&field("currency"), &given.currency)?,
        micros,
    })
}

/// Millionths, from a decimal number.
fn micros(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || decimals.len() > RATE_DECIMALS || text.ends_with('.')
    {
        return None;
    }
    if !is_number(whole) || !is_number(decimals) {
        return None;
    }
    format!("{whole}{decimals:0<RATE_DECIMALS$}").parse().ok()
}

fn place(
    network: &Network,
    field: &str,
    location: Option<&str>,
    group_code: Option<&str>,
) -> Result<Place, Refusal> {
    match (location, group_code) {
        (Some(code), None) => {
            let known = network.location_by_code(code);
            let unknown = || Refusal::unknown(format!("{field}/location"), "location", code);
            known
                .map(|location| Place::Location(location.id))
                .ok_or_else(unknown)
        }
        (None, Some(code)) => group(network, &format!("{field}/group"), code).map(Place::Group),
        _ => Err(Refusal::invalid(
            field,
            "must name a location or a group, and not both",
        )),
    }
}

fn group(network: &Network, field: &str, code: &str) -> Result<LocationGroupId, Refusal> {
    let known = network.group_by_code(code);
    let unknown = || Refusal::unknown(field, "location group", code);
    known.map(|group| group.id).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let body: PolicyBody = serde_json::from_str(text).unwrap();
        let command = body.command(&Network::default(), "P".to_owned());
        command.unwrap_err().field().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_rate_of_exchange_is_read_exactly() {
        assert_eq!(micros("0.92"), Some(920_000));
        assert_eq!(micros("1"), Some(1_000_000));
        assert_eq!(micros("12.345678"), Some(12_345_678));
        for bad in ["", ".5", "1.", "1.2345678", "-1", "1e3", "1234567"] {
            assert_eq!(micros(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_a_policy_cannot_say_is_refused_by_its_field() {
        for (text, field) in [
            (r#"{"name":"P"}"#, "/objective"),
            (
                r#"{"name":"P","ranked":["nearest"],"objective":{"currency":"EUR"}}"#,
                "/ranked",
            ),
            (
                r#"{"name":"P","ranked":["nearest"],"channels":["X"]}"#,
                "/channels/0",
            ),
            (
                r#"{"name":"P","ranked":["nearest"],"when":"totl_minor > 1"}"#,
                "/when",
            ),
            (
                r#"{"name":"P","objective":{"currency":"EURO"}}"#,
                "/objective/currency",
            ),
            (
                r#"{"name":"P","ranked":["nearest"],"constraints":{"location_groups":["G"]}}"#,
                "/constraints/location_groups/0",
            ),
            (
                r#"{"name":"P","ranked":["nearest"],"constraints":{"exclusions":[{"reason":"x"}]}}"#,
                "/constraints/exclusions/0",
            ),
            (
                r#"{"name":"P","objective":{"currency":"EUR","exchange":[{"currency":"USD","rate":"x"}]}}"#,
                "/objective/exchange/0/rate",
            ),
        ] {
            assert_eq!(refused(text), field, "{text}");
        }
    }
}
