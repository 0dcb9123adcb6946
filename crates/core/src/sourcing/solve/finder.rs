//! Everything that one source may usefully serve, unit by unit.
//!
//! The parts are decided one after the other, those first that gain most for their weight. Whether it is of use to go
//! on is judged as [`super::gains`] does: for every price of a shipment, by the gains that still fit into it.

use smallvec::SmallVec;

use super::SCALE;
use super::board::Board;
use super::digits::Digits;
use super::freight::Ladder;
use super::gains::{Gain, Gains, list};

/// Units by part that some source serves for a cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its units.
    pub(super) units: u128,
    /// Exact cost, in minor units.
    pub(super) cost: i64,
    /// The cost beyond the worth of the units, scaled.
    pub(super) reduced: i64,
    /// Bits of parts of which it has units.
    pub(super) helps: u32,
    /// The row that serves them.
    pub(super) row: usize,
}

/// Finds columns, source by source.
pub(super) struct Finder<'b, 'a, K> {
    pub(super) board: &'b Board<'a>,
    pub(super) digits: &'b Digits,
    /// By part, its bit, if it has one.
    pub(super) bit: &'b [u32],
    /// By part, the worth of one unit, scaled.
    pub(super) worth: &'b [i64],
    /// What of the source's reduced cost counts as paid already; not above zero, scaled.
    pub(super) credit: i64,
    /// Reduced costs from here on are of no use, scaled.
    pub(super) gap: i64,
    /// Takes a column, and the bits of the parts of which it has all units; says what the gap is from then on.
    pub(super) keep: K,
    pub(super) steps: u64,
    pub(super) most_steps: u64,
}

/// A source whose columns are enumerated.
struct Own<'b> {
    row: usize,
    offers: SmallVec<[Offer; 12]>,
    /// By ladder of its freight, gains of offers, by falling gain for their weight, each with the place of its offer.
    gains: SmallVec<[(&'b Ladder, Placed); 2]>,
}

type Placed = SmallVec<[(Gain, usize); 20]>;

/// A part at the source; costs are scaled.
struct Offer {
    part: usize,
    most: i64,
    first: i64,
    unit: i64,
    free: i64,
    extra: i64,
    worth: i64,
}

/// Units given so far.
#[derive(Clone, Copy)]
struct Given {
    packed: u128,
    /// Cost without shipping, scaled.
    cost: i64,
    /// Worth of the units, scaled.
    worth: i64,
    lines_left: i64,
    units_left: i64,
    /// Bits of parts of which all units are given, and of which some are.
    all: u32,
    some: u32,
}

impl<'b, K: FnMut(Column, u32) -> i64> Finder<'b, '_, K> {
    /// Finds the columns of a row.
    pub(super) fn find(&mut self, row: usize) {
        let source = self.board.source(row);
        let own = self.own(row);
        let given = Given {
            packed: 0,
            cost: self.board.fixed[row],
            worth: 0,
            lines_left: source.lines_max.unwrap_or(i64::MAX),
            units_left: source.units_max.unwrap_or(i64::MAX),
            all: 0,
            some: 0,
        };
        let mut weights: SmallVec<[i64; 2]> = SmallVec::from_elem(0, self.board.parts.classes);
        self.extend(&own, 0, given, &mut weights);
    }

    /// What a source offers, the parts first that gain most for their weight.
    fn own(&self, row: usize) -> Own<'b> {
        let board = self.board;
        let numbers = board.row(row);
        let ladders = &board.freights.get(board.freight[row]).ladders;
        let mut gains: SmallVec<[Gains; 2]> = SmallVec::new();
        for ladder in ladders {
            let mut own = Gains::new();
            list(&mut own, &numbers, board.weights_g(ladder), self.worth);
            gains.push(own);
        }
        let mut order: SmallVec<[usize; 12]> = SmallVec::new();
        let gaining = gains.iter().flatten().map(|gain| gain.want);
        let others = (0..board.parts.parts.len()).filter(|part| numbers.most[*part] > 0);
        for part in gaining.chain(others) {
            if !order.contains(&part) {
                order.push(part);
            }
        }
        let place = |gain: Gain| {
            let place = order.iter().position(|part| *part == gain.want);
            (gain, place.unwrap_or(0))
        };
        let placed = gains
            .into_iter()
            .map(|gains| gains.into_iter().map(place).collect());
        Own {
            row,
            gains: ladders.iter().zip(placed).collect(),
            offers: order.iter().map(|part| self.offer(row, *part)).collect(),
        }
    }

    fn offer(&self, row: usize, part: usize) -> Offer {
        let numbers = self.board.row(row);
        let scarce = numbers.scarce.get(part).map(|scarce| scarce.given);
        let scarce = scarce.unwrap_or_default();
        Offer {
            part,
            most: numbers.most[part],
            first: numbers.first[part],
            unit: numbers.unit[part],
            free: scarce.free_units,
            extra: scarce.extra_minor,
            worth: self.worth[part],
        }
    }

    /// Decides the units of one part after the other.
    fn extend(
        &mut self,
        own: &Own<'b>,
        next: usize,
        given: Given,
        weights: &mut SmallVec<[i64; 2]>,
    ) {
        self.steps += 1;
        if self.steps > self.most_steps {
            return;
        }
        let Some(offer) = own.offers.get(next) else {
            self.note(own.row, &given, weights);
            return;
        };
        let part = &self.board.parts.parts[offer.part];
        let room = offer.most.min(given.units_left / part.units.max(1));
        let room = if given.lines_left < part.lines {
            0
        } else {
            room
        };
        for units in (1..=room).rev() {
            let more = self.with(given, offer, units);
            add(weights, &part.weights_g, units);
            if !self.too_dear(own, next + 1, &more, weights) {
                self.extend(own, next + 1, more, weights);
            }
            add(weights, &part.weights_g, -units);
        }
        if !self.too_dear(own, next + 1, &given, weights) {
            self.extend(own, next + 1, given, weights);
        }
    }

    fn with(&self, given: Given, offer: &Offer, units: i64) -> Given {
        let part = &self.board.parts.parts[offer.part];
        let mut next = given;
        next.packed += self.digits.of_part(offer.part, units);
        next.cost += offer.first + offer.unit * units + (units - offer.free).max(0) * offer.extra;
        next.worth += offer.worth * units;
        next.lines_left -= part.lines;
        next.units_left -= part.units * units;
        if units == self.board.servable(offer.part) {
            next.all |= self.bit[offer.part];
        }
        next.some |= self.bit[offer.part];
        next
    }

    /// Whether no column that goes on from here is of use: for every price of a shipment, the gains that fit into it
    /// are too small.
    fn too_dear(&mut self, own: &Own<'_>, next: usize, given: &Given, weights: &[i64]) -> bool {
        self.steps += 1;
        let so_far = given.cost - given.worth - self.credit;
        own.gains.iter().all(|(ladder, gains)| {
            let mut weight_g = weights.get(ladder.class).copied().unwrap_or(0);
            let gains = gains.iter().filter(|(_, place)| *place >= next);
            let mut gains = gains.map(|(gain, _)| gain);
            let (mut gain, mut gained) = (gains.next(), 0);
            let from = ladder.steps.partition_point(|step| step.0 < weight_g);
            for (end_g, price) in &ladder.steps[from..] {
                while let Some(whole) =
                    gain.filter(|gain| weight_g.saturating_add(gain.weight_g) <= *end_g)
                {
                    weight_g += whole.weight_g;
                    gained += whole.gain;
                    gain = gains.next();
                }
                let partly = gain.map_or(0, |gain| gain.of_weight(end_g - weight_g));
                if so_far + price - gained - partly < self.gap {
                    return false;
                }
                if gain.is_none() {
                    break; // What costs more has nothing more to offer.
                }
            }
            true
        })
    }

    fn note(&mut self, row: usize, given: &Given, weights: &[i64]) {
        let Some(shipping) = self.board.freights.price(self.board.freight[row], weights) else {
            return;
        };
        let cost = given.cost + shipping * SCALE;
        let reduced = cost - given.worth - self.credit;
        if given.packed == 0 || reduced >= self.gap {
            return;
        }
        let column = Column {
            units: given.packed,
            cost: cost / SCALE,
            reduced,
            helps: given.some,
            row,
        };
        self.gap = (self.keep)(column, given.all);
    }
}

fn add(weights: &mut [i64], own: &[i64], units: i64) {
    for (weight, own) in weights.iter_mut().zip(own) {
        *weight += own * units;
    }
}
