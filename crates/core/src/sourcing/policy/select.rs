//! Which policy decides on an order.

use std::sync::Arc;

use super::{Constraints, Goal, Policy, PolicyId, Preference};
use crate::condition::{ConditionError, OrderContext};
use crate::network::{ChannelId, Network};
use crate::time::Millis;

/// The versions that are in force at a time for a channel's orders, those that decide first in front: of each policy the
/// last one that has come into force.
#[must_use]
pub fn in_force(network: &Network, channel: ChannelId, now: Millis) -> Vec<&Arc<Policy>> {
    let begun = |policy: &&Arc<Policy>| policy.valid_from <= now;
    let mut latest: Vec<&Arc<Policy>> = Vec::new();
    for policy in network.policies.iter().filter(begun) {
        match latest.iter_mut().find(|known| known.code == policy.code) {
            Some(known) if known.valid_from <= policy.valid_from => *known = policy,
            Some(_) => {}
            None => latest.push(policy),
        }
    }
    latest.retain(|policy| {
        !policy.retired && (policy.channels.is_empty() || policy.channels.contains(&channel))
    });
    latest.sort_by_key(|policy| (policy.rank, policy.id));
    latest
}

impl Policy {
    /// What decides where no policy is in force, as a policy: it plans routes, too.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            id: PolicyId::default(),
            code: "complete-then-fewest".to_owned(),
            version: 1,
            name: "complete from one location, else from as few as possible".to_owned(),
            valid_from: Millis::default(),
            channels: Vec::new(),
            when: None,
            rank: 0,
            retired: false,
            constraints: Constraints::default(),
            goal: Goal::Ranked(vec![
                Preference::FewestLocations,
                Preference::Priority,
                Preference::Nearest,
            ]),
            unserved: None,
            unserved_then: None,
        }
    }

    /// Whether it is for this order. A condition that cannot be told of the order does not hold.
    #[must_use]
    pub fn fits(&self, order: &OrderContext) -> bool {
        let told = self.when.as_ref().map(|when| when.holds(order));
        matches!(told, None | Some(Ok(true)))
    }

    /// Why its condition cannot be told of this order, if it cannot.
    #[must_use]
    pub fn cannot_tell(&self, order: &OrderContext) -> Option<ConditionError> {
        self.when.as_ref()?.holds(order).err()
    }

    /// The policy as explanations name it.
    #[must_use]
    pub fn name_of_version(&self) -> String {
        format!("{}/{}", self.code, self.version)
    }
}
