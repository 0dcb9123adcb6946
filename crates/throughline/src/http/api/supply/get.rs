//! Reading supply with its journal.

use axum::extract::State;
use throughline_core::id::SupplyId;

use super::view::SupplyView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::Named;
use crate::http::problem::Problem;

/// Reads supply and what happened to it: who changed the expected day, when, from what, and why.
#[utoipa::path(
    get, path = "/v1/supply/{id}", operation_id = "get_supply", tag = "supply",
    params(("id" = Uuid, Path, description = "The supply's id")),
    responses((status = 200, description = "The supply", body = SupplyView, headers(("ETag" = String))))
)]
pub async fn get_supply(
    State(api): State<Shared>,
    caller: Caller,
    Named(id): Named<SupplyId>,
) -> Result<Rendered, Problem> {
    let (supply, entries) = api.supply_with_entries(id).await?;
    let network = api.current_network().await?;
    caller.at_either(&network, supply.location, supply.left_from())?;
    let view = SupplyView::new(&supply, &network).with_history(&entries);
    Ok(Rendered::ok(&view).with_version(supply.version))
}
