//! Listing stock levels.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use throughline_core::network::{LocationId, Network};
use throughline_store::views;
use utoipa::IntoParams;

use super::view::StockView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which levels.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StockFilter {
    /// One SKU.
    sku: Option<String>,
    /// Code of one location.
    location: Option<String>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists stock levels by SKU and location.
#[utoipa::path(
    get, path = "/v1/stock", operation_id = "list_stock", tag = "stock", params(StockFilter),
    responses((status = 200, description = "A page of stock levels", body = Page<StockView>))
)]
pub async fn list_stock(
    State(api): State<Shared>,
    caller: Caller,
    Params(filter): Params<StockFilter>,
) -> Result<Rendered, Problem> {
    let network: Arc<Network> = api.current_network().await?;
    let StockFilter {
        sku,
        location,
        limit,
        cursor,
    } = filter;
    let Some(locations) = locations(&caller, location.as_deref(), &network)? else {
        return Ok(Rendered::ok(&Page::<StockView>::whole(Vec::new())));
    };
    let filter = views::stock::Filter { sku, locations };
    let page = api
        .read(move |connection| {
            views::stock::list(connection, &filter, cursor.as_deref(), limit.rows())
        })
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |row| {
        StockView::new(&row.item.sku, &row.level, &network)
    })))
}

/// The locations to look at: the one that is asked for, else those of the key; empty for all. `None` when none can fit.
///
/// # Errors
/// 403 when the key is not for the location that is asked for.
pub(in crate::http::api) fn locations(
    caller: &Caller,
    asked: Option<&str>,
    network: &Network,
) -> Result<Option<Vec<LocationId>>, Problem> {
    let id = |code: &str| network.location_by_code(code).map(|location| location.id);
    match (asked, &caller.locations) {
        (Some(code), _) => {
            caller.at(code)?;
            Ok(id(code).map(|id| vec![id]))
        }
        (None, Some(codes)) => {
            let own: Vec<LocationId> = codes.iter().filter_map(|code| id(code)).collect();
            Ok((!own.is_empty()).then_some(own))
        }
        (None, None) => Ok(Some(Vec::new())),
    }
}
