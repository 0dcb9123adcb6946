//! What two sources cost at least that serve together everything they can.
//!
//! What only one of them has comes from that one; all else comes from the cheaper one, and its weight is split where the
//! two shipments cost least together. An assignment has to do no better, unit by unit, so that most pairs need none.

use smallvec::SmallVec;

use super::SCALE;
use super::board::Board;
use super::freight::Ladder;

/// More than any cost, and small enough to be added up.
const FAR: i64 = i64::MAX / 8;

/// What comes from whom, by want.
#[derive(Clone, Copy)]
struct Share {
    /// From the first or the second source alone.
    own: [i64; 2],
    /// From either.
    either: i64,
}

/// What both sources of a pair cost at least if they are both used and leave no unit that they could serve, scaled.
pub(super) fn cost_of_pair(board: &Board<'_>, rows: [usize; 2]) -> i128 {
    let [one, other] = rows.map(|row| board.row(row));
    let mut cost = board.lacking_minor * i128::from(SCALE);
    cost += i128::from(board.fixed[rows[0]]) + i128::from(board.fixed[rows[1]]);
    let mut shares: SmallVec<[Share; 20]> = SmallVec::with_capacity(board.wants());
    for want in 0..board.wants() {
        let wanted = board.servable(want);
        let most = [one.most[want], other.most[want]].map(|most| most.min(wanted));
        let served = wanted.min(most[0] + most[1]);
        let own = [served - most[1], served - most[0]].map(|units| units.max(0));
        let either = served - own[0] - own[1];
        let units = [one.unit[want], other.unit[want]];
        let first = [one.first[want], other.first[want]];
        let extra = [&one, &other].map(|row| row.scarce.get(want));
        for side in 0..2 {
            if own[side] > 0 {
                let last = extra[side].map_or(0, |scarce| {
                    (own[side] - scarce.given.free_units).max(0) * scarce.given.extra_minor
                });
                cost += i128::from(first[side]) + i128::from(units[side] * own[side] + last);
            }
        }
        if either > 0 {
            let able = |side: usize| most[side] > own[side];
            let sides = (0..2).filter(|side| able(*side));
            let each = sides.clone().map(|side| units[side]).min().unwrap_or(0);
            cost += i128::from(each * either);
            if own == [0, 0] {
                cost += i128::from(sides.map(|side| first[side]).min().unwrap_or(0));
            }
        }
        cost += i128::from(board.unserved[want]) * i128::from((wanted - served) * SCALE);
        shares.push(Share { own, either });
    }
    cost + i128::from(freight_of_pair(board, rows, &shares))
}

/// The least that both shipments cost, whatever is split how.
fn freight_of_pair(board: &Board<'_>, rows: [usize; 2], shares: &[Share]) -> i64 {
    let [one, other] = rows.map(|row| &board.freights.get(board.freight[row]).ladders);
    let mut least = FAR;
    for first in one {
        let weights_g = board.weights_g(first);
        let own_g = weight_of(shares, weights_g, |share| share.own[0]);
        for second in other {
            if first.class == second.class {
                let others_g = weight_of(shares, weights_g, |share| share.own[1]);
                let either_g = weight_of(shares, weights_g, |share| share.either);
                least = least.min(split(first, second, [own_g, others_g], either_g));
            } else {
                // Weighed differently: neither is lighter than what it serves alone.
                let weights_g = board.weights_g(second);
                let others_g = weight_of(shares, weights_g, |share| share.own[1]);
                let prices = first.price(own_g).zip(second.price(others_g));
                least = least.min(prices.map_or(FAR, |(one, other)| one + other));
            }
        }
    }
    least
}

fn weight_of(shares: &[Share], weights_g: &[i64], units: impl Fn(&Share) -> i64) -> i64 {
    let weights = shares.iter().zip(weights_g);
    weights.fold(0_i64, |sum, (share, each)| {
        sum.saturating_add(units(share).saturating_mul(*each))
    })
}

/// What two shipments cost at least between which a weight may be split at will: prices rise in steps, so that the first
/// one is full, or has everything.
fn split(first: &Ladder, second: &Ladder, own_g: [i64; 2], either_g: i64) -> i64 {
    let from = first.steps.partition_point(|step| step.0 < own_g[0]);
    let mut least = FAR;
    for (end_g, price) in &first.steps[from..] {
        let taken_g = (end_g - own_g[0]).min(either_g);
        if let Some(other) = second.price(own_g[1] + either_g - taken_g) {
            least = least.min(price + other);
        }
        if taken_g == either_g {
            break;
        }
    }
    least
}
