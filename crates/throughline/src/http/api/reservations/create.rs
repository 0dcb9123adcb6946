//! Making a reservation.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::inventory::CreateReservation;
use utoipa::ToSchema;

use super::view::ReservationView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::ids;

/// How long a reservation holds unless it says otherwise, in seconds.
const TTL_SECONDS: i64 = 900;

/// What to hold for a cart.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewReservation)]
#[serde(deny_unknown_fields)]
pub struct ReservationBody {
    /// What.
    #[schema(min_items = 1, max_items = 5000)]
    lines: Vec<ReservationLineBody>,
    /// Code of the only location to take it from.
    #[schema(min_length = 1, max_length = 64)]
    location: Option<String>,
    /// How long it holds; 900 seconds unless given, at most 30 days.
    #[schema(minimum = 1, maximum = 2_592_000)]
    ttl_seconds: Option<i64>,
    /// Your name for the cart.
    #[schema(max_length = 255)]
    reference: Option<String>,
}

/// Units of one SKU.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewReservationLine)]
#[serde(deny_unknown_fields)]
struct ReservationLineBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    quantity: i64,
}

impl RequestBody for ReservationBody {}

/// Holds stock for a cart. It turns into allocations when an order names it.
#[utoipa::path(
    post, path = "/v1/reservations", operation_id = "create_reservation", tag = "reservations",
    request_body = ReservationBody,
    responses((status = 201, description = "The reservation", body = ReservationView, headers(("Location" = String))))
)]
pub async fn create_reservation(
    State(api): State<Shared>,
    write: Write<ReservationBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    let command = Command::CreateReservation(CreateReservation {
        id: ids::reservation(),
        lines: body
            .lines
            .into_iter()
            .map(|line| (line.sku, line.quantity))
            .collect(),
        location: body.location,
        ttl_ms: body.ttl_seconds.unwrap_or(TTL_SECONDS).saturating_mul(1000),
        reference: body.reference,
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
