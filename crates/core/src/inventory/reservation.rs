//! Reservations: soft claims on stock with an expiry.

use serde::{Deserialize, Serialize};

use crate::id::{ItemId, OrderId, ReservationId};
use crate::network::LocationId;
use crate::time::Millis;

/// A soft claim on stock for a cart or a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Identity.
    pub id: ReservationId,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends by itself.
    pub expires_at: Millis,
    /// Whether it still claims stock.
    pub state: ReservationState,
    /// The caller's name for the cart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What it claims or claimed.
    pub lines: Vec<ReservationLine>,
}

/// Units of one item at one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationLine {
    /// The item.
    pub item: ItemId,
    /// Its SKU, for display.
    pub sku: String,
    /// Where.
    pub location: LocationId,
    /// Units.
    pub quantity: i64,
}

/// Whether a reservation still claims stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// It claims stock.
    Active,
    /// It became the allocations of an order.
    Used(OrderId),
    /// It was let go.
    Released,
    /// It ran out.
    Expired,
    /// Its units were not there when they were counted.
    StockShort,
}

/// Holds stock for a cart.
#[derive(Debug, Clone)]
pub struct CreateReservation {
    /// The new reservation's id.
    pub id: ReservationId,
    /// SKUs and units.
    pub lines: Vec<(String, i64)>,
    /// Only from this location, if given.
    pub location: Option<String>,
    /// How long it holds, in milliseconds; at most 30 days.
    pub ttl_ms: i64,
    /// The caller's name for the cart.
    pub reference: Option<String>,
}

/// Lets a reservation go.
#[derive(Debug, Clone, Copy)]
pub struct EndReservation {
    /// Which.
    pub id: ReservationId,
    /// Because it ran out; refused as long as it has not.
    pub expired: bool,
}
