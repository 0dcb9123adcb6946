//! Weighing: what each location would cost, the cheapest plan by the optimiser, and what is kept of the decision.

use smallvec::SmallVec;

use super::candidates::Open;
use super::freight::Freight;
use super::planning::{Found, Planner};
use crate::decide::Stop;
use crate::network::LocationId;
use crate::sourcing::policy::{Goal, Objective, Policy, Preference};
use crate::sourcing::solve::{
    Bundle, Demand, LARGEST_COST_MINOR, Problem, Scarcity, Source, solve,
};
use crate::sourcing::{Cost, Reason};

/// Bounds the search: others wait in the queue meanwhile.
pub const NODE_BUDGET: u64 = 30_000;
/// Runner-up plans that are kept.
const RUNNERS_UP: usize = 3;
/// Most parts that are weighed together; more are weighed in pieces.
pub(super) const PARTS_MAX: usize = 64;
/// What the optimiser counts a location as, where as few as possible are wanted, in places of the order of preference.
const ANOTHER_LOCATION: i64 = 100_000_000;
/// What a unit that nobody serves counts as, where whatever can be served is.
const UNSERVED_MINOR: i64 = LARGEST_COST_MINOR;

type Stock = SmallVec<[i64; 4]>;

/// Finds the best plan by the policy's goal.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn weigh<'p, 'a>(
    planner: &Planner<'p, 'a>,
    policy: &'p Policy,
    open: &[Open<'a>],
    has: &[Stock],
) -> Result<Found, Stop> {
    let weighable = weighable(planner, policy, open, has)?;
    let Weighable {
        freight,
        barred,
        weighed,
        mut problem,
    } = weighable;
    if let Goal::Ranked(preferences) = &policy.goal {
        rank(planner, preferences, &weighed, &mut problem);
    }
    let solution = solve(&problem);
    let mut found = super::weighed::found(planner, policy, &weighed, &problem, &solution, &freight);
    found.reasons.splice(0..0, barred);
    Ok(found)
}

/// What is weighed: the problem, and what its sources are.
pub(super) struct Weighable<'p, 'o, 'a> {
    freight: Freight<'p, 'a>,
    barred: Vec<(LocationId, Reason)>,
    pub(super) weighed: Vec<&'o Open<'a>>,
    pub(super) problem: Problem,
}

/// Puts down what everything costs.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn weighable<'p, 'o, 'a>(
    planner: &Planner<'p, 'a>,
    policy: &'p Policy,
    open: &'o [Open<'a>],
    has: &[Stock],
) -> Result<Weighable<'p, 'o, 'a>, Stop> {
    let mut freight = Freight::of(planner, policy)?;
    let mut barred = Vec::new();
    let mut weighed = Vec::with_capacity(open.len());
    let mut problem = problem(planner, policy, &freight);
    for (one, has) in open.iter().zip(has) {
        if let Some(reason) = planner.bars_piece(one.location.id) {
            barred.push((one.location.id, reason));
            continue;
        }
        match freight.ways(planner, one) {
            Ok(shipping) => {
                let mut source = source(planner, policy, one, has)?;
                source.id = u32::from(one.location.id.0);
                source.shipping = shipping;
                problem.sources.push(source);
                weighed.push(one);
            }
            Err(reason) => barred.push((one.location.id, reason)),
        }
    }
    Ok(Weighable {
        freight,
        barred,
        weighed,
        problem,
    })
}

fn problem(planner: &Planner<'_, '_>, policy: &Policy, freight: &Freight<'_, '_>) -> Problem {
    let unserved = match &policy.goal {
        Goal::LowestCost(objective) => objective.unserved_minor.unwrap_or(UNSERVED_MINOR),
        Goal::Ranked(_) => UNSERVED_MINOR,
    };
    let parts = planner.demands.parts.iter();
    let demands = parts.map(|part| Demand {
        pool: part.item,
        quantity: part.quantity,
        unserved_minor: unserved,
        weights_g: freight.weights_of(part.item),
        case: part.case,
    });
    let bundles = planner.demands.bundles().into_iter();
    Problem {
        demands: demands.collect(),
        pools: planner.demands.items.len(),
        bundles: bundles.map(|demands| Bundle { demands }).collect(),
        sources: Vec::new(),
        max_sources: planner.more_locations(policy),
        node_budget: NODE_BUDGET,
        runners_up: RUNNERS_UP,
    }
}

fn source(
    planner: &Planner<'_, '_>,
    policy: &Policy,
    open: &Open<'_>,
    has: &Stock,
) -> Result<Source, Stop> {
    let mut source = Source {
        has: has.to_vec(),
        ..Source::default()
    };
    if let Goal::LowestCost(objective) = &policy.goal {
        let cost = fixed(planner, objective, open)?;
        let labour = open.location.labour;
        source.fixed_minor = cost.total_minor();
        source.line_minor = objective.labour(labour.line_minor);
        let unit = objective.labour(labour.unit_minor) - credit(planner, objective, open);
        source.unit_minor = vec![unit; has.len()];
        if let Some(scarce) = objective.scarce {
            let of = |units: &i64| Scarcity {
                free_units: units - scarce.last_units,
                extra_minor: scarce.extra_minor,
            };
            source.scarce = has.iter().map(of).collect();
        }
    }
    Ok(source)
}

/// What a location costs once it is used at all. The first one is no split; that is taken off the plan.
pub(super) fn fixed(
    planner: &Planner<'_, '_>,
    objective: &Objective,
    open: &Open<'_>,
) -> Result<Cost, Stop> {
    let location = open.location;
    if planner.before.contains(&location.id) {
        return Ok(Cost::default());
    }
    let mut cost = Cost {
        labour_minor: objective.labour(location.labour.order_minor),
        split_minor: objective.split_minor,
        distance_minor: objective.distance_minor.saturating_mul(open.distance_km) / 100,
        priority_minor: objective
            .priority_minor
            .saturating_mul(i64::from(location.priority)),
        ..Cost::default()
    };
    let day = open.work_day.filter(|day| day.counted);
    if let Some((day, capacity)) = day.zip(location.capacity.as_ref()) {
        let load = planner.attempt.load_on(location.id, day.date)?;
        let (used, limit) = (load.of(capacity.unit), capacity.limit_on(day.date).max(1));
        cost.full_day_minor = objective.full_day_minor.saturating_mul(used.min(limit)) / limit;
    }
    Ok(cost)
}

/// What each unit is worth that leaves the location.
pub(super) fn credit(planner: &Planner<'_, '_>, objective: &Objective, open: &Open<'_>) -> i64 {
    let network = planner.attempt.network();
    let credits = objective.credits.iter();
    credits
        .filter(|credit| credit.place.has(network, open.location.id))
        .map(|credit| credit.unit_minor)
        .sum()
}

/// Prices the locations by their places in the order of preference, so that the cheapest plan is the preferred one.
fn rank(
    planner: &Planner<'_, '_>,
    preferences: &[Preference],
    open: &[&Open<'_>],
    problem: &mut Problem,
) {
    let mut order: Vec<usize> = (0..open.len()).collect();
    let key = |position: usize| {
        let one = open[position];
        let of = |preference: &Preference| match preference {
            Preference::FewestLocations => 0,
            Preference::SameCountry => {
                let country = &one.location.address.country;
                i64::from(*country != planner.party.destination.country)
            }
            Preference::Nearest => one.distance_km,
            Preference::Priority => i64::from(one.location.priority),
            Preference::Earliest => {
                let day = planner.day_of(one).map(|day| day.date);
                day.map_or(i64::MAX, |date| {
                    i64::from(date.year()) * 366 + i64::from(date.day_of_year())
                })
            }
        };
        preferences.iter().map(of).collect::<SmallVec<[i64; 4]>>()
    };
    order.sort_by_cached_key(|position| (key(*position), *position));
    let is_fewest = preferences.first() == Some(&Preference::FewestLocations);
    for (place, position) in (0i64..).zip(order) {
        let source = &mut problem.sources[position];
        if is_fewest {
            let another = match planner.before.contains(&open[position].location.id) {
                true => 0,
                false => ANOTHER_LOCATION,
            };
            source.fixed_minor = another + place;
        } else {
            source.unit_minor = vec![place; source.has.len()];
        }
    }
}

impl Policy {
    /// Whether later days are weighed against other costs, so that all days come into question at once.
    pub(super) fn weighs_days(&self) -> bool {
        match &self.goal {
            Goal::LowestCost(objective) => objective.late_day_minor > 0,
            Goal::Ranked(_) => false,
        }
    }
}

impl Objective {
    /// What labour counts as.
    fn labour(&self, minor: i64) -> i64 {
        crate::money::share(minor, self.labour_percent, 100)
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn the_cheapest_plan_is_chosen_and_its_cost_broken_down() {
        story(
            "
                location L1 at=48.1,11.6 labour=300,20,10
                location L2 at=52.5,13.4 labour=100,20,10
                location L3 at=45.8,4.8 labour=50,20,10
                policy P cost split=400 km=50
                stock A@L1=5
                stock A@L2=5
                stock B@L3=5
                stock A@L3=1
                order A=2 to=48.1,11.6 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 5/2
                why > A: chosen L1 dominated L2,L3 = 340 (L1: labour 340) then L2 392 alone L2 392
                order A=2 B=1 to=48.1,11.6 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; F2@L3 open B:1 assigned leaves 2026-01-05; A@L1 5/4; B@L3 5/1
                why > A,B: chosen L1,L3 not_needed L2 = 1107 (L1: labour 340) (L3: distance 287, labour 80, split 400)
                order A=1 B=1 to=48.1,11.6 > order open; F1@L3 open A:1 assigned B:1 assigned leaves 2026-01-05; A@L3 1/1; B@L3 5/2
                why > A,B: chosen L3 not_needed L1,L2 = 397 (L3: distance 287, labour 110)
            ",
        );
    }

    #[test]
    fn last_units_full_days_and_credits_are_weighed_in_money() {
        story(
            "
                location L1 labour=100,0,0 capacity=2
                location L2 labour=150,0,0
                group OLD L2
                stock A@L1=9
                stock A@L2=9
                policy P cost full=200
                order A=1 > order open; F1@L1 open A:1 assigned on 2026-01-05 leaves 2026-01-05; A@L1 9/1
                order A=1 > order open; F1@L2 open A:1 assigned leaves 2026-01-05; A@L2 9/1
                policy P cost last=3:40
                order A=7 > order open; F1@L1 open A:7 assigned on 2026-01-05 leaves 2026-01-05; A@L1 9/8
                policy P cost credit=OLD:60
                order A=1 > order open; F1@L2 open A:1 assigned leaves 2026-01-05; A@L2 9/2
                why > A: chosen L2 full L1 = 90 (L2: credit 60, labour 150)
            ",
        );
    }

    #[test]
    fn ranked_preferences_are_compared_one_after_the_other() {
        story(
            "
                location L1 at=FR priority=9
                location L2 at=DE priority=5
                location L3 at=DE priority=1
                stock A@L1=9
                stock A@L2=3
                stock A@L3=3
                policy P country priority
                order A=4 to=1 > order open; F1@L2 open A:1 assigned leaves 2026-01-05; F2@L3 open A:3 assigned leaves 2026-01-05; A@L2 3/1; A@L3 3/3
                why > A: chosen L2,L3 costs_more L1
                policy P fewest country
                order A=4 to=1 > order open; F1@L1 open A:4 assigned leaves 2026-01-05; A@L1 9/4
                why > A: chosen L1 not_needed L2 no_stock L3
            ",
        );
    }

    #[test]
    fn constraints_bar_locations_and_bind_plans() {
        story(
            "
                location L1
                location L2
                location L3 supplier
                group OWN L1 L2
                stock A@L1=2
                stock A@L2=2
                stock B@L2=2
                stock A@L3=9
                policy P fewest allow=OWN
                order A=1 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 2/1
                why > A: chosen L1 not_allowed L3 dominated L2
                policy P fewest suppliers-last
                order A=4 > order open; F1@L3 open (submitted) A:4 assigned leaves 2026-01-05; A@L3 9/4
                policy P fewest exclude=L1:flood leave=1
                order B=2 > order open; B 1 backordered; F1@L2 open B:1 assigned leaves 2026-01-05; B@L2 2/1
                why > B: chosen L2 no_stock L3 excluded_by_policy L1 missing B=1
                policy P fewest max=1
                order A=1 B=1 > O3: F1@L2 open B:2 assigned leaves 2026-01-05; order open; B 1 backordered; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 2/2; B@L2 2/2
                policy P fewest keep=order
                order A=1 B=1 > order open; A 1 backordered; B 1 backordered
            ",
        );
    }

    #[test]
    fn suppliers_ship_what_nobody_else_has() {
        story(
            "
                location L1
                location L2 supplier
                stock A@L1=3
                stock A@L2=9
                policy P fewest unserved=drop-ship
                order A=2 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 3/2
                why > A: chosen L1 suppliers_last L2
                order A=4 > order open; F1@L2 open (submitted) A:4 assigned leaves 2026-01-05; A@L2 9/4
                order A=7 > order open; A 1 backordered; F1@L1 open A:1 assigned leaves 2026-01-05; F2@L2 open (submitted) A:5 assigned leaves 2026-01-05; A@L1 3/3; A@L2 9/9
            ",
        );
    }

    #[test]
    fn a_kit_comes_whole_from_one_location_where_the_policy_says_so() {
        story(
            "
                location L1
                location L2
                item A
                item B
                item K kit A=1 B=1
                stock A@L1=3
                stock B@L2=3
                policy P fewest
                order K=1 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; F2@L2 open B:1 assigned leaves 2026-01-05; A@L1 3/1; B@L2 3/1
                policy P fewest keep=kits
                order K=1 > order open; A 1 backordered; B 1 backordered
                order K=1 A=1 > order open; A 1 backordered; B 1 backordered; F1@L1 open A#2:1 assigned leaves 2026-01-05; A@L1 3/2
                stock B@L1=2 > O2: F1@L1 open A:1 assigned B:1 assigned leaves 2026-01-05; A@L1 3/3; B@L1 2/1
            ",
        );
    }

    #[test]
    fn what_nobody_serves_is_treated_as_the_policy_says() {
        story(
            "
                location L1
                stock A@L1=1
                policy P fewest unserved=cancel
                order A=3 > order open; A 2 cancelled; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 1/1
                order A=2 > order cancelled; A 2 cancelled
                policy P fewest unserved=hold
                order A=2 > order on_hold; A 2 open; H1 stock active (not in stock: 2 × A)
                policy P fewest unserved=refuse
                order A=2 > insufficient_stock: SKU \"A\" is short by 2; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                policy P fewest unserved=wait
                channel refuse
                order A=2 > order open; A 2 backordered
            ",
        );
    }

    #[test]
    fn a_policy_is_for_its_channels_its_orders_and_its_time() {
        story(
            "
                location L1 priority=1
                location L2 priority=2
                stock A@L1=9
                stock A@L2=9
                group G L2
                policy BIG fewest allow=G when=units>=5 rank=1
                policy LATER fewest allow=G from=60m rank=2
                order A=1 > order open; F1@L1 open A:1 assigned; A@L1 9/1
                why > A: chosen L1 less_preferred L2
                order A=5 > order open; F1@L2 open A:5 assigned leaves 2026-01-05; A@L2 9/5
                wait 60m
                order A=1 > order open; F1@L2 open A:1 assigned leaves 2026-01-05; A@L2 9/6
                policy LATER fewest retired
                order A=1 > order open; F1@L1 open A:1 assigned; A@L1 9/2
                policy LATER nearest fewest > invalid_field: /ranked/1 fewest_locations must be named first, or not at all
                policy OTHER fewest max=0 > invalid_field: /constraints/max_locations must be at least 1; leave it away for any number
                policy OTHER cost split=-1 > invalid_field: /objective/split_minor must lie between 0 and 1000000000
                policy OTHER fewest margin=9 > invalid_field: /constraints/margin_floor_percent needs an objective; ranked rules do not count costs
                policy LATER fewest from=-5m > invalid_field: /valid_from has passed; what was decided on the version before stays as it is, so a new one begins now or later
            ",
        );
    }
}
