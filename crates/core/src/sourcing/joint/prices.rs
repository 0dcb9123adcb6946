//! Prices on what is shared, raised where too much is wanted: each round proves a bound and suggests a plan.

use super::ledger::{Left, Planned, Prices, plan};
use super::model::{Contender, Joint};

/// Rounds without a better bound after which steps become smaller.
const PATIENCE: u32 = 4;
/// Steps are counted in parts of this.
const STEP_PARTS: i128 = 64;

/// A search for prices.
pub(super) struct Climb<'j> {
    joint: &'j Joint,
    whole: Left,
    prices: Prices,
    plans: Vec<Planned>,
    /// The best bound, and the rounds since.
    pub(super) bound_minor: i64,
    since: u32,
    step: i128,
}

impl<'j> Climb<'j> {
    /// Begins without prices: everybody plans as if nobody else were there.
    pub(super) fn new(joint: &'j Joint) -> Self {
        let whole = Left::of(joint);
        let prices = Prices::none(joint);
        let plans = joint.contenders.iter().map(|one| plan(one, &whole, None));
        let plans: Vec<Planned> = plans.collect();
        let bound_minor = plans.iter().map(|one| one.bound_minor).sum();
        Self {
            joint,
            whole,
            prices,
            plans,
            bound_minor,
            since: 0,
            step: STEP_PARTS * 3 / 2,
        }
    }

    /// What everybody would do at the prices.
    pub(super) fn plans(&self) -> &[Planned] {
        &self.plans
    }

    /// Sets the prices anew and plans at them; whether that can still lead to something, the best plan known costing this.
    pub(super) fn round(&mut self, best_minor: i64) -> bool {
        let excess = self.excess();
        let squares: i128 = excess.squares();
        if best_minor <= self.bound_minor || squares == 0 || self.step == 0 {
            return false;
        }
        let current: i64 = self.plans.iter().map(|one| one.bound_minor).sum();
        let current = current - self.prices.worth(self.joint);
        let far = i128::from((best_minor - current).max(1));
        let before = self.prices.clone();
        let raise = |price: &mut i64, by: i64| {
            let numerator = self.step * far * i128::from(by);
            let change = numerator / (STEP_PARTS * squares);
            // A price that is wanted to move moves by one at least, so that small gaps are closed too.
            let change = if change == 0 {
                i128::from(by.signum())
            } else {
                change
            };
            let price_now = i128::from(*price) + change;
            *price = i64::try_from(price_now.clamp(0, i128::from(Prices::MOST))).unwrap_or(0);
        };
        let stock = self.prices.stock.iter_mut().zip(&excess.stock);
        stock.for_each(|(price, by)| raise(price, *by));
        let rooms = self.prices.rooms.iter_mut().zip(&excess.rooms);
        rooms.for_each(|(price, by)| raise(price, *by));
        self.plan_again(&before);
        self.judge();
        true
    }

    fn judge(&mut self) {
        let bound: i64 = self.plans.iter().map(|one| one.bound_minor).sum();
        let bound = bound - self.prices.worth(self.joint);
        if bound > self.bound_minor {
            self.bound_minor = bound;
            self.since = 0;
        } else {
            self.since += 1;
            if self.since >= PATIENCE {
                self.since = 0;
                self.step /= 2;
            }
        }
    }

    /// Plans for those anew whose prices have changed.
    fn plan_again(&mut self, before: &Prices) {
        for (position, contender) in self.joint.contenders.iter().enumerate() {
            if touches(contender, before, &self.prices) {
                self.plans[position] = plan(contender, &self.whole, Some(&self.prices));
            }
        }
    }

    /// How much more is wanted than there is; less where there is a price on it.
    fn excess(&self) -> Excess {
        let mut left = self.whole.clone();
        for (contender, plan) in self.joint.contenders.iter().zip(&self.plans) {
            left.take(contender, &plan.given, 1);
        }
        let over = |left: i64, price: i64| if left > 0 && price == 0 { 0 } else { -left };
        let stock = left.stock.iter().zip(&self.prices.stock);
        let rooms = left.rooms.iter().zip(&self.prices.rooms);
        Excess {
            stock: stock.map(|(left, price)| over(*left, *price)).collect(),
            rooms: rooms.map(|(room, price)| over(room.left, *price)).collect(),
        }
    }
}

struct Excess {
    stock: Vec<i64>,
    rooms: Vec<i64>,
}

impl Excess {
    fn squares(&self) -> i128 {
        let all = self.stock.iter().chain(&self.rooms);
        all.map(|by| i128::from(*by) * i128::from(*by)).sum()
    }
}

fn touches(contender: &Contender, before: &Prices, now: &Prices) -> bool {
    let stock = contender.stock.iter().flatten();
    let mut rooms = contender.rooms.iter().flatten();
    stock.clone().any(|at| before.stock[*at] != now.stock[*at])
        || rooms.any(|at| before.rooms[*at] != now.rooms[*at])
}
