//! A return as the API shows it.

use serde::Serialize;
use throughline_core::id::OrderId;
use throughline_core::order::{Order, Return, ReturnLine, ReturnStatus};
use throughline_core::returns::Disposition;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::shapes::Instant;

/// Goods coming back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Return)]
pub struct ReturnView<'a> {
    /// Identity.
    id: Uuid,
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// How far it is.
    #[schema(value_type = ReturnStatusShape)]
    status: ReturnStatus,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Instant,
    /// What comes back.
    lines: Vec<ReturnLineView<'a>>,
}

/// Units of one line coming back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnLine)]
struct ReturnLineView<'a> {
    /// Identity.
    id: Uuid,
    /// The order line's id.
    line_id: Uuid,
    /// The SKU as ordered.
    sku: &'a str,
    /// Units announced.
    quantity: i64,
    /// Units that arrived, or were found missing.
    received: i64,
    /// Why, in the caller's words.
    reason: &'a str,
    /// What became of the units that arrived.
    dispositions: Vec<DispositionView>,
    /// The lots of the units that arrived, where the item has lots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    lots: Vec<ReturnedLotView<'a>>,
}

/// Units of a lot that came back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnedLot)]
struct ReturnedLotView<'a> {
    /// Its code.
    code: &'a str,
    /// Units.
    quantity: i64,
}

/// So many units with one disposition.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceivedUnits)]
struct DispositionView {
    /// What became of them.
    #[schema(value_type = DispositionShape)]
    disposition: Disposition,
    /// Units.
    quantity: i64,
}

impl<'a> ReturnView<'a> {
    /// Shows a return of an order.
    #[must_use]
    pub fn new(order: &'a Order, one: &'a Return) -> Self {
        Self {
            id: one.no.of(order.id),
            order_id: order.id,
            status: one.state(),
            registered_at: Instant(one.at),
            lines: one
                .lines
                .iter()
                .map(|line| ReturnLineView::new(order, line))
                .collect(),
        }
    }
}

impl<'a> ReturnLineView<'a> {
    fn new(order: &'a Order, line: &'a ReturnLine) -> Self {
        let received = line
            .received
            .iter()
            .map(|(disposition, quantity)| DispositionView {
                disposition: *disposition,
                quantity: *quantity,
            });
        Self {
            id: order.id.child(line.no),
            line_id: line.line.of(order.id),
            sku: order.placed.line(line.line).map_or("", |line| &line.sku),
            quantity: line.quantity,
            received: line.received_total(),
            reason: &line.reason,
            dispositions: received.collect(),
            lots: line
                .lots
                .iter()
                .map(|(lot, quantity)| ReturnedLotView {
                    code: lot.code.as_str(),
                    quantity: *quantity,
                })
                .collect(),
        }
    }
}

/// What becomes of a returned unit.
#[derive(Debug, ToSchema)]
#[schema(as = Disposition, rename_all = "snake_case")]
pub enum DispositionShape {
    /// Back on the shelf: on hand rises.
    Restock,
    /// To be repaired or repacked first: quarantined rises.
    Refurbish,
    /// To be looked at: quarantined rises.
    Quarantine,
    /// Thrown away: no stock changes.
    Scrap,
    /// It was announced and did not come.
    Missing,
}

/// How far a return is.
#[derive(Debug, ToSchema)]
#[schema(as = ReturnStatus, rename_all = "snake_case")]
pub enum ReturnStatusShape {
    /// Announced.
    Requested,
    /// Agreed to.
    Approved,
    /// Not agreed to.
    Declined,
    /// On its way back.
    InTransit,
    /// All arrived.
    Received,
    /// Looked at.
    Inspected,
    /// Done.
    Closed,
    /// Called off.
    Cancelled,
}
