//! Listing what a location has to make, by day.

use axum::extract::State;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::id::ProductionNo;
use throughline_core::order::LegKind;
use throughline_store::views;
use throughline_store::views::legs::Due;
use utoipa::IntoParams;

use super::view::ProductionView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which production orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProductionFilter {
    /// Code of the location that makes them.
    location: String,
    /// The first local day on which they are due; the earliest unless given.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last such day; the latest unless given.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the production orders that a location has still to finish, by the day on which they are due. Those that have ended
/// are found among the legs (`GET /v1/legs?kind=production`) and in their orders.
#[utoipa::path(
    get, path = "/v1/production-orders", operation_id = "list_production_orders", tag = "fulfilments", params(ProductionFilter),
    responses((status = 200, description = "A page of production orders", body = Page<ProductionView>))
)]
pub async fn list_production_orders(
    State(api): State<Shared>,
    caller: Caller,
    Params(asked): Params<ProductionFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    caller.at(&asked.location)?;
    let location = network.location_by_code(&asked.location);
    let unknown = || {
        let problem = format!("names the unknown location {:?}", asked.location);
        Problem::parameter("location", problem)
    };
    let location = location.ok_or_else(unknown)?.id;
    let due = Due {
        kind: LegKind::Production,
        location,
        from: asked.from,
        until: asked.until,
    };
    let (page, orders) = api
        .read(move |connection| {
            let (cursor, limit) = (asked.cursor.as_deref(), asked.limit.rows());
            views::legs::due(connection, &due, cursor, limit)
        })
        .await?;
    let mut data = Vec::with_capacity(page.data.len());
    for (id, part) in &page.data {
        let stored = orders.iter().find(|stored| stored.order.id == *id);
        let Some(order) = stored.map(|stored| &stored.order) else {
            continue;
        };
        let made = order.progress.production(ProductionNo(*part));
        data.extend(made.map(|made| ProductionView::new(order, made, &network, &caller)));
    }
    Ok(Rendered::ok(&Page {
        data,
        has_more: page.has_more,
        next_cursor: page.next_cursor,
    }))
}
