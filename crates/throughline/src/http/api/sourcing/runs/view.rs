//! Runs over waiting orders as the API shows them.

use serde::Serialize;
use throughline_core::id::{OrderId, SourcingRunId};
use throughline_core::network::Network;
use throughline_core::order::queue::{
    CurrencyReport, PlanTold, QueueOutcome, QueueReport, QueueResult, QueueRun,
};
use throughline_store::sourcing_runs::{OrderResult, Run};
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// Where a run over waiting orders is, and what has come of it so far.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingRun)]
pub struct RunView {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: SourcingRunId,
    /// `running` or `done`.
    state: &'static str,
    /// Code of the channel whose orders are sourced; of all unless given.
    channel: Option<String>,
    /// Whether the channel's schedule began it.
    scheduled: bool,
    /// The policy that decides on all of them; each order's own unless given.
    policy: Option<String>,
    /// What has come of it so far.
    report: ReportView,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it last went on.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

/// What has come of a run so far.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingRunReport)]
struct ReportView {
    /// Orders that were found waiting.
    found: i64,
    /// Orders that have had their turn.
    done: i64,
    /// Sourced as they were planned with the others.
    as_planned: i64,
    /// Decided again on their own, because something had changed and the plan did not fit any more.
    decided_again: i64,
    /// Sourced on their own: their policy does not weigh costs, or they are served on a later day.
    alone: i64,
    /// Waiting on, because nobody has anything for them.
    waiting: i64,
    /// Not sourced, for a reason.
    refused: i64,
    /// Units that were wanted.
    wanted: i64,
    /// Units that were sourced.
    served: i64,
    /// Plans that were made, each for up to 128 orders.
    plans: i64,
    /// Plans of which it is proven that none costs less.
    proven: i64,
    /// What the plans come to, by currency.
    planned: Vec<PlannedView>,
}

/// What the plans of one currency come to, beside one order after the other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingRunPlanned)]
struct PlannedView {
    /// Of all costs.
    currency: String,
    /// Together.
    together: TallyView,
    /// One after the other, by priority and age, as they would be without the run.
    one_by_one: TallyView,
    /// What was saved, in minor units. It compares costs alone: look at the units that are served, too.
    saved_minor: i64,
    /// It is proven that no plans which give every order the same units cost less than this.
    bound_minor: i64,
    /// How much less other plans could cost at most; 0 where it is proven that none do.
    gap_minor: i64,
}

/// What many plans come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingRunTally)]
struct TallyView {
    /// What they cost, in minor units.
    cost_minor: i64,
    /// Units that are served.
    served: i64,
    /// Locations beyond the first one of each order.
    splits: i64,
}

/// What came of one order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingRunOrder)]
pub struct ResultView {
    /// Its turn.
    position: i64,
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// Its number.
    number: u64,
    /// What came of it.
    #[schema(inline)]
    outcome: OutcomeShape,
    /// Units that it wanted.
    wanted: i64,
    /// Units that were sourced.
    served: i64,
    /// What was planned for it; absent where it was sourced on its own.
    plan: Option<OrderPlanView>,
    /// Why it was not sourced.
    reason: Option<String>,
}

/// What came of one order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OutcomeShape {
    /// Sourced as planned with the others.
    AsPlanned,
    /// Decided again on its own.
    DecidedAgain,
    /// Sourced on its own.
    Alone,
    /// Waiting on.
    Waits,
    /// Not sourced, for a reason.
    Refused,
}

/// What was planned for an order, beside what there would have been without the others.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingRunOrderPlan)]
struct OrderPlanView {
    /// Of the costs.
    currency: String,
    /// Units that were planned.
    served: i64,
    /// What they cost, in minor units.
    cost_minor: i64,
    /// Units that it would have got one after the other.
    one_by_one_served: i64,
    /// What they would have cost, in minor units.
    one_by_one_minor: i64,
}

impl RunView {
    /// Shows a run.
    #[must_use]
    pub fn new(run: &Run<QueueRun>, network: &Network) -> Self {
        let asked = &run.asked;
        let channel = asked.filter.channel.and_then(|id| network.channel(id));
        let policies = network.policies.iter();
        let policy = asked
            .policy
            .and_then(|id| policies.clone().find(|one| one.id == id));
        Self {
            id: run.id,
            state: if run.is_running { "running" } else { "done" },
            channel: channel.map(|channel| channel.code.clone()),
            scheduled: asked.scheduled.is_some(),
            policy: policy.map(|policy| policy.name_of_version()),
            report: ReportView::new(&run.report),
            created_at: Instant(run.created_at),
            updated_at: Instant(run.updated_at),
        }
    }
}

impl ReportView {
    fn new(report: &QueueReport) -> Self {
        Self {
            found: report.found,
            done: report.done,
            as_planned: report.as_planned,
            decided_again: report.decided_again,
            alone: report.alone,
            waiting: report.waiting,
            refused: report.refused,
            wanted: report.wanted,
            served: report.served,
            plans: report.plans,
            proven: report.proven,
            planned: report.planned.iter().map(PlannedView::new).collect(),
        }
    }
}

impl PlannedView {
    fn new(report: &CurrencyReport) -> Self {
        Self {
            currency: report.currency.to_string(),
            together: TallyView {
                cost_minor: report.cost_minor,
                served: report.served,
                splits: report.splits,
            },
            one_by_one: TallyView {
                cost_minor: report.one_by_one_minor,
                served: report.one_by_one_served,
                splits: report.one_by_one_splits,
            },
            saved_minor: report.saved_minor(),
            bound_minor: report.bound_minor,
            gap_minor: report.gap_minor(),
        }
    }
}

impl ResultView {
    /// Shows what came of an order.
    #[must_use]
    pub fn new(one: &OrderResult<QueueResult>) -> Self {
        let result = &one.result;
        Self {
            position: one.position,
            order_id: one.order,
            number: one.number,
            outcome: result.outcome.into(),
            wanted: result.wanted,
            served: result.served,
            plan: result.plan.as_ref().map(OrderPlanView::new),
            reason: result.reason.clone(),
        }
    }
}

impl From<QueueOutcome> for OutcomeShape {
    fn from(outcome: QueueOutcome) -> Self {
        match outcome {
            QueueOutcome::AsPlanned => Self::AsPlanned,
            QueueOutcome::DecidedAgain => Self::DecidedAgain,
            QueueOutcome::Alone => Self::Alone,
            QueueOutcome::Waits => Self::Waits,
            QueueOutcome::Refused => Self::Refused,
        }
    }
}

impl OrderPlanView {
    fn new(plan: &PlanTold) -> Self {
        Self {
            currency: plan.currency.to_string(),
            served: plan.served,
            cost_minor: plan.cost_minor,
            one_by_one_served: plan.alone_served,
            one_by_one_minor: plan.alone_minor,
        }
    }
}
