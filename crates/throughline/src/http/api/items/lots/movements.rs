//! What happened to a lot: where its units came from, and which orders they went to.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::inventory::LotCode;
use throughline_store::views;
use throughline_store::views::ledger::LedgerRow;
use utoipa::IntoParams;

use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::api::stock::ledger::LedgerView;
use crate::http::auth::Caller;
use crate::http::path::{Code, NamedPair};
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MovementFilter {
    /// Most rows that are looked at for the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the movements of a lot, latest first: receipts with their documents and supply, and orders that it was allotted to,
/// shipped with, and came back from. A key that is for some locations sees the movements there.
#[utoipa::path(
    get, path = "/v1/items/{sku}/lots/{lot}/movements", operation_id = "list_lot_movements", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"), ("lot" = String, Path, description = "The lot's code, percent-encoded"),
           MovementFilter),
    responses((status = 200, description = "A page of movements", body = Page<LedgerView>))
)]
pub async fn list_lot_movements(
    State(api): State<Shared>,
    caller: Caller,
    NamedPair(Code(sku), Code(lot)): NamedPair<Code, Code>,
    Params(filter): Params<MovementFilter>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?;
    let network = api.current_network().await?;
    let (id, code) = (item.id, LotCode::new(&lot));
    let MovementFilter { limit, cursor } = filter;
    let (known, mut page) = api
        .read(move |connection| {
            let known = views::lots::get(connection, id, &code)?;
            let after = cursor.as_deref();
            let page = views::lots::moves(connection, id, &code, after, limit.rows())?;
            Ok((known, page))
        })
        .await?;
    if known.is_none() {
        return Err(Problem::not_found("lot", &lot));
    }
    let may_see = |row: &LedgerRow| caller.at_number(&network, Some(row.location)).is_ok();
    page.data.retain(may_see);
    Ok(Rendered::ok(&Page::of(&page, |row| {
        LedgerView::of_sku(row, &item.sku, &network)
    })))
}
