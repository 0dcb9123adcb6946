//! Listing supply by the day it is expected on.

use axum::extract::State;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::inventory::SupplyStatus;
use throughline_store::views::supply::Filter;
use throughline_store::{Connection, StoreError, views};
use utoipa::{IntoParams, ToSchema};

use super::view::SupplyView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::stock::list::locations;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which supply.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SupplyFilter {
    /// One SKU.
    sku: Option<String>,
    /// Code of the one location that it will come to.
    location: Option<String>,
    /// Only with this status.
    #[param(inline)]
    status: Option<StatusShape>,
    /// Expected on this day or later.
    #[param(value_type = Option<String>, format = Date)]
    expected_from: Option<Date>,
    /// Expected on this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    expected_to: Option<Date>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Whether more is expected.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[schema(as = SupplyStatus)]
#[serde(rename_all = "snake_case")]
pub enum StatusShape {
    /// Units are still to come.
    Open,
    /// Everything that will come has come.
    Received,
    /// Nothing has come, and nothing will.
    Cancelled,
}

impl From<StatusShape> for SupplyStatus {
    fn from(shape: StatusShape) -> Self {
        match shape {
            StatusShape::Open => Self::Open,
            StatusShape::Received => Self::Received,
            StatusShape::Cancelled => Self::Cancelled,
        }
    }
}

/// Lists supply by the day it is expected on, the earliest first.
#[utoipa::path(
    get, path = "/v1/supply", operation_id = "list_supply", tag = "supply", params(SupplyFilter),
    responses((status = 200, description = "A page of supply", body = Page<SupplyView>))
)]
pub async fn list_supply(
    State(api): State<Shared>,
    caller: Caller,
    Params(asked): Params<SupplyFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let Some(locations) = locations(&caller, asked.location.as_deref(), &network)? else {
        return Ok(Rendered::ok(&Page::<SupplyView>::whole(Vec::new())));
    };
    let filter = Filter {
        item: None,
        locations,
        status: asked.status.map(SupplyStatus::from),
        from: asked.expected_from,
        to: asked.expected_to,
    };
    let page = api
        .read(move |connection| page(connection, &asked, &filter))
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |supply| {
        SupplyView::new(supply, &network)
    })))
}

fn page(
    connection: &mut Connection,
    asked: &SupplyFilter,
    filter: &Filter,
) -> Result<views::Page<throughline_core::inventory::Supply>, StoreError> {
    let mut filter = filter.clone();
    if let Some(sku) = &asked.sku {
        match views::items::by_sku(connection, &[sku])?.pop() {
            Some(item) => filter.item = Some(item.id),
            None => {
                return Ok(views::Page {
                    data: Vec::new(),
                    has_more: false,
                    next_cursor: None,
                });
            }
        }
    }
    views::supply::list(
        connection,
        &filter,
        asked.cursor.as_deref(),
        asked.limit.rows(),
    )
}
