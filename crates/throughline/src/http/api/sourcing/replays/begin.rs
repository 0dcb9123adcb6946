//! Deciding past orders again.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::network::{LocationId, Network};
use throughline_core::order::queue::named_policy;
use throughline_core::order::replay::{Replay, StockThen};
use throughline_store::views;
use utoipa::ToSchema;

use super::get::read;
use super::view::ReplayView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::shapes::Moment;
use crate::http::api::sourcing::runs::begin::run_id;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::clock;

/// Which past orders are decided again, and on what.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewReplay, example = json!({"placed_after": "2026-01-01", "placed_before": "2026-02-01", "policy": "CHEAPEST"}))]
#[serde(deny_unknown_fields)]
pub struct ReplayBody {
    /// Placed at this time or later.
    #[schema(value_type = String, format = DateTime)]
    placed_after: Moment,
    /// Placed before this time.
    #[schema(value_type = String, format = DateTime)]
    placed_before: Moment,
    /// Code of the channel; of all unless given.
    #[schema(min_length = 1, max_length = 64)]
    channel: Option<String>,
    /// Code of the policy that decides, by its last version, whether it is in force or not; those that were in force then unless
    /// given.
    #[schema(min_length = 1, max_length = 64)]
    policy: Option<String>,
    /// The version of the network (locations, calendars, carriers, capacities) that is decided on; the last one unless given.
    #[schema(minimum = 0)]
    network_version: Option<i64>,
    /// Codes of locations that are taken as closed.
    #[schema(max_items = 1000)]
    closed_locations: Option<Vec<String>>,
    /// Units that are taken as available when the range begins, in place of what was.
    #[schema(max_items = 1000)]
    stock: Option<Vec<StockBody>>,
}

/// Units that are taken as available.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = ReplayStock)]
#[serde(deny_unknown_fields)]
pub struct StockBody {
    /// The SKU.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Units.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    quantity: i64,
}

impl RequestBody for ReplayBody {}

/// Decides past orders again under another policy, network or stock, in the background, and compares costs, splits, distances,
/// lateness, fill rate and what each location has to do side by side. Nothing of the orders is changed. The answer names the
/// replay; reading it tells how far it is, and what it has found.
#[utoipa::path(
    post, path = "/v1/sourcing/replay", operation_id = "begin_replay", tag = "sourcing", request_body = ReplayBody,
    responses((status = 202, description = "The replay", body = ReplayView, headers(("Location" = String))))
)]
pub async fn begin_replay(
    State(api): State<Shared>,
    write: Write<ReplayBody>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let replay = replay_of(&api, write.body, &network).await?;
    let (actor, now) = (write.asked.caller.actor(), clock::now());
    let id = run_id(&write.asked);
    let asked = replay.clone();
    api.write(move |store| store.insert_sourcing_run(id, actor, &replay, now))
        .await?;
    let run = read(&api, id).await?;
    if run.asked != asked {
        let key = write.asked.key.map(|key| key.key).unwrap_or_default();
        return Err(Refusal::IdempotencyKeyReused { key }.into());
    }
    let rendered = Rendered::new(StatusCode::ACCEPTED, &ReplayView::new(&run, &network));
    Ok(rendered.at(&format!("/v1/sourcing/replays/{id}")))
}

async fn replay_of(api: &Shared, body: ReplayBody, network: &Network) -> Result<Replay, Problem> {
    let channel = body.channel.map(|code| {
        let known = network.channel_by_code(&code).map(|channel| channel.id);
        known.ok_or_else(|| Refusal::unknown("/channel", "channel", code))
    });
    let policy = body.policy.as_deref();
    let policy = policy.map(|code| named_policy(network, "/policy", code));
    if let Some(version) = body.network_version
        && !(0..=network.version).contains(&version)
    {
        let problem = format!(
            "must be a version that the network has had: 0 to {}",
            network.version
        );
        return Err(Refusal::invalid("/network_version", problem).into());
    }
    let closed = body.closed_locations.unwrap_or_default().into_iter();
    let closed = closed.enumerate().map(|(at, code)| {
        let field = format!("/closed_locations/{at}");
        location(network, field, code)
    });
    let mut replay = Replay {
        from: body.placed_after.0,
        until: body.placed_before.0,
        channel: channel.transpose()?,
        policy: policy.transpose()?,
        network: body.network_version,
        closed: closed.collect::<Result<_, _>>()?,
        stock: Vec::new(),
    };
    replay.stock = stock_of(api, body.stock.unwrap_or_default(), network).await?;
    replay.check()?;
    Ok(replay)
}

async fn stock_of(
    api: &Shared,
    asked: Vec<StockBody>,
    network: &Network,
) -> Result<Vec<StockThen>, Problem> {
    let skus: Vec<String> = asked.iter().map(|one| one.sku.clone()).collect();
    let items = api
        .read(move |connection| {
            let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
            views::items::by_sku(connection, &skus)
        })
        .await?;
    let mut stock = Vec::with_capacity(asked.len());
    for (at, one) in asked.into_iter().enumerate() {
        let item = items.iter().find(|item| item.sku == one.sku);
        let unknown = || Refusal::unknown(format!("/stock/{at}/sku"), "SKU", one.sku.clone());
        if !(0..=1_000_000_000).contains(&one.quantity) {
            let problem = "must lie between 0 and 1000000000";
            return Err(Refusal::invalid(format!("/stock/{at}/quantity"), problem).into());
        }
        stock.push(StockThen {
            item: item.map(|item| item.id).ok_or_else(unknown)?,
            location: location(network, format!("/stock/{at}/location"), one.location)?,
            units: one.quantity,
        });
    }
    Ok(stock)
}

fn location(network: &Network, field: String, code: String) -> Result<LocationId, Refusal> {
    let known = network.location_by_code(&code).map(|location| location.id);
    known.ok_or_else(|| Refusal::unknown(field, "location", code))
}
