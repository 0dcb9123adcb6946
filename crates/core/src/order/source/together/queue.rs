//! The next orders of a waiting queue: what each asks for, and a plan for all of them.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::plan::{Contending, CurrencyTally, PlannedOrder, plan_contending};
use super::{Together, ask};
use crate::decide::{Attempt, Stop};
use crate::id::OrderId;
use crate::money::Currency;
use crate::order::queue::Rank;
use crate::sourcing::policy::PolicyId;

/// What is planned for the next orders.
#[derive(Debug, Default)]
pub struct PlannedQueue {
    /// By rank: those who come first have their turn first.
    pub turns: Vec<Turn>,
    /// What it comes to, by currency.
    pub tallies: Vec<CurrencyTally>,
}

/// An order and what was planned for it.
#[derive(Debug)]
pub struct Turn {
    /// Which.
    pub order: OrderId,
    /// What it is sourced with.
    pub together: Arc<Together>,
    /// The currency and the plan; absent where it is sourced on its own.
    pub plan: Option<(Currency, PlannedOrder)>,
}

/// Plans for the next orders of a queue, in the order of their ranks. Nothing is written down.
///
/// # Errors
/// Stops when facts are missing: all that are, at once.
pub fn plan_queue(
    attempt: &mut Attempt<'_>,
    ranks: &[Rank],
    policy: Option<PolicyId>,
) -> Result<PlannedQueue, Stop> {
    let mut by_age: Vec<usize> = (0..ranks.len()).collect();
    by_age.sort_by_key(|at| ranks[*at].queued());
    let mut queued = vec![0; ranks.len()];
    by_age
        .iter()
        .enumerate()
        .for_each(|(place, at)| queued[*at] = place);
    let orders: Arc<FxHashSet<OrderId>> = Arc::new(ranks.iter().map(Rank::order).collect());
    let nothing = Together {
        orders,
        policy,
        parties: Vec::new(),
    };
    let mut contending = Vec::with_capacity(ranks.len());
    let mut missing = Vec::new();
    for (rank, queued) in ranks.iter().zip(queued) {
        match ask(attempt, rank.order(), &nothing) {
            Ok(Some(asking)) => contending.push(Contending {
                order: rank.order(),
                queued,
                asking,
            }),
            Ok(None) => {}
            Err(Stop::Missing(needs)) => missing.extend(needs),
            Err(refused @ Stop::Refused(_)) => return Err(refused),
        }
    }
    if !missing.is_empty() {
        return Err(Stop::Missing(missing));
    }
    let planned = plan_contending(&contending);
    let plans = contending.iter().zip(planned.orders);
    let mut plans = plans.map(|(one, plan)| (one.order, (one.asking.currency, plan)));
    let mut next = plans.next();
    let turns = ranks.iter().map(|rank| {
        let order = rank.order();
        let plan = next.take_if(|(of, _)| *of == order).map(|(_, plan)| plan);
        if plan.is_some() {
            next = plans.next();
        }
        let plan = plan.filter(|(_, plan)| plan.is_planned());
        let parties = plan.as_ref().map(|(_, plan)| plan.parties.clone());
        Turn {
            order,
            together: Arc::new(Together {
                parties: parties.unwrap_or_default(),
                ..nothing.clone()
            }),
            plan,
        }
    });
    Ok(PlannedQueue {
        turns: turns.collect(),
        tallies: planned.tallies,
    })
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn those_who_wait_are_served_together_at_a_lower_cost() {
        story(
            "
                location L1 labour=100,0,0
                location L2 labour=150,0,0
                location L3 labour=900,0,0
                policy P cost split=300
                channel later
                order A=1 > order open; A 1 open
                order A=1 B=1 > order open; A 1 open; B 1 open
                stock A@L1=1 > A@L1 1/0
                stock A@L3=9 > A@L3 9/0
                stock B@L1=9 > B@L1 9/0
                plan-queue > O1 A=1@L3 for 900 (alone 1 for 100); O2 A=1@L1 B=1@L1 for 100 (alone 2 for 1300); EUR: 1000 for 3 together, 1400 for 3 one by one, at least 1000
                run-queue > O1 gets 1 as planned; O2 gets 2 as planned; O1: F1@L3 open A:1 assigned leaves 2026-01-05; F1@L1 open A:1 assigned B:1 assigned leaves 2026-01-05; A@L1 1/1; A@L3 9/1; B@L1 9/1
                why > A,B: chosen L1 no_stock L2 planned_for_others L3 = 100 (L1: labour 100)
            ",
        );
    }

    #[test]
    fn scarce_units_go_by_priority_then_by_what_was_promised_then_by_age() {
        story(
            "
                location L1 labour=100,0,0
                policy P cost split=300
                channel later
                order A=2 > order open; A 2 open
                order A=2!2026-02-01 > order open; A 2 open
                order A=2!2026-01-20 > order open; A 2 open
                order A=2 priority=5 > order open; A 2 open; priority 5
                stock A@L1=5 > A@L1 5/0
                plan-queue > O4 A=2@L1 for 100 (alone 2 for 100); O3 A=2@L1 for 100 (alone 0 for 0); O2 A=1@L1 for 100 (alone 1 for 100); O1 nothing for 0 (alone 2 for 100); EUR: 300 for 5 together, 300 for 5 one by one, at least 300
                run-queue > O4 gets 2 as planned; O3 gets 2 as planned; O2 gets 1 as planned; O1 gets 0 as planned; O1: A 2 backordered; O2: A 1 backordered; O2: F1@L1 open A:1 assigned leaves 2026-01-05; O3: F1@L1 open A:2 assigned leaves 2026-01-05; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 5/5
            ",
        );
    }

    #[test]
    fn a_plan_that_does_not_fit_any_more_is_decided_again() {
        story(
            "
                location L1 labour=100,0,0
                location L2 labour=150,0,0
                policy P cost split=300
                channel later
                order A=1 > order open; A 1 open
                order A=2 > order open; A 2 open
                stock A@L1=3 > A@L1 3/0
                stock A@L2=2 > A@L2 2/0
                plan-queue > O1 A=1@L1 for 100 (alone 1 for 100); O2 A=2@L1 for 100 (alone 2 for 100); EUR: 200 for 3 together, 200 for 3 one by one, at least 200
                adjust A@L1=-2 > A@L1 1/0
                run-queue > O1 gets 1 as planned; O2 gets 2 decided again; O1: F1@L1 open A:1 assigned leaves 2026-01-05; F1@L2 open A:2 assigned leaves 2026-01-05; A@L1 1/1; A@L2 2/2
                run-queue
            ",
        );
    }

    #[test]
    fn orders_whose_policy_does_not_weigh_costs_have_their_turn_on_their_own() {
        story(
            "
                location L1 labour=100,0,0
                channel later
                order A=1 > order open; A 1 open
                order A=2 > order open; A 2 open
                stock A@L1=2 > A@L1 2/0
                plan-queue > O1 on its own; O2 on its own
                policy P cost split=300 from=60m
                plan-queue by=P > O1 A=1@L1 for 100 (alone 1 for 100); O2 A=1@L1 for 100 (alone 1 for 100); EUR: 200 for 2 together, 200 for 2 one by one, at least 200
                run-queue by=P > O1 gets 1 as planned; O2 gets 1 as planned; O1: F1@L1 open A:1 assigned leaves 2026-01-05; A 1 backordered; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 2/2
            ",
        );
    }

    #[test]
    fn nobody_is_planned_onto_a_day_that_is_full() {
        story(
            "
                location L1 labour=100,0,0 capacity=1
                location L2 labour=400,0,0
                policy P cost split=300
                channel later
                order A=1 > order open; A 1 open
                order A=1 > order open; A 1 open
                order A=1 > order open; A 1 open
                stock A@L1=9 > A@L1 9/0
                stock A@L2=1 > A@L2 1/0
                plan-queue > O1 A=1@L1 for 100 (alone 1 for 100); O2 A=1@L2 for 400 (alone 1 for 400); O3 on its own; EUR: 500 for 2 together, 500 for 2 one by one, at least 498
                run-queue > O1 gets 1 as planned; O2 gets 1 as planned; O3 gets 1 alone; O1: F1@L1 open A:1 assigned on 2026-01-05 leaves 2026-01-05; O2: F1@L2 open A:1 assigned leaves 2026-01-05; F1@L1 open A:1 assigned on 2026-01-06 leaves 2026-01-06; A@L1 9/2; A@L2 1/1
            ",
        );
    }
}
