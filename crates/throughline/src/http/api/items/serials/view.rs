//! A unit as the API shows it.

use serde::Serialize;
use throughline_core::id::{FulfilmentNo, LineNo, OrderId};
use throughline_core::inventory::{SerialEntry, SerialEvent, SerialState};
use throughline_core::network::Network;
use throughline_core::order::Order;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::shapes::Instant;

/// Where a unit is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnitState)]
#[serde(rename_all = "snake_case")]
enum StateShape {
    /// At a location, for whoever picks it, or set aside there.
    InStock,
    /// Picked for an order, and not gone yet.
    Picked,
    /// With the customer of an order, or on the way there.
    Shipped,
    /// Scrapped, or not found any more.
    Gone,
}

/// What happened to a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnitEventKind)]
#[serde(rename_all = "snake_case")]
enum EventShape {
    Received,
    Moved,
    Picked,
    PutBack,
    Shipped,
    PickedUp,
    Returned,
    FoundDamaged,
    Quarantined,
    NotFound,
    Scrapped,
}

/// A unit of an item, by its serial number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Its serial number.
    serial: &'a str,
    /// Where it is.
    state: StateShape,
    /// Code of the location that it is at, or that had it last.
    location: &'a str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// The order that has it.
    order: Option<UnitOrderView<'a>>,
}

/// The order that has a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnitOrder)]
struct UnitOrderView<'a> {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: OrderId,
    /// Its number.
    number: u64,
    /// Id of the line.
    line_id: Uuid,
    /// Id of the fulfilment that has it.
    fulfilment_id: Option<Uuid>,
    /// Who ordered.
    customer_id: Option<Uuid>,
    /// The channel's own reference of the order.
    external_ref: Option<&'a str>,
}

impl<'a> UnitView<'a> {
    /// Shows a unit, with the order that has it where the caller may see that.
    #[must_use]
    pub fn new(
        sku: &'a str,
        last: &'a SerialEntry,
        network: &'a Network,
        order: Option<&'a Order>,
    ) -> Self {
        let of_order = last.state.order().zip(order);
        Self {
            sku,
            serial: last.serial.as_str(),
            state: state(last.state),
            location: location(last, network),
            since: Instant(last.at),
            order: of_order.map(|((_, line), order)| UnitOrderView::new(order, line, last)),
        }
    }
}

impl<'a> UnitOrderView<'a> {
    fn new(order: &'a Order, line: LineNo, last: &SerialEntry) -> Self {
        let has_it = |no: &FulfilmentNo| {
            let known = order.progress.fulfilment(*no);
            known.is_some_and(|one| one.serials_of(line).any(|serial| *serial == last.serial))
        };
        // One that was sent back and picked again is with the later of two.
        let numbers = order.progress.fulfilments.iter().rev().map(|one| one.no);
        let fulfilment = numbers.into_iter().find(has_it);
        Self {
            id: order.id,
            number: order.number,
            line_id: line.of(order.id),
            fulfilment_id: fulfilment.map(|no| no.of(order.id)),
            customer_id: order.placed.customer.map(|customer| customer.uuid()),
            external_ref: order.placed.external_ref.as_deref(),
        }
    }
}

/// One entry of the life of a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnitEvent)]
pub struct UnitEventView<'a> {
    /// Its number, from 1.
    seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// What happened.
    event: EventShape,
    /// Where the unit was then.
    state: StateShape,
    /// Code of the location.
    location: &'a str,
    /// The order that had it.
    #[schema(value_type = Option<Uuid>)]
    order_id: Option<OrderId>,
    /// The line of the order.
    line_id: Option<Uuid>,
    /// The document, such as a delivery note.
    reference: Option<&'a str>,
}

impl<'a> UnitEventView<'a> {
    /// Shows what happened.
    #[must_use]
    pub fn new(entry: &'a SerialEntry, network: &'a Network) -> Self {
        let of_order = entry.state.order();
        Self {
            seq: entry.seq,
            at: Instant(entry.at),
            event: event(entry.event),
            state: state(entry.state),
            location: location(entry, network),
            order_id: of_order.map(|(order, _)| order),
            line_id: of_order.map(|(order, line)| line.of(order)),
            reference: entry.reference.as_deref(),
        }
    }
}

fn location<'a>(entry: &SerialEntry, network: &'a Network) -> &'a str {
    let known = network.location(entry.state.location());
    known.map_or("", |known| &known.code)
}

fn state(state: SerialState) -> StateShape {
    match state {
        SerialState::InStock { .. } => StateShape::InStock,
        SerialState::Picked { .. } => StateShape::Picked,
        SerialState::Shipped { .. } => StateShape::Shipped,
        SerialState::Gone { .. } => StateShape::Gone,
    }
}

fn event(event: SerialEvent) -> EventShape {
    match event {
        SerialEvent::Received => EventShape::Received,
        SerialEvent::Moved => EventShape::Moved,
        SerialEvent::Picked => EventShape::Picked,
        SerialEvent::PutBack => EventShape::PutBack,
        SerialEvent::Shipped => EventShape::Shipped,
        SerialEvent::PickedUp => EventShape::PickedUp,
        SerialEvent::Returned => EventShape::Returned,
        SerialEvent::FoundDamaged => EventShape::FoundDamaged,
        SerialEvent::Quarantined => EventShape::Quarantined,
        SerialEvent::NotFound => EventShape::NotFound,
        SerialEvent::Scrapped => EventShape::Scrapped,
    }
}
