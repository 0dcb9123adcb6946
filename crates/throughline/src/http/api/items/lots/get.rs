//! Reading a lot.

use axum::extract::State;
use throughline_core::inventory::LotCode;
use throughline_store::views;

use super::view::LotView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::{Code, NamedPair};
use crate::http::problem::Problem;

/// Reads a lot of an item: what is printed on it, whether it is recalled, and where its units are. Its movements tell where
/// they came from, and which orders they went to.
#[utoipa::path(
    get, path = "/v1/items/{sku}/lots/{lot}", operation_id = "get_lot", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded"), ("lot" = String, Path, description = "The lot's code, percent-encoded")),
    responses((status = 200, description = "The lot", body = LotView))
)]
pub async fn get_lot(
    State(api): State<Shared>,
    caller: Caller,
    NamedPair(Code(sku), Code(lot)): NamedPair<Code, Code>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?.id;
    let network = api.current_network().await?;
    let code = LotCode::new(&lot);
    let (known, levels) = api
        .read(move |connection| {
            let known = views::lots::get(connection, item, &code)?;
            Ok((known, views::lots::levels(connection, item)?))
        })
        .await?;
    let known = known.ok_or_else(|| Problem::not_found("lot", &lot))?;
    Ok(Rendered::ok(&LotView::new(
        &known, &levels, &network, &caller,
    )))
}
