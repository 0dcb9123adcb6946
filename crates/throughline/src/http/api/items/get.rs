//! Reading an item.

use axum::extract::State;

use super::view::ItemView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Reads an item.
#[utoipa::path(
    get, path = "/v1/items/{sku}", operation_id = "get_item", tag = "items",
    params(("sku" = String, Path, description = "The SKU, percent-encoded")),
    responses((status = 200, description = "The item", body = ItemView))
)]
pub async fn get_item(
    State(api): State<Shared>,
    Named(Code(sku)): Named<Code>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?;
    let network = api.current_network().await?;
    Ok(Rendered::ok(&ItemView::new(&item, &network)))
}
