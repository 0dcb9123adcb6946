//! The items of a shipment, looked up for their weights and sizes.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use throughline_core::Refusal;
use throughline_core::carrier::Units;
use throughline_core::catalog::Item;
use throughline_core::id::ItemId;
use throughline_store::views;

use super::body::RatedItem;
use crate::http::api::Api;
use crate::http::problem::Problem;

/// What travels, and what of it nobody has weighed.
#[derive(Debug, Default)]
pub struct Looked {
    /// Units by weight and size.
    pub units: Vec<Units>,
    /// SKUs whose weight is not known, which count as nothing.
    pub without_weight: Vec<String>,
}

/// Looks the items up.
///
/// # Errors
/// 422 for an unknown SKU; a fault when the database cannot be read.
pub async fn look_up(api: &Api, asked: &[RatedItem]) -> Result<Looked, Problem> {
    let skus: Vec<String> = asked.iter().map(|item| item.sku.clone()).collect();
    let (items, parts) = api
        .read(move |connection| {
            let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
            let items = views::items::by_sku(connection, &skus)?;
            let components = items.iter().flat_map(|item| &item.components);
            let ids: Vec<ItemId> = components.map(|component| component.item).collect();
            let parts = views::items::by_id(connection, &ids)?;
            Ok((items, parts))
        })
        .await?;
    let known: FxHashMap<&str, &Item> = items
        .iter()
        .map(|item| (item.sku.as_str(), item.as_ref()))
        .collect();
    let part = |id: ItemId| parts.get(&id).map(Arc::as_ref);
    let mut looked = Looked::default();
    for (position, one) in asked.iter().enumerate() {
        let item = known.get(one.sku.as_str()).ok_or_else(|| {
            Refusal::unknown(format!("/items/{position}/sku"), "item", one.sku.as_str())
        })?;
        looked.units.extend(Units::of(item, one.quantity, part));
        let simple = std::iter::once(*item).filter(|item| !item.is_kit());
        let travelling = simple.chain(item.components.iter().filter_map(|one| part(one.item)));
        for item in travelling.filter(|item| item.weight_g.is_none()) {
            if !looked.without_weight.contains(&item.sku) {
                looked.without_weight.push(item.sku.clone());
            }
        }
    }
    Ok(looked)
}
