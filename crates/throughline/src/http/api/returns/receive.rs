//! Goods came back.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::returns::{Disposition, ReceiveReturn, ReceivedLine};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::{DispositionShape, ReturnView};
use crate::http::api::Shared;
use crate::http::api::units::part;
use crate::http::auth::Caller;
use crate::http::body::RequestBody;
use crate::http::path::{Named, ReturnName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What came back, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReceiveReturn)]
#[serde(deny_unknown_fields)]
pub struct ReceiveBody {
    /// Code of the location that received it; only orders that were imported as history may leave it away.
    #[schema(min_length = 1, max_length = 64)]
    location: Option<String>,
    /// What.
    #[schema(min_items = 1, max_items = 5000)]
    lines: Vec<ReceivedBody>,
}

/// Units that came back, or did not.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReceivedLine)]
#[serde(deny_unknown_fields)]
struct ReceivedBody {
    /// Id of the return's line, or of the order's line.
    id: Uuid,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    quantity: i64,
    /// What becomes of them.
    #[schema(value_type = DispositionShape)]
    disposition: Disposition,
    /// Code of the lot they are of; needed where units of several lots have left with the line.
    #[schema(max_length = 64)]
    lot: Option<String>,
}

impl RequestBody for ReceiveBody {}

/// Records goods that came back, or did not.
#[utoipa::path(
    post, path = "/v1/returns/{id}/receive", operation_id = "receive_return", tag = "returns", request_body = ReceiveBody,
    params(("id" = Uuid, Path, description = "The return's id")),
    responses((status = 200, description = "The return", body = ReturnView))
)]
pub async fn receive_return(
    State(api): State<Shared>,
    Named(name): Named<ReturnName>,
    write: Write<ReceiveBody>,
) -> Result<Response, Problem> {
    let ReturnName(order, _) = name;
    check_location(&write.asked.caller, write.body.location.as_deref())?;
    let what = write.body.command(name)?;
    let command = Command::ReceiveReturn(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

fn check_location(caller: &Caller, location: Option<&str>) -> Result<(), Problem> {
    match location {
        Some(code) => caller.at(code),
        None if caller.locations.is_some() => Err(Problem::forbidden(
            "this key needs the location that received the goods",
        )),
        None => Ok(()),
    }
}

impl ReceiveBody {
    fn command(self, ReturnName(order, no): ReturnName) -> Result<ReceiveReturn, Refusal> {
        let received = |(position, body): (usize, ReceivedBody)| {
            let line = part(order, format!("/lines/{position}/id"), "line", body.id)?;
            Ok(ReceivedLine {
                line,
                quantity: body.quantity,
                disposition: body.disposition,
                lot: body.lot,
            })
        };
        let lines = self.lines.into_iter().enumerate().map(received);
        Ok(ReceiveReturn {
            no,
            location: self.location,
            lines: lines.collect::<Result<_, Refusal>>()?,
        })
    }
}
