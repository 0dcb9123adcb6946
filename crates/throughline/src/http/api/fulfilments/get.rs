//! Reading a fulfilment.

use axum::extract::State;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::api::answer::{Rendered, fulfilment_of};
use crate::http::api::orders::view::Surroundings;
use crate::http::auth::Caller;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;

/// Reads a fulfilment.
#[utoipa::path(
    get, path = "/v1/fulfilments/{id}", operation_id = "get_fulfilment", tag = "fulfilments",
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn get_fulfilment(
    State(api): State<Shared>,
    caller: Caller,
    Named(FulfilmentName(order, no)): Named<FulfilmentName>,
) -> Result<Rendered, Problem> {
    let (stored, contacts) = api
        .order(order)
        .await
        .map_err(|problem| problem.of_part("fulfilment", no.of(order)))?;
    let network = api.current_network().await?;
    let order = &stored.order;
    let fulfilment = fulfilment_of(order, no)?;
    match fulfilment.location {
        Some(location) => caller.at_either(&network, location, fulfilment.collect_at)?,
        None => caller.at_number(&network, None)?,
    }
    let around = Surroundings {
        network: &network,
        contacts: &contacts,
        caller: &caller,
    };
    Ok(Rendered::ok(&FulfilmentView::new(order, fulfilment, around)).with_version(order.version))
}
