//! Listing the units of an item.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::inventory::SerialEntry;
use throughline_store::views;
use utoipa::IntoParams;

use super::view::UnitView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UnitFilter {
    /// Most rows that are looked at for the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    pub(super) limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    pub(super) cursor: Option<String>,
}

/// Lists the units of an item that were ever seen, by serial number, and where each is; which order has one is told with
/// the single unit. A key that is for some locations sees the units there.
#[utoipa::path(
    get, path = "/v1/items/{sku}/serials", operation_id = "list_units", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"), UnitFilter),
    responses((status = 200, description = "A page of units", body = Page<UnitView>))
)]
pub async fn list_units(
    State(api): State<Shared>,
    caller: Caller,
    Named(Code(sku)): Named<Code>,
    Params(filter): Params<UnitFilter>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?;
    let network = api.current_network().await?;
    let (id, UnitFilter { limit, cursor }) = (item.id, filter);
    let mut page = api
        .read(move |connection| {
            views::serials::list(connection, id, cursor.as_deref(), limit.rows())
        })
        .await?;
    let may_see = |unit: &SerialEntry| {
        caller
            .at_number(&network, Some(unit.state.location()))
            .is_ok()
    };
    page.data.retain(may_see);
    Ok(Rendered::ok(&Page::of(&page, |unit| {
        UnitView::new(&item.sku, unit, &network, None)
    })))
}
