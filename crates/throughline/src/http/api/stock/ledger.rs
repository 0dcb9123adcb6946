//! Listing the stock ledger.

use std::sync::Arc;

use axum::extract::State;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use throughline_core::catalog::Item;
use throughline_core::id::{ItemId, OrderId, ReservationId, SupplyId};
use throughline_core::network::Network;
use throughline_store::views::ledger::{Filter, LedgerRow};
use throughline_store::{Connection, StoreError, views};
use utoipa::{IntoParams, ToSchema};

use super::list::locations;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::shapes::Instant;
use crate::http::auth::Caller;
use crate::http::path::{OrderName, PathName};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which movements.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LedgerFilter {
    /// One SKU. Movements appear here within a second.
    sku: Option<String>,
    /// Code of one location.
    location: Option<String>,
    /// Id or number of one order.
    order: Option<String>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// One movement of stock: differences to a level. The sum of all is the level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerRow)]
pub struct LedgerView<'a> {
    /// A name of the movement that never changes.
    id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Who, as in the journal.
    actor: &'a str,
    /// The SKU.
    sku: &'a str,
    /// Code of the location.
    location: &'a str,
    /// Why: `received`, `allocated`, `shipped` ...
    reason: &'a str,
    /// For which order.
    #[schema(value_type = Option<Uuid>)]
    order_id: Option<OrderId>,
    /// For which reservation.
    #[schema(value_type = Option<Uuid>)]
    reservation_id: Option<ReservationId>,
    /// For which supply.
    #[schema(value_type = Option<Uuid>)]
    supply_id: Option<SupplyId>,
    /// For which document.
    reference: Option<&'a str>,
    /// Why, in the caller's words.
    note: Option<&'a str>,
    /// The lot of the units, where the item has lots.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lot: Option<&'a str>,
    /// Difference to on hand.
    on_hand: i64,
    /// Difference to allocated.
    allocated: i64,
    /// Difference to reserved.
    reserved: i64,
    /// Difference to safety.
    safety: i64,
    /// Difference to quarantined.
    quarantined: i64,
    /// Difference to damaged.
    damaged: i64,
    /// Difference to in transit.
    in_transit: i64,
}

/// Lists movements of stock, latest first.
#[utoipa::path(
    get, path = "/v1/stock/ledger", operation_id = "list_ledger", tag = "stock", params(LedgerFilter),
    responses((status = 200, description = "A page of movements", body = Page<LedgerView>))
)]
pub async fn list_ledger(
    State(api): State<Shared>,
    caller: Caller,
    Params(asked): Params<LedgerFilter>,
) -> Result<Rendered, Problem> {
    let network: Arc<Network> = api.current_network().await?;
    let order = match asked.order.as_deref().map(OrderName::read) {
        Some(Some(name)) => Some(api.order_id(name).await?),
        Some(None) => {
            return Err(Problem::parameter(
                "order",
                "must be an order's id or number",
            ));
        }
        None => None,
    };
    let Some(locations) = locations(&caller, asked.location.as_deref(), &network)? else {
        return Ok(Rendered::ok(&Page::<LedgerView>::whole(Vec::new())));
    };
    if asked.sku.is_some() {
        api.project_all().await?;
    }
    let (page, items) = api
        .read(move |connection| page(connection, &asked, order, &locations))
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |row| {
        LedgerView::new(row, &items, &network)
    })))
}

type Items = FxHashMap<ItemId, Arc<Item>>;

fn page(
    connection: &mut Connection,
    asked: &LedgerFilter,
    order: Option<OrderId>,
    locations: &[throughline_core::network::LocationId],
) -> Result<(views::Page<LedgerRow>, Items), StoreError> {
    let mut filter = Filter {
        item: None,
        locations: locations.to_vec(),
        order,
    };
    if let Some(sku) = &asked.sku {
        match views::items::by_sku(connection, &[sku])?.pop() {
            Some(item) => filter.item = Some(item.id),
            None => {
                return Ok((
                    views::Page {
                        data: Vec::new(),
                        has_more: false,
                        next_cursor: None,
                    },
                    Items::default(),
                ));
            }
        }
    }
    let page = views::ledger::list(
        connection,
        &filter,
        asked.cursor.as_deref(),
        asked.limit.rows(),
    )?;
    let mut ids: Vec<ItemId> = page.data.iter().map(|row| row.item).collect();
    ids.sort_unstable();
    ids.dedup();
    let items = views::items::by_id(connection, &ids)?;
    Ok((page, items))
}

impl<'a> LedgerView<'a> {
    fn new(row: &'a LedgerRow, items: &'a Items, network: &'a Network) -> Self {
        let sku = items.get(&row.item).map_or("", |item| &item.sku);
        Self::of_sku(row, sku, network)
    }

    /// Shows a movement of an item whose SKU is known.
    pub fn of_sku(row: &'a LedgerRow, sku: &'a str, network: &'a Network) -> Self {
        Self {
            id: row.id(),
            at: Instant(row.at),
            actor: &row.actor,
            sku,
            location: network
                .location(row.location)
                .map_or("", |location| &location.code),
            reason: &row.reason,
            order_id: row.order,
            reservation_id: row.reservation,
            supply_id: row.supply,
            reference: row.reference.as_deref(),
            note: row.note.as_deref(),
            lot: row.lot.as_deref(),
            on_hand: row.change.on_hand,
            allocated: row.change.allocated,
            reserved: row.change.reserved,
            safety: row.change.safety,
            quarantined: row.change.quarantined,
            damaged: row.change.damaged,
            in_transit: row.change.in_transit,
        }
    }
}
