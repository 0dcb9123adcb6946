//! The margin floor: a plan that leaves too little of the price is not carried out before somebody has looked at it.

use super::planning::{Found, Planner};
use super::{Want, was_sourced};
use crate::decide::Stop;
use crate::money::share;
use crate::order::progress::HoldKind;
use crate::order::{Line, Order};
use crate::sourcing::policy::{Goal, Objective};
use crate::sourcing::{Margin, Reason};

/// What is left of the price of what a plan serves, where its policy has a floor, and units are served. Prices in a currency
/// that the policy has no rate for, and goods of which no cost is known, have no margin to look at.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn margin(
    planner: &Planner<'_, '_>,
    order: &Order,
    found: &Found,
) -> Result<Option<Margin>, Stop> {
    let Some(policy) = planner.policy else {
        return Ok(None);
    };
    let floor = policy.constraints.margin_floor_percent;
    let (Some(floor_percent), Goal::LowestCost(objective)) = (floor, &policy.goal) else {
        return Ok(None);
    };
    let Some(weighing) = &found.weighing else {
        return Ok(None);
    };
    let (mut price, mut goods) = (0_i64, 0_i64);
    for want in &planner.party.wants {
        let served = served_of(planner, found, want);
        let Some(line) = order.placed.line(want.line) else {
            continue;
        };
        price = price.saturating_add(price_of(order, line, served));
        goods = goods.saturating_add(cost_of(planner, want)?.saturating_mul(served));
    }
    let Some(price_minor) = in_currency(objective, order, price) else {
        return Ok(None);
    };
    let spent = weighing.served.iter().map(|one| {
        let cost = one.cost;
        cost.carrier_minor.saturating_add(cost.labour_minor)
    });
    let margin = Margin {
        floor_percent,
        price_minor,
        goods_minor: goods,
        plan_minor: spent.fold(0, i64::saturating_add),
    };
    Ok((price_minor > 0 && goods > 0).then_some(margin))
}

/// Whether the floor binds: when an order is sourced for the first time, unless a person has let it go on at its price. What
/// was promised by then is kept, also where it becomes dearer to serve.
pub(super) fn binds(order: &Order) -> bool {
    let mut holds = order.progress.holds.iter();
    let was_released = holds.any(|hold| hold.kind == HoldKind::Price && hold.released_at.is_some());
    !was_sourced(order) && !was_released
}

impl Found {
    /// The same, with nothing served: the plan leaves too little.
    pub(super) fn given_up(mut self, quantities: impl Iterator<Item = i64>) -> Self {
        self.served.clear();
        self.missing = quantities.collect();
        for (_, reason) in &mut self.reasons {
            if *reason == Reason::Chosen {
                *reason = Reason::BelowMargin;
            }
        }
        self
    }
}

/// Units that a want is served; units of one part are shared by its wants in their order.
fn served_of(planner: &Planner<'_, '_>, found: &Found, want: &Want) -> i64 {
    let demands = planner.demands;
    let Some(part) = demands.part_of(want) else {
        return 0;
    };
    let missing = found.missing.get(part).copied().unwrap_or_default();
    if missing == 0 {
        return want.quantity;
    }
    let total: i64 = found.served.iter().map(|serving| serving.units[part]).sum();
    share(total, want.quantity, demands.parts[part].quantity)
}

/// What the customer pays for these units without tax. A component of a kit has its share of the kit's price, by units.
fn price_of(order: &Order, line: &Line, units: i64) -> i64 {
    let net = |line: &Line| line.goods_minor() - line.discount_minor;
    let Some(kit) = line.kit.and_then(|kit| order.placed.line(kit)) else {
        return share(net(line), units, line.quantity);
    };
    let components = order.placed.lines.iter();
    let components = components.filter(|one| one.kit == Some(kit.no));
    let total: i64 = components.map(|one| one.quantity).sum();
    share(net(kit), units, total)
}

fn cost_of(planner: &Planner<'_, '_>, want: &Want) -> Result<i64, Stop> {
    let item = want
        .item
        .map(|item| planner.attempt.item(item))
        .transpose()?;
    Ok(item.and_then(|item| item.unit_cost_minor).unwrap_or(0))
}

fn in_currency(objective: &Objective, order: &Order, price: i64) -> Option<i64> {
    objective.converted(price, order.placed.currency)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_plan_below_the_floor_waits_for_a_person() {
        story(
            "
                location L1 labour=100,0,50
                item A cost=600
                stock A@L1=9
                policy P cost margin=20
                order A=2 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 9/2
                why > A: chosen L1 = 200 (L1: labour 200)
                order A=2(800) > order on_hold; A 2 open; H1 price active (of the price of 1600, goods take 1200 and shipping and labour 200: 200 is left, less than 20 %)
                release H1 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; H1 price released (of the price of 1600, goods take 1200 and shipping and labour 200: 200 is left, less than 20 %); A@L1 9/4
                why > A: chosen L1 = 200 (L1: labour 200)
                order A=2(1000~500) > order on_hold; A 2 open; H1 price active (of the price of 1500, goods take 1200 and shipping and labour 200: 100 is left, less than 20 %)
                order A=2(100) > order on_hold; A 2 open; H1 price active (of the price of 200, goods take 1200 and shipping and labour 200: -1200 is left, less than 20 %)
            ",
        );
    }

    #[test]
    fn a_kit_is_worth_what_the_kit_is_sold_for() {
        story(
            "
                location L1 labour=10,0,0
                item A cost=100
                item B cost=300
                item K kit A=1 B=1
                stock A@L1=9
                stock B@L1=1
                policy P cost margin=50
                order K=1(1000) > order open; F1@L1 open A:1 assigned B:1 assigned leaves 2026-01-05; A@L1 9/1; B@L1 1/1
                order K=1(700) > order open; B 1 backordered; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/2
                stock B@L1=5 > F1@L1 open A:1 assigned B:1 assigned leaves 2026-01-05; B@L1 6/2
                order K=2(700) > order on_hold; A 2 open; B 2 open; H1 price active (of the price of 1400, goods take 800 and shipping and labour 10: 590 is left, less than 50 %)
            ",
        );
    }
}
