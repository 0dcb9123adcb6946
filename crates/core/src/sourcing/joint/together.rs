//! From who competes for what to a plan for all of them, and what is proven of it.

use super::improve::Whole;
use super::ledger::{Left, Planned, plan};
use super::model::{Contender, Given, Joint, Outcome, Tally};
use super::prices::Climb;
use super::service::{Flow, greatest_common, serve};

/// A unit that nobody serves counts as this many times what the dearest contender costs.
const UNSERVED_TIMES: i64 = 4;
const UNSERVED_LEAST_MINOR: i64 = 100_000;

/// Plans for all contenders together.
#[must_use]
pub fn plan_together(joint: &Joint) -> Outcome {
    let in_cases = in_cases(joint);
    let joint = in_cases.as_ref().unwrap_or(joint);
    let one_by_one = one_by_one(joint);
    let flow = serve(joint);
    let served = served(joint, &flow, &one_by_one);
    let fed = fed(&served, &flow);
    let mut climb = Climb::new(&served);
    let alone = climb.plans().to_vec();
    let mut best = Whole::of(&served, &fed);
    best.improve(&served);
    keep(&mut best, Whole::of(&served, &in_turn(&served)));
    if let Some(plans) = as_good(&served, &one_by_one) {
        keep(&mut best, Whole::of(&served, &plans));
    }
    let mut rounds = 0;
    loop {
        let mut whole = Whole::of(&served, climb.plans());
        whole.improve(&served);
        keep(&mut best, whole);
        if rounds == joint.rounds || !climb.round(best.total_minor()) {
            break;
        }
        rounds += 1;
    }
    if best.total_minor() > climb.bound_minor {
        best.exchange(&served, &alone);
        best.improve(&served);
    }
    let unserved: i64 = best.plans.iter().map(|plan| plan.unserved_minor).sum();
    let together = tally(joint, &best.plans);
    let one_after_the_other = tally(joint, &one_by_one);
    let (costs_minor, given) = told(best.plans);
    let (alone_costs_minor, alone) = told(one_by_one);
    Outcome {
        bound_minor: (climb.bound_minor - unserved).min(together.cost_minor),
        together,
        one_by_one: one_after_the_other,
        given,
        costs_minor,
        alone,
        alone_costs_minor,
        rounds,
    }
}

/// The same without units that no whole case can be made of, so that prices find no worth in them; none where nobody wants
/// cases.
fn in_cases(joint: &Joint) -> Option<Joint> {
    let all = joint.contenders.iter();
    let mut demands = all.flat_map(|one| &one.problem.demands);
    if demands.all(|demand| demand.case <= 1) {
        return None;
    }
    // By stock, what everything that is drawn on it is a multiple of.
    let mut unit = vec![0; joint.stock.len()];
    for contender in &joint.contenders {
        for demand in &contender.problem.demands {
            let stock = contender.stock.iter();
            for at in stock.filter_map(|pools| pools.get(demand.pool)) {
                unit[*at] = greatest_common(unit[*at], demand.case.max(1));
            }
        }
    }
    let mut whole = joint.clone();
    let stock = whole.stock.iter_mut().zip(unit);
    stock.for_each(|(units, unit)| *units -= *units % unit.max(1));
    Some(whole)
}

/// What plans cost, without what nobody serves, and what they give.
fn told(plans: Vec<Planned>) -> (Vec<i64>, Vec<Given>) {
    let told = plans
        .into_iter()
        .map(|plan| (plan.total_minor - plan.unserved_minor, plan.given));
    told.unzip()
}

fn keep(best: &mut Whole, other: Whole) {
    if other.total_minor() < best.total_minor() {
        *best = other;
    }
}

/// Everybody's best plan on what those of a better rank leave.
fn in_turn(joint: &Joint) -> Vec<Planned> {
    let mut left = Left::of(joint);
    let plan = |contender: &Contender| {
        let plan = left.plan(contender);
        left.take(contender, &plan.given, 1);
        plan
    };
    joint.contenders.iter().map(plan).collect()
}

/// What comes of it where one is served after the other, in the order of the queue.
pub(super) fn one_by_one(joint: &Joint) -> Vec<Planned> {
    let mut order: Vec<usize> = (0..joint.contenders.len()).collect();
    order.sort_by_key(|at| (joint.contenders[*at].queued, *at));
    let mut left = Left::of(joint);
    let mut plans = vec![Planned::default(); joint.contenders.len()];
    for at in order {
        let contender = &joint.contenders[at];
        plans[at] = left.plan(contender);
        left.take(contender, &plans[at].given, 1);
    }
    plans
}

/// The same problem, where everybody wants what they get. A unit that nobody serves after all is dear, and yet on the scale
/// of the other costs, so that prices are found.
pub(super) fn served(joint: &Joint, flow: &Flow, one_by_one: &[Planned]) -> Joint {
    let costs = one_by_one
        .iter()
        .map(|plan| plan.total_minor - plan.unserved_minor);
    let dearest = costs.max().unwrap_or(0).max(0);
    let unserved = dearest
        .saturating_mul(UNSERVED_TIMES)
        .max(UNSERVED_LEAST_MINOR);
    let mut served = joint.clone();
    for (position, contender) in served.contenders.iter_mut().enumerate() {
        for (at, demand) in contender.problem.demands.iter_mut().enumerate() {
            demand.quantity = flow.units((position, at));
            demand.unserved_minor = demand.unserved_minor.min(unserved);
        }
    }
    served
}

/// Everybody's best plan on what the flow gives them: all of it fits together, as far as stock goes.
fn fed(served: &Joint, flow: &Flow) -> Vec<Planned> {
    let contenders = served.contenders.iter().enumerate();
    let own = |(position, contender): (usize, &Contender)| {
        let mut own = contender.clone();
        let mut stock = Vec::new();
        for (source, pools) in own.stock.iter_mut().enumerate() {
            for (pool, at) in pools.iter_mut().enumerate() {
                let demands = contender.problem.demands.iter().enumerate();
                let of_pool = demands.filter(|(_, demand)| demand.pool == pool);
                let units = of_pool.map(|(demand, _)| {
                    flow.units_of((position, demand), contender.stock[source][pool])
                });
                stock.push(units.sum());
                *at = stock.len() - 1;
            }
        }
        let left = Left {
            stock,
            rooms: served.rooms.clone(),
        };
        plan(&own, &left, None)
    };
    contenders.map(own).collect()
}

/// What comes of one after the other, where that gives everybody the same units.
fn as_good(served: &Joint, one_by_one: &[Planned]) -> Option<Vec<Planned>> {
    let same = served
        .contenders
        .iter()
        .zip(one_by_one)
        .all(|(contender, plan)| {
            let wanted = contender
                .problem
                .demands
                .iter()
                .map(|demand| demand.quantity);
            contender.served(&plan.given).into_iter().eq(wanted)
        });
    let without_unserved = one_by_one.iter().map(|plan| Planned {
        total_minor: plan.total_minor - plan.unserved_minor,
        unserved_minor: 0,
        ..plan.clone()
    });
    same.then(|| without_unserved.collect())
}

fn tally(joint: &Joint, plans: &[Planned]) -> Tally {
    let mut sum = counted(joint, plans.iter().map(|plan| &plan.given));
    sum.cost_minor = plans
        .iter()
        .map(|plan| plan.total_minor - plan.unserved_minor)
        .sum();
    sum
}

fn counted<'g>(joint: &Joint, given: impl Iterator<Item = &'g Given>) -> Tally {
    let mut sum = Tally::default();
    for (contender, given) in joint.contenders.iter().zip(given) {
        sum.wanted += contender
            .problem
            .demands
            .iter()
            .map(|one| one.quantity)
            .sum::<i64>();
        sum.served += contender.served(given).iter().sum::<i64>();
        let locations = i64::try_from(given.len()).unwrap_or(i64::MAX);
        sum.splits += (locations - 1).max(0);
    }
    sum
}
