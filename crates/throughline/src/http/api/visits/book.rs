//! Booking a visit for a service line.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::{LineNo, OrderId};
use throughline_core::visit::{BookVisit, Wanted};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::VisitView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::path::{Named, OrderName, part_of};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// For which service line, after which goods, and when.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = BookVisit)]
#[serde(deny_unknown_fields)]
pub struct BookBody {
    /// The service line.
    line_id: Uuid,
    /// Lines of the goods that have to be there first; all goods of the order unless given.
    #[schema(max_items = 1000)]
    after: Option<Vec<Uuid>>,
    /// Code of the location whose people are to come; any that is free unless given.
    #[schema(min_length = 1, max_length = 64)]
    location: Option<String>,
    /// The local day; the first possible one unless given.
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    /// The name of the slot; the first that is free unless given.
    #[schema(min_length = 1, max_length = 64)]
    slot: Option<String>,
}

impl RequestBody for BookBody {}

/// Books a visit for a service line, in a slot after the day on which its goods are promised to be there. It moves to the
/// next slot when they come later, and is cancelled with them.
#[utoipa::path(
    post, path = "/v1/orders/{id}/visits", operation_id = "book_visit", tag = "orders", request_body = BookBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 201, description = "The visit", body = VisitView, headers(("Location" = String))))
)]
pub async fn book_visit(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<BookBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = write.body.command(order)?;
    let command = Command::BookVisit(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

impl BookBody {
    fn command(self, order: OrderId) -> Result<BookVisit, Refusal> {
        let line = |field: &str, id: Uuid| {
            let unknown = || Refusal::unknown(field, "line", id.to_string());
            part_of(order, id).map(LineNo).ok_or_else(unknown)
        };
        let after = self.after.map(|ids| {
            let ids = ids.into_iter().enumerate();
            let lines = ids.map(|(position, id)| line(&format!("/after/{position}"), id));
            lines.collect::<Result<Vec<_>, Refusal>>()
        });
        Ok(BookVisit {
            line: line("/line_id", self.line_id)?,
            after: after.transpose()?,
            wanted: Wanted {
                location: self.location,
                date: self.date,
                slot: self.slot,
            },
        })
    }
}
