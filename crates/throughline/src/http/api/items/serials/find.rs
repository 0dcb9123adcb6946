//! Finding units by a serial number alone.

use axum::extract::State;
use serde::Serialize;
use throughline_core::inventory::{SerialEntry, SerialNumber};
use throughline_store::views;
use utoipa::ToSchema;

use super::view::UnitView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::auth::Caller;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Units with the same serial number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundUnits)]
pub struct FoundUnitsView<'a> {
    /// One of each item at most.
    data: Vec<UnitView<'a>>,
}

/// Finds units by a serial number alone, where the item is not known: one of each item, for 100 items at most. A key
/// that is for some locations finds the units there.
#[utoipa::path(
    get, path = "/v1/serials/{serial}", operation_id = "find_units", tag = "items",
    params(("serial" = String, Path, description = "The serial number, percent-encoded")),
    responses((status = 200, description = "The units", body = FoundUnitsView))
)]
pub async fn find_units(
    State(api): State<Shared>,
    caller: Caller,
    Named(Code(serial)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let number = SerialNumber::new(&serial);
    let (items, units) = api
        .read(move |connection| {
            let found = views::serials::items(connection, &number)?;
            let mut units = Vec::with_capacity(found.len());
            for item in &found {
                let life = views::serials::life(connection, *item, &number, None, 1)?;
                units.extend(life.data);
            }
            Ok((views::items::by_id(connection, &found)?, units))
        })
        .await?;
    let may_see = |unit: &&SerialEntry| {
        caller
            .at_number(&network, Some(unit.state.location()))
            .is_ok()
    };
    let data = units.iter().filter(may_see).map(|unit| {
        let sku = items.get(&unit.item).map_or("", |item| item.sku.as_str());
        UnitView::new(sku, unit, &network, None)
    });
    Ok(Rendered::ok(&FoundUnitsView {
        data: data.collect(),
    }))
}
