//! Sources as rows of numbers: what each can serve of each want, and what that costs.

use smallvec::SmallVec;

use super::SCALE;
use super::freight::{Freights, Ladder, Line};
use super::parts::{Part, Parts, Want};
use super::problem::{Problem, Scarcity, Source};

/// The cost of the first unit of what a source has not; more than any worth.
const ABSENT: i64 = 1 << 58;

/// Everything that the search reads again and again. Rows are sources that can serve something.
#[derive(Debug)]
pub(super) struct Board<'a> {
    pub(super) problem: &'a Problem,
    pub(super) parts: Parts,
    pub(super) freights: Freights,
    /// Position of the source, by row.
    pub(super) sources: Vec<usize>,
    /// Freight, by row.
    pub(super) freight: Vec<usize>,
    /// Cost if used at all, by row, scaled.
    pub(super) fixed: Vec<i64>,
    /// Most units, by row and want.
    most: Vec<i64>,
    /// Cost of a unit, by row and want, scaled.
    unit: Vec<i64>,
    /// Cost of the first unit in addition, by row and want, scaled.
    first: Vec<i64>,
    /// What the last units cost more, by row and want, scaled; empty where nobody's cost more.
    scarce: Vec<Scarce>,
    /// Units of each want that nobody has.
    pub(super) lacking: Vec<i64>,
    /// What those cost at least, in minor units.
    pub(super) lacking_minor: i128,
    /// Grams of a unit of the lightest part, by class and want; by a class that nobody states, nothing.
    weights_g: Vec<Vec<i64>>,
    /// What one further unit costs that nobody serves, by want, in minor units.
    pub(super) unserved: Vec<i64>,
}

/// What a row has to say of its wants.
pub(super) struct Row<'b> {
    pub(super) most: &'b [i64],
    pub(super) unit: &'b [i64],
    pub(super) first: &'b [i64],
    pub(super) scarce: &'b [Scarce],
}

/// What the last units of a want cost more.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scarce {
    /// Units that cost no more; at least one, at most all.
    pub(super) free: i64,
    /// What all units that a source has of it cost more, scaled.
    pub(super) all: i64,
    /// What each unit beyond the given ones costs more, scaled.
    pub(super) given: Scarcity,
}

impl<'a> Board<'a> {
    /// The board of a problem.
    pub(super) fn new(problem: &'a Problem) -> Self {
        let parts = Parts::of(problem);
        let mut board = Self {
            freights: Freights::new(&parts),
            weights_g: lightest(&parts),
            problem,
            parts,
            sources: Vec::new(),
            freight: Vec::new(),
            fixed: Vec::new(),
            most: Vec::new(),
            unit: Vec::new(),
            first: Vec::new(),
            scarce: Vec::new(),
            lacking: Vec::new(),
            lacking_minor: 0,
            unserved: Vec::new(),
        };
        let cells = problem.sources.len() * board.wants();
        for list in [&mut board.most, &mut board.unit, &mut board.first] {
            list.reserve(cells);
        }
        for (position, source) in problem.sources.iter().enumerate() {
            board.add(position, source);
        }
        board.count_lacking();
        board
    }

    /// Wants, by which rows are counted.
    pub(super) fn wants(&self) -> usize {
        self.parts.wants.len()
    }

    /// Rows.
    pub(super) fn len(&self) -> usize {
        self.sources.len()
    }

    /// The most sources that a plan may use: each serves a unit at least.
    pub(super) fn most_sources(&self) -> usize {
        let units = self.most_units();
        let allowed = self
            .problem
            .max_sources
            .map_or(usize::MAX, |most| most as usize);
        units.min(allowed)
    }

    /// Grams of a unit of each want's lightest part, as a ladder weighs it.
    pub(super) fn weights_g(&self, ladder: &Ladder) -> &[i64] {
        &self.weights_g[ladder.class.min(self.parts.classes)]
    }

    /// Units of everything that can be served.
    pub(super) fn most_units(&self) -> usize {
        let units = (0..self.wants()).map(|want| self.servable(want));
        let units = units.fold(0, i64::saturating_add);
        usize::try_from(units).unwrap_or(usize::MAX)
    }

    /// A row's numbers.
    #[inline]
    pub(super) fn row(&self, row: usize) -> Row<'_> {
        let wants = self.wants();
        let span = row * wants..(row + 1) * wants;
        Row {
            most: &self.most[span.clone()],
            unit: &self.unit[span.clone()],
            first: &self.first[span.clone()],
            scarce: self.scarce.get(span).unwrap_or(&[]),
        }
    }

    /// The source of a row.
    pub(super) fn source(&self, row: usize) -> &'a Source {
        &self.problem.sources[self.sources[row]]
    }

    /// What a row would cost if it served everything alone, in minor units; none where it cannot.
    pub(super) fn alone(&self, row: usize) -> Option<i64> {
        let source = self.source(row);
        let parts = &self.parts.parts;
        let wants = self.parts.wants.iter().zip(self.row(row).most);
        if wants.clone().any(|(want, most)| *most < want.quantity) {
            return None;
        }
        let mut taken: SmallVec<[(usize, i64); 16]> = SmallVec::new();
        let mut weights_g: SmallVec<[i64; 2]> = SmallVec::from_elem(0, self.parts.classes);
        let (mut cost, mut units, mut lines) = (source.fixed(), 0, 0);
        for part in parts {
            for (pool, need) in &part.needs {
                match taken.iter_mut().find(|(known, _)| known == pool) {
                    Some((_, taken)) => *taken += need * part.quantity,
                    None => taken.push((*pool, need * part.quantity)),
                }
            }
            for (weight, own) in weights_g.iter_mut().zip(&part.weights_g) {
                *weight += own * part.quantity;
            }
            units += part.units * part.quantity;
            lines += part.lines;
        }
        for (pool, units) in taken {
            if units > source.units(pool) {
                return None;
            }
            cost = cost.saturating_add(source.unit(pool) * units);
            cost = cost.saturating_add(extra(source, pool, units));
        }
        let room = source.units_max.is_none_or(|most| units <= most)
            && source.lines_max.is_none_or(|most| lines <= most);
        let price = self.freights.price(self.freight[row], &weights_g)?;
        let total = cost
            .saturating_add(source.line() * lines)
            .saturating_add(price);
        room.then_some(total)
    }

    /// The line of a freight that lies highest for the weight of an equal share of everything.
    pub(super) fn line_for(&self, freight: usize, shares: usize) -> usize {
        let shares = i128::try_from(shares.max(1)).unwrap_or(i128::MAX);
        let lines = self.freights.get(freight).lines.iter().enumerate();
        let height = |line: &Line| {
            let parts = self.parts.parts.iter().zip(&line.per_part);
            let all = parts.map(|(part, rate)| i128::from(*rate) * i128::from(part.quantity));
            i128::from(line.start) + all.sum::<i128>() / shares
        };
        let highest = lines.max_by_key(|(_, line)| height(line));
        highest.map_or(0, |(nth, _)| nth)
    }

    /// Units of a want that can be served at all.
    pub(super) fn servable(&self, want: usize) -> i64 {
        self.parts.wants[want].quantity - self.lacking[want]
    }

    fn add(&mut self, position: usize, source: &Source) {
        let freight = self.freights.of(source, &self.parts);
        let parts = &self.parts.parts;
        let from = self.most.len();
        let any_scarce = source.scarce.iter().any(|pool| pool.extra_minor > 0);
        if any_scarce && self.scarce.is_empty() {
            let plain = |most: &i64| Scarce {
                free: *most,
                ..Scarce::default()
            };
            self.scarce.reserve(self.most.capacity());
            self.scarce.extend(self.most.iter().map(plain));
        }
        let keep_scarce = any_scarce || !self.scarce.is_empty();
        for want in &self.parts.wants {
            let most = most_of_want(&self.freights, freight, source, parts, want);
            self.most.push(most);
            self.unit.push(unit_of_want(source, parts, want) * SCALE);
            let lines = want.parts.iter().map(|part| parts[*part].lines).min();
            let first = source.line() * lines.unwrap_or(1) * SCALE;
            self.first.push(if most == 0 { ABSENT } else { first });
            if keep_scarce {
                self.scarce
                    .push(scarcity_of_want(source, parts, want, most));
            }
        }
        if self.most[from..].iter().all(|most| *most == 0) {
            self.most.truncate(from);
            self.unit.truncate(from);
            self.first.truncate(from);
            self.scarce.truncate(from);
            return;
        }
        self.sources.push(position);
        self.freight.push(freight);
        self.fixed.push(source.fixed() * SCALE);
    }

    fn count_lacking(&mut self) {
        for (want, value) in self.parts.wants.iter().enumerate() {
            let had: i64 = (0..self.len())
                .map(|row| self.row(row).most[want])
                .fold(0, i64::saturating_add);
            let mut lacking = (value.quantity - had).max(0);
            self.lacking.push(lacking);
            let mut costs: Vec<(i64, i64)> = value
                .parts
                .iter()
                .map(|part| &self.parts.parts[*part])
                .map(|part| (part.unserved, part.quantity))
                .collect();
            costs.sort_unstable();
            self.unserved.push(costs.first().map_or(0, |cost| cost.0));
            for (unserved, quantity) in costs {
                let units = lacking.min(quantity);
                self.lacking_minor += i128::from(unserved) * i128::from(units);
                lacking -= units;
            }
        }
    }
}

/// Grams of a unit of each want's lightest part, by class and want.
fn lightest(parts: &Parts) -> Vec<Vec<i64>> {
    let of = |want: &Want, class: usize| {
        let weights = want
            .parts
            .iter()
            .filter_map(|part| parts.parts[*part].weights_g.get(class));
        weights.min().copied().unwrap_or(0)
    };
    (0..=parts.classes)
        .map(|class| parts.wants.iter().map(|want| of(want, class)).collect())
        .collect()
}

/// The most units of a part that a source can serve if it serves nothing else.
pub(super) fn most_of_part(
    freights: &Freights,
    freight: usize,
    source: &Source,
    part: &Part,
) -> i64 {
    let by_stock = part
        .needs
        .iter()
        .map(|(pool, need)| source.units(*pool) / need);
    let by_units = source.units_max.map(|most| most.max(0) / part.units.max(1));
    let lines = source.lines_max.unwrap_or(i64::MAX);
    if lines < part.lines {
        return 0;
    }
    let most = by_stock.chain(by_units).fold(part.quantity, i64::min);
    let taken = |units: i64| {
        let weights: SmallVec<[i64; 2]> =
            part.weights_g.iter().map(|weight| weight * units).collect();
        units == 0 || freights.price(freight, &weights).is_some()
    };
    if freights.get(freight).takes_all || taken(most) {
        return most;
    }
    let (mut under, mut over) = (0, most);
    while over - under > 1 {
        let middle = under + (over - under) / 2;
        if taken(middle) {
            under = middle;
        } else {
            over = middle;
        }
    }
    under
}

fn most_of_want(
    freights: &Freights,
    freight: usize,
    source: &Source,
    parts: &[Part],
    want: &Want,
) -> i64 {
    let by_part = want
        .parts
        .iter()
        .map(|part| most_of_part(freights, freight, source, &parts[*part]));
    let sum = by_part.fold(0, i64::saturating_add);
    match want.parts[..] {
        [_] => sum,
        _ => {
            let (pool, need) = parts[want.parts[0]].needs[0];
            sum.min(source.units(pool) / need)
        }
    }
}

/// Cost of a unit; of a bundle with what its last units cost more.
fn unit_of_want(source: &Source, parts: &[Part], want: &Want) -> i64 {
    let part = &parts[want.parts[0]];
    let plain = part
        .needs
        .iter()
        .map(|(pool, need)| source.unit(*pool).saturating_mul(*need));
    let plain = plain.fold(0, i64::saturating_add);
    if !part.whole {
        return plain;
    }
    let extra = part
        .needs
        .iter()
        .map(|(pool, need)| extra(source, *pool, *need));
    plain.saturating_add(extra.fold(0, i64::saturating_add))
}

/// What units of a pool cost more, in minor units.
pub(super) fn extra(source: &Source, pool: usize, units: i64) -> i64 {
    let scarcity = source.scarcity(pool);
    (units - scarcity.free_units)
        .max(0)
        .saturating_mul(scarcity.extra_minor)
}

fn scarcity_of_want(source: &Source, parts: &[Part], want: &Want, most: i64) -> Scarce {
    let part = &parts[want.parts[0]];
    if part.whole {
        return Scarce {
            free: most,
            ..Scarce::default()
        };
    }
    let (pool, need) = part.needs[0];
    let scarcity = source.scarcity(pool);
    let extra_minor = scarcity.extra_minor * need * SCALE;
    // By cases; where free units are no whole number of them, it is a bound and never more than the truth.
    let free_units = (scarcity.free_units + need - 1) / need;
    Scarce {
        free: free_units.max(1).min(most),
        all: (most - free_units).max(0) * extra_minor,
        given: Scarcity {
            free_units,
            extra_minor,
        },
    }
}
