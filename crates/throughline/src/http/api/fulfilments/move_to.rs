//! Another location does it.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::MoveFulfilment;
use utoipa::ToSchema;

use crate::http::api::Shared;
use crate::http::api::orders::view::OrderView;
use crate::http::api::units::{LineUnitsBody, lines};
use crate::http::body::RequestBody;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Where it is to be done.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MoveFulfilment, example = json!({"location": "munich"}))]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    /// Code of the location.
    #[schema(min_length = 1, max_length = 64)]
    location: String,
    /// Units that nobody has picked yet; all of them unless given.
    #[schema(min_items = 1, max_items = 5000)]
    lines: Option<Vec<LineUnitsBody>>,
}

impl RequestBody for MoveBody {}

/// Has another location do what nobody has picked yet: its stock is claimed and that of the old one released in one commit.
/// A person's choice stands above the policy and above what the location turned down before. Answers the order.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/move", operation_id = "move_fulfilment", tag = "fulfilments",
    request_body = MoveBody,
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn move_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<MoveBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    let some = body.lines.map(|some| lines(name.0, "/lines", some));
    let what = MoveFulfilment {
        fulfilment: name.no(),
        location: body.location,
        lines: some.transpose()?,
    };
    api.fulfilment_verb(&write.asked, name, what, Command::MoveFulfilment)
        .await
}
