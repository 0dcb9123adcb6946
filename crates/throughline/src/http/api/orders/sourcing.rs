//! Reading why locations were or were not chosen.

use axum::extract::State;
use serde::Serialize;
use throughline_core::geo::LocatedBy;
use throughline_core::id::LineNo;
use throughline_core::inventory::Cause;
use throughline_core::network::{LocationId, Network};
use throughline_core::order::Order;
use throughline_core::sourcing::{Barred, Explanation, Group, Reason};
use throughline_store::views;
use utoipa::ToSchema;
use uuid::Uuid;

use super::substitution::{SubstitutionView, substitutions};
use super::weighing::WeighingView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::geo::LocatedByShape;
use crate::http::api::list::Page;
use crate::http::api::shapes::Instant;
use crate::http::api::stock::exclude::CauseShape;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;

/// Decisions shown, newest first.
const DECISIONS: usize = 50;

/// One sourcing decision and its reasons.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingDecision)]
pub struct DecisionView<'a> {
    /// The journal entry that it explains.
    seq: u64,
    /// The policy that decided.
    policy: &'a str,
    /// The version of the network that it was decided on.
    network: i64,
    /// Each group of lines that travel together, with its reasons.
    groups: Vec<GroupView<'a>>,
    /// What came instead of what nobody serves, where the policy answers so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    substitutions: Vec<SubstitutionView<'a>>,
    /// The share of a line, where those who waited for a scarce item shared what came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    shared: Option<SharedView>,
}

/// What a line was given of a scarce item that those who waited for it shared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FairShare)]
pub struct SharedView {
    /// The order line's id.
    id: Uuid,
    /// Units that it waited for, in whole cases where it keeps cases.
    wanted: i64,
    /// Units that were there for all who shared them.
    free: i64,
    /// Units that all of them waited for.
    waited: i64,
    /// How many customers they are; orders of nobody known count as one each.
    customers: u32,
    /// Units that were the line's share.
    share: i64,
}

impl SharedView {
    fn new(order: &Order, shared: &throughline_core::sourcing::Shared) -> Self {
        Self {
            id: shared.line.of(order.id),
            wanted: shared.wanted,
            free: shared.free,
            waited: shared.waited,
            customers: shared.customers,
            share: shared.share,
        }
    }
}

/// The reasons for one group of lines that travel together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingGroup)]
pub struct GroupView<'a> {
    /// The lines.
    lines: Vec<Uuid>,
    /// Locations by reason.
    reasons: Vec<ReasonView<'a>>,
    /// Units that no location has.
    missing: Vec<MissingView>,
    /// Where the coordinates came from that distances are measured to; absent where distances are guesses. That of the
    /// address which is in force now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = LocatedByShape, required = false)]
    measured_from: Option<LocatedBy>,
    /// Items that locations would have, but that are excluded there for now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    excluded_items: Vec<BarredView<'a>>,
    /// How the policy weighed it; absent where the built-in policy decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    weighing: Option<WeighingView<'a>>,
}

/// Locations that were or were not chosen for one reason.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcingReason)]
pub struct ReasonView<'a> {
    /// The reason.
    #[schema(value_type = ReasonShape)]
    reason: Reason,
    /// Codes of the locations.
    locations: Vec<&'a str>,
}

/// An item that is excluded at a location.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExcludedItem)]
pub struct BarredView<'a> {
    /// The id of the first order line that wants it.
    id: Uuid,
    /// Code of the location.
    location: &'a str,
    /// From when on it is offered again.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
    /// Why.
    #[schema(value_type = CauseShape)]
    code: Cause,
}

impl<'a> BarredView<'a> {
    fn new(order: &Order, barred: &Barred, network: &'a Network) -> Self {
        let location = network.location(barred.location);
        Self {
            id: barred.line.of(order.id),
            location: location.map_or("", |location| &location.code),
            until: Instant(barred.until),
            code: barred.cause,
        }
    }
}

/// Units that no location has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingUnits)]
pub struct MissingView {
    /// The order line's id.
    id: Uuid,
    /// Units.
    quantity: i64,
}

/// Reads why locations were or were not chosen, newest decision first.
#[utoipa::path(
    get, path = "/v1/orders/{id}/sourcing", operation_id = "get_sourcing", tag = "orders",
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The decisions", body = Page<DecisionView>))
)]
pub async fn get_sourcing(
    State(api): State<Shared>,
    Named(name): Named<OrderName>,
) -> Result<Rendered, Problem> {
    let id = api.order_id(name).await?;
    let found = api
        .read(move |connection| {
            let Some(stored) = views::orders::get(connection, id)? else {
                return Ok(None);
            };
            let found = views::journal::explanations(connection, id, DECISIONS)?;
            Ok(Some((stored.order, found)))
        })
        .await?;
    let (order, found) = found.ok_or_else(|| Problem::not_found("order", &id.to_string()))?;
    let network = api.current_network().await?;
    let decisions = found
        .iter()
        .map(|(seq, explanation)| DecisionView::new(&order, *seq, explanation, &network));
    Ok(Rendered::ok(&Page::whole(decisions.collect())))
}

impl<'a> DecisionView<'a> {
    fn new(order: &Order, seq: u64, explanation: &'a Explanation, network: &'a Network) -> Self {
        let groups = explanation
            .groups
            .iter()
            .map(|group| GroupView::new(order, group, network));
        Self {
            seq,
            policy: &explanation.policy,
            network: explanation.network,
            groups: groups.collect(),
            substitutions: substitutions(order, &explanation.substitutions),
            shared: explanation
                .shared
                .as_ref()
                .map(|shared| SharedView::new(order, shared)),
        }
    }
}

impl<'a> GroupView<'a> {
    /// Shows the reasons for lines of an order.
    #[must_use]
    pub fn new(order: &Order, group: &'a Group, network: &'a Network) -> Self {
        let reason = |(reason, locations): &(Reason, Vec<LocationId>)| ReasonView {
            reason: *reason,
            locations: locations
                .iter()
                .filter_map(|id| network.location(*id))
                .map(|one| one.code.as_str())
                .collect(),
        };
        let missing = |(line, quantity): &(LineNo, i64)| MissingView {
            id: line.of(order.id),
            quantity: *quantity,
        };
        Self {
            lines: group.lines.iter().map(|line| line.of(order.id)).collect(),
            reasons: group.reasons.iter().map(reason).collect(),
            missing: group.missing.iter().map(missing).collect(),
            measured_from: measured_from(order, group),
            excluded_items: group
                .barred
                .iter()
                .map(|barred| BarredView::new(order, barred, network))
                .collect(),
            weighing: group
                .weighing
                .as_ref()
                .map(|weighing| WeighingView::new(weighing, network)),
        }
    }
}

/// How the place is known that a group's distances are measured to.
pub(crate) fn measured_from(order: &Order, group: &Group) -> Option<LocatedBy> {
    let line = group.lines.first().and_then(|no| order.placed.line(*no))?;
    let destination = order.placed.destination_of(line);
    destination.decidegrees.map(|_| destination.located_by)
}

/// Why a location was or was not chosen.
#[derive(Debug, ToSchema)]
#[schema(as = SourcingReasonKind, rename_all = "snake_case")]
pub enum ReasonShape {
    /// It serves units.
    Chosen,
    /// It could serve everything, but one that is preferred can too.
    LessPreferred,
    /// It could serve everything as well as the chosen one, but is farther.
    Farther,
    /// It could serve everything as well, is as preferred and no farther; of equals the one that was made first serves.
    AsGood,
    /// It does not take orders of this kind: to be shipped, or to be collected.
    MethodNotAccepted,
    /// It does not ship to where the order goes.
    DoesNotServeArea,
    /// It has as much to do as it can on its first day.
    Full,
    /// It is in none of the groups that the policy allows.
    NotAllowed,
    /// The policy excludes it for now.
    ExcludedByPolicy,
    /// Suppliers serve only what nobody else can.
    SuppliersLast,
    /// It cannot work it on the day on which it came.
    NotToday,
    /// No carrier service goes from there to the destination with what is wanted.
    NoService,
    /// It has units, but its capacity, the carriers or what has to stay together let it serve none.
    ServesNothing,
    /// A chosen location has at least as much of everything at no higher cost.
    Dominated,
    /// It could serve everything, and plans with it cost more.
    CostsMore,
    /// It has some of what is wanted; fewer parcels are possible without it.
    NotNeeded,
    /// It has nothing of what is wanted.
    NoStock,
    /// It has units of what is wanted, but no whole case, and cases are not broken.
    NoWholeCase,
    /// It is paused or closed.
    NotOpen,
    /// It rejected this order or came up short for it.
    Excluded,
    /// The lines are bound to another location.
    NotThePickupLocation,
    /// What is wanted is collected there, and others send what it lacks.
    CollectedThere,
    /// The order comes from its till: what is sent is not on its shelf.
    AtTheTill,
    /// The order's channel does not sell from it.
    NotSoldFrom,
    /// It has nothing else of what is wanted than an item that is excluded there for now.
    ItemExcluded,
    /// It would serve, but too little of the price would be left: less than the policy's floor.
    BelowMargin,
    /// It has some of what is wanted; of many orders that were planned together, others are served with it.
    PlannedForOthers,
}
