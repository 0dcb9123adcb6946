//! Reading an order's journal.

use axum::extract::State;
use serde::Deserialize;
use throughline_store::views;
use utoipa::IntoParams;

use super::entry::EntryView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JournalFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Reads everything that happened to an order, oldest first.
#[utoipa::path(
    get, path = "/v1/orders/{id}/journal", operation_id = "get_journal", tag = "orders",
    params(("id" = String, Path, description = "The order's id or number"), JournalFilter),
    responses((status = 200, description = "A page of the journal", body = Page<EntryView>))
)]
pub async fn get_journal(
    State(api): State<Shared>,
    Named(name): Named<OrderName>,
    Params(filter): Params<JournalFilter>,
) -> Result<Rendered, Problem> {
    let id = api.order_id(name).await?;
    let JournalFilter { limit, cursor } = filter;
    let is_first = cursor.is_none();
    let page = api
        .read(move |connection| {
            views::journal::page(connection, id, cursor.as_deref(), limit.rows())
        })
        .await?;
    if is_first && page.data.is_empty() {
        return Err(Problem::not_found("order", &id.to_string()));
    }
    let network = api.current_network().await?;
    Ok(Rendered::ok(&Page::of(&page, |entry| {
        EntryView::new(id, entry, &network)
    })))
}
