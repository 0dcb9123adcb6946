//! The first policy: complete from one location if any can, preferring priority then distance;
//! else the fewest locations; the rest stays missing.
//!
//! The policy works on plain numbers. Demand is summed by item before anything is compared, so
//! two lines of one SKU never share the same unit.

use smallvec::SmallVec;

use super::Reason;
use crate::network::LocationId;

/// Node budget of the search for the fewest locations; beyond it the best found so far is used.
const NODE_BUDGET: u32 = 20_000;

/// Units of one item wanted by a group of lines that travel together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// Units.
    pub quantity: i64,
}

/// A location that may serve the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub location: LocationId,
    /// Smaller numbers are preferred.
    pub priority: i32,
    /// Kilometres to the destination.
    pub distance_km: i64,
    /// Claimable units per demand, never negative.
    pub has: SmallVec<[i64; 4]>,
}

/// Units per demand that one location serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Which.
    pub location: LocationId,
    /// Units per demand.
    pub units: SmallVec<[i64; 4]>,
}

/// Who serves what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// By location, most preferred first.
    pub served: Vec<Served>,
    /// Units per demand that nobody has.
    pub missing: SmallVec<[i64; 4]>,
    /// Why each candidate was or was not chosen, in the order of preference.
    pub reasons: Vec<(LocationId, Reason)>,
}

/// Chooses locations for the demands. Never serves more than a location has.
#[must_use]
pub fn plan(demands: &[Demand], mut candidates: Vec<Candidate>) -> Plan {
    candidates.sort_by_key(|candidate| {
        (
            candidate.priority,
            candidate.distance_km,
            candidate.location,
        )
    });
    let total = |demand: usize| {
        candidates
            .iter()
            .map(|candidate| i128::from(candidate.has[demand]))
            .sum::<i128>()
    };
    let targets: SmallVec<[i64; 4]> = demands
        .iter()
        .enumerate()
        .map(|(position, demand)| {
            i64::try_from(total(position).min(i128::from(demand.quantity)))
                .unwrap_or(demand.quantity)
        })
        .collect();
    let missing = demands
        .iter()
        .zip(&targets)
        .map(|(demand, target)| demand.quantity - target)
        .collect();
    let chosen = choose(&candidates, &targets);
    let served = assign(&candidates, &chosen, &targets);
    let reasons = reasons(&candidates, &chosen, &targets);
    Plan {
        served,
        missing,
        reasons,
    }
}

fn covers(candidate: &Candidate, targets: &[i64]) -> bool {
    candidate
        .has
        .iter()
        .zip(targets)
        .all(|(has, target)| has >= target)
}

/// Positions of the fewest candidates that cover the targets; the preferred ones among equals.
fn choose(candidates: &[Candidate], targets: &[i64]) -> Vec<usize> {
    if targets.iter().all(|target| *target == 0) {
        return Vec::new();
    }
    if let Some(position) = candidates
        .iter()
        .position(|candidate| covers(candidate, targets))
    {
        return vec![position];
    }
    let useful: Vec<usize> = (0..candidates.len())
        .filter(|position| serves_any(&candidates[*position], targets))
        .collect();
    let greedy = greedy(candidates, &useful, targets);
    let mut search = Search {
        candidates,
        useful: &useful,
        budget: NODE_BUDGET,
        chosen: Vec::new(),
    };
    for size in 2..greedy.len() {
        search.chosen.clear();
        if search.find(0, size, targets) {
            return search.chosen;
        }
        if search.budget == 0 {
            break;
        }
    }
    greedy
}

fn serves_any(candidate: &Candidate, targets: &[i64]) -> bool {
    candidate
        .has
        .iter()
        .zip(targets)
        .any(|(has, target)| *has > 0 && *target > 0)
}

/// The candidate that serves most, again and again: an upper bound for the search.
fn greedy(candidates: &[Candidate], useful: &[usize], targets: &[i64]) -> Vec<usize> {
    let mut open: SmallVec<[i64; 4]> = SmallVec::from_slice(targets);
    let mut chosen = Vec::new();
    while open.iter().any(|units| *units > 0) {
        let gain = |position: usize| {
            candidates[position]
                .has
                .iter()
                .zip(&open)
                .map(|(has, units)| i128::from(*has.min(units)))
                .sum::<i128>()
        };
        let best = useful
            .iter()
            .copied()
            .filter(|position| !chosen.contains(position))
            .max_by_key(|p| (gain(*p), std::cmp::Reverse(*p)));
        let Some(best) = best.filter(|position| gain(*position) > 0) else {
            break;
        };
        take(&candidates[best], &mut open);
        chosen.push(best);
    }
    chosen.sort_unstable();
    chosen
}

fn take(candidate: &Candidate, open: &mut [i64]) {
    open.iter_mut()
        .zip(&candidate.has)
        .for_each(|(open, has)| *open -= (*open).min(*has));
}

struct Search<'a> {
    candidates: &'a [Candidate],
    useful: &'a [usize],
    budget: u32,
    chosen: Vec<usize>,
}

impl Search<'_> {
    /// Looks for `size` candidates from position `from` that cover `open`, in the order of preference.
    fn find(&mut self, from: usize, size: usize, open: &[i64]) -> bool {
        if open.iter().all(|units| *units == 0) {
            return true;
        }
        if size == 0 || self.budget == 0 || !self.can_cover(from, size, open) {
            return false;
        }
        for position in from..self.useful.len() {
            self.budget = self.budget.saturating_sub(1);
            let mut rest: SmallVec<[i64; 4]> = SmallVec::from_slice(open);
            take(&self.candidates[self.useful[position]], &mut rest);
            self.chosen.push(self.useful[position]);
            if self.find(position + 1, size - 1, &rest) {
                return true;
            }
            self.chosen.pop();
        }
        false
    }

    /// Whether the `size` largest holders of each demand could cover it: a bound that prunes.
    fn can_cover(&self, from: usize, size: usize, open: &[i64]) -> bool {
        open.iter()
            .enumerate()
            .filter(|(_, units)| **units > 0)
            .all(|(demand, units)| {
                let mut has: Vec<i64> = self.useful[from..]
                    .iter()
                    .map(|position| self.candidates[*position].has[demand])
                    .collect();
                has.sort_unstable_by_key(|units| std::cmp::Reverse(*units));
                has.iter()
                    .take(size)
                    .map(|units| i128::from(*units))
                    .sum::<i128>()
                    >= i128::from(*units)
            })
    }
}

fn assign(candidates: &[Candidate], chosen: &[usize], targets: &[i64]) -> Vec<Served> {
    let mut open: SmallVec<[i64; 4]> = SmallVec::from_slice(targets);
    let serve = |position: &usize| {
        let candidate = &candidates[*position];
        let units = candidate
            .has
            .iter()
            .zip(&open)
            .map(|(has, open)| *has.min(open))
            .collect();
        take(candidate, &mut open);
        Served {
            location: candidate.location,
            units,
        }
    };
    let served: Vec<Served> = chosen.iter().map(serve).collect();
    served
        .into_iter()
        .filter(|served| served.units.iter().any(|units| *units > 0))
        .collect()
}

fn reasons(
    candidates: &[Candidate],
    chosen: &[usize],
    targets: &[i64],
) -> Vec<(LocationId, Reason)> {
    let best = chosen.first().map(|position| &candidates[*position]);
    let reason = |(position, candidate): (usize, &Candidate)| {
        let reason = if chosen.contains(&position) {
            Reason::Chosen
        } else if !candidate.has.iter().any(|units| *units > 0) {
            Reason::NoStock
        } else if !covers(candidate, targets) {
            Reason::NotNeeded
        } else if best.is_some_and(|best| best.priority < candidate.priority) {
            Reason::LessPreferred
        } else if best.is_some_and(|best| best.distance_km < candidate.distance_km) {
            Reason::Farther
        } else {
            Reason::AsGood
        };
        (candidate.location, reason)
    };
    candidates.iter().enumerate().map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `L1:5,0 L2:3,2` are candidates in order of preference; the answer lists who serves what.
    fn planned(demands: &[i64], network: &str) -> String {
        let candidates = network
            .split_whitespace()
            .enumerate()
            .map(|(position, text)| {
                let (name, has) = text.split_once(':').expect("name:units");
                Candidate {
                    location: LocationId(name[1..].parse().expect("a number")),
                    priority: i32::try_from(position).expect("small"),
                    distance_km: 0,
                    has: has
                        .split(',')
                        .map(|units| units.parse().expect("a number"))
                        .collect(),
                }
            });
        let demands: Vec<Demand> = demands
            .iter()
            .map(|quantity| Demand {
                quantity: *quantity,
            })
            .collect();
        let plan = plan(&demands, candidates.collect());
        let served: Vec<String> = plan
            .served
            .iter()
            .map(|served| format!("L{}:{:?}", served.location.0, served.units))
            .collect();
        format!("{} missing {:?}", served.join(" "), plan.missing)
    }

    #[test]
    fn one_complete_location_wins_over_preferred_partial_ones() {
        assert_eq!(
            planned(&[2, 1], "L1:2,0 L2:0,9 L3:2,1"),
            "L3:[2, 1] missing [0, 0]"
        );
        assert_eq!(planned(&[2], "L1:2 L2:9"), "L1:[2] missing [0]");
    }

    #[test]
    fn a_location_that_could_serve_as_well_is_told_why_it_does_not() {
        let candidate = |id, priority, distance_km| Candidate {
            location: LocationId(id),
            priority,
            distance_km,
            has: SmallVec::from_slice(&[5]),
        };
        let candidates = vec![
            candidate(1, 0, 7),
            candidate(2, 0, 7),
            candidate(3, 0, 8),
            candidate(4, 1, 7),
        ];
        let reasons: Vec<Reason> = plan(&[Demand { quantity: 5 }], candidates)
            .reasons
            .into_iter()
            .map(|(_, reason)| reason)
            .collect();
        let expected = [
            Reason::Chosen,
            Reason::AsGood,
            Reason::Farther,
            Reason::LessPreferred,
        ];
        assert_eq!(reasons, expected);
    }

    #[test]
    fn else_the_fewest_locations_serve() {
        assert_eq!(planned(&[10], "L1:6 L2:10 L3:4"), "L2:[10] missing [0]");
        assert_eq!(
            planned(&[12], "L1:2 L2:5 L3:5 L4:7 L5:6"),
            "L2:[5] L4:[7] missing [0]"
        );
        // the greedy choice (largest first) would need three
        assert_eq!(
            planned(&[4, 4], "L1:3,3 L2:4,0 L3:0,4"),
            "L2:[4, 0] L3:[0, 4] missing [0, 0]"
        );
    }

    #[test]
    fn what_nobody_has_is_missing_and_nothing_is_over_allocated() {
        assert_eq!(planned(&[20], "L1:6 L2:10"), "L1:[6] L2:[10] missing [4]");
        assert_eq!(planned(&[1], "L1:0"), " missing [1]");
        assert_eq!(planned(&[1], ""), " missing [1]");
    }
}
