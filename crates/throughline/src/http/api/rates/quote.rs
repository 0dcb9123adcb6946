//! Asking for rates. Nothing is written.

use axum::extract::State;
use throughline_core::Refusal;
use throughline_core::carrier::{Shipment, rates};

use super::body::{Contents, RatesBody, contents};
use super::items::{Looked, look_up};
use super::view::RatesView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::clock;

/// What every carrier service asks for a shipment and when it brings it, or why it does not take it.
#[utoipa::path(
    post, path = "/v1/rates", operation_id = "quote_rates", tag = "carriers", request_body = RatesBody,
    responses((status = 200, description = "A rate or a reason for each service", body = RatesView))
)]
pub async fn quote_rates(
    State(api): State<Shared>,
    write: Write<RatesBody>,
) -> Result<Rendered, Problem> {
    let body = write.body;
    write.asked.caller.at(&body.from)?;
    let network = api.current_network().await?;
    let location = network
        .location_by_code(&body.from)
        .ok_or_else(|| Refusal::unknown("/from", "location", body.from.as_str()))?;
    let destination = body.ship_to.destination()?;
    let looked = match contents(body.items, body.weight_g, body.dimensions)? {
        Contents::Items(items) => look_up(&api, &items).await?,
        Contents::Parcel(units) => Looked {
            units: vec![units],
            without_weight: Vec::new(),
        },
    };
    let ordered = location.local_time(clock::now());
    let shipment = Shipment {
        origin: &network.origin_of(location),
        destination: &destination,
        units: &looked.units,
        ready: body.ready_on.unwrap_or_else(|| ordered.date()),
        ordered,
    };
    let rates = rates(&network, shipment);
    let view = RatesView::new(&rates, shipment, looked.without_weight, &network);
    Ok(Rendered::ok(&view))
}
