//! Errors as RFC 9457 problem documents, and the one function that maps refusals to statuses.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use throughline_core::Refusal;
use throughline_core::refusal::Category;
use throughline_store::StoreError;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::execute::NotDone;

/// The media type of problem documents.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An error as the API answers it.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
    body: Box<ProblemBody>,
}

/// What went wrong, for which thing, and what to do next (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Where the code is explained.
    #[schema(format = "uri-reference", example = "/docs#insufficient_stock")]
    r#type: String,
    /// The kind of problem in words.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What failed, for which thing, and what to do next.
    detail: String,
    /// The stable code of the problem.
    #[schema(example = "insufficient_stock")]
    code: &'static str,
    /// JSON pointer of the field at fault, or the name of a parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
    /// The reference under which a fault was logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    instance: Option<String>,
}

impl Problem {
    /// A problem with this status, code and detail.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let body = ProblemBody {
            r#type: format!("/docs#{code}"),
            title: title(code),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            field: None,
            instance: None,
        };
        Self {
            status,
            header: None,
            body: Box::new(body),
        }
    }

    /// The request cannot be read (400).
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request", detail)
    }

    /// A parameter of the query cannot be used (400).
    #[must_use]
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail).with_field(name)
    }

    /// The key is missing or cannot be used (401).
    #[must_use]
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail);
        problem.header = Some((
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"throughline\""),
        ));
        problem
    }

    /// The key may not do this (403).
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// The addressed thing does not exist (404).
    #[must_use]
    pub fn not_found(what: &'static str, name: &str) -> Self {
        Refusal::NotFound {
            what,
            name: name.to_owned(),
        }
        .into()
    }

    /// The same problem, but whoever asks for a part of an unknown order is told that there is no such part.
    #[must_use]
    pub fn of_part(self, what: &'static str, part: Uuid) -> Self {
        if self.status() == StatusCode::NOT_FOUND {
            Self::not_found(what, &part.to_string())
        } else {
            self
        }
    }

    /// Something broke; it is logged under the reference (500).
    #[must_use]
    pub fn fault(reference: &str) -> Self {
        let detail = format!(
            "something broke on our side; nothing was changed. Repeat the request with the same Idempotency-Key, and \
             quote {reference} if it happens again"
        );
        let mut problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", detail);
        problem.body.instance = Some(reference.to_owned());
        problem
    }

    /// The server cannot take more work just now (503).
    #[must_use]
    pub fn unavailable(detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail);
        problem.header = Some((RETRY_AFTER, HeaderValue::from_static("1")));
        problem
    }

    /// The same with the field at fault.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.body.field = Some(field.into());
        self
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The document.
    #[must_use]
    pub fn body(&self) -> &ProblemBody {
        &self.body
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Self::new(status(&refusal), refusal.code(), refusal.to_string());
        problem.body.field = refusal.field().map(str::to_owned);
        problem
    }
}

/// The one place where refusals become statuses.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal.category() {
        Category::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Category::Conflict => StatusCode::CONFLICT,
        Category::NotFound => StatusCode::NOT_FOUND,
        Category::Forbidden => StatusCode::FORBIDDEN,
    }
}

impl From<NotDone> for Problem {
    fn from(why: NotDone) -> Self {
        match why {
            NotDone::Refused(refusal) => refusal.into(),
            NotDone::Fault { reference, .. } => Self::fault(&reference),
            NotDone::Overloaded => {
                Self::unavailable("too many requests wait already; repeat this one in a second")
            }
            NotDone::ShuttingDown => {
                Self::unavailable("the server is shutting down; repeat the request in a moment")
            }
        }
    }
}

impl From<StoreError> for Problem {
    /// Logged here, once; the caller gets a reference and no detail of the database.
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::InvalidCursor | StoreError::CursorTooOld) {
            return Self::parameter("cursor", error.to_string());
        }
        if let StoreError::Retry(_) | StoreError::Unreachable { .. } | StoreError::Locked { .. } =
            error
        {
            tracing::warn!(error = %error, "the database cannot be read just now");
            return Self::unavailable(
                "the database cannot be reached just now; repeat the request in a second",
            );
        }
        let reference = crate::wiring::ids::request().to_string();
        tracing::error!(reference, error = %error, "reading from the database failed");
        Self::fault(&reference)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.body).unwrap_or_default();
        let mut response = (
            self.status,
            [(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))],
            body,
        )
            .into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// Every code with its title and what to do about it; the reference page shows this table.
pub const CODES: &[(&str, &str, &str)] = &[
    (
        "malformed_request",
        "The request cannot be read",
        "400. Correct the JSON, the header or the line that the detail names.",
    ),
    (
        "invalid_parameter",
        "A query parameter cannot be used",
        "400. Correct or remove the parameter that `field` names.",
    ),
    (
        "unauthenticated",
        "A valid API key is needed",
        "401. Send `Authorization: Bearer KEY` with a key that is neither expired nor revoked.",
    ),
    (
        "forbidden",
        "The key may not do this",
        "403. Use a key with a role, or a location, that may.",
    ),
    (
        "not_found",
        "There is no such thing",
        "404. Correct the id, number, code or path.",
    ),
    (
        "method_not_allowed",
        "The path does not know this method",
        "405. Use a method of the `Allow` header.",
    ),
    (
        "stale_version",
        "The order has changed meanwhile",
        "409. Read it again and repeat with its version.",
    ),
    (
        "idempotency_key_reused",
        "The Idempotency-Key was used before",
        "409. Use a new key for a new request.",
    ),
    (
        "duplicate_reference",
        "The reference is taken",
        "409. The channel has an order with this reference and other contents; amend that one.",
    ),
    (
        "already_exists",
        "The name is taken",
        "409. Change the existing one, or choose another name.",
    ),
    (
        "illegal_transition",
        "This does not fit the current state",
        "409. See `available_actions` of the resource.",
    ),
    (
        "on_hold",
        "A hold blocks this",
        "409. Release the hold first.",
    ),
    (
        "insufficient_stock",
        "There is not enough stock",
        "409. Lower the quantity, receive stock, or, for an order, allow backorders on its channel.",
    ),
    (
        "recalled",
        "The SKU or lot is recalled",
        "409. Cancel its units, or lift the recall.",
    ),
    (
        "count_not_possible",
        "The count task is not where it would have to be",
        "409. Look at the task's state.",
    ),
    (
        "serial_unavailable",
        "The unit cannot be named here",
        "409. Scan another unit, or look at what happened to this one.",
    ),
    (
        "lot_unfit",
        "The lot may not go on",
        "409. Pick another lot, or take the units back and source the order again.",
    ),
    (
        "backorder_refused",
        "The item is not waited for",
        "409. Lower the quantity, or order something else.",
    ),
    (
        "amount_exceeded",
        "More money than there is",
        "409. Lower the amount.",
    ),
    (
        "quantity_exceeded",
        "More units than there are",
        "409. Lower the quantity.",
    ),
    (
        "broken_case",
        "A case would be broken",
        "422. Name a multiple of the item's case quantity; the message has the nearest ones.",
    ),
    (
        "call_off_refused",
        "The agreement does not give that",
        "409. The message says what is left, or what else is the matter; lower the quantity, or order without the agreement.",
    ),
    (
        "reservation_ended",
        "The reservation has ended",
        "409. Make a new one, or place the order without it.",
    ),
    (
        "supply_ended",
        "Nothing more is expected",
        "409. Announce other supply, or take the goods in without any.",
    ),
    (
        "supply_exceeded",
        "More than is expected",
        "409. Lower the quantity, or say that more may arrive.",
    ),
    (
        "body_too_large",
        "The request is too large",
        "413. Split it.",
    ),
    (
        "unsupported_media_type",
        "The content type is not understood",
        "415. Send the content type that the detail names.",
    ),
    (
        "invalid_field",
        "A field has an impossible value",
        "422. Correct the field that `field` points to.",
    ),
    (
        "unknown_reference",
        "A field names something unknown",
        "422. Create it first, or correct the name.",
    ),
    (
        "wrong_currency",
        "The currency is not the channel's",
        "422. Use the channel's currency.",
    ),
    (
        "limit_reached",
        "A stated limit is reached",
        "422. Split the request.",
    ),
    (
        "fault",
        "Something broke",
        "500. Repeat with the same Idempotency-Key; quote `instance` if it happens again.",
    ),
    (
        "unavailable",
        "Not just now",
        "503. Repeat after the seconds of `Retry-After`.",
    ),
];

fn title(code: &str) -> &'static str {
    CODES
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or("Problem", |(_, title, _)| title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_become_statuses_by_category() {
        let insufficient = Refusal::InsufficientStock {
            sku: "A".to_owned(),
            short_by: 1,
        };
        let stale = Refusal::StaleVersion {
            what: "order",
            id: "1".to_owned(),
            given: 1,
            current: 2,
        };
        for (refusal, status, code) in [
            (
                Refusal::invalid("/lines", "must not be empty"),
                422,
                "invalid_field",
            ),
            (
                Refusal::unknown("/lines/0/sku", "SKU", "A"),
                422,
                "unknown_reference",
            ),
            (insufficient, 409, "insufficient_stock"),
            (stale, 409, "stale_version"),
            (
                Refusal::NotFound {
                    what: "order",
                    name: "1".to_owned(),
                },
                404,
                "not_found",
            ),
            (
                Refusal::TooMany {
                    what: "lines",
                    limit: 5000,
                },
                422,
                "limit_reached",
            ),
        ] {
            let problem = Problem::from(refusal);
            assert_eq!((problem.status.as_u16(), problem.body.code), (status, code));
            assert_ne!(problem.body.title, "Problem", "{code} is explained");
        }
        assert_eq!(
            Problem::from(Refusal::invalid("/lines", "x"))
                .body
                .field
                .as_deref(),
            Some("/lines")
        );
    }
}
