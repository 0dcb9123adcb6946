//! The location says yes.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::fulfilment::AcceptFulfilment;
use utoipa::ToSchema;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::body::may_be_absent;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What the location says to it; nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = AcceptFulfilment, example = json!({"reference": "SO-4711"}))]
#[serde(deny_unknown_fields)]
pub struct AcceptBody {
    /// The location's own name for it, such as a supplier's order number.
    #[schema(max_length = 255)]
    reference: Option<String>,
    /// The local day on which it leaves.
    #[schema(value_type = Option<String>, format = Date)]
    ships_on: Option<Date>,
}

may_be_absent!(AcceptBody);

/// A location that was asked accepts a fulfilment. One that needs no accepting answers 409.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/accept", operation_id = "accept_fulfilment", tag = "fulfilments",
    request_body = inline(Option<AcceptBody>),
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn accept_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<AcceptBody>,
) -> Result<Response, Problem> {
    let what = AcceptFulfilment {
        fulfilment: name.no(),
        reference: write.body.reference,
        ships_on: write.body.ships_on,
    };
    api.fulfilment_verb(&write.asked, name, what, Command::AcceptFulfilment)
        .await
}
