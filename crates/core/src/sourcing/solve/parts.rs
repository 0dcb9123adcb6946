//! What is decided as one: parts (a demand, or a bundle that is indivisible) and wants (parts of one pool).
//!
//! Assignments are made by part. Bounds are by want: two demands on one pool share its units, so that
//! each of them alone would promise too much.

use smallvec::SmallVec;

use super::problem::Problem;

/// A demand whose units (or cases) may be spread over sources, or a bundle of demands as one unit.
#[derive(Debug)]
pub(super) struct Part {
    /// Its demands, by position.
    pub(super) demands: SmallVec<[usize; 2]>,
    /// Units of each pool that one unit of the part takes.
    pub(super) needs: SmallVec<[(usize, i64); 2]>,
    /// Units; cases of them where those are not broken.
    pub(super) quantity: i64,
    /// Whether it is a bundle.
    pub(super) whole: bool,
    /// Demands that one who serves it serves.
    pub(super) lines: i64,
    /// Units of demands in one unit of the part.
    pub(super) units: i64,
    /// Grams of one unit, by weight class.
    pub(super) weights_g: SmallVec<[i64; 2]>,
    /// Cost of a unit that nobody serves, in minor units.
    pub(super) unserved: i64,
}

/// Parts that draw on one pool by units (or cases of one size) and on nothing else, or one bundle.
#[derive(Debug)]
pub(super) struct Want {
    /// Its parts.
    pub(super) parts: SmallVec<[usize; 2]>,
    /// Units of all parts.
    pub(super) quantity: i64,
}

/// Parts and wants of a problem.
#[derive(Debug)]
pub(super) struct Parts {
    /// What is assigned.
    pub(super) parts: Vec<Part>,
    /// What is bounded.
    pub(super) wants: Vec<Want>,
    /// Weight classes that matter.
    pub(super) classes: usize,
    /// Whether parts share a pool.
    pub(super) shared: bool,
}

impl Parts {
    /// What a problem consists of; demands of nothing are left out.
    pub(super) fn of(problem: &Problem) -> Self {
        let classes = classes(problem);
        let parts: Vec<Part> = groups(problem)
            .into_iter()
            .map(|(demands, whole)| part(problem, demands, whole, classes))
            .collect();
        let shared = shares(&parts, problem.pools);
        Self {
            wants: wants(&parts),
            parts,
            classes,
            shared,
        }
    }
}

fn classes(problem: &Problem) -> usize {
    let shipping = problem.sources.iter().flat_map(|source| &source.shipping);
    let used = shipping.map(|shipping| shipping.weight_class + 1).max();
    let given = problem.demands.iter().map(|demand| demand.weights_g.len());
    used.unwrap_or(0).min(given.max().unwrap_or(0)).max(1)
}

/// Demands by what is decided as one, in the order of their first demand.
fn groups(problem: &Problem) -> Vec<(SmallVec<[usize; 2]>, bool)> {
    let mut group: Vec<usize> = (0..problem.demands.len()).collect();
    let mut bundled = vec![false; problem.demands.len()];
    for bundle in &problem.bundles {
        let known = |demand: &&usize| **demand < group.len();
        let members: SmallVec<[usize; 4]> = bundle.demands.iter().filter(known).copied().collect();
        for member in &members {
            bundled[*member] = true;
            let (from, into) = (group[*member], group[members[0]]);
            group
                .iter_mut()
                .filter(|of| **of == from)
                .for_each(|of| *of = into);
        }
    }
    let mut groups: Vec<(usize, SmallVec<[usize; 2]>, bool)> = Vec::new();
    for (demand, of) in group.iter().enumerate() {
        if problem.demands[demand].units() == 0 {
            continue;
        }
        match groups.iter_mut().find(|(known, ..)| known == of) {
            Some((_, members, _)) => members.push(demand),
            None => groups.push((*of, SmallVec::from_slice(&[demand]), bundled[demand])),
        }
    }
    let without = |(_, members, whole)| (members, whole);
    groups.into_iter().map(without).collect()
}

fn part(problem: &Problem, demands: SmallVec<[usize; 2]>, whole: bool, classes: usize) -> Part {
    let mut needs: SmallVec<[(usize, i64); 2]> = SmallVec::new();
    let mut weights_g: SmallVec<[i64; 2]> = SmallVec::from_elem(0, classes);
    let (mut units, mut unserved) = (0, 0);
    for position in &demands {
        let demand = &problem.demands[*position];
        let taken = if whole { demand.units() } else { demand.case() };
        match needs.iter_mut().find(|(pool, _)| *pool == demand.pool) {
            Some((_, need)) => *need += taken,
            None => needs.push((demand.pool, taken)),
        }
        for (class, weight) in weights_g.iter_mut().enumerate() {
            *weight += demand.weight_g(class) * taken;
        }
        units += taken;
        unserved += demand.unserved() * taken;
    }
    let first = &problem.demands[demands[0]];
    let all = first.units() / first.case();
    Part {
        quantity: if whole { 1 } else { all },
        lines: i64::try_from(demands.len()).unwrap_or(i64::MAX),
        demands,
        needs,
        whole,
        units,
        weights_g,
        unserved,
    }
}

fn shares(parts: &[Part], pools: usize) -> bool {
    let mut taken = vec![false; pools];
    parts.iter().flat_map(|part| &part.needs).any(|(pool, _)| {
        let Some(taken) = taken.get_mut(*pool) else {
            return false;
        };
        std::mem::replace(taken, true)
    })
}

fn wants(parts: &[Part]) -> Vec<Want> {
    let mut wants: Vec<Want> = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        let alike = |want: &&mut Want| {
            let other = &parts[want.parts[0]];
            !part.whole && !other.whole && other.needs[0] == part.needs[0]
        };
        match wants.iter_mut().find(alike) {
            Some(want) => {
                want.parts.push(position);
                want.quantity += part.quantity;
            }
            None => wants.push(Want {
                parts: SmallVec::from_slice(&[position]),
                quantity: part.quantity,
            }),
        }
    }
    wants
}
