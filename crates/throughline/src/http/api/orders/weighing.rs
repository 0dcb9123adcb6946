//! How a policy weighed a decision, as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::network::{LocationId, Network};
use throughline_core::order::Route;
use throughline_core::sourcing::{Cost, Margin, Other, RunnerUp, ServedCost, Weighing};
use utoipa::ToSchema;

/// How a policy weighed a decision. Costs are minor units of one currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingWeighing)]
pub struct WeighingView<'a> {
    /// The currency of all costs; absent where preferences decided and not costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    currency: Option<String>,
    /// What the plan costs.
    total_minor: i64,
    /// Whether it is proven that no plan costs less.
    proven: bool,
    /// How much less another plan could cost at most, where it is not proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    gap_minor: Option<i64>,
    /// What is left of the price, where the policy has a floor for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    margin: Option<MarginView>,
    /// Nodes of the search.
    nodes: u64,
    /// Who serves.
    served: Vec<ServedView<'a>>,
    /// The next best plans that were met, the cheapest one first.
    runners_up: Vec<RunnerUpView<'a>>,
    /// The cheapest locations that are not in the plan and could have served everything alone.
    others: Vec<OtherView<'a>>,
}

/// What is left of the price of what a plan serves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingMargin)]
struct MarginView {
    /// What must remain at least, in percent of the price.
    floor_percent: i64,
    /// What the customer pays for it, after discounts and without tax.
    price_minor: i64,
    /// What the goods cost.
    goods_minor: i64,
    /// What carriers and labour cost.
    plan_minor: i64,
    /// What remains.
    left_minor: i64,
}

/// One location of the plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingServed)]
struct ServedView<'a> {
    /// Code of the location.
    location: &'a str,
    /// What it had of each of the items when this was decided, in the order of the lines' items.
    had: &'a [i64],
    /// How it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    route: Option<RouteView<'a>>,
    /// What that costs.
    cost: CostView,
}

/// How a fulfilment is to reach the customer, as it was planned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Route)]
pub struct RouteView<'a> {
    /// Code of the carrier service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    service: Option<&'a str>,
    /// The local day on which it leaves its location.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, nullable = false, required = false)]
    leaves_on: Option<Date>,
    /// The day on which it likely arrives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, nullable = false, required = false)]
    arrives_on: Option<Date>,
    /// The day by which it arrives with 90 % confidence, if that is proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, nullable = false, required = false)]
    keeps_on: Option<Date>,
    /// What the carrier asks for it, in minor units of the service's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    carrier_minor: Option<i64>,
}

/// A cost broken down; the sum of all but the credit, less the credit, is the total.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingCost)]
struct CostView {
    /// What the carrier asks.
    carrier_minor: i64,
    /// The location's work.
    labour_minor: i64,
    /// Being one location more.
    split_minor: i64,
    /// Coming late.
    late_minor: i64,
    /// Having much to do on its day.
    full_day_minor: i64,
    /// Being far away.
    distance_minor: i64,
    /// Not being preferred.
    priority_minor: i64,
    /// Taking the last units.
    scarcity_minor: i64,
    /// What it is worth that the stock leaves.
    credit_minor: i64,
    /// The total.
    total_minor: i64,
}

/// A plan that lost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingRunnerUp)]
struct RunnerUpView<'a> {
    /// What it costs.
    total_minor: i64,
    /// Codes of its locations.
    locations: Vec<&'a str>,
}

/// A location that lost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingOther)]
struct OtherView<'a> {
    /// Code of the location.
    location: &'a str,
    /// What it would have cost alone.
    alone_minor: i64,
}

impl<'a> WeighingView<'a> {
    /// Shows a weighing.
    #[must_use]
    pub fn new(weighing: &'a Weighing, network: &'a Network) -> Self {
        let served = weighing.served.iter();
        let runners_up = weighing.runners_up.iter();
        let others = weighing.others.iter();
        Self {
            currency: weighing.currency.map(|currency| currency.to_string()),
            total_minor: weighing.total_minor,
            proven: weighing.proven,
            gap_minor: weighing.gap_minor,
            margin: weighing.margin.map(MarginView::new),
            nodes: weighing.nodes,
            served: served.map(|one| ServedView::new(one, network)).collect(),
            runners_up: runners_up.map(|one| runner_up(one, network)).collect(),
            others: others.map(|one| other(*one, network)).collect(),
        }
    }
}

impl MarginView {
    fn new(margin: Margin) -> Self {
        Self {
            floor_percent: margin.floor_percent,
            price_minor: margin.price_minor,
            goods_minor: margin.goods_minor,
            plan_minor: margin.plan_minor,
            left_minor: margin.left_minor(),
        }
    }
}

impl<'a> ServedView<'a> {
    fn new(served: &'a ServedCost, network: &'a Network) -> Self {
        let route = served.route.as_ref();
        Self {
            location: code(network, served.location),
            had: &served.has,
            route: route.map(|route| RouteView::new(route, network)),
            cost: CostView::new(&served.cost),
        }
    }
}

impl<'a> RouteView<'a> {
    /// Shows a route.
    #[must_use]
    pub fn new(route: &Route, network: &'a Network) -> Self {
        let service = route.service.and_then(|id| network.service(id));
        Self {
            service: service.map(|service| service.code.as_str()),
            leaves_on: route.leaves_on,
            arrives_on: route.arrives_on,
            keeps_on: route.keeps_on,
            carrier_minor: route.carrier_minor,
        }
    }
}

impl CostView {
    fn new(cost: &Cost) -> Self {
        Self {
            carrier_minor: cost.carrier_minor,
            labour_minor: cost.labour_minor,
            split_minor: cost.split_minor,
            late_minor: cost.late_minor,
            full_day_minor: cost.full_day_minor,
            distance_minor: cost.distance_minor,
            priority_minor: cost.priority_minor,
            scarcity_minor: cost.scarcity_minor,
            credit_minor: cost.credit_minor,
            total_minor: cost.total_minor(),
        }
    }
}

fn runner_up<'a>(plan: &RunnerUp, network: &'a Network) -> RunnerUpView<'a> {
    let locations = plan.locations.iter();
    RunnerUpView {
        total_minor: plan.total_minor,
        locations: locations.map(|id| code(network, *id)).collect(),
    }
}

fn other(other: Other, network: &Network) -> OtherView<'_> {
    OtherView {
        location: code(network, other.location),
        alone_minor: other.alone_minor,
    }
}

fn code(network: &Network, location: LocationId) -> &str {
    let known = network.location(location);
    known.map_or("", |location| location.code.as_str())
}
