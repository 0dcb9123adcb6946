//! Sourcing a waiting queue together: which orders, in which order of rank, and what came of it.

use serde::{Deserialize, Serialize};

use super::bulk::BulkFilter;
use super::{Order, source};
use crate::id::{ItemId, OrderId};
use crate::money::Currency;
use crate::network::{ChannelId, LocationId, Network};
use crate::order::source::CurrencyTally;
use crate::refusal::Refusal;
use crate::sourcing::policy::{Policy, PolicyId};
use crate::text;
use crate::time::Millis;

/// Most orders of one run; the first ones in rank.
pub const ORDERS_MAX: usize = 100_000;
/// Most orders that are planned together.
pub const TOGETHER_MAX: usize = 128;

/// Which orders are sourced, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRun {
    /// Which of those that wait; all of them if it names nothing.
    #[serde(default)]
    pub filter: BulkFilter,
    /// The policy that decides on all of them; each one's own unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyId>,
    /// The channel whose schedule began it; absent where somebody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled: Option<ChannelId>,
}

impl QueueRun {
    /// The run that a channel's schedule begins.
    #[must_use]
    pub fn scheduled(channel: ChannelId) -> Self {
        Self {
            filter: BulkFilter {
                channel: Some(channel),
                ..BulkFilter::default()
            },
            policy: None,
            scheduled: Some(channel),
        }
    }

    /// Checks the filter.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] that names the field.
    pub fn check(&self) -> Result<(), Refusal> {
        text::optional("/filter/tag", self.filter.tag.as_deref(), text::CODE_MAX)
    }

    /// Whether an order waits to be sourced and is one of those that are meant. Orders that were placed when the run had
    /// begun already are not.
    #[must_use]
    pub fn concerns(&self, order: &Order, begun_at: Millis) -> bool {
        let (filter, placed) = (&self.filter, &order.placed);
        let before = filter.placed_before.unwrap_or(Millis(i64::MAX));
        let names = |item: ItemId| placed.lines.iter().any(|line| line.item == Some(item));
        let has = |tag: &String| order.progress.tags.contains(tag);
        let status = super::statuses(order).order;
        waits(order)
            && placed.placed_at <= begun_at
            && placed.placed_at < before
            && filter
                .placed_after
                .is_none_or(|after| placed.placed_at >= after)
            && filter
                .channel
                .is_none_or(|channel| placed.channel == channel)
            && filter
                .customer
                .is_none_or(|one| placed.customer == Some(one))
            && filter.status.is_none_or(|asked| asked == status)
            && filter.item.is_none_or(names)
            && filter.tag.as_ref().is_none_or(has)
    }
}

/// Whether an order has units that are to be sourced, and may be.
#[must_use]
pub fn waits(order: &Order) -> bool {
    let mut lines = order.progress.lines.iter();
    !order.placed.history
        && lines.any(|line| line.open + line.backordered > 0)
        && source::may_be_sourced(order)
}

/// The place of an order among those that are sourced together: priority first, then what was promised first, then age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    priority: i32,
    promised: jiff::civil::Date,
    placed_at: Millis,
    order: OrderId,
}

impl Rank {
    /// The rank of an order.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        let lines = order.placed.lines.iter().zip(&order.progress.lines);
        let wanted = lines.filter(|(_, state)| state.open + state.backordered > 0);
        let promised = wanted.filter_map(|(line, _)| line.requested_date).min();
        Self {
            priority: order.progress.priority,
            promised: promised.unwrap_or(jiff::civil::Date::MAX),
            placed_at: order.placed.placed_at,
            order: order.id,
        }
    }

    /// The order.
    #[must_use]
    pub fn order(&self) -> OrderId {
        self.order
    }

    /// The place where one is served after the other, as they would be without a run.
    #[must_use]
    pub fn queued(&self) -> (i32, Millis, OrderId) {
        (self.priority, self.placed_at, self.order)
    }
}

/// What came of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueOutcome {
    /// It was sourced as it was planned with the others.
    AsPlanned,
    /// The plan did not fit any more: it was decided again, on its own.
    DecidedAgain,
    /// It was sourced on its own: its policy does not weigh costs, or it is served on a later day.
    Alone,
    /// Nobody has anything for it; it waits on.
    Waits,
    /// It was not sourced, for a reason.
    Refused,
}

/// What came of one order, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueResult {
    /// What came of it.
    pub outcome: QueueOutcome,
    /// Units that it wanted.
    pub wanted: i64,
    /// Units that were sourced.
    pub served: i64,
    /// What was planned for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanTold>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A plan beside what there would have been without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTold {
    /// Of the costs.
    pub currency: Currency,
    /// Units that were planned.
    pub served: i64,
    /// What they cost, in minor units.
    pub cost_minor: i64,
    /// Units that it would have got one after the other.
    pub alone_served: i64,
    /// What they would have cost.
    pub alone_minor: i64,
}

/// What a run has done so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueReport {
    /// Orders that waited when it began.
    pub found: i64,
    /// Orders that have had their turn.
    pub done: i64,
    /// Sourced as planned.
    pub as_planned: i64,
    /// Decided again, because the plan did not fit any more.
    pub decided_again: i64,
    /// Sourced on their own.
    pub alone: i64,
    /// Waiting on.
    pub waiting: i64,
    /// Not sourced, for a reason.
    pub refused: i64,
    /// Units that were wanted.
    pub wanted: i64,
    /// Units that were sourced.
    pub served: i64,
    /// Plans that were made.
    pub plans: i64,
    /// Plans of which it is proven that none costs less.
    pub proven: i64,
    /// What the plans come to, by currency.
    pub planned: Vec<CurrencyReport>,
}

/// What the plans of one currency come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyReport {
    /// Of all costs.
    pub currency: Currency,
    /// What the plans cost, in minor units.
    pub cost_minor: i64,
    /// Units that they serve.
    pub served: i64,
    /// Locations beyond the first one of each order.
    pub splits: i64,
    /// What one after the other would have cost.
    pub one_by_one_minor: i64,
    /// Units that would have been served.
    pub one_by_one_served: i64,
    /// Locations beyond the first one, one after the other.
    pub one_by_one_splits: i64,
    /// No plans that give everybody the same units cost less.
    pub bound_minor: i64,
}

impl QueueReport {
    /// Adds what was planned for some of the orders.
    pub fn add_plans(&mut self, tallies: &[CurrencyTally]) {
        for tally in tallies {
            self.plans += 1;
            self.proven += i64::from(tally.bound_minor >= tally.together.cost_minor);
            let mut known = self.planned.iter_mut();
            match known.find(|one| one.currency == tally.currency) {
                Some(report) => report.add(tally),
                None => {
                    let mut report = CurrencyReport::none(tally.currency);
                    report.add(tally);
                    self.planned.push(report);
                }
            }
        }
    }

    /// Adds what came of an order.
    pub fn add(&mut self, result: &QueueResult) {
        self.done += 1;
        self.wanted += result.wanted;
        self.served += result.served;
        *match result.outcome {
            QueueOutcome::AsPlanned => &mut self.as_planned,
            QueueOutcome::DecidedAgain => &mut self.decided_again,
            QueueOutcome::Alone => &mut self.alone,
            QueueOutcome::Waits => &mut self.waiting,
            QueueOutcome::Refused => &mut self.refused,
        } += 1;
    }
}

impl CurrencyReport {
    fn none(currency: Currency) -> Self {
        Self {
            currency,
            cost_minor: 0,
            served: 0,
            splits: 0,
            one_by_one_minor: 0,
            one_by_one_served: 0,
            one_by_one_splits: 0,
            bound_minor: 0,
        }
    }

    fn add(&mut self, tally: &CurrencyTally) {
        let (together, alone) = (tally.together, tally.one_by_one);
        self.cost_minor = self.cost_minor.saturating_add(together.cost_minor);
        self.served += together.served;
        self.splits += together.splits;
        self.one_by_one_minor = self.one_by_one_minor.saturating_add(alone.cost_minor);
        self.one_by_one_served += alone.served;
        self.one_by_one_splits += alone.splits;
        self.bound_minor = self.bound_minor.saturating_add(tally.bound_minor);
    }

    /// What was saved against one after the other, in minor units. It is a comparison where both serve as many units.
    #[must_use]
    pub fn saved_minor(&self) -> i64 {
        self.one_by_one_minor.saturating_sub(self.cost_minor)
    }

    /// How much less other plans could cost at most; 0 where it is proven that none do.
    #[must_use]
    pub fn gap_minor(&self) -> i64 {
        self.cost_minor.saturating_sub(self.bound_minor).max(0)
    }
}

/// Units with locations, by item.
type Placed = rustc_hash::FxHashMap<(ItemId, LocationId), i64>;

/// Units that an order has with locations.
#[must_use]
pub fn placed_units(order: &Order) -> Placed {
    let mut units = Placed::default();
    for fulfilment in &order.progress.fulfilments {
        let Some(location) = fulfilment.location else {
            continue;
        };
        for line in &fulfilment.lines {
            let item = order.placed.line(line.line).and_then(|line| line.item);
            if let Some(item) = item {
                *units.entry((item, location)).or_default() += line.units.total();
            }
        }
    }
    units.retain(|_, units| *units > 0);
    units
}

/// Units that an order has in addition, compared with what it was: those that have a location, and whether they are with whom
/// they were planned for.
#[must_use]
pub fn gained(before: &Order, after: &Order, planned: &source::PlannedOrder) -> (i64, bool) {
    let (was, mut now) = (placed_units(before), placed_units(after));
    for (key, units) in was {
        *now.entry(key).or_default() -= units;
    }
    now.retain(|_, units| *units > 0);
    let mut wanted = Placed::default();
    for (location, units) in planned.parties.iter().flat_map(|party| &party.at) {
        for (item, units) in units {
            *wanted.entry((*item, *location)).or_default() += units;
        }
    }
    (now.values().sum(), now == wanted)
}

/// The version of a policy that a run names.
///
/// # Errors
/// [`Refusal::Unknown`] where there is none.
pub fn named_policy(network: &Network, field: &str, code: &str) -> Result<PolicyId, Refusal> {
    let versions = network.policies.iter();
    let last = versions.rev().find(|policy| policy.code == code);
    let id = last.map(|policy: &std::sync::Arc<Policy>| policy.id);
    id.ok_or_else(|| Refusal::unknown(field, "sourcing policy", code))
}
