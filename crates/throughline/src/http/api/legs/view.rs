//! A leg as the API shows it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::id::OrderId;
use throughline_core::network::{LocationId, Network};
use throughline_core::order::{Leg, LegKind, LegState, Order};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::shapes::Instant;

/// What a leg is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[schema(as = LegKind)]
#[serde(rename_all = "snake_case")]
pub enum KindShape {
    /// A supplier is asked to send goods from what he has.
    PurchaseRequest,
    /// Goods are sent to the store where the customer collects them.
    StoreTransfer,
    /// Units are made to order.
    Production,
    /// Somebody comes and does a service.
    Visit,
}

/// How far a leg is.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[schema(as = LegState)]
#[serde(rename_all = "snake_case")]
pub enum StateShape {
    /// Somebody was asked for it, and has not answered.
    #[default]
    Requested,
    /// Somebody said yes, or has begun.
    Accepted,
    /// It is on its way.
    Underway,
    /// Its part of the order is done.
    Done,
    /// Somebody said no; what it was for is sourced elsewhere.
    Rejected,
    /// It is not wanted any more.
    Cancelled,
}

/// What others do for an order. It is accepted, rejected, shipped ... by its fulfilment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Leg)]
pub struct LegView<'a> {
    /// What it is.
    #[schema(value_type = KindShape)]
    kind: LegKind,
    /// How far it is.
    #[schema(value_type = StateShape)]
    state: LegState,
    /// The order that it is for.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// The order's number.
    order_number: u64,
    /// The fulfilment by whose id it is worked on, where it is one.
    fulfilment_id: Option<Uuid>,
    /// The production order, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    production_order_id: Option<Uuid>,
    /// The visit, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    visit_id: Option<Uuid>,
    /// Code of the location that does it: the supplier, the maker, or whoever sends goods to the store.
    location: &'a str,
    /// Code of the store where it goes.
    to: Option<&'a str>,
    /// The name that whoever does it has for it.
    reference: Option<String>,
    /// The local day on which it leaves, or is finished, as whoever does it said or as it was planned.
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// Since when it is there.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// What.
    lines: Vec<LegLineView<'a>>,
}

/// Units of one line in a leg.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LegLine)]
struct LegLineView<'a> {
    /// The order line's id.
    id: Uuid,
    /// The SKU as ordered.
    sku: &'a str,
    /// Units.
    quantity: i64,
}

impl<'a> LegView<'a> {
    /// Shows a leg of an order.
    #[must_use]
    pub fn new(order: &'a Order, leg: Leg, network: &'a Network) -> Self {
        let code = |id: LocationId| {
            let location = network.location(id);
            location.map_or("", |location| location.code.as_str())
        };
        let is = |kind: LegKind| leg.kind == kind;
        let (is_made, is_visit) = (is(LegKind::Production), is(LegKind::Visit));
        let part = order.id.child(leg.part);
        let lines = leg.lines.iter().map(|entry| LegLineView {
            id: entry.line.of(order.id),
            sku: order.placed.line(entry.line).map_or("", |line| &line.sku),
            quantity: entry.quantity,
        });
        Self {
            kind: leg.kind,
            state: leg.state,
            order_id: order.id,
            order_number: order.number,
            fulfilment_id: (!is_made && !is_visit).then_some(part),
            production_order_id: is_made.then_some(part),
            visit_id: is_visit.then_some(part),
            location: code(leg.location),
            to: leg.to.map(code),
            reference: leg.reference,
            due: leg.due,
            since: Instant(leg.since),
            lines: lines.collect(),
        }
    }
}

impl From<KindShape> for LegKind {
    fn from(shape: KindShape) -> Self {
        match shape {
            KindShape::PurchaseRequest => Self::PurchaseRequest,
            KindShape::StoreTransfer => Self::StoreTransfer,
            KindShape::Production => Self::Production,
            KindShape::Visit => Self::Visit,
        }
    }
}

impl From<StateShape> for LegState {
    fn from(shape: StateShape) -> Self {
        match shape {
            StateShape::Requested => Self::Requested,
            StateShape::Accepted => Self::Accepted,
            StateShape::Underway => Self::Underway,
            StateShape::Done => Self::Done,
            StateShape::Rejected => Self::Rejected,
            StateShape::Cancelled => Self::Cancelled,
        }
    }
}
