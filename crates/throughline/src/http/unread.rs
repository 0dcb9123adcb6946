//! What is left of a request's body when the answer is given before it was read.
//!
//! Many clients write their whole request before they read. A connection that is closed with unread bytes is reset, and
//! such a client never sees the answer. So the rest is read and thrown away, up to a limit of bytes and time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Error;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::HeaderMap;
use axum::http::header::EXPECT;
use futures_util::StreamExt;
use hyper::body::{Frame, SizeHint};
use tokio::runtime::Handle;

/// Most bytes that are read to be thrown away.
const BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How long that may take; less than connections have to end once the server stops.
const TIME_MAX: Duration = Duration::from_secs(5);

/// The body, whose rest is thrown away when nobody reads it to its end. A client that waits to be told to go on has
/// nothing under way, and is not told.
pub(super) fn discarded(headers: &HeaderMap, body: Body) -> Body {
    if headers.contains_key(EXPECT) {
        return body;
    }
    Body::new(Discarded { body })
}

struct Discarded {
    body: Body,
}

impl HttpBody for Discarded {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Discarded {
    fn drop(&mut self) {
        if self.body.is_end_stream() {
            return;
        }
        let rest = std::mem::take(&mut self.body);
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(tokio::time::timeout(TIME_MAX, discard(rest)));
        }
    }
}

async fn discard(rest: Body) {
    let mut chunks = rest.into_data_stream();
    let mut read = 0;
    while let Some(Ok(chunk)) = chunks.next().await {
        read += chunk.len() as u64;
        if read > BYTES_MAX {
            break;
        }
    }
}
