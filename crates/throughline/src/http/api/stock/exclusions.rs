//! Listing where items are not offered for now.

use axum::extract::State;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use throughline_core::id::ItemId;
use throughline_core::inventory::{Cause, Exclusion};
use throughline_core::network::Network;
use throughline_store::views::exclusions::Filter;
use throughline_store::{Connection, StoreError, views};
use utoipa::{IntoParams, ToSchema};

use super::exclude::CauseShape;
use super::list::locations;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::shapes::Instant;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};
use crate::wiring::clock;

/// Which exclusions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExclusionFilter {
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

/// An item that is not offered from a location for now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Exclusion)]
pub struct ExclusionView<'a> {
    /// The SKU.
    sku: &'a str,
    /// Code of the location.
    location: &'a str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// From when on it is offered again.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
    /// Why.
    #[schema(value_type = CauseShape)]
    code: Cause,
}

/// Lists the items that are not offered from a location for now, those first that are offered again first.
#[utoipa::path(
    get, path = "/v1/stock/exclusions", operation_id = "list_exclusions", tag = "stock", params(ExclusionFilter),
    responses((status = 200, description = "A page of exclusions", body = Page<ExclusionView>))
)]
pub async fn list_exclusions(
    State(api): State<Shared>,
    caller: Caller,
    Params(asked): Params<ExclusionFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let Some(locations) = locations(&caller, asked.location.as_deref(), &network)? else {
        return Ok(Rendered::ok(&Page::<ExclusionView>::whole(Vec::new())));
    };
    let filter = Filter {
        item: None,
        locations,
    };
    let (page, skus) = api
        .read(move |connection| page(connection, &asked, filter.clone()))
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |(item, exclusion)| {
        let sku = skus.get(item).map_or("", String::as_str);
        ExclusionView::new(sku, exclusion, &network)
    })))
}

type Found = (views::Page<(ItemId, Exclusion)>, FxHashMap<ItemId, String>);

fn page(
    connection: &mut Connection,
    asked: &ExclusionFilter,
    mut filter: Filter,
) -> Result<Found, StoreError> {
    if let Some(sku) = &asked.sku {
        match views::items::by_sku(connection, &[sku])?.pop() {
            Some(item) => filter.item = Some(item.id),
            None => return Ok((nothing(), FxHashMap::default())),
        }
    }
    let (cursor, limit) = (asked.cursor.as_deref(), asked.limit.rows());
    let page = views::exclusions::list(connection, &filter, clock::now(), cursor, limit)?;
    let ids: Vec<ItemId> = page.data.iter().map(|(item, _)| *item).collect();
    let items = views::items::by_id(connection, &ids)?;
    let skus = items.into_iter().map(|(id, item)| (id, item.sku.clone()));
    Ok((page, skus.collect()))
}

fn nothing() -> views::Page<(ItemId, Exclusion)> {
    views::Page {
        data: Vec::new(),
        has_more: false,
        next_cursor: None,
    }
}

impl<'a> ExclusionView<'a> {
    fn new(sku: &'a str, exclusion: &Exclusion, network: &'a Network) -> Self {
        let location = network.location(exclusion.location);
        Self {
            sku,
            location: location.map_or("", |location| &location.code),
            since: Instant(exclusion.since),
            until: Instant(exclusion.until),
            code: exclusion.cause,
        }
    }
}
