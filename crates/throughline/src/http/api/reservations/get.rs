//! Reading a reservation.

use axum::extract::State;
use throughline_core::id::ReservationId;

use super::view::ReservationView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Reads a reservation.
#[utoipa::path(
    get, path = "/v1/reservations/{id}", operation_id = "get_reservation", tag = "reservations",
    params(("id" = Uuid, Path, description = "The reservation's id")),
    responses((status = 200, description = "The reservation", body = ReservationView))
)]
pub async fn get_reservation(
    State(api): State<Shared>,
    Named(id): Named<ReservationId>,
) -> Result<Rendered, Problem> {
    let reservation = api.reservation(id).await?;
    let network = api.current_network().await?;
    Ok(Rendered::ok(&ReservationView::new(&reservation, &network)))
}
