//! What happens, as it happens: a stream of server-sent events that resumes where it was left.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt};
use serde::{Deserialize, Serialize};
use throughline_core::inventory::Crossing;
use throughline_core::network::Network;
use throughline_core::time::Millis;
use throughline_store::Connection;
use throughline_store::feed::{self, Cursor, FeedEntry, Happened};
use tokio::sync::watch;
use utoipa::IntoParams;

use super::Shared;
use super::orders::entry::EntryView;
use super::shapes::Instant;
use crate::http::problem::Problem;
use crate::http::query::Params;

/// How often other processes' commits are looked for.
const POLL: Duration = Duration::from_millis(400);
/// How often a comment keeps an idle stream alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Entries read at a time.
const STEP: usize = 200;

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsFrom {
    /// The `id` of the last event that was seen, where `Last-Event-ID` cannot be sent; `0` for the very first.
    after: Option<String>,
}

/// Streams journal entries of all orders as server-sent events: `id` is where to resume, `event` the kind, `data`
/// the entry; and thresholds of stock that were crossed (`stock_threshold_crossed`: SKU, the words before and now, units
/// available). It begins with what happens next, or after `Last-Event-ID`. Within an order, entries come in
/// order; across orders no order is promised.
#[utoipa::path(
    get, path = "/v1/events", operation_id = "stream_events", tag = "events",
    params(EventsFrom, ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was seen")),
    responses((status = 200, description = "The stream", body = String, content_type = "text/event-stream"))
)]
pub async fn stream_events(
    State(api): State<Shared>,
    headers: HeaderMap,
    Params(from): Params<EventsFrom>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let last = headers
        .get("last-event-id")
        .map(|value| value.to_str().unwrap_or("?").to_owned());
    let cursor = match last.or(from.after).as_deref() {
        Some("0") => Cursor::default(),
        Some(text) => Cursor::decode(text)?,
        None => api.read(feed::now).await?,
    };
    let from = cursor.clone();
    api.read(move |connection| feed::check_kept(connection, &from))
        .await?;
    let reader = Reader {
        commits: api.executor.commits(),
        stopping: api.stopping.clone(),
        api,
        cursor,
    };
    let steps = stream::unfold(reader, |mut reader| async {
        let events = reader.next().await?;
        Some((stream::iter(events.into_iter().map(Ok)), reader))
    });
    Ok(Sse::new(steps.flatten()).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// Follows the feed for one client.
struct Reader {
    api: Shared,
    cursor: Cursor,
    commits: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
}

impl Reader {
    /// The next events, as soon as there are any; `None` when the server stops or the feed cannot be read. The client
    /// then comes back with the last id it saw.
    async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            self.commits.mark_unchanged();
            let after = self.cursor.clone();
            let step =
                move |connection: &mut Connection| feed::read_after(connection, &after, STEP);
            let (entries, cursor) = self.api.read(step).await.ok()?;
            if !entries.is_empty() {
                let network = self.api.current_network().await.ok()?;
                self.cursor = cursor;
                return Some(entries.iter().map(|entry| event(entry, &network)).collect());
            }
            self.wait().await;
        }
    }

    async fn wait(&mut self) {
        tokio::select! {
            changed = self.commits.changed() => if changed.is_err() { tokio::time::sleep(POLL).await },
            _ = self.stopping.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

fn event(found: &FeedEntry, network: &Arc<Network>) -> Event {
    let (kind, data) = match &found.what {
        Happened::Order(order, entry) => {
            let view = EntryView::new(*order, entry, network);
            (view.kind, serde_json::to_string(&view))
        }
        Happened::Stock(at, crossing) => {
            let view = CrossingView::new(*at, crossing);
            (Crossing::KIND, serde_json::to_string(&view))
        }
    };
    Event::default()
        .id(found.cursor.encode())
        .event(kind)
        .data(data.unwrap_or_default())
}

/// Stock that crossed a threshold of its item, as the stream tells of it.
#[derive(Debug, Serialize)]
struct CrossingView<'a> {
    kind: &'static str,
    at: Instant,
    sku: &'a str,
    from: &'static str,
    to: &'static str,
    available: i64,
}

impl<'a> CrossingView<'a> {
    fn new(at: Millis, crossing: &'a Crossing) -> Self {
        Self {
            kind: Crossing::KIND,
            at: Instant(at),
            sku: &crossing.sku,
            from: crossing.from.as_str(),
            to: crossing.to.as_str(),
            available: crossing.available,
        }
    }
}
