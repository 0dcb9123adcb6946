//! One action over all orders that fit a filter, done in the background.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_core::Refusal;
use throughline_core::command::{Actor, IdempotencyKey};
use throughline_core::id::{BulkId, CustomerId, OrderId};
use throughline_core::network::Network;
use throughline_core::order::bulk::{Bulk, BulkAction, BulkFilter};
use throughline_core::order::{HoldKind, OrderStatus};
use throughline_core::time::Millis;
use throughline_store::bulk::{self, BulkRun, Left};
use throughline_store::views;
use utoipa::ToSchema;

use super::kinds::{HoldKindShape, OrderStatusShape};
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::shapes::{Instant, Moment};
use crate::http::body::RequestBody;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::{Write, first_half};
use crate::wiring::{clock, ids};

/// Entries of the report that an answer has; the counts are of all.
const LEFT_SHOWN: usize = 1_000;

/// An action, and the orders it is for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewBulkAction)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// What is done to each order.
    action: ActionWord,
    /// The kind of the hold, for `hold`; `manual` unless given.
    #[schema(value_type = Option<HoldKindShape>)]
    kind: Option<HoldKind>,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// Which orders; at least one field. Only orders placed before now are touched.
    filter: FilterBody,
}

/// What is done to each order.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[schema(as = BulkActionWord)]
#[serde(rename_all = "snake_case")]
pub enum ActionWord {
    /// All work on it stops, picking that has begun included: a manual hold.
    Stop,
    /// It is put on hold.
    Hold,
    /// What has not left is cancelled.
    Cancel,
}

/// Which orders. Everything that is given must fit.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = BulkFilter)]
#[serde(deny_unknown_fields)]
pub struct FilterBody {
    /// Code of the channel.
    channel: Option<String>,
    /// A SKU that they name.
    sku: Option<String>,
    /// Their status when they are looked at.
    #[schema(value_type = Option<OrderStatusShape>)]
    status: Option<OrderStatus>,
    /// Id of the customer.
    #[schema(value_type = Option<Uuid>)]
    customer: Option<CustomerId>,
    /// A label that they have.
    #[schema(max_length = 64)]
    tag: Option<String>,
    /// Placed at this time or later.
    #[schema(value_type = Option<String>, format = DateTime)]
    placed_after: Option<Moment>,
    /// Placed before this time.
    #[schema(value_type = Option<String>, format = DateTime)]
    placed_before: Option<Moment>,
}

impl RequestBody for BulkBody {}

/// Where an action over many orders is, and what it could not stop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkAction)]
pub struct BulkView {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: BulkId,
    /// `running` or `done`.
    state: &'static str,
    /// Orders that fit and were looked at.
    looked_at: i64,
    /// Orders that it was done to, in part or in full.
    done: i64,
    /// Orders that it was not done to, or not in full.
    not_done: i64,
    /// Why, order by order: the first 1,000.
    left: Vec<LeftView>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it last went on.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

/// An order that was not reached, or not in full.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkLeft)]
struct LeftView {
    /// The order.
    #[schema(value_type = Uuid)]
    order_id: OrderId,
    /// Its number.
    number: u64,
    /// Why.
    reason: String,
}

/// Stops, holds or cancels all orders that fit a filter, in the background. The answer names the run; reading it tells
/// how far it is, and what could not be stopped.
#[utoipa::path(
    post, path = "/v1/orders/bulk-actions", operation_id = "begin_bulk_action", tag = "orders", request_body = BulkBody,
    responses((status = 202, description = "The run", body = BulkView, headers(("Location" = String))))
)]
pub async fn begin_bulk_action(
    State(api): State<Shared>,
    write: Write<BulkBody>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let bulk = bulk_of(&api, write.body, &network).await?;
    bulk.check()?;
    // Orders that are found by a SKU are found in what is projected.
    api.executor.project().await;
    let (actor, now) = (write.asked.caller.actor(), clock::now());
    let id = write
        .asked
        .key
        .as_ref()
        .map_or_else(ids::bulk, |key| id_of(&actor, key));
    let asked = bulk.clone();
    api.write(move |store| store.insert_bulk_run(id, actor, &bulk, now))
        .await?;
    let (run, left) = read(&api, id).await?;
    if run.bulk != asked {
        let key = write.asked.key.map(|key| key.key).unwrap_or_default();
        return Err(Refusal::IdempotencyKeyReused { key }.into());
    }
    let rendered = Rendered::new(StatusCode::ACCEPTED, &BulkView::new(&run, left));
    Ok(rendered.at(&format!("/v1/orders/bulk-actions/{id}")))
}

/// The same key of the same caller leads to the same run.
fn id_of(actor: &Actor, key: &IdempotencyKey) -> BulkId {
    let scope = format!("{actor}\n{}\n{}", key.operation, key.key);
    let half = first_half(&Sha256::digest(scope.as_bytes()));
    BulkId::new(Millis(0), u128::from_be_bytes(half))
}

/// Tells how far an action over many orders is, and what it could not stop.
#[utoipa::path(
    get, path = "/v1/orders/bulk-actions/{id}", operation_id = "get_bulk_action", tag = "orders",
    params(("id" = Uuid, Path, description = "The run's id")),
    responses((status = 200, description = "The run", body = BulkView))
)]
pub async fn get_bulk_action(
    State(api): State<Shared>,
    Named(id): Named<BulkId>,
) -> Result<Rendered, Problem> {
    let (run, left) = read(&api, id).await?;
    Ok(Rendered::ok(&BulkView::new(&run, left)))
}

async fn read(api: &Shared, id: BulkId) -> Result<(BulkRun, Vec<Left>), Problem> {
    let found = api
        .read(move |connection| {
            let run = bulk::get(connection, id)?;
            let left = bulk::left(connection, id, 0, LEFT_SHOWN)?;
            Ok(run.map(|run| (run, left)))
        })
        .await?;
    found.ok_or_else(|| Problem::not_found("bulk action", &id.to_string()))
}

async fn bulk_of(api: &Shared, body: BulkBody, network: &Network) -> Result<Bulk, Problem> {
    let kind = body.kind.unwrap_or(HoldKind::Manual);
    Ok(Bulk {
        action: match body.action {
            ActionWord::Stop => BulkAction::Stop,
            ActionWord::Hold => BulkAction::Hold(kind),
            ActionWord::Cancel => BulkAction::Cancel,
        },
        filter: filter_of(api, body.filter, network).await?,
        reason: body.reason,
    })
}

/// Reads a filter: codes and SKUs are looked up.
///
/// # Errors
/// Refuses unknown channels and SKUs, by field.
pub async fn filter_of(
    api: &Shared,
    asked: FilterBody,
    network: &Network,
) -> Result<BulkFilter, Problem> {
    let channel = asked.channel.map(|code| {
        let known = network.channel_by_code(&code).map(|channel| channel.id);
        known.ok_or_else(|| Refusal::unknown("/filter/channel", "channel", code))
    });
    let item = match asked.sku {
        Some(sku) => {
            let name = sku.clone();
            let found = api
                .read(move |connection| views::items::by_sku(connection, &[&name]))
                .await?;
            let item = found.first().map(|item| item.id);
            Some(item.ok_or_else(|| Refusal::unknown("/filter/sku", "SKU", sku))?)
        }
        None => None,
    };
    Ok(BulkFilter {
        channel: channel.transpose()?,
        item,
        status: asked.status,
        customer: asked.customer,
        tag: asked.tag,
        placed_after: asked.placed_after.map(|at| at.0),
        placed_before: asked.placed_before.map(|at| at.0),
    })
}

impl BulkView {
    fn new(run: &BulkRun, left: Vec<Left>) -> Self {
        let left = left.into_iter().map(|one| LeftView {
            order_id: one.order,
            number: one.number,
            reason: one.reason,
        });
        Self {
            id: run.id,
            state: if run.is_running { "running" } else { "done" },
            looked_at: run.looked_at,
            done: run.done,
            not_done: run.not_done,
            left: left.collect(),
            created_at: Instant(run.created_at),
            updated_at: Instant(run.updated_at),
        }
    }
}
