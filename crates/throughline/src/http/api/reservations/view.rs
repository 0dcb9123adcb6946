//! A reservation as the API shows it.

use serde::Serialize;
use throughline_core::id::{OrderId, ReservationId};
use throughline_core::inventory::{Reservation, ReservationState};
use throughline_core::network::Network;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// A soft claim on stock for a cart or a quote.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reservation)]
pub struct ReservationView<'a> {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: ReservationId,
    /// Whether it still claims stock.
    #[schema(value_type = ReservationStateShape)]
    status: &'static str,
    /// The order whose allocations it became.
    #[schema(value_type = Option<Uuid>)]
    order_id: Option<OrderId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
    /// The caller's name for the cart.
    reference: Option<&'a str>,
    /// What it claims or claimed.
    lines: Vec<ReservationLineView<'a>>,
}

/// Units of one SKU at one location.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReservationLine)]
struct ReservationLineView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Code of the location.
    location: &'a str,
    /// Units.
    quantity: i64,
}

impl<'a> ReservationView<'a> {
    /// Shows a reservation.
    #[must_use]
    pub fn new(reservation: &'a Reservation, network: &'a Network) -> Self {
        let (status, order_id) = state(reservation.state);
        let line = |line: &'a throughline_core::inventory::ReservationLine| ReservationLineView {
            sku: &line.sku,
            location: network
                .location(line.location)
                .map_or("", |location| &location.code),
            quantity: line.quantity,
        };
        Self {
            id: reservation.id,
            status,
            order_id,
            created_at: Instant(reservation.created_at),
            expires_at: Instant(reservation.expires_at),
            reference: reservation.reference.as_deref(),
            lines: reservation.lines.iter().map(line).collect(),
        }
    }
}

fn state(state: ReservationState) -> (&'static str, Option<OrderId>) {
    match state {
        ReservationState::Active => ("active", None),
        ReservationState::Used(order) => ("used", Some(order)),
        ReservationState::Released => ("released", None),
        ReservationState::Expired => ("expired", None),
        ReservationState::StockShort => ("stock_short", None),
    }
}

/// Whether a reservation still claims stock.
#[derive(Debug, ToSchema)]
#[schema(as = ReservationState, rename_all = "snake_case")]
pub enum ReservationStateShape {
    /// It claims stock.
    Active,
    /// It became the allocations of an order.
    Used,
    /// It was let go.
    Released,
    /// It ran out.
    Expired,
    /// Its units were not there when they were counted.
    StockShort,
}
