//! What a location has still to do for orders, by day.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::id::OrderId;
use throughline_core::network::Network;
use throughline_core::order::{LegKind, Order};
use throughline_store::views;
use throughline_store::views::legs::Due;
use throughline_store::views::orders::StoredOrder;
use utoipa::IntoParams;

use crate::http::api::Api;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::auth::Caller;
use crate::http::problem::Problem;
use crate::http::query::Limit;

/// Whose work, and of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DueFilter {
    /// Code of the location that does it.
    location: String,
    /// The first local day on which it is due; the earliest unless given.
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

/// A page of what is due, with the orders that it is for.
pub struct DueLegs {
    network: Arc<Network>,
    page: Page<(OrderId, u16)>,
    orders: Vec<StoredOrder>,
}

impl Api {
    /// A page of the open legs of a kind.
    ///
    /// # Errors
    /// 400 for an unknown location and a cursor that is none, 403 when the key is not for the location.
    pub async fn due_legs(
        &self,
        caller: &Caller,
        kind: LegKind,
        asked: DueFilter,
    ) -> Result<DueLegs, Problem> {
        let network = self.current_network().await?;
        caller.at(&asked.location)?;
        let location = network.location_by_code(&asked.location);
        let unknown = || {
            let problem = format!("names the unknown location {:?}", asked.location);
            Problem::parameter("location", problem)
        };
        let due = Due {
            kind,
            location: location.ok_or_else(unknown)?.id,
            from: asked.from,
            until: asked.until,
        };
        let (page, orders) = self
            .read(move |connection| {
                let (cursor, limit) = (asked.cursor.as_deref(), asked.limit.rows());
                views::legs::due(connection, &due, cursor, limit)
            })
            .await?;
        Ok(DueLegs {
            network,
            page: Page {
                data: page.data,
                has_more: page.has_more,
                next_cursor: page.next_cursor,
            },
            orders,
        })
    }
}

impl DueLegs {
    /// The page, each leg shown by its order and the number of the part of it that it is.
    pub fn shown<'d, View: Serialize>(
        &'d self,
        show: impl Fn(&'d Network, &'d Order, u16) -> Option<View>,
    ) -> Rendered {
        let shown = self.page.data.iter().filter_map(|(id, part)| {
            let stored = self.orders.iter().find(|stored| stored.order.id == *id)?;
            show(&self.network, &stored.order, *part)
        });
        Rendered::ok(&Page {
            data: shown.collect::<Vec<View>>(),
            has_more: self.page.has_more,
            next_cursor: self.page.next_cursor.clone(),
        })
    }
}
