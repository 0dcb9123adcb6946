//! Freight: how locations can send a party, what that costs, and when it arrives.

use super::candidates::Open;
use super::planning::Planner;
use crate::decide::Stop;
use crate::order::entry::Route;
use crate::sourcing::Reason;
use crate::sourcing::policy::Policy;
use crate::sourcing::solve::Shipping;

/// The ways in which a party can be sent.
pub(super) struct Freight<'n> {
    network: &'n crate::network::Network,
}

impl<'n> Freight<'n> {
    pub(super) fn of(planner: &Planner<'_, 'n>, _policy: &Policy) -> Result<Self, Stop> {
        Ok(Self {
            network: planner.attempt.network(),
        })
    }

    /// Grams of a unit of an item, by weight class.
    pub(super) fn weights_of(&self, _item: usize) -> Vec<i64> {
        Vec::new()
    }

    /// How a location can send the party.
    pub(super) fn ways(
        &mut self,
        _planner: &Planner<'_, '_>,
        _open: &Open<'_>,
    ) -> Result<Vec<Shipping>, Reason> {
        Ok(Vec::new())
    }

    /// When what a location serves leaves it and arrives.
    pub(super) fn route(
        &self,
        planner: &Planner<'_, '_>,
        open: &Open<'_>,
        _shipping: Option<u32>,
    ) -> Option<Route> {
        let day = planner.day_of(open)?;
        Some(Route {
            leaves_on: open.location.leaves_on(self.network, day.date),
            arrives_on: None,
        })
    }

    /// What the lateness of the way that was taken counts as.
    pub(super) fn late_minor(
        &self,
        _planner: &Planner<'_, '_>,
        _open: &Open<'_>,
        _shipping: Option<u32>,
    ) -> i64 {
        0
    }
}
