//! Listing items.

use axum::extract::State;
use serde::Deserialize;
use throughline_store::views;
use utoipa::IntoParams;

use super::view::ItemView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which items.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ItemFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists items by SKU.
#[utoipa::path(
    get, path = "/v1/items", operation_id = "list_items", tag = "items", params(ItemFilter),
    responses((status = 200, description = "A page of items", body = Page<ItemView>))
)]
pub async fn list_items(
    State(api): State<Shared>,
    Params(filter): Params<ItemFilter>,
) -> Result<Rendered, Problem> {
    let ItemFilter { limit, cursor } = filter;
    let page = api
        .read_page(move |connection| {
            views::items::list(connection, cursor.as_deref(), limit.rows())
        })
        .await?;
    let network = api.current_network().await?;
    let view = |item| ItemView::new(item, &network);
    Ok(Rendered::ok(&Page::of(&page, view)))
}
