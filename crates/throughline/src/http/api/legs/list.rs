//! Listing legs: what suppliers are asked for, what is to be sent to stores, and what is made to order.

use axum::extract::State;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use throughline_core::id::OrderId;
use throughline_core::order::{LegKind, legs};
use throughline_store::views::legs::{Filter, Listed};
use throughline_store::views::orders::StoredOrder;
use throughline_store::{Connection, StoreError, views};
use utoipa::IntoParams;

use super::view::{KindShape, LegView, StateShape};
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::stock::list::locations;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which legs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LegFilter {
    /// What they are.
    kind: KindShape,
    /// How far they are; those that nobody has answered unless given.
    #[serde(default)]
    #[param(value_type = Option<StateShape>)]
    state: StateShape,
    /// Code of the location that does them, such as a supplier's.
    location: Option<String>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the legs of one kind in one state, those first that are there for longest. A key that is bound to locations sees
/// what these have to do. A purchase request is accepted and rejected as the fulfilment that it is, a
/// production order by its own verbs.
#[utoipa::path(
    get, path = "/v1/legs", operation_id = "list_legs", tag = "fulfilments", params(LegFilter),
    responses((status = 200, description = "A page of legs", body = Page<LegView>))
)]
pub async fn list_legs(
    State(api): State<Shared>,
    caller: Caller,
    Params(asked): Params<LegFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let Some(locations) = locations(&caller, asked.location.as_deref(), &network)? else {
        return Ok(Rendered::ok(&Page::<LegView>::whole(Vec::new())));
    };
    let filter = Filter {
        kind: asked.kind.into(),
        state: asked.state.into(),
        locations,
    };
    let kind = filter.kind;
    let (page, orders) = api
        .read(move |connection| {
            let (cursor, limit) = (asked.cursor.as_deref(), asked.limit.rows());
            read(connection, &filter, cursor, limit)
        })
        .await?;
    let mut data = Vec::with_capacity(page.data.len());
    for listed in &page.data {
        if let Some(stored) = orders.get(&listed.order) {
            let leg = of(stored, listed, kind);
            data.extend(leg.map(|leg| LegView::new(&stored.order, leg, &network)));
        }
    }
    Ok(Rendered::ok(&Page {
        data,
        has_more: page.has_more,
        next_cursor: page.next_cursor,
    }))
}

type Found = (views::Page<Listed>, FxHashMap<OrderId, StoredOrder>);

fn read(
    connection: &mut Connection,
    filter: &Filter,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Found, StoreError> {
    let page = views::legs::list(connection, filter, cursor, limit)?;
    let mut ids: Vec<OrderId> = page.data.iter().map(|listed| listed.order).collect();
    ids.sort_unstable();
    ids.dedup();
    let orders = views::orders::load(connection, &ids)?;
    let orders = orders.into_iter().map(|stored| (stored.order.id, stored));
    Ok((page, orders.collect()))
}

fn of(
    stored: &StoredOrder,
    listed: &Listed,
    kind: LegKind,
) -> Option<throughline_core::order::Leg> {
    let mut all = legs(&stored.order).into_iter();
    all.find(|leg| leg.part == listed.part && leg.kind == kind)
}
