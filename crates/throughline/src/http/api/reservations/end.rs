//! Letting a reservation go.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::ReservationId;
use throughline_core::inventory::EndReservation;

use super::view::ReservationView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndBody {}

may_be_absent!(EndBody);

/// Lets a reservation go. One that has ended already stays as it is.
#[utoipa::path(
    delete, path = "/v1/reservations/{id}", operation_id = "end_reservation", tag = "reservations",
    params(("id" = Uuid, Path, description = "The reservation's id")),
    responses((status = 200, description = "The reservation", body = ReservationView))
)]
pub async fn end_reservation(
    State(api): State<Shared>,
    Named(id): Named<ReservationId>,
    write: Write<EndBody>,
) -> Result<Response, Problem> {
    let command = Command::EndReservation(EndReservation { id, expired: false });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
