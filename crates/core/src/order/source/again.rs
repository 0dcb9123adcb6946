//! Deciding a past order again, and what was decided then by the same measure.

use std::sync::Arc;

use super::planning::Allowed;
use super::substitute::find_or_substitute;
use super::{PlannedParty, Scope, Together, distance_km, find_by, policy_of};
use crate::decide::{Attempt, Stop};
use crate::money::Currency;
use crate::network::Network;
use crate::order::entry::Allotment;
use crate::order::replay::{OrderReplay, PastOrder, Placing, SideOfOrder};
use crate::order::{Method, Order};
use crate::sourcing::policy::PolicyId;
use crate::sourcing::{Cost, Group};

/// A past order decided again.
#[derive(Debug)]
pub struct DecidedAgain {
    /// Beside what was decided then.
    pub order: OrderReplay,
    /// What is decided now.
    pub allotments: Vec<Allotment>,
    /// The order with what came instead of what nobody served.
    pub after: Order,
}

/// Decides a past order again on what the attempt has of stock and days, and looks what its policy makes of what was decided
/// then. The facts hold the order as it was. Nothing is written down.
///
/// # Errors
/// Stops when facts are missing.
pub fn decide_again(
    attempt: &mut Attempt<'_>,
    past: &PastOrder,
    policy: Option<PolicyId>,
) -> Result<DecidedAgain, Stop> {
    let id = past.order.id;
    let mut together = Together {
        policy,
        ..Together::default()
    };
    let policy = match policy {
        Some(_) => together.policy_of(attempt, id)?,
        None => policy_of(attempt, id)?,
    };
    let allowed = Allowed::default();
    together.parties = vec![as_was(past)];
    let then = find_by(
        attempt,
        id,
        Scope::Open,
        policy.clone(),
        allowed,
        Some(&together),
    )?;
    let then = then.unwrap_or_default();
    // Last, as the order may have other lines then: what comes instead of what nobody serves.
    let now = find_or_substitute(attempt, id, Scope::Open, policy, allowed)?;
    let now = now.unwrap_or_default();
    let after = attempt.order(id)?.clone();
    let network = Arc::clone(attempt.network());
    let lines = past.order.progress.lines.iter();
    let mut order = OrderReplay {
        wanted: lines.map(|line| line.open).sum(),
        was: side(&network, &past.order, &past.allotments),
        replayed: side(&network, &after, &now.allotments),
        currency: None,
    };
    let is_same_plan = side(&network, &past.order, &then.allotments).served() == order.was.served();
    if let (Some(was), Some(replayed)) = (costs(&then.groups), costs(&now.groups))
        && is_same_plan
        && order.was.served() == order.replayed.served()
        && was.0 == replayed.0
    {
        order.currency = Some(was.0);
        order.was.cost = was.1;
        order.replayed.cost = replayed.1;
        // The days of both by the same timetables.
        order.was.late_days = side(&network, &past.order, &then.allotments).late_days;
    }
    Ok(DecidedAgain {
        order,
        allotments: now.allotments,
        after,
    })
}

/// What was decided then, as a plan whose units are taken to be there.
fn as_was(past: &PastOrder) -> PlannedParty {
    let mut at = Vec::new();
    for allotment in &past.allotments {
        let Some(location) = allotment.location else {
            continue;
        };
        let units = allotment.lines.iter().filter_map(|units| {
            let item = past.order.placed.line(units.line)?.item?;
            Some((item, units.quantity))
        });
        at.push((location, units.collect()));
    }
    PlannedParty {
        lines: Vec::new(),
        at,
        is_given: true,
    }
}

/// The costs of all groups; none where one of them is not weighed in money, or in another currency.
fn costs(groups: &[Group]) -> Option<(Currency, Cost)> {
    let mut sum: Option<(Currency, Cost)> = None;
    for group in groups {
        let weighing = group.weighing.as_ref()?;
        let currency = weighing.currency?;
        let (known, cost) = sum.unwrap_or((currency, Cost::default()));
        if known != currency {
            return None;
        }
        let served = weighing.served.iter().map(|one| one.cost);
        sum = Some((currency, served.fold(cost, Cost::plus)));
    }
    sum
}

fn side(network: &Network, order: &Order, allotments: &[Allotment]) -> SideOfOrder {
    let mut side = SideOfOrder::default();
    for allotment in allotments {
        let Some(location) = allotment.location else {
            continue;
        };
        side.placings.push(Placing {
            location,
            load: allotment.load(),
        });
        let lines = || {
            allotment
                .lines
                .iter()
                .filter_map(|one| order.placed.line(one.line))
        };
        if let (Method::Ship, Some(known), Some(line)) =
            (allotment.method, network.location(location), lines().next())
        {
            let destination = line.destination.as_ref();
            let destination = destination.unwrap_or(&order.placed.destination);
            side.distance_km += distance_km(destination, known);
        }
        let due = lines().filter_map(|line| line.requested_date).min();
        let arrives = allotment.route.and_then(|route| route.arrives_on);
        if let Some((due, arrives)) = due.zip(arrives) {
            let days = due
                .until(arrives)
                .map_or(0, |span| i64::from(span.get_days()));
            side.late_days = side.late_days.max(days);
        }
    }
    side
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_past_order_is_decided_again_under_another_policy_or_network() {
        story(
            "
                location L1 labour=100,0,0
                location L2 labour=50,0,0
                location L3 labour=900,0,0
                stock A@L1=5
                stock A@L2=2
                stock A@L3=5
                order A=2 > order open; F1@L1 open A:2 assigned; A@L1 5/2
                decide-again > of 2 then 2@L1 20000 km, now 2@L1 20000 km
                policy P cost split=300 from=60m
                decide-again > of 2 then 2@L1 20000 km, now 2@L1 20000 km
                decide-again by=P > of 2 then 2@L1 for 100 20000 km, now 2@L2 for 50 20000 km; other
                decide-again by=P closed=L2 > of 2 then 2@L1 for 100 20000 km, now 2@L1 for 100 20000 km
                decide-again by=P closed=L1 > of 2 then 2@L1 20000 km, now 2@L2 20000 km; other
                policy R nearest from=60m
                decide-again by=R > of 2 then 2@L1 20000 km, now 2@L1 20000 km
                order A=99 > order open; A 89 backordered; F1@L1 open A:3 assigned; F2@L2 open A:2 assigned; F3@L3 open A:5 assigned; A@L1 5/5; A@L2 2/2; A@L3 5/5
                decide-again by=P > of 99 then 3@L1 2@L2 5@L3 for 1650 60000 km, now 3@L1 2@L2 5@L3 for 1650 60000 km
                channel later
                order A=1 > order open; A 1 open
                decide-again > it was never sourced
            ",
        );
    }
}
