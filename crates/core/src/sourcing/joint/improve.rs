//! Plans that fit together: put together from plans that may not, and made cheaper one by one and in pairs.

use super::ledger::{Left, Planned};
use super::model::{Contender, Joint};

/// Most times that all contenders are planned anew.
const PASSES: usize = 3;
/// Most pairs that are tried.
const PAIRS_MAX: usize = 4_000;

/// Plans of all contenders that fit together.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) plans: Vec<Planned>,
    left: Left,
}

impl Whole {
    /// Takes suggested plans where they fit, those of the first rank first, and plans for the rest on what is left.
    pub(super) fn of(joint: &Joint, suggested: &[Planned]) -> Self {
        let mut left = Left::of(joint);
        let mut plans: Vec<Option<Planned>> = vec![None; suggested.len()];
        for (position, plan) in suggested.iter().enumerate() {
            let contender = &joint.contenders[position];
            if left.fits(contender, &plan.given) {
                left.take(contender, &plan.given, 1);
                plans[position] = Some(plan.clone());
            }
        }
        let mut whole = Vec::with_capacity(plans.len());
        for (contender, plan) in joint.contenders.iter().zip(plans) {
            whole.push(plan.unwrap_or_else(|| {
                let plan = left.plan(contender);
                left.take(contender, &plan.given, 1);
                plan
            }));
        }
        Self { plans: whole, left }
    }

    /// What it costs, with what nobody serves.
    pub(super) fn total_minor(&self) -> i64 {
        self.plans.iter().map(|plan| plan.total_minor).sum()
    }

    /// Plans for each contender anew on what the others leave, until nothing comes of it.
    pub(super) fn improve(&mut self, joint: &Joint) {
        for _ in 0..PASSES {
            let before = self.total_minor();
            for (position, contender) in joint.contenders.iter().enumerate() {
                self.left.take(contender, &self.plans[position].given, -1);
                let plan = self.left.plan(contender);
                if plan.total_minor < self.plans[position].total_minor {
                    self.plans[position] = plan;
                }
                self.left.take(contender, &self.plans[position].given, 1);
            }
            if self.total_minor() == before {
                return;
            }
        }
    }

    /// Lets pairs that draw on the same plan anew together: those first that pay more than they would alone.
    pub(super) fn exchange(&mut self, joint: &Joint, alone: &[Planned]) {
        let mut tried = 0;
        loop {
            let before = self.total_minor();
            let regret = |at: &usize| self.plans[*at].total_minor - alone[*at].total_minor;
            let mut worst: Vec<usize> = (0..self.plans.len()).filter(|at| regret(at) > 0).collect();
            worst.sort_by_key(|at| (-regret(at), *at));
            for first in worst {
                for second in 0..self.plans.len() {
                    if first == second || !meet(joint, first, second) {
                        continue;
                    }
                    tried += 1;
                    if tried > PAIRS_MAX {
                        return;
                    }
                    self.try_pair(joint, first, second);
                }
            }
            if self.total_minor() == before {
                return;
            }
        }
    }

    fn try_pair(&mut self, joint: &Joint, first: usize, second: usize) {
        let pair = [first, second].map(|at| &joint.contenders[at]);
        let old = [first, second].map(|at| self.plans[at].clone());
        for (contender, plan) in pair.iter().zip(&old) {
            self.left.take(contender, &plan.given, -1);
        }
        let one = self.left.plan(pair[0]);
        self.left.take(pair[0], &one.given, 1);
        let other = self.left.plan(pair[1]);
        let is_better =
            one.total_minor + other.total_minor < old[0].total_minor + old[1].total_minor;
        if is_better {
            self.left.take(pair[1], &other.given, 1);
            self.plans[first] = one;
            self.plans[second] = other;
        } else {
            self.left.take(pair[0], &one.given, -1);
            for (contender, plan) in pair.iter().zip(&old) {
                self.left.take(contender, &plan.given, 1);
            }
        }
    }
}

/// Whether two draw on the same stock, or work the same day.
fn meet(joint: &Joint, one: usize, other: usize) -> bool {
    let [one, other] = [one, other].map(|at| &joint.contenders[at]);
    let draws =
        |contender: &Contender, at: usize| contender.stock.iter().flatten().any(|s| *s == at);
    let works = |contender: &Contender, at: usize| contender.rooms.contains(&Some(at));
    let mut stock = one.stock.iter().flatten();
    let mut rooms = one.rooms.iter().flatten();
    stock.any(|at| draws(other, *at)) || rooms.any(|at| works(other, *at))
}
