//! Who gets scarce units: each contender in turn as many as can be given without taking any from those before it.
//!
//! Units of one item are a flow from locations to demands. A demand that finds nothing at its own locations lets others
//! that have units there take theirs elsewhere (an augmenting path), so that what everybody gets is the most, in the order
//! of rank. Rooms and the number of locations are not looked at here.
//!
//! Whoever wants whole cases moves whole cases: along a path everybody gives up and takes a multiple of their own case. Where
//! no one path is wide enough, a case may be freed at one stock by several; if that does not reach, all is as before.

use rustc_hash::FxHashMap;

use super::model::{Contender, Joint};

/// A demand: the contender's and its own position.
type Place = (usize, usize);

/// Units by demand, from each of the shared stock.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    left: Vec<i64>,
    /// By demand, units by stock.
    taken: FxHashMap<Place, Vec<(usize, i64)>>,
    /// By stock, the demands that have units of it.
    holders: FxHashMap<usize, Vec<Place>>,
}

/// Units that each contender gets of each demand, and from where they could come.
pub(super) fn serve(joint: &Joint) -> Flow {
    let mut flow = Flow {
        left: joint.stock.clone(),
        ..Flow::default()
    };
    for (position, contender) in joint.contenders.iter().enumerate() {
        for demand in 0..contender.problem.demands.len() {
            flow.fill(joint, (position, demand));
        }
        flow.give_back_halves(contender, position);
    }
    flow
}

impl Flow {
    /// Units that a demand gets.
    pub(super) fn units(&self, place: Place) -> i64 {
        let taken = self.taken.get(&place);
        taken.map_or(0, |taken| taken.iter().map(|(_, units)| units).sum())
    }

    /// Units that a demand has of a stock.
    pub(super) fn units_of(&self, place: Place, stock: usize) -> i64 {
        let taken = self.taken.get(&place).into_iter().flatten();
        taken
            .filter(|(known, _)| *known == stock)
            .map(|(_, units)| units)
            .sum()
    }

    fn fill(&mut self, joint: &Joint, place: Place) {
        let demand = &joint.contenders[place.0].problem.demands[place.1];
        let case = demand.case.max(1);
        let mut wanted = demand.quantity - demand.quantity % case;
        while wanted > 0 {
            let Some(path) = self.path(joint, place, None) else {
                break;
            };
            let moved = path.width.min(wanted);
            let moved = moved - moved % path.lot;
            if moved == 0 {
                break;
            }
            self.shift(&path.steps, moved);
            wanted -= moved;
        }
        while case > 1 && wanted >= case && self.free_case(joint, place, case) {
            wanted -= case;
        }
    }

    /// Gives a demand one case of a stock that several have to be moved away from.
    fn free_case(&mut self, joint: &Joint, place: Place, case: i64) -> bool {
        for (stock, most) in sources(joint, place) {
            if most - self.units_of(place, stock) < case {
                continue;
            }
            let before = self.clone();
            let mut lacking = case;
            while lacking > 0 {
                let Some(path) = self.path(joint, place, Some(stock)) else {
                    break;
                };
                // The demand itself gets the case as a whole, whatever each path brings.
                let moved = path.width.min(lacking);
                let moved = moved - moved % path.lot;
                if moved == 0 {
                    break;
                }
                self.shift(&path.steps, moved);
                lacking -= moved;
            }
            if lacking == 0 {
                return true;
            }
            *self = before;
        }
        false
    }

    /// A shortest way to a stock that has units left: each step is a demand and the stock that it takes from; the demand
    /// of the next step gives up units of that stock. Where a first stock is named, the first demand takes units of it alone,
    /// and any number of them.
    fn path(&self, joint: &Joint, from: Place, first: Option<usize>) -> Option<Path> {
        let mut seen: FxHashMap<usize, (Place, Option<usize>)> = FxHashMap::default();
        let case = match first {
            Some(_) => 1,
            None => case_of(joint, from),
        };
        let mut ahead: Vec<Reached> = vec![Reached {
            place: from,
            through: None,
            lot: case,
            width: i64::MAX,
        }];
        let mut next = 0;
        while let Some(&reached) = ahead.get(next) {
            next += 1;
            let Reached {
                place,
                through,
                lot,
                width,
            } = reached;
            for (stock, most) in sources(joint, place) {
                let is_other = through.is_none() && first.is_some_and(|first| first != stock);
                let width = width.min(most - self.units_of(place, stock));
                if is_other || seen.contains_key(&stock) || width < lot {
                    continue;
                }
                if self.left[stock] >= lot {
                    seen.insert(stock, (place, through));
                    return Some(Path {
                        steps: trace(&seen, stock),
                        width: width.min(self.left[stock]),
                        lot,
                    });
                }
                seen.insert(stock, (place, through));
                let holders = self.holders.get(&stock).into_iter().flatten();
                for holder in holders.filter(|holder| **holder != from) {
                    let lot = least_common(lot, case_of(joint, *holder));
                    let width = width.min(self.units_of(*holder, stock));
                    if width >= lot {
                        ahead.push(Reached {
                            place: *holder,
                            through: Some(stock),
                            lot,
                            width,
                        });
                    }
                }
            }
        }
        None
    }

    fn shift(&mut self, path: &[(Place, usize)], units: i64) {
        for (position, (place, stock)) in path.iter().enumerate() {
            self.add(*place, *stock, units);
            match path.get(position + 1) {
                Some((other, _)) => self.add(*other, *stock, -units),
                None => self.left[*stock] -= units,
            }
        }
    }

    fn add(&mut self, place: Place, stock: usize, units: i64) {
        let taken = self.taken.entry(place).or_default();
        match taken.iter_mut().find(|(known, _)| *known == stock) {
            Some((_, known)) => *known += units,
            None => taken.push((stock, units)),
        }
        taken.retain(|(_, units)| *units > 0);
        let has = taken.iter().any(|(known, _)| *known == stock);
        let holders = self.holders.entry(stock).or_default();
        match holders.iter().position(|known| *known == place) {
            None if has => holders.push(place),
            Some(position) if !has => drop(holders.remove(position)),
            _ => {}
        }
    }

    /// What has to come whole and does not reach is left to those behind.
    fn give_back_halves(&mut self, contender: &Contender, position: usize) {
        for bundle in &contender.problem.bundles {
            let is_short = bundle.demands.iter().any(|demand| {
                let wanted = contender.problem.demands[*demand].quantity;
                self.units((position, *demand)) < wanted
            });
            if is_short {
                bundle
                    .demands
                    .iter()
                    .for_each(|demand| self.give_back((position, *demand)));
            }
        }
    }

    fn give_back(&mut self, place: Place) {
        for (stock, units) in self.taken.get(&place).cloned().unwrap_or_default() {
            self.add(place, stock, -units);
            self.left[stock] += units;
        }
    }
}

/// A demand that a search has come to.
#[derive(Debug, Clone, Copy)]
struct Reached {
    place: Place,
    /// The stock that it would give up.
    through: Option<usize>,
    /// What moves is a multiple of this.
    lot: i64,
    /// The most that can be moved so far.
    width: i64,
}

/// A way on which units can be moved.
#[derive(Debug)]
struct Path {
    steps: Vec<(Place, usize)>,
    width: i64,
    lot: i64,
}

fn case_of(joint: &Joint, (contender, demand): Place) -> i64 {
    joint.contenders[contender].problem.demands[demand]
        .case
        .max(1)
}

fn least_common(one: i64, other: i64) -> i64 {
    one / greatest_common(one, other).max(1) * other
}

/// The greatest number that both are a multiple of.
pub(super) fn greatest_common(one: i64, other: i64) -> i64 {
    let (mut divisor, mut rest) = (one, other);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    divisor
}

/// The stock that a demand may draw on, in the order of its sources, and the most that each may give to it.
fn sources(joint: &Joint, (contender, demand): Place) -> impl Iterator<Item = (usize, i64)> + '_ {
    let contender = &joint.contenders[contender];
    let pool = contender.problem.demands[demand].pool;
    let sources = contender.stock.iter().zip(&contender.problem.sources);
    sources.filter_map(move |(stock, source)| Some((*stock.get(pool)?, *source.has.get(pool)?)))
}

/// The way that led to a stock, from its beginning.
fn trace(seen: &FxHashMap<usize, (Place, Option<usize>)>, to: usize) -> Vec<(Place, usize)> {
    let mut path = Vec::new();
    let mut at = Some(to);
    while let Some(stock) = at {
        let Some((place, through)) = seen.get(&stock) else {
            break;
        };
        path.push((*place, stock));
        at = *through;
    }
    path.reverse();
    path
}
