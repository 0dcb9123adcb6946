//! What can be promised.

use std::sync::Arc;

use axum::extract::State;
use rustc_hash::FxHashMap;
use throughline_core::Facts;
use throughline_core::catalog::Item;
use throughline_core::id::ItemId;
use throughline_core::network::Network;
use throughline_store::{Connection, StoreError, views};

use super::asked::Question;
use super::view::{AvailabilityView, Scene};
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::wiring::clock;

/// What is known of the SKUs that are asked for.
struct Read {
    network: Arc<Network>,
    items: FxHashMap<String, Arc<Item>>,
    facts: Facts,
}

/// Tells what can be promised of up to 100 SKUs: now and by day, in all and by location, for a channel and a country.
/// What is waited for already is not promised again. The answer is a hint: only the order decides.
#[utoipa::path(
    get, path = "/v1/availability", operation_id = "get_availability", tag = "stock",
    params(
        ("sku" = Vec<String>, Query, description = "A SKU; may be repeated, up to 100 times"),
        ("channel" = Option<String>, Query, description = "Code of a channel: only what it may sell"),
        ("ship_to" = Option<String>, Query, description = "ISO 3166-1 alpha-2 code of a country: near locations come first"),
        ("date" = Option<String>, Query, description = "A day, such as 2026-01-31, for which a number is given in particular"),
        ("min_confidence_percent" = Option<u8>, Query, minimum = 0, maximum = 100, description = "Supply that is less sure does not count; 0 unless given")
    ),
    responses((status = 200, description = "What can be promised", body = AvailabilityView))
)]
pub async fn get_availability(
    State(api): State<Shared>,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Rendered, Problem> {
    let question = Question::read(pairs)?;
    let skus = question.skus.clone();
    let known = api.known_network();
    let read = api
        .read(move |connection| read(connection, &known, &skus))
        .await?;
    let channel = match &question.channel {
        Some(code) => match read.network.channel_by_code(code) {
            Some(channel) => Some(channel.as_ref()),
            None => {
                let problem = format!("names the unknown channel {code:?}");
                return Err(Problem::parameter("channel", problem));
            }
        },
        None => None,
    };
    let scene = Scene {
        network: &read.network,
        items: &read.items,
        facts: &read.facts,
        channel,
        question: &question,
        now: clock::now(),
    };
    Ok(Rendered::ok(&AvailabilityView::new(&scene)))
}

fn read(
    connection: &mut Connection,
    known: &Arc<Network>,
    skus: &[String],
) -> Result<Read, StoreError> {
    let names: Vec<&str> = skus.iter().map(String::as_str).collect();
    let items = views::items::by_sku(connection, &names)?;
    let mut wanted: Vec<ItemId> = Vec::with_capacity(items.len());
    for item in &items {
        match item.is_kit() {
            true => wanted.extend(item.components.iter().map(|part| part.item)),
            false => wanted.push(item.id),
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    Ok(Read {
        network: views::network::reload(connection, known)?,
        facts: views::availability::read(connection, &wanted)?,
        items: items
            .into_iter()
            .map(|item| (item.sku.clone(), item))
            .collect(),
    })
}
