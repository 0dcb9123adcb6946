//! What happened to a unit: where it came from, and which orders it went to.

use axum::extract::State;
use throughline_core::inventory::{SerialEntry, SerialNumber};
use throughline_store::views;

use super::list::UnitFilter;
use super::view::UnitEventView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::path::{Code, NamedPair};
use crate::http::problem::Problem;
use crate::http::query::Params;

/// Lists what happened to a unit, latest first: its receipt, the orders that it was picked for, shipped with and came back
/// from, and what was found out about it. A key that is for some locations sees what happened there.
#[utoipa::path(
    get, path = "/v1/items/{sku}/serials/{serial}/history", operation_id = "list_unit_history", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"),
           ("serial" = String, Path, description = "The serial number, percent-encoded"), UnitFilter),
    responses((status = 200, description = "A page of what happened", body = Page<UnitEventView>))
)]
pub async fn list_unit_history(
    State(api): State<Shared>,
    caller: Caller,
    NamedPair(Code(sku), Code(serial)): NamedPair<Code, Code>,
    Params(filter): Params<UnitFilter>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?.id;
    let network = api.current_network().await?;
    let number = SerialNumber::new(&serial);
    let mut page = api
        .read(move |connection| {
            let (before, limit) = (filter.cursor.as_deref(), filter.limit.rows());
            views::serials::life(connection, item, &number, before, limit)
        })
        .await?;
    if page.data.is_empty() {
        return Err(Problem::not_found("unit", &serial));
    }
    let may_see = |entry: &SerialEntry| {
        caller
            .at_number(&network, Some(entry.state.location()))
            .is_ok()
    };
    page.data.retain(may_see);
    Ok(Rendered::ok(&Page::of(&page, |entry| {
        UnitEventView::new(entry, &network)
    })))
}
