//! A fulfilment as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::id::OrderId;
use throughline_core::order::{
    Fulfilment, FulfilmentLine, FulfilmentState, Method, Order, Outcome, Package, RequestStatus,
    Schedule,
};
use throughline_core::party::Address;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::orders::body::MethodShape;
use crate::http::api::orders::view::{Surroundings, actions};
use crate::http::api::orders::weighing::RouteView;
use crate::http::api::shapes::{AddressShape, Instant};

/// The part of an order that one location does with one method.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fulfilment)]
pub struct FulfilmentView<'a> {
    /// Identity.
    id: Uuid,
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// The order's number.
    order_number: u64,
    /// How far it is.
    #[schema(value_type = FulfilmentStateShape)]
    status: FulfilmentState,
    /// Whether the location accepted it.
    #[schema(value_type = RequestStatusShape)]
    request_status: RequestStatus,
    /// Code of the location; none where no stock is involved.
    location: Option<&'a str>,
    /// How it reaches the customer.
    #[schema(value_type = MethodShape)]
    method: Method,
    /// Code of the store that it is sent to first, where the customer collects it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    collect_at: Option<&'a str>,
    /// Where a carrier brings it: the lines' own address, or else the order's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AddressShape)]
    ship_to: Option<&'a Address>,
    /// What.
    lines: Vec<FulfilmentLineView<'a>>,
    /// What the carrier carries.
    packages: Vec<PackageView<'a>>,
    /// Who carries it.
    carrier: Option<&'a str>,
    /// The carrier's service.
    service: Option<&'a str>,
    /// The carrier's number.
    tracking_number: Option<&'a str>,
    /// When the order was sourced here.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// The local day on which the location works it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Date, nullable = false, required = false)]
    work_on: Option<Date>,
    /// How it is to reach the customer, where a sourcing policy planned that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    route: Option<RouteView<'a>>,
    /// Until when nobody begins, where it is scheduled for later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    scheduled: Option<ScheduleView>,
    /// When picking began.
    #[schema(value_type = Option<String>, format = DateTime)]
    picking_since: Option<Instant>,
    /// When it was ready to be collected.
    #[schema(value_type = Option<String>, format = DateTime)]
    ready_at: Option<Instant>,
    /// When it left.
    #[schema(value_type = Option<String>, format = DateTime)]
    shipped_at: Option<Instant>,
    /// When the last outcome was recorded.
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Instant>,
    /// The fulfilment this one was split from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    split_from: Option<Uuid>,
    /// What this caller may do with it now.
    available_actions: Vec<&'static str>,
}

/// Until when nobody begins a fulfilment, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FulfilmentSchedule)]
struct ScheduleView {
    /// When it is begun at the latest; absent where it waits for the whole order, however long that takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false, required = false)]
    release_at: Option<Instant>,
    /// The customer may change the order until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false, required = false)]
    remorse_until: Option<Instant>,
    /// The rest of the order is waited for until then at most, to be shipped together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false, required = false)]
    together_until: Option<Instant>,
    /// Whether it waits until all of the order is allocated, as the order or its customer's terms ask for.
    until_complete: bool,
}

impl ScheduleView {
    fn new(schedule: Schedule) -> Self {
        Self {
            release_at: schedule.until().filter(|_| !schedule.complete).map(Instant),
            remorse_until: schedule.remorse_until.map(Instant),
            together_until: schedule.together_until.map(Instant),
            until_complete: schedule.complete,
        }
    }
}

/// Units of one line in a fulfilment. Every unit of `quantity` is in exactly one of the states.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FulfilmentLine)]
struct FulfilmentLineView<'a> {
    /// The order line's id.
    id: Uuid,
    /// The SKU as ordered.
    sku: &'a str,
    /// All units.
    quantity: i64,
    /// Allocated and not yet picked.
    assigned: i64,
    /// Picked and not yet packed.
    picked: i64,
    /// Packed and not yet shipped.
    packed: i64,
    /// On the way.
    shipped: i64,
    /// With the customer.
    delivered: i64,
    /// Refused by the recipient.
    refused: i64,
    /// Lost by the carrier.
    lost: i64,
    /// Returned to sender by the carrier.
    returned_to_sender: i64,
    /// The lots that the units are of, where the item has lots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    lots: Vec<LineLotView<'a>>,
    /// The serial numbers of its picked units, where the item has some, in the order they were picked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    serials: Vec<&'a str>,
}

/// Units of a lot in a fulfilment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FulfilmentLot)]
struct LineLotView<'a> {
    /// Its code.
    code: &'a str,
    /// The last day on which it may be used.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<Date>,
    /// All units.
    quantity: i64,
    /// Units that were picked, and those that have left since.
    picked: i64,
}

/// What a carrier carries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Package)]
struct PackageView<'a> {
    /// Identity.
    id: Uuid,
    /// What is in it.
    lines: Vec<PackageLineView>,
    /// Weight in grams.
    weight_g: Option<i64>,
    /// Its own tracking number.
    tracking_number: Option<&'a str>,
    /// What became of it.
    #[schema(value_type = Option<OutcomeShape>)]
    outcome: Option<Outcome>,
}

/// Units of one line in a package.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PackageLine)]
struct PackageLineView {
    /// The order line's id.
    id: Uuid,
    /// Units.
    quantity: i64,
}

impl<'a> FulfilmentView<'a> {
    /// Shows a fulfilment of an order to a caller.
    #[must_use]
    pub fn new(order: &'a Order, fulfilment: &'a Fulfilment, around: Surroundings<'a>) -> Self {
        let shipment = fulfilment.shipment.as_ref();
        let location = fulfilment
            .location
            .and_then(|id| around.network.location(id));
        let store = fulfilment.collect_at;
        let store = store.and_then(|id| around.network.location(id));
        Self {
            id: fulfilment.no.of(order.id),
            order_id: order.id,
            order_number: order.number,
            status: fulfilment.state(order),
            request_status: fulfilment.request,
            location: location.map(|location| location.code.as_str()),
            method: fulfilment.method,
            collect_at: store.map(|store| store.code.as_str()),
            ship_to: destination(order, fulfilment, around),
            lines: fulfilment
                .lines
                .iter()
                .map(|line| FulfilmentLineView::new(order, fulfilment, line))
                .collect(),
            packages: fulfilment
                .packages
                .iter()
                .map(|package| PackageView::new(order, package))
                .collect(),
            carrier: shipment.map(|shipment| shipment.carrier.as_str()),
            service: shipment.and_then(|shipment| shipment.service.as_deref()),
            tracking_number: shipment.and_then(|shipment| shipment.tracking_number.as_deref()),
            created_at: Instant(fulfilment.created_at),
            work_on: fulfilment.work_day.map(|day| day.date),
            route: fulfilment
                .route
                .as_ref()
                .map(|route| RouteView::new(route, around.network)),
            scheduled: fulfilment.schedule.map(ScheduleView::new),
            picking_since: fulfilment.picking_since.map(Instant),
            ready_at: fulfilment.ready_at.map(Instant),
            shipped_at: shipment.map(|shipment| Instant(shipment.at)),
            completed_at: fulfilment.completed_at.map(Instant),
            split_from: fulfilment.split_from.map(|no| no.of(order.id)),
            available_actions: actions(fulfilment.available_actions(order), around.caller),
        }
    }
}

/// Whoever packs may not read the order, so the fulfilment says itself where it goes.
fn destination<'a>(
    order: &Order,
    fulfilment: &Fulfilment,
    around: Surroundings<'a>,
) -> Option<&'a Address> {
    let of_order = order
        .placed
        .ship_to
        .filter(|_| fulfilment.method == Method::Ship);
    around
        .contact(order, fulfilment.ship_to.or(of_order))?
        .address
        .as_ref()
}

impl<'a> FulfilmentLineView<'a> {
    fn new(order: &'a Order, fulfilment: &'a Fulfilment, entry: &FulfilmentLine) -> Self {
        let units = &entry.units;
        let lots = fulfilment.lots_of(entry.line).map(|lot| LineLotView {
            code: lot.lot.code.as_str(),
            expires_on: lot.lot.expires_on,
            quantity: lot.unpicked + lot.picked,
            picked: lot.picked,
        });
        Self {
            id: entry.line.of(order.id),
            sku: order.placed.line(entry.line).map_or("", |line| &line.sku),
            quantity: units.total(),
            assigned: units.assigned,
            picked: units.picked,
            packed: units.packed,
            shipped: units.shipped,
            delivered: units.delivered,
            refused: units.refused,
            lost: units.lost,
            returned_to_sender: units.returned_to_sender,
            lots: lots.collect(),
            serials: fulfilment
                .serials_of(entry.line)
                .map(|serial| serial.as_str())
                .collect(),
        }
    }
}

impl<'a> PackageView<'a> {
    fn new(order: &Order, package: &'a Package) -> Self {
        let line = |units: &throughline_core::order::LineUnits| PackageLineView {
            id: units.line.of(order.id),
            quantity: units.quantity,
        };
        Self {
            id: package.no.of(order.id),
            lines: package.lines.iter().map(line).collect(),
            weight_g: package.weight_g,
            tracking_number: package.tracking_number.as_deref(),
            outcome: package.outcome,
        }
    }
}

/// How far a fulfilment is.
#[derive(Debug, ToSchema)]
#[schema(as = FulfilmentState, rename_all = "snake_case")]
pub enum FulfilmentStateShape {
    /// To be begun later.
    Scheduled,
    /// Nobody has begun.
    Open,
    /// Something must be settled first.
    OnHold,
    /// Being picked.
    Picking,
    /// All picked.
    Picked,
    /// All packed.
    Packed,
    /// The customer may come.
    ReadyForPickup,
    /// On its way.
    Shipped,
    /// With the customer.
    Delivered,
    /// The customer came.
    PickedUp,
    /// Ended, but not everything arrived.
    Incomplete,
    /// Nothing is left to do.
    Cancelled,
}

/// Whether a location accepted a fulfilment.
#[derive(Debug, ToSchema)]
#[schema(as = RequestStatus, rename_all = "snake_case")]
pub enum RequestStatusShape {
    /// Nobody needs to be asked.
    Unsubmitted,
    /// The location was asked.
    Submitted,
    /// The location said yes.
    Accepted,
    /// The location said no.
    Rejected,
    /// The location was asked to stop.
    CancellationRequested,
}

/// What became of shipped units.
#[derive(Debug, ToSchema)]
#[schema(as = Outcome, rename_all = "snake_case")]
pub enum OutcomeShape {
    /// With the customer.
    Delivered,
    /// Refused by the recipient.
    Refused,
    /// Lost by the carrier.
    Lost,
    /// Returned to sender by the carrier.
    ReturnedToSender,
}
