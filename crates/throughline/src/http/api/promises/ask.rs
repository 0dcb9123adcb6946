//! Asking for promises. Nothing is written; placing an order is what makes one.

use std::sync::Arc;

use axum::extract::State;
use throughline_core::Refusal;
use throughline_core::order::place::NewLine;
use throughline_core::promise::{LaneBook, Month};
use throughline_store::views;

use super::body::{PromiseBody, PromiseMethod};
use super::options::{Asked, options};
use super::view::PromisesView;
use crate::http::api::answer::Rendered;
use crate::http::api::{Api, Shared};
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::{clock, ids};

/// How long what was seen of lanes is believed, in milliseconds.
const LANES_MS: i64 = 60_000;

/// Which deliveries could be promised, by method and carrier service: when it ships, when it likely arrives, by when with 90 %
/// confidence, what it costs and from where. What a lane has not proven by at least 30 deliveries and a backtest is marked.
#[utoipa::path(
    post, path = "/v1/promises", operation_id = "ask_promises", tag = "promises", request_body = PromiseBody,
    responses((status = 200, description = "An option for each way, the earliest first", body = PromisesView))
)]
pub async fn ask_promises(
    State(api): State<Shared>,
    write: Write<PromiseBody>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let lanes = api.lanes().await?;
    let body = write.body;
    if body.items.is_empty() {
        return Err(Refusal::invalid("/items", "must name at least one item").into());
    }
    let mut address = body.ship_to.address()?;
    api.executor.locate(&mut address).await;
    let all = vec![PromiseMethod::Ship, PromiseMethod::Pickup];
    let asked = Asked {
        network: Arc::clone(&network),
        lanes,
        channel: body.channel,
        destination: address.destination(),
        lines: body
            .items
            .into_iter()
            .map(|item| NewLine {
                sku: item.sku,
                quantity: item.quantity,
                requested_date: body.needed_by,
                ..NewLine::default()
            })
            .collect(),
        methods: body
            .methods
            .filter(|methods| !methods.is_empty())
            .unwrap_or(all),
        needed_by: body.needed_by,
        now: clock::now(),
        id: ids::order(),
    };
    let found = api
        .read(move |connection| options(connection, &asked))
        .await??;
    Ok(Rendered::ok(&PromisesView::new(found, &network)))
}

impl Api {
    /// What was seen of lanes, at most a minute ago.
    async fn lanes(&self) -> Result<Arc<LaneBook>, Problem> {
        let now = clock::now();
        if let Some((seen_at, lanes)) = &*self.lanes.lock()
            && (0..LANES_MS).contains(&(now.0 - seen_at.0))
        {
            return Ok(Arc::clone(lanes));
        }
        let book = self
            .read(move |connection| views::promises::lanes(connection, Month::at(now)))
            .await?;
        let book = Arc::new(book);
        *self.lanes.lock() = Some((now, Arc::clone(&book)));
        Ok(book)
    }
}
