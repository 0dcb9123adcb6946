//! Who gets scarce units: each contender in turn as many as can be given without taking any from those before it.
//!
//! Units of one item are a flow from locations to demands. A demand that finds nothing at its own locations lets others
//! that have units there take theirs elsewhere (an augmenting path), so that what everybody gets is the most, in the order
//! of rank. Rooms and the number of locations are not looked at here.

use rustc_hash::FxHashMap;

use super::model::{Contender, Joint};

/// A demand: the contender's and its own position.
type Place = (usize, usize);

/// Units by demand, from each of the shared stock.
#[derive(Debug, Default)]
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
        let mut wanted = demand.quantity;
        while wanted > 0 {
            let Some(path) = self.path(joint, place) else {
                return;
            };
            let moved = self.width(joint, &path).min(wanted);
            self.shift(&path, moved);
            wanted -= moved;
        }
    }

    /// A shortest way to a stock that has units left: each step is a demand and the stock that it takes from; the demand
    /// of the next step gives up units of that stock.
    fn path(&self, joint: &Joint, from: Place) -> Option<Vec<(Place, usize)>> {
        let mut seen: FxHashMap<usize, (Place, Option<usize>)> = FxHashMap::default();
        let mut ahead: Vec<(Place, Option<usize>)> = vec![(from, None)];
        let mut next = 0;
        while let Some(&(place, through)) = ahead.get(next) {
            next += 1;
            for (stock, most) in sources(joint, place) {
                if seen.contains_key(&stock) || self.units_of(place, stock) >= most {
                    continue;
                }
                seen.insert(stock, (place, through));
                if self.left[stock] > 0 {
                    return Some(trace(&seen, stock));
                }
                let holders = self.holders.get(&stock).into_iter().flatten();
                ahead.extend(holders.map(|holder| (*holder, Some(stock))));
            }
        }
        None
    }

    fn width(&self, joint: &Joint, path: &[(Place, usize)]) -> i64 {
        let room = path.iter().map(|(place, stock)| {
            let mut known = sources(joint, *place).filter(|(known, _)| known == stock);
            known
                .next()
                .map_or(0, |(_, most)| most - self.units_of(*place, *stock))
        });
        let last = path.last().map_or(0, |(_, stock)| self.left[*stock]);
        let given = path
            .windows(2)
            .map(|pair| self.units_of(pair[1].0, pair[0].1));
        given.chain(room).fold(last, i64::min)
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
