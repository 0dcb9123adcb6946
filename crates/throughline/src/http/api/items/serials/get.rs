//! Reading a unit.

use axum::extract::State;
use throughline_core::inventory::SerialNumber;
use throughline_store::views;

use super::view::UnitView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::{Code, NamedPair};
use crate::http::problem::Problem;

/// Reads a unit of an item by its serial number: where it is, and the order, fulfilment and customer that have it.
#[utoipa::path(
    get, path = "/v1/items/{sku}/serials/{serial}", operation_id = "get_unit", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"),
           ("serial" = String, Path, description = "The serial number, percent-encoded")),
    responses((status = 200, description = "The unit", body = UnitView))
)]
pub async fn get_unit(
    State(api): State<Shared>,
    caller: Caller,
    NamedPair(Code(sku), Code(serial)): NamedPair<Code, Code>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?;
    let network = api.current_network().await?;
    let (id, number) = (item.id, SerialNumber::new(&serial));
    let (last, order) = api
        .read(move |connection| {
            let life = views::serials::life(connection, id, &number, None, 1)?;
            let last = life.data.into_iter().next();
            let order = last.as_ref().and_then(|last| last.state.order());
            let order = match order {
                Some((order, _)) => views::orders::get(connection, order)?,
                None => None,
            };
            Ok((last, order))
        })
        .await?;
    let last = last.ok_or_else(|| Problem::not_found("unit", &serial))?;
    caller.at_number(&network, Some(last.state.location()))?;
    let order = order.as_ref().map(|stored| &stored.order);
    Ok(Rendered::ok(&UnitView::new(
        &item.sku, &last, &network, order,
    )))
}
