//! What a source gains by serving, under given prices, and what using it costs at least beyond that.
//!
//! Every price of a shipment goes up to some weight. For each of them the gains that fit into the weight are taken, the
//! steepest first and the last one in part (Dantzig's bound of a knapsack); the cheapest price then says what
//! the source costs.

use smallvec::SmallVec;

use super::board::{Board, Row};
use super::freight::Ladder;

/// More than any cost.
const FAR: i64 = i64::MAX / 4;

/// Units of a want that are worth more than they cost, shipping aside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gain {
    pub(super) want: usize,
    pub(super) units: i64,
    /// Grams of all of them.
    pub(super) weight_g: i64,
    /// What they are worth beyond their cost, scaled; above zero.
    pub(super) gain: i64,
}

/// Gains of one source, the steepest first.
pub(super) type Gains = SmallVec<[Gain; 20]>;

/// What a source costs beyond what it gains.
#[derive(Clone, Copy)]
struct Choice {
    /// Scaled.
    cost: i64,
    /// Which ladder of its freight, and which step of that; no step where nothing is gained.
    ladder: usize,
    step: Option<usize>,
}

/// Works out reduced costs, one after the other.
#[derive(Debug, Default)]
pub(super) struct Pricer {
    gains: Gains,
}

impl Gain {
    /// What so many grams of it gain at most.
    pub(super) fn of_weight(&self, weight_g: i64) -> i64 {
        if self.weight_g == 0 {
            return self.gain;
        }
        let product = self.gain.checked_mul(weight_g);
        product.map_or(self.gain, |product| product / self.weight_g + 1)
    }

    /// Whether it gains more for its weight than another.
    fn is_steeper(&self, other: &Self) -> bool {
        let own = self.gain.checked_mul(other.weight_g);
        let others = other.gain.checked_mul(self.weight_g);
        if let (Some(own), Some(others)) = (own, others) {
            return own > others;
        }
        let wide = |gain: i64, weight_g: i64| i128::from(gain) * i128::from(weight_g);
        wide(self.gain, other.weight_g) > wide(other.gain, self.weight_g)
    }
}

/// Lists what a row gains by each want, never less than that in truth.
pub(super) fn list(gains: &mut Gains, row: &Row<'_>, weights_g: &[i64], worth: &[i64]) {
    gains.clear();
    for (want, worth) in worth.iter().enumerate() {
        let (most, rate) = (row.most[want], worth - row.unit[want]);
        if most == 0 || rate <= 0 {
            continue;
        }
        let gain = |gain: i64, units: i64| Gain {
            want,
            units,
            weight_g: weights_g[want].saturating_mul(units),
            gain,
        };
        let all = rate * most - row.first[want];
        let Some(scarce) = row.scarce.get(want).filter(|scarce| scarce.all > 0) else {
            insert(gains, gain(all, most));
            continue;
        };
        let all = all - scarce.all;
        let free = rate * scarce.free - row.first[want];
        let last = most - scarce.free;
        // The last units gain less than the others, so that they may be left alone; where they gain more, with what
        // the first unit costs, all or none is the better bound.
        let falls =
            i128::from(all - free) * i128::from(scarce.free) <= i128::from(free) * i128::from(last);
        if free > 0 && falls {
            insert(gains, gain(free, scarce.free));
            insert(gains, gain(all - free, last));
        } else {
            insert(gains, gain(all, most));
        }
    }
}

/// Keeps gains in order as they come; there are few of them.
#[inline]
fn insert(gains: &mut Gains, gain: Gain) {
    if gain.gain <= 0 {
        return;
    }
    let mut at = gains.len();
    gains.push(gain);
    while at > 0 && gain.is_steeper(&gains[at - 1]) {
        gains[at] = gains[at - 1];
        at -= 1;
    }
    gains[at] = gain;
}

impl Pricer {
    /// What a source costs beyond the worth of what it serves, if it serves something, at its best choice; scaled. It
    /// is never more than that in truth.
    pub(super) fn reduced_cost(&mut self, board: &Board<'_>, row: usize, worth: &[i64]) -> i64 {
        self.choose(board, row, worth).cost
    }

    /// Units that a source serves under these prices, added to `taken` by want.
    pub(super) fn add_choice(
        &mut self,
        board: &Board<'_>,
        row: usize,
        worth: &[i64],
        taken: &mut [i64],
    ) {
        let choice = self.choose(board, row, worth);
        let Some(step) = choice.step else {
            return;
        };
        let ladders = &board.freights.get(board.freight[row]).ladders;
        let ladder = &ladders[choice.ladder];
        if ladders.len() > 1 {
            list(
                &mut self.gains,
                &board.row(row),
                board.weights_g(ladder),
                worth,
            );
        }
        let mut left_g = ladder.steps[step].0;
        for gain in &self.gains {
            if gain.weight_g > left_g {
                let part = i128::from(gain.units) * i128::from(left_g) / i128::from(gain.weight_g);
                taken[gain.want] += i64::try_from(part).unwrap_or(0);
                break;
            }
            left_g -= gain.weight_g;
            taken[gain.want] += gain.units;
        }
    }

    fn choose(&mut self, board: &Board<'_>, row: usize, worth: &[i64]) -> Choice {
        let numbers = board.row(row);
        let mut best = Choice {
            cost: FAR,
            ladder: 0,
            step: None,
        };
        let ladders = &board.freights.get(board.freight[row]).ladders;
        for (nth, ladder) in ladders.iter().enumerate() {
            let weights_g = board.weights_g(ladder);
            list(&mut self.gains, &numbers, weights_g, worth);
            let (cost, step) = if self.gains.is_empty() {
                (least_loss(&numbers, ladder, weights_g, worth), None)
            } else {
                best_step(ladder, &self.gains, best.cost)
            };
            if cost < best.cost {
                best = Choice {
                    cost,
                    ladder: nth,
                    step,
                };
            }
        }
        best.cost += board.fixed[row];
        best
    }
}

/// The price that costs least beyond the gains that fit into it, and which that is.
fn best_step(ladder: &Ladder, gains: &[Gain], least: i64) -> (i64, Option<usize>) {
    let mut best = (least, None);
    let (mut next, mut weight_g, mut gained) = (0, 0_i64, 0);
    for (step, (end_g, price)) in ladder.steps.iter().enumerate() {
        while let Some(gain) = gains
            .get(next)
            .filter(|gain| weight_g.saturating_add(gain.weight_g) <= *end_g)
        {
            weight_g += gain.weight_g;
            gained += gain.gain;
            next += 1;
        }
        let mut cost = price - gained;
        if let Some(partly) = gains.get(next) {
            if cost - partly.gain >= best.0 {
                continue;
            }
            cost -= partly.of_weight(end_g - weight_g);
        }
        if cost < best.0 {
            best = (cost, Some(step));
        }
        if next == gains.len() {
            break; // What costs more has nothing more to offer.
        }
    }
    best
}

/// What serving one unit costs at least beyond its worth, where nothing gains.
fn least_loss(row: &Row<'_>, ladder: &Ladder, weights_g: &[i64], worth: &[i64]) -> i64 {
    let wants = (0..worth.len()).filter(|want| row.most[*want] > 0);
    let loss = |want: usize| {
        let price = ladder.price(weights_g[want]).unwrap_or(FAR);
        price + row.first[want] + row.unit[want] - worth[want]
    };
    wants.map(loss).min().unwrap_or(FAR)
}
