//! The best assignment of units to the sources of one set, by branch and bound over parts.
//!
//! Every source of the set is taken as used, in the bounds; plans that leave one out belong to a smaller set.

use smallvec::SmallVec;

use super::SCALE;
use super::board::{Board, extra, most_of_part};
use super::met::Found;

/// The search within one set of sources.
pub(super) struct Assign<'b, 'a> {
    board: &'b Board<'a>,
    rows: &'b [usize],
    baskets: Vec<Basket>,
    /// Parts with their costs at each source, the heaviest first.
    parts: Vec<Choice>,
    /// By nth part, what it and all after it cost at least, with flat and with sloping freight.
    rest: Vec<Rest>,
    /// Units by nth part and basket.
    units: Vec<SmallVec<[i64; 4]>>,
    unserved: i64,
    cutoff: i64,
    nodes_left: u64,
    nodes: u64,
    exhausted: bool,
    best: Option<Found>,
}

/// What a source of the set has been given.
struct Basket {
    freight: usize,
    /// The line of its freight that is used for bounds.
    line: usize,
    fixed: i64,
    lines_left: i64,
    units_left: i64,
    lines: i64,
    /// Costs of lines, units and scarcity.
    cost: i64,
    weights_g: SmallVec<[i64; 2]>,
    /// What is left of each pool.
    left: Vec<i64>,
    shipping: i64,
}

/// A part and who may serve it.
struct Choice {
    part: usize,
    /// Baskets by rising cost of a unit.
    by: SmallVec<[Offer; 4]>,
}

/// What a unit costs at a source.
#[derive(Clone, Copy)]
struct Offer {
    basket: usize,
    line: i64,
    unit: i64,
    /// With the freight's line, scaled.
    sloped: i64,
    most: i64,
    /// The cheapest of the offers after it, or leaving it.
    next_unit: i64,
    next_sloped: i64,
}

#[derive(Clone, Copy, Default)]
struct Rest {
    flat: i64,
    sloped: i128,
}

/// What came of it.
pub(super) struct Assigned {
    /// The cheapest assignment below the cutoff.
    pub(super) best: Option<Found>,
    pub(super) nodes: u64,
    /// Whether it is proven to be the cheapest.
    pub(super) proven: bool,
}

/// The cheapest assignment to these rows that costs less than the cutoff.
pub(super) fn assign(board: &Board<'_>, rows: &[usize], cutoff: i64, nodes_left: u64) -> Assigned {
    let mut search = Assign::new(board, rows, cutoff, nodes_left);
    if search.bound(0, 0, 0) < cutoff {
        search.part(0);
    }
    Assigned {
        best: search.best,
        nodes: search.nodes,
        proven: !search.exhausted,
    }
}

impl<'b, 'a> Assign<'b, 'a> {
    fn new(board: &'b Board<'a>, rows: &'b [usize], cutoff: i64, nodes_left: u64) -> Self {
        let baskets: Vec<Basket> = rows
            .iter()
            .map(|row| Basket::new(board, *row, rows.len()))
            .collect();
        let mut parts: Vec<Choice> = (0..board.parts.parts.len())
            .map(|part| Choice::new(board, rows, &baskets, part))
            .collect();
        parts.sort_by_key(|choice| {
            let part = &board.parts.parts[choice.part];
            (choice.by.len(), -part.weights_g[0] * part.quantity)
        });
        let mut rest = vec![Rest::default(); parts.len() + 1];
        for nth in (0..parts.len()).rev() {
            let own = parts[nth].least(board);
            rest[nth] = Rest {
                flat: rest[nth + 1].flat.saturating_add(own.flat),
                sloped: rest[nth + 1].sloped + own.sloped,
            };
        }
        Self {
            board,
            rows,
            units: vec![SmallVec::from_elem(0, rows.len()); parts.len()],
            baskets,
            parts,
            rest,
            unserved: 0,
            cutoff,
            nodes_left,
            nodes: 0,
            exhausted: false,
            best: None,
        }
    }

    /// What every assignment costs that goes on from here, in minor units, rounded up.
    fn bound(&self, next: usize, left_flat: i64, left_sloped: i128) -> i64 {
        self.flat(next, left_flat)
            .max(self.sloped(next, left_sloped))
    }

    /// With what each source's shipment costs by now.
    fn flat(&self, next: usize, left: i64) -> i64 {
        let so_far = self.baskets.iter().fold(self.unserved, |sum, basket| {
            sum.saturating_add(basket.fixed)
                .saturating_add(basket.cost)
                .saturating_add(basket.shipping)
        });
        so_far
            .saturating_add(self.rest[next].flat)
            .saturating_add(left)
    }

    /// With lines below what shipments cost in the end.
    fn sloped(&self, next: usize, left: i128) -> i64 {
        let mut sum = i128::from(self.unserved) * i128::from(SCALE) + self.rest[next].sloped + left;
        for (nth, basket) in self.baskets.iter().enumerate() {
            let line = &self.board.freights.get(basket.freight).lines[basket.line];
            sum += i128::from(basket.fixed.saturating_add(basket.cost)) * i128::from(SCALE);
            sum += i128::from(line.start);
            for (choice, units) in self.parts.iter().zip(&self.units) {
                sum += i128::from(line.per_part[choice.part]) * i128::from(units[nth]);
            }
        }
        let rounded = (sum + i128::from(SCALE) - 1).div_euclid(i128::from(SCALE));
        i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
    }

    fn part(&mut self, nth: usize) {
        match self.parts.get(nth) {
            None => self.arrive(),
            Some(choice) => {
                let quantity = self.board.parts.parts[choice.part].quantity;
                self.split(nth, 0, quantity);
            }
        }
    }

    /// Gives units of a part to one source after the other, and leaves what is left.
    fn split(&mut self, nth: usize, offer: usize, left: i64) {
        self.nodes += 1;
        if self.nodes > self.nodes_left {
            self.exhausted = true;
            return;
        }
        let part = &self.board.parts.parts[self.parts[nth].part];
        let Some(&own) = self.parts[nth].by.get(offer).filter(|_| left > 0) else {
            self.unserved = self.unserved.saturating_add(part.unserved * left);
            if self.bound(nth + 1, 0, 0) < self.cutoff {
                self.part(nth + 1);
            }
            self.unserved = self.unserved.saturating_sub(part.unserved * left);
            return;
        };
        let most = self.room(&own, self.parts[nth].part).min(left);
        let mut before = i64::MAX;
        for units in (1..=most).rev() {
            let Some(undo) = self.put(nth, &own, units) else {
                continue; // Too heavy.
            };
            let rest = left - units;
            let sloped = self.sloped(nth + 1, i128::from(own.next_sloped) * i128::from(rest));
            let flat = self.flat(nth + 1, own.next_unit.saturating_mul(rest));
            if sloped.max(flat) < self.cutoff {
                self.split(nth, offer + 1, rest);
            }
            self.take_back(nth, &own, units, undo);
            // The sloped bound is convex in the units: once it rises it goes on rising.
            if self.exhausted || (sloped >= self.cutoff && sloped >= before) {
                break;
            }
            before = sloped;
        }
        let flat = own.next_unit.saturating_mul(left);
        let sloped = i128::from(own.next_sloped) * i128::from(left);
        if !self.exhausted && self.bound(nth + 1, flat, sloped) < self.cutoff {
            self.split(nth, offer + 1, left);
        }
    }

    fn room(&self, offer: &Offer, part: usize) -> i64 {
        let basket = &self.baskets[offer.basket];
        let part = &self.board.parts.parts[part];
        if basket.lines_left < part.lines {
            return 0;
        }
        let by_stock = part
            .needs
            .iter()
            .map(|(pool, need)| basket.left[*pool] / need);
        by_stock
            .fold(offer.most, i64::min)
            .min(basket.units_left / part.units.max(1))
    }

    /// Gives units to a source; says what its cost and shipment were before, or none if they cannot be sent.
    fn put(&mut self, nth: usize, offer: &Offer, units: i64) -> Option<(i64, i64)> {
        let part = &self.board.parts.parts[self.parts[nth].part];
        let source = self.board.source(self.rows[offer.basket]);
        let basket = &mut self.baskets[offer.basket];
        let before = (basket.cost, basket.shipping);
        for (weight, own) in basket.weights_g.iter_mut().zip(&part.weights_g) {
            *weight += own * units;
        }
        let Some(price) = self.board.freights.price(basket.freight, &basket.weights_g) else {
            for (weight, own) in basket.weights_g.iter_mut().zip(&part.weights_g) {
                *weight -= own * units;
            }
            return None;
        };
        basket.shipping = price;
        basket.cost = basket.cost.saturating_add(offer.line + offer.unit * units);
        for (pool, need) in &part.needs {
            let had = source.units(*pool);
            let taken = had - basket.left[*pool];
            basket.left[*pool] -= need * units;
            let more = extra(source, *pool, taken + need * units) - extra(source, *pool, taken);
            basket.cost = basket.cost.saturating_add(more);
        }
        basket.lines_left -= part.lines;
        basket.units_left -= part.units * units;
        basket.lines += part.lines;
        self.units[nth][offer.basket] = units;
        Some(before)
    }

    fn take_back(&mut self, nth: usize, offer: &Offer, units: i64, before: (i64, i64)) {
        let part = &self.board.parts.parts[self.parts[nth].part];
        let basket = &mut self.baskets[offer.basket];
        for (weight, own) in basket.weights_g.iter_mut().zip(&part.weights_g) {
            *weight -= own * units;
        }
        for (pool, need) in &part.needs {
            basket.left[*pool] += need * units;
        }
        basket.lines_left += part.lines;
        basket.units_left += part.units * units;
        basket.lines -= part.lines;
        (basket.cost, basket.shipping) = before;
        self.units[nth][offer.basket] = 0;
    }

    /// Everything is assigned: keeps it if it is cheaper, without sources that have nothing.
    fn arrive(&mut self) {
        let used = self.baskets.iter().filter(|basket| basket.lines > 0);
        let total = used.fold(self.unserved, |sum, basket| {
            sum.saturating_add(basket.fixed)
                .saturating_add(basket.cost)
                .saturating_add(basket.shipping)
        });
        if total >= self.cutoff {
            return;
        }
        self.cutoff = total;
        let baskets = self
            .baskets
            .iter()
            .enumerate()
            .filter(|(_, basket)| basket.lines > 0);
        let served = baskets
            .map(|(basket, _)| (self.board.sources[self.rows[basket]], self.given(basket)))
            .collect();
        self.best = Some(Found { total, served });
    }

    /// Units of a source, by part.
    fn given(&self, basket: usize) -> Vec<i64> {
        let mut given = vec![0; self.parts.len()];
        for (choice, units) in self.parts.iter().zip(&self.units) {
            given[choice.part] = units[basket];
        }
        given
    }
}

impl Basket {
    fn new(board: &Board<'_>, row: usize, rows: usize) -> Self {
        let source = board.source(row);
        let freight = board.freight[row];
        let weights_g = SmallVec::from_elem(0, board.parts.classes);
        Self {
            freight,
            line: board.line_for(freight, rows),
            fixed: source.fixed(),
            lines_left: source.lines_max.unwrap_or(i64::MAX),
            units_left: source.units_max.unwrap_or(i64::MAX),
            lines: 0,
            cost: 0,
            left: (0..board.problem.pools)
                .map(|pool| source.units(pool))
                .collect(),
            shipping: board.freights.price(freight, &weights_g).unwrap_or(0),
            weights_g,
        }
    }
}

impl Choice {
    fn new(board: &Board<'_>, rows: &[usize], baskets: &[Basket], part: usize) -> Self {
        let value = &board.parts.parts[part];
        let mut by: SmallVec<[Offer; 4]> = SmallVec::new();
        for (nth, row) in rows.iter().enumerate() {
            let source = board.source(*row);
            let basket = &baskets[nth];
            let most = most_of_part(&board.freights, basket.freight, source, value);
            if most == 0 {
                continue;
            }
            let units = value
                .needs
                .iter()
                .map(|(pool, need)| source.unit(*pool) * need);
            let unit = units.fold(0, i64::saturating_add);
            let line = &board.freights.get(basket.freight).lines[basket.line];
            by.push(Offer {
                basket: nth,
                line: source.line() * value.lines,
                unit,
                sloped: unit * SCALE + line.per_part[part],
                most,
                next_unit: value.unserved,
                next_sloped: value.unserved * SCALE,
            });
        }
        by.sort_by_key(|offer| (offer.sloped, offer.basket));
        for nth in (1..by.len()).rev() {
            let next = by[nth];
            by[nth - 1].next_unit = next.unit.min(next.next_unit);
            by[nth - 1].next_sloped = next.sloped.min(next.next_sloped);
        }
        Self { part, by }
    }

    /// What the part costs at least.
    fn least(&self, board: &Board<'_>) -> Rest {
        let part = &board.parts.parts[self.part];
        let nobody = Rest {
            flat: part.unserved * part.quantity,
            sloped: i128::from(part.unserved * part.quantity) * i128::from(SCALE),
        };
        let most: i64 = self.by.iter().map(|offer| offer.most).sum();
        let served = most.min(part.quantity);
        let lacking = part.unserved * (part.quantity - served);
        let least = |value: fn(&Offer) -> i64| self.by.iter().map(value).min();
        let (Some(line), Some(unit), Some(sloped)) = (
            least(|offer| offer.line),
            least(|offer| offer.unit),
            least(|offer| offer.sloped),
        ) else {
            return nobody;
        };
        let once = i128::from(line.saturating_add(lacking)) * i128::from(SCALE);
        let unit = unit.min(part.unserved);
        let sloped = i128::from(sloped.min(part.unserved * SCALE));
        Rest {
            flat: nobody
                .flat
                .min(line.saturating_add(lacking).saturating_add(unit * served)),
            sloped: nobody.sloped.min(once + sloped * i128::from(served)),
        }
    }
}
