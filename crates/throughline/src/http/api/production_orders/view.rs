//! A production order as the API shows it.

use jiff::civil::Date;
use serde::Serialize;
use throughline_core::id::OrderId;
use throughline_core::network::Network;
use throughline_core::order::{Order, Production, ProductionState, Verb};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::shapes::Instant;
use crate::http::auth::Caller;

/// How far a production order is.
#[derive(Debug, ToSchema)]
#[schema(as = ProductionState, rename_all = "snake_case")]
pub enum ProductionStateShape {
    /// The maker was asked.
    Requested,
    /// The maker said yes.
    Accepted,
    /// It is being made.
    Started,
    /// It is finished.
    Completed,
    /// The maker said no.
    Rejected,
    /// It is not wanted any more, and had not begun.
    Cancelled,
}

/// Units that a location makes for one line of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductionOrder)]
pub struct ProductionView<'a> {
    /// Identity.
    id: Uuid,
    /// How far it is.
    #[schema(value_type = ProductionStateShape)]
    state: &'static str,
    /// The order that it is for.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// The order's number.
    order_number: u64,
    /// The line that it is for.
    line_id: Uuid,
    /// What is made.
    sku: &'a str,
    /// Code of the location that makes it.
    location: &'a str,
    /// Units asked for.
    quantity: i64,
    /// Good units; absent until it is completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    made: Option<i64>,
    /// The local day whose capacity it takes.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The local day on which it is to be finished: that day, or the one that the maker named.
    #[schema(value_type = String, format = Date)]
    due: Date,
    /// The day on which its units leave then, as it was promised.
    #[schema(value_type = Option<String>, format = Date)]
    ships_on: Option<Date>,
    /// The name that the maker has for it.
    reference: Option<&'a str>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// What this caller may do with it now.
    available_actions: Vec<&'static str>,
}

impl<'a> ProductionView<'a> {
    /// Shows a production order of an order.
    #[must_use]
    pub fn new(
        order: &'a Order,
        production: &'a Production,
        network: &'a Network,
        caller: &Caller,
    ) -> Self {
        let location = network.location(production.location);
        let line = order.placed.line(production.line);
        let made = match production.state {
            ProductionState::Completed { made, .. } => Some(made),
            _ => None,
        };
        let actions = production.available_actions(order).into_iter();
        Self {
            id: production.no.of(order.id),
            state: production.state.as_str(),
            order_id: order.id,
            order_number: order.number,
            line_id: production.line.of(order.id),
            sku: line.map_or("", |line| &line.sku),
            location: location.map_or("", |location| &location.code),
            quantity: production.quantity,
            made,
            day: production.day,
            due: production.expected_on(),
            ships_on: production.route.leaves_on,
            reference: production.reference.as_deref(),
            since: Instant(production.since),
            available_actions: actions
                .filter(|verb| caller.may(*verb))
                .map(Verb::as_str)
                .collect(),
        }
    }
}
