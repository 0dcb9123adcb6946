//! The slots of a service that are free at an address.

use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::network::Network;
use throughline_core::party::Address;
use throughline_core::visit::{DAYS_AHEAD_MAX, FreeSlot, Looked, free_slots};
use throughline_store::views;
use utoipa::{IntoParams, ToSchema};

use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::items::visiting::time_of_day;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::wiring::clock;

/// Days shown unless the caller says how many.
const DAYS: u16 = 14;

/// Where, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SlotFilter {
    /// ISO 3166-1 alpha-2 code of the country where the service is to be done.
    country: String,
    /// The postal code there; services that are done in parts of a country alone need it.
    postal_code: Option<String>,
    /// The day on which the goods are there: slots are on later days. From today on unless given.
    #[param(value_type = Option<String>, format = Date)]
    delivered_on: Option<Date>,
    /// How many days; 14 unless given.
    #[param(minimum = 1, maximum = 60)]
    days: Option<u16>,
}

/// The free slots of a service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreeSlots)]
pub struct SlotsView {
    /// The slots, the earliest first.
    data: Vec<SlotView>,
}

/// A slot that has room.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreeSlot)]
pub struct SlotView {
    /// Code of the location whose people come.
    location: String,
    /// The local day.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The name of the slot.
    slot: String,
    /// When it begins, at the location.
    from: String,
    /// When it ends.
    until: String,
    /// Visits that it has room for.
    free: i64,
}

/// Shows when a service could be done at an address, after a day on which the goods are there. Booking decides.
#[utoipa::path(
    get, path = "/v1/items/{sku}/slots", operation_id = "list_free_slots", tag = "items",
    params(("sku" = String, Path, description = "The SKU of the service, percent-encoded"), SlotFilter),
    responses((status = 200, description = "The slots", body = SlotsView))
)]
pub async fn list_free_slots(
    State(api): State<Shared>,
    Named(Code(sku)): Named<Code>,
    Params(filter): Params<SlotFilter>,
) -> Result<Rendered, Problem> {
    let item = api.item_by_sku(sku).await?;
    let network = api.current_network().await?;
    let (now, id) = (clock::now(), item.id);
    let booked = api
        .read(move |connection| {
            let mut facts = Facts::default();
            views::facts::load(connection, &[Need::Booked(id)], &mut facts, now)?;
            Ok(facts.booked.remove(&id).unwrap_or_default())
        })
        .await?;
    let address = Address {
        country: filter.country,
        postal_code: filter.postal_code.unwrap_or_default(),
        ..Address::default()
    };
    let destination = address.destination();
    let looked = Looked {
        network: &network,
        now,
        destination: &destination,
        goods_on: filter.delivered_on,
        days: filter.days.unwrap_or(DAYS).clamp(1, DAYS_AHEAD_MAX),
    };
    let slots = free_slots(&item, &booked, looked).into_iter();
    Ok(Rendered::ok(&SlotsView {
        data: slots.map(|slot| SlotView::new(slot, &network)).collect(),
    }))
}

impl SlotView {
    fn new(FreeSlot { time, free }: FreeSlot, network: &Network) -> Self {
        let location = network.location(time.location);
        Self {
            location: location.map_or_else(String::new, |known| known.code.clone()),
            date: time.date,
            slot: time.name,
            from: time_of_day(time.from_minute),
            until: time_of_day(time.until_minute),
            free,
        }
    }
}
