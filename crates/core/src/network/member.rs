//! Members of the network as they are kept: each version of each member on its own, so that a change of one location writes
//! one row however many there are, and every earlier version can be seen.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Calendar, Channel, Location, LocationGroup, Network, ScreeningId};
use crate::carrier::{Closure, Service};
use crate::catalog::Recall;
use crate::order::screening::ScreeningRules;
use crate::sourcing::policy::Policy;

/// What a member of the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberKind {
    /// A location.
    Location,
    /// A channel.
    Channel,
    /// A group of locations.
    LocationGroup,
    /// A calendar.
    Calendar,
    /// A carrier service.
    CarrierService,
    /// A carrier closure.
    CarrierClosure,
    /// One version of a sourcing policy.
    SourcingPolicy,
    /// A set of screening rules.
    ScreeningRules,
    /// All recalls that are in force.
    Recalls,
}

impl MemberKind {
    /// Every kind with the word it is stored under.
    const WORDS: [(Self, &'static str); 9] = [
        (Self::Location, "location"),
        (Self::Channel, "channel"),
        (Self::LocationGroup, "location_group"),
        (Self::Calendar, "calendar"),
        (Self::CarrierService, "carrier_service"),
        (Self::CarrierClosure, "carrier_closure"),
        (Self::SourcingPolicy, "sourcing_policy"),
        (Self::ScreeningRules, "screening_rules"),
        (Self::Recalls, "recalls"),
    ];

    /// The kind that is stored under this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let known = Self::WORDS.iter().find(|(_, known)| *known == word);
        known.map(|(kind, _)| *kind)
    }
}

/// One member of the network.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// A location.
    Location(Arc<Location>),
    /// A channel.
    Channel(Arc<Channel>),
    /// A group of locations.
    LocationGroup(Arc<LocationGroup>),
    /// A calendar.
    Calendar(Arc<Calendar>),
    /// A carrier service.
    Service(Arc<Service>),
    /// A carrier closure.
    Closure(Arc<Closure>),
    /// One version of a sourcing policy.
    Policy(Arc<Policy>),
    /// A set of screening rules, and its number.
    Screening(ScreeningId, Arc<ScreeningRules>),
    /// All recalls that are in force: few, and written together.
    Recalls(Vec<Recall>),
}

impl Member {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> MemberKind {
        match self {
            Self::Location(_) => MemberKind::Location,
            Self::Channel(_) => MemberKind::Channel,
            Self::LocationGroup(_) => MemberKind::LocationGroup,
            Self::Calendar(_) => MemberKind::Calendar,
            Self::Service(_) => MemberKind::CarrierService,
            Self::Closure(_) => MemberKind::CarrierClosure,
            Self::Policy(_) => MemberKind::SourcingPolicy,
            Self::Screening(..) => MemberKind::ScreeningRules,
            Self::Recalls(_) => MemberKind::Recalls,
        }
    }

    /// Its number: the position among those of its kind.
    #[must_use]
    pub fn number(&self) -> u16 {
        match self {
            Self::Location(location) => location.id.0,
            Self::Channel(channel) => channel.id.0,
            Self::LocationGroup(group) => group.id.0,
            Self::Calendar(calendar) => calendar.id.0,
            Self::Service(service) => service.id.0,
            Self::Closure(closure) => closure.id.0,
            Self::Policy(policy) => policy.id.0,
            Self::Screening(id, _) => id.0,
            Self::Recalls(_) => 0,
        }
    }

    /// Reads what was written as JSON.
    ///
    /// # Errors
    /// When it is no member of this kind.
    pub fn read(kind: MemberKind, number: u16, text: &str) -> serde_json::Result<Self> {
        match kind {
            MemberKind::Location => serde_json::from_str(text).map(Self::Location),
            MemberKind::Channel => serde_json::from_str(text).map(Self::Channel),
            MemberKind::LocationGroup => serde_json::from_str(text).map(Self::LocationGroup),
            MemberKind::Calendar => serde_json::from_str(text).map(Self::Calendar),
            MemberKind::CarrierService => serde_json::from_str(text).map(Self::Service),
            MemberKind::CarrierClosure => serde_json::from_str(text).map(Self::Closure),
            MemberKind::SourcingPolicy => serde_json::from_str(text).map(Self::Policy),
            MemberKind::ScreeningRules => {
                let rules = serde_json::from_str(text)?;
                Ok(Self::Screening(ScreeningId(number), rules))
            }
            MemberKind::Recalls => serde_json::from_str(text).map(Self::Recalls),
        }
    }
}

/// A member is written as what it is.
impl Serialize for Member {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Location(location) => location.serialize(serializer),
            Self::Channel(channel) => channel.serialize(serializer),
            Self::LocationGroup(group) => group.serialize(serializer),
            Self::Calendar(calendar) => calendar.serialize(serializer),
            Self::Service(service) => service.serialize(serializer),
            Self::Closure(closure) => closure.serialize(serializer),
            Self::Policy(policy) => policy.serialize(serializer),
            Self::Screening(_, rules) => rules.serialize(serializer),
            Self::Recalls(recalls) => recalls.serialize(serializer),
        }
    }
}

impl Network {
    /// Puts a member in its place, or after the others of its kind. Says no where it would leave a gap.
    #[must_use = "a member that leaves a gap is not put"]
    pub fn put(&mut self, member: Member) -> bool {
        let number = usize::from(member.number());
        match member {
            Member::Location(location) => put_at(&mut self.locations, number, location),
            Member::Channel(channel) => put_at(&mut self.channels, number, channel),
            Member::LocationGroup(group) => put_at(&mut self.groups, number, group),
            Member::Calendar(calendar) => put_at(&mut self.calendars, number, calendar),
            Member::Service(service) => put_at(&mut self.services, number, service),
            Member::Closure(closure) => put_at(&mut self.closures, number, closure),
            Member::Policy(policy) => put_at(&mut self.policies, number, policy),
            Member::Screening(_, rules) => put_at(&mut self.screening, number, rules),
            Member::Recalls(recalls) => {
                self.recalls = recalls;
                true
            }
        }
    }
}

fn put_at<T>(members: &mut Vec<T>, number: usize, member: T) -> bool {
    let is_next = number == members.len();
    match members.get_mut(number) {
        Some(place) => *place = member,
        None if is_next => members.push(member),
        None => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::LocationGroupId;
    use super::*;

    fn group(number: u16) -> Member {
        Member::LocationGroup(Arc::new(LocationGroup {
            id: LocationGroupId(number),
            code: format!("G{number}"),
            name: "a group".to_owned(),
            locations: Vec::new(),
        }))
    }

    #[test]
    fn a_member_takes_its_place_and_leaves_no_gap() {
        let mut network = Network::default();
        assert!(network.put(group(0)) && network.put(group(1)) && network.put(group(0)));
        assert!(!network.put(group(3)));
        assert_eq!(network.groups.len(), 2);
    }

    #[test]
    fn a_member_is_read_as_it_was_written() {
        let text = serde_json::to_string(&group(7)).unwrap();
        assert_eq!(
            Member::read(MemberKind::LocationGroup, 7, &text).unwrap(),
            group(7)
        );
        assert!(Member::read(MemberKind::Location, 7, &text).is_err());
    }
}
