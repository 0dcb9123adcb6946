//! A visit as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::id::OrderId;
use throughline_core::network::Network;
use throughline_core::order::{Order, Verb, Visit};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::items::visiting::time_of_day;
use crate::http::api::shapes::Instant;
use crate::http::auth::Caller;

/// How far a visit is.
#[derive(Debug, ToSchema)]
#[schema(as = VisitState, rename_all = "snake_case")]
pub enum VisitStateShape {
    /// Somebody will come.
    Booked,
    /// The service was done.
    Completed,
    /// Nobody was there, or nobody came.
    Missed,
    /// It is not wanted any more, or cannot be made.
    Cancelled,
}

/// Somebody comes and does a service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Visit)]
pub struct VisitView<'a> {
    /// Identity.
    id: Uuid,
    /// How far it is.
    #[schema(value_type = VisitStateShape)]
    state: &'static str,
    /// The order that it is for.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// The order's number.
    order_number: u64,
    /// The service line.
    line_id: Uuid,
    /// The service.
    sku: &'a str,
    /// Lines of the goods that have to be there first.
    after: Vec<Uuid>,
    /// Code of the location whose people come.
    location: &'a str,
    /// The local day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The name of the slot.
    slot: &'a str,
    /// When it begins, at the location.
    from: String,
    /// When it ends.
    until: String,
    /// When it was booked first.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// What this caller may do with it now.
    available_actions: Vec<&'static str>,
}

impl<'a> VisitView<'a> {
    /// Shows a visit of an order.
    #[must_use]
    pub fn new(order: &'a Order, visit: &'a Visit, network: &'a Network, caller: &Caller) -> Self {
        let location = network.location(visit.time.location);
        let line = order.placed.line(visit.line);
        let actions = [Verb::Book, Verb::Complete].into_iter();
        let actions = actions.filter(|verb| visit.is_booked() && caller.may(*verb));
        Self {
            id: visit.no.of(order.id),
            state: visit.state.as_str(),
            order_id: order.id,
            order_number: order.number,
            line_id: visit.line.of(order.id),
            sku: line.map_or("", |line| &line.sku),
            after: visit.after.iter().map(|line| line.of(order.id)).collect(),
            location: location.map_or("", |location| &location.code),
            date: visit.time.date,
            slot: &visit.time.name,
            from: time_of_day(visit.time.from_minute),
            until: time_of_day(visit.time.until_minute),
            since: Instant(visit.since),
            available_actions: actions.map(Verb::as_str).collect(),
        }
    }
}
