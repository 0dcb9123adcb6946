//! What happens around every request: an id, authentication, permission, panics, and measuring.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONNECTION, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::api::Shared;
use super::auth::{PUBLIC, allowed};
use super::body;
use super::problem::Problem;
use super::unread;
use crate::wiring::{clock::Stopwatch, random};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names requests: random per process, counted within it.
#[derive(Debug)]
pub struct RequestIds {
    process: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Begins counting.
    #[must_use]
    pub fn new() -> Self {
        Self {
            process: u32::from_ne_bytes(random::bytes()),
            next: AtomicU64::new(1),
        }
    }

    fn next(&self) -> String {
        format!(
            "{:08x}-{:x}",
            self.process,
            self.next.fetch_add(1, Ordering::Relaxed)
        )
    }
}

/// Lets a request through to its handler, or answers in its place.
pub(super) async fn gate(State(api): State<Shared>, mut request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let id = api.request_ids.next();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let has_body = has_body(request.headers());
    if has_body {
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = unread::discarded(request.headers(), body);
    }
    let path = path.as_ref().map_or("", MatchedPath::as_str);
    let mut response = match admit(&api, &mut request, &method, path).await {
        Ok(()) => answer(next.run(request), &id, &method, path).await,
        Err(problem) => problem.into_response(),
    };
    if has_body && may_leave_it_unread(response.status()) {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    api.metrics
        .requests
        .observe(&method, path, response.status(), watch.elapsed());
    response
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
        || body::announced_length(headers).is_some_and(|length| length > 0)
}

/// Answers that may be given before the body was read. What is left of it is thrown away within limits, and could
/// be taken for the next request beyond them, so the connection ends, and the client is told.
fn may_leave_it_unread(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401 | 403 | 404 | 405 | 413 | 415)
}

/// Authenticates and checks the role. A path or method that nobody knows goes on, to be answered 404 or 405.
async fn admit(
    api: &Shared,
    request: &mut Request,
    method: &Method,
    path: &str,
) -> Result<(), Problem> {
    if path.is_empty() || PUBLIC.contains(&path) {
        return Ok(());
    }
    let Some(roles) = allowed(method, path) else {
        return if api.offers(method, path) {
            Err(denied("anybody"))
        } else {
            Ok(())
        };
    };
    let caller = api.authenticate(request.headers()).await?;
    if !roles.contains(caller.role) {
        return Err(Problem::forbidden(format!(
            "a key with the role {} may not {method} {path}; use one with the role {roles}",
            caller.role
        )));
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

fn denied(whom: &str) -> Problem {
    Problem::forbidden(format!("this is not open to {whom}"))
}

/// Runs the handler; a panic in it is logged and answered, and nothing else stops.
async fn answer(
    handler: impl Future<Output = Response>,
    id: &str,
    method: &Method,
    path: &str,
) -> Response {
    match AssertUnwindSafe(handler).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            tracing::error!(reference = id, %method, path, panic = text.unwrap_or("no message"), "a handler panicked");
            Problem::fault(id).into_response()
        }
    }
}
