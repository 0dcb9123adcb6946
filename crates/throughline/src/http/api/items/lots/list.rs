//! Listing the lots of an item.

use axum::extract::State;
use serde::Deserialize;
use throughline_store::views;
use utoipa::IntoParams;

use super::view::LotView;
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
pub struct LotFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the lots of an item that were ever taken in, by code, with the units that are there of each.
#[utoipa::path(
    get, path = "/v1/items/{sku}/lots", operation_id = "list_lots", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"), LotFilter),
    responses((status = 200, description = "A page of lots", body = Page<LotView>))
)]
pub async fn list_lots(
    State(api): State<Shared>,
    caller: Caller,
    Named(Code(sku)): Named<Code>,
    Params(filter): Params<LotFilter>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?.id;
    let network = api.current_network().await?;
    let LotFilter { limit, cursor } = filter;
    let (page, levels) = api
        .read(move |connection| {
            let after = cursor.as_deref();
            let page = views::lots::list(connection, item, after, limit.rows())?;
            Ok((page, views::lots::levels(connection, item)?))
        })
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |known| {
        LotView::new(known, &levels, &network, &caller)
    })))
}
