//! The exact plan by a table over quantities, for orders whose quantities make few enough states.
//!
//! A column is what one source may serve: units by part, with its exact cost. Under given prices only columns
//! are of use whose reduced cost is below the gap between the best plan and the bound; they are enumerated
//! source by source, and of those with the same units the cheapest is kept ([`Columns`]). The cheapest way to
//! make the whole order of columns is then found state by state ([`super::table`]).

use smallvec::SmallVec;

use super::SCALE;
use super::board::Board;
use super::cover::Cover;
use super::freight::Line;
use super::prices::Prices;

/// States that a table may have.
const MOST_STATES: usize = 1 << 17;
/// Lines of a freight that are looked at.
const LINES: usize = 4;

/// How units by part are numbered: each part is a digit.
#[derive(Debug)]
pub(super) struct States {
    /// By part, what one unit adds to the number.
    pub(super) stride: Vec<usize>,
    /// By part, how many units there may be.
    pub(super) quantity: Vec<i64>,
    /// How many states there are.
    pub(super) count: usize,
}

/// Units by part that some source serves for a cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The number of its units.
    pub(super) state: usize,
    /// Exact cost, in minor units.
    pub(super) cost: i64,
    /// The cost beyond the worth of the units, scaled.
    pub(super) reduced: i64,
    /// Bits of parts of which it has units.
    pub(super) helps: u32,
    /// The row that serves them.
    pub(super) row: usize,
}

/// The cheapest columns by their units.
pub(super) struct Columns<'b, 'a> {
    board: &'b Board<'a>,
    prices: &'b Prices,
    cover: &'b Cover,
    states: &'b States,
    /// Reduced costs from here on are of no use, scaled.
    gap: i64,
    /// By state, one more than the place of its column.
    place: Vec<u32>,
    pub(super) columns: Vec<Column>,
    pub(super) steps: u64,
    most_steps: u64,
}

/// A part at the source whose columns are enumerated; costs are scaled.
struct Offer {
    part: usize,
    most: i64,
    first: i64,
    unit: i64,
    free: i64,
    extra: i64,
    worth: i64,
    rates: [i64; LINES],
    /// By line, what this and all later offers can gain at most (below zero).
    gains: [i64; LINES],
}

/// Units given so far.
#[derive(Clone, Copy)]
struct Given {
    state: usize,
    /// Cost without shipping, scaled.
    cost: i64,
    /// Worth of the units, scaled.
    worth: i64,
    lines_left: i64,
    units_left: i64,
    /// Bits of parts of which all units are given, and of which some are.
    all: u32,
    some: u32,
    /// By line of the freight, what shipping costs at least, scaled.
    lines: [i64; LINES],
}

impl States {
    /// The states of an order; none where there are too many, or parts share stock.
    pub(super) fn of(board: &Board<'_>) -> Option<Self> {
        if board.parts.shared {
            return None;
        }
        let quantity: Vec<i64> = board.parts.parts.iter().map(|part| part.quantity).collect();
        let mut stride = Vec::new();
        let mut count = 1_usize;
        for units in &quantity {
            stride.push(count);
            let digits = usize::try_from(*units).ok()?.checked_add(1)?;
            count = count
                .checked_mul(digits)
                .filter(|count| *count <= MOST_STATES)?;
        }
        Some(Self {
            stride,
            quantity,
            count,
        })
    }

    /// Units of a part in a state.
    #[inline]
    pub(super) fn units(&self, state: usize, part: usize) -> i64 {
        let digits = usize::try_from(self.quantity[part]).unwrap_or(0) + 1;
        i64::try_from(state / self.stride[part] % digits).unwrap_or(0)
    }
}

impl<'b, 'a> Columns<'b, 'a> {
    /// The columns of these rows whose reduced cost is below the gap; none where that takes too many steps.
    pub(super) fn enumerate(
        board: &'b Board<'a>,
        (cover, prices, states): (&'b Cover, &'b Prices, &'b States),
        rows: &[usize],
        gap: i64,
        most_steps: u64,
    ) -> Option<Self> {
        let mut columns = Self {
            place: vec![0; states.count],
            columns: Vec::new(),
            steps: 0,
            board,
            prices,
            cover,
            states,
            gap,
            most_steps,
        };
        for row in rows {
            columns.of_row(*row);
            if columns.steps > most_steps {
                return None;
            }
        }
        Some(columns)
    }

    fn of_row(&mut self, row: usize) {
        let source = self.board.source(row);
        let lines = &self.board.freights.get(self.board.freight[row]).lines;
        let offers = self.offers(row, lines);
        let mut starts = [i64::MIN / 4; LINES];
        for (start, line) in starts.iter_mut().zip(lines) {
            *start = line.start;
        }
        let given = Given {
            state: 0,
            cost: self.board.fixed[row],
            worth: 0,
            lines_left: source.lines_max.unwrap_or(i64::MAX),
            units_left: source.units_max.unwrap_or(i64::MAX),
            all: 0,
            some: 0,
            lines: starts,
        };
        let mut weights: SmallVec<[i64; 2]> = SmallVec::from_elem(0, self.board.parts.classes);
        let shipping = self.board.freights.price(self.board.freight[row], &weights);
        if let Some(shipping) = shipping {
            self.extend(row, &offers, given, &mut weights, shipping);
        }
    }

    fn offers(&self, row: usize, lines: &[Line]) -> SmallVec<[Offer; 12]> {
        let numbers = self.board.row(row);
        let mut offers: SmallVec<[Offer; 12]> = SmallVec::new();
        for part in 0..self.states.quantity.len() {
            if numbers.most[part] == 0 {
                continue;
            }
            let mut rates = [0; LINES];
            for (rate, line) in rates.iter_mut().zip(lines) {
                *rate = line.per_part[part];
            }
            let scarce = numbers.scarce.get(part).map(|scarce| scarce.given);
            let scarce = scarce.unwrap_or_default();
            offers.push(Offer {
                part,
                most: numbers.most[part],
                first: numbers.first[part],
                unit: numbers.unit[part],
                free: scarce.free_units,
                extra: scarce.extra_minor,
                worth: self.prices.worth[part],
                rates,
                gains: [0; LINES],
            });
        }
        let mut gains = [0; LINES];
        for offer in offers.iter_mut().rev() {
            for (gain, rate) in gains.iter_mut().zip(offer.rates) {
                let rate = offer.unit + rate - offer.worth;
                // Without what last units cost more: they only gain less.
                *gain += (offer.first + rate.min(0) * offer.most).min(0);
            }
            offer.gains = gains;
        }
        offers
    }

    /// Decides the units of one part after the other.
    fn extend(
        &mut self,
        row: usize,
        offers: &[Offer],
        given: Given,
        weights: &mut SmallVec<[i64; 2]>,
        shipping: i64,
    ) {
        self.steps += 1;
        if self.steps > self.most_steps {
            return;
        }
        let Some((offer, rest)) = offers.split_first() else {
            self.note(row, &given, shipping);
            return;
        };
        if self.too_dear(&given, offer, row, shipping) {
            return;
        }
        let part = &self.board.parts.parts[offer.part];
        let room = offer.most.min(given.units_left / part.units.max(1));
        let room = if given.lines_left < part.lines {
            0
        } else {
            room
        };
        for units in (1..=room).rev() {
            add(weights, &part.weights_g, units);
            if let Some(price) = self.board.freights.price(self.board.freight[row], weights) {
                let next = self.with(given, offer, units);
                self.extend(row, rest, next, weights, price);
            }
            add(weights, &part.weights_g, -units);
        }
        self.extend(row, rest, given, weights, shipping);
    }

    fn with(&self, given: Given, offer: &Offer, units: i64) -> Given {
        let part = &self.board.parts.parts[offer.part];
        let mut next = given;
        next.state += self.states.stride[offer.part] * usize::try_from(units).unwrap_or(0);
        next.cost += offer.first + offer.unit * units + (units - offer.free).max(0) * offer.extra;
        next.worth += offer.worth * units;
        next.lines_left -= part.lines;
        next.units_left -= part.units * units;
        if units == self.states.quantity[offer.part] {
            next.all |= self.cover.bit[offer.part];
        }
        next.some |= self.cover.bit[offer.part];
        for (line, rate) in next.lines.iter_mut().zip(offer.rates) {
            *line += rate * units;
        }
        next
    }

    /// Whether no column that goes on from here is of use.
    fn too_dear(&self, given: &Given, offer: &Offer, row: usize, shipping: i64) -> bool {
        let so_far = given.cost - given.worth - self.prices.credit[row];
        let flat = so_far + shipping * SCALE + offer.gains[0];
        let sloped = given
            .lines
            .iter()
            .zip(offer.gains)
            .map(|(line, gain)| so_far + line + gain);
        sloped.fold(flat, i64::max) >= self.gap
    }

    fn note(&mut self, row: usize, given: &Given, shipping: i64) {
        let cost = given.cost + shipping * SCALE;
        let reduced = cost - given.worth - self.prices.credit[row];
        let others = self.prices.cover[self.cover.all() & !(given.all as usize)];
        if given.state == 0 || reduced.saturating_add(others) >= self.gap {
            return;
        }
        let column = Column {
            state: given.state,
            cost: cost / SCALE,
            reduced,
            helps: given.some,
            row,
        };
        match self.place[given.state] as usize {
            0 => {
                self.columns.push(column);
                self.place[given.state] = u32::try_from(self.columns.len()).unwrap_or(0);
            }
            place if column.cost < self.columns[place - 1].cost => self.columns[place - 1] = column,
            _ => {}
        }
    }
}

fn add(weights: &mut [i64], own: &[i64], units: i64) {
    for (weight, own) in weights.iter_mut().zip(own) {
        *weight += own * units;
    }
}
