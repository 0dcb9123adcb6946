//! Replays of past orders as the API shows them.

use serde::Serialize;
use throughline_core::id::{OrderId, SourcingRunId};
use throughline_core::network::{Load, Network};
use throughline_core::order::replay::{
    CostPair, LocationPair, OrderReplay, Replay, ReplayReport, Side, SideOfOrder,
};
use throughline_core::sourcing::Cost;
use throughline_store::sourcing_runs::{OrderResult, Run};
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// Where a replay is, and what it has found so far.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Replay)]
pub struct ReplayView {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: SourcingRunId,
    /// `running` or `done`.
    state: &'static str,
    /// The policy that decides; those that were in force then unless given.
    policy: Option<String>,
    /// The version of the network that is decided on; the last one unless given.
    network_version: Option<i64>,
    /// Orders of the range; 0 while they are looked for.
    found: i64,
    /// Orders that have been looked at.
    done: i64,
    /// How far it is, in percent.
    progress_percent: i64,
    /// Orders that were never sourced.
    never_sourced: i64,
    /// Orders that cannot be decided on under the circumstances of the replay.
    refused: i64,
    /// Orders that other locations serve now, or not as much.
    other: i64,
    /// What was decided then.
    was: SideView,
    /// What is decided now.
    replayed: SideView,
    /// What both cost by the policy of the replay, by currency.
    costs: Vec<CostPairView>,
    /// What both give locations to do.
    locations: Vec<LocationPairView>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it last went on.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

/// What was decided on many orders, when each was sourced for the first time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplaySide)]
struct SideView {
    /// Units that were wanted.
    wanted: i64,
    /// Units that are served at once.
    served: i64,
    /// Units of a thousand that are served at once.
    fill_rate_permille: i64,
    /// Orders that are served whole.
    whole: i64,
    /// Locations beyond the first one of each order.
    splits: i64,
    /// Kilometres of all parcels.
    distance_km: i64,
    /// Orders that come later than was asked for, as far as arrivals are known.
    late_orders: i64,
    /// Days that they are late.
    late_days: i64,
}

/// What orders cost then and now, by the policy of the replay, where both serve as many units and it could do both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayCosts)]
struct CostPairView {
    /// Of all costs.
    currency: String,
    /// Orders that are compared.
    orders: i64,
    /// Then.
    was: CostSumView,
    /// Now.
    replayed: CostSumView,
    /// How much less it costs now, in minor units.
    saved_minor: i64,
}

/// A cost broken down, in minor units.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayCost)]
struct CostSumView {
    /// All of it.
    total_minor: i64,
    /// What carriers ask.
    carrier_minor: i64,
    /// The locations' work.
    labour_minor: i64,
    /// Being one location more.
    split_minor: i64,
    /// Coming late.
    late_minor: i64,
    /// Everything else that the policy weighs.
    other_minor: i64,
}

/// What a location has to do then and now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayLocation)]
struct LocationPairView {
    /// Code of the location.
    location: String,
    /// Then.
    was: LoadView,
    /// Now.
    replayed: LoadView,
}

/// What a location has to do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayLoad)]
struct LoadView {
    /// Fulfilments.
    orders: i64,
    /// Their lines.
    lines: i64,
    /// Their units.
    units: i64,
}

/// An order that is decided otherwise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayOrder)]
pub struct ResultView {
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// Its number.
    number: u64,
    /// Units that were wanted.
    wanted: i64,
    /// The currency of the costs; absent where they cannot be compared.
    currency: Option<String>,
    /// Then.
    was: OrderSideView,
    /// Now.
    replayed: OrderSideView,
}

/// What was decided on one order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayOrderSide)]
struct OrderSideView {
    /// Who serves how many units.
    placings: Vec<PlacingView>,
    /// What it costs, where it can be compared.
    cost: Option<CostSumView>,
    /// Kilometres of all parcels.
    distance_km: i64,
    /// Days that it is late.
    late_days: i64,
}

/// What one location serves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayPlacing)]
struct PlacingView {
    /// Code of the location.
    location: String,
    /// Units.
    units: i64,
}

impl ReplayView {
    /// Shows a replay.
    #[must_use]
    pub fn new(run: &Run<Replay>, network: &Network) -> Self {
        let report = &run.report;
        let mut policies = network.policies.iter();
        let policy = run.asked.policy;
        let policy = policy.and_then(|id| policies.find(|one| one.id == id));
        Self {
            id: run.id,
            state: if run.is_running { "running" } else { "done" },
            policy: policy.map(|policy| policy.name_of_version()),
            network_version: run.asked.network,
            found: report.found,
            done: report.done,
            progress_percent: progress(report, run.is_running),
            never_sourced: report.never_sourced,
            refused: report.refused,
            other: report.other,
            was: SideView::new(&report.was),
            replayed: SideView::new(&report.replayed),
            costs: report.costs.iter().map(CostPairView::new).collect(),
            locations: report
                .locations
                .iter()
                .map(|pair| LocationPairView::new(pair, network))
                .collect(),
            created_at: Instant(run.created_at),
            updated_at: Instant(run.updated_at),
        }
    }
}

fn progress(report: &ReplayReport, is_running: bool) -> i64 {
    match report.found {
        _ if !is_running => 100,
        0 => 0,
        found => report.done * 100 / found,
    }
}

impl SideView {
    fn new(side: &Side) -> Self {
        Self {
            wanted: side.wanted,
            served: side.served,
            fill_rate_permille: side.fill_rate_permille(),
            whole: side.whole,
            splits: side.splits,
            distance_km: side.distance_km,
            late_orders: side.late_orders,
            late_days: side.late_days,
        }
    }
}

impl CostPairView {
    fn new(pair: &CostPair) -> Self {
        Self {
            currency: pair.currency.to_string(),
            orders: pair.orders,
            was: CostSumView::new(&pair.was),
            replayed: CostSumView::new(&pair.replayed),
            saved_minor: pair.was.total_minor() - pair.replayed.total_minor(),
        }
    }
}

impl CostSumView {
    fn new(cost: &Cost) -> Self {
        let told = [
            cost.carrier_minor,
            cost.labour_minor,
            cost.split_minor,
            cost.late_minor,
        ];
        Self {
            total_minor: cost.total_minor(),
            carrier_minor: cost.carrier_minor,
            labour_minor: cost.labour_minor,
            split_minor: cost.split_minor,
            late_minor: cost.late_minor,
            other_minor: told
                .into_iter()
                .fold(cost.total_minor(), i64::saturating_sub),
        }
    }
}

impl LocationPairView {
    fn new(pair: &LocationPair, network: &Network) -> Self {
        let load = |load: &Load| LoadView {
            orders: load.orders,
            lines: load.lines,
            units: load.units,
        };
        let known = network.location(pair.location);
        Self {
            location: known.map(|known| known.code.clone()).unwrap_or_default(),
            was: load(&pair.was),
            replayed: load(&pair.replayed),
        }
    }
}

impl ResultView {
    /// Shows an order that is decided otherwise.
    #[must_use]
    pub fn new(one: &OrderResult<OrderReplay>, network: &Network) -> Self {
        let result = &one.result;
        let is_compared = result.currency.is_some();
        let side = |side: &SideOfOrder| OrderSideView {
            placings: side
                .placings
                .iter()
                .map(|placing| PlacingView {
                    location: network
                        .location(placing.location)
                        .map(|known| known.code.clone())
                        .unwrap_or_default(),
                    units: placing.load.units,
                })
                .collect(),
            cost: is_compared.then(|| CostSumView::new(&side.cost)),
            distance_km: side.distance_km,
            late_days: side.late_days,
        };
        Self {
            order_id: one.order,
            number: one.number,
            wanted: result.wanted,
            currency: result.currency.map(|currency| currency.to_string()),
            was: side(&result.was),
            replayed: side(&result.replayed),
        }
    }
}
