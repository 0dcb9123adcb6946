//! Picking.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::fulfilment::{PickFulfilment, PickLine, ScannedLot};
use throughline_core::id::OrderId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::FulfilmentView;
use crate::http::api::Shared;
use crate::http::api::units::line;
use crate::http::body::may_be_absent;
use crate::http::path::{FulfilmentName, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What was picked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PickFulfilment)]
#[serde(deny_unknown_fields)]
pub struct PickBody {
    /// What was found of each line; everything that is assigned when absent.
    #[schema(max_items = 5000)]
    lines: Option<Vec<PickLineBody>>,
    /// Only begin; nothing is picked yet.
    start_only: Option<bool>,
}

/// What was found of one line.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PickLine)]
#[serde(deny_unknown_fields)]
struct PickLineBody {
    /// The order line's id.
    id: Uuid,
    /// Units found.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    quantity: i64,
    /// Units that are not there: on hand falls, and they are sourced elsewhere.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    short: Option<i64>,
    /// The lots that were found, where they were scanned; else those that were allotted. Others than these may be named if
    /// their units are free at the location.
    #[schema(max_items = 100)]
    lots: Option<Vec<ScannedLotBody>>,
    /// The lot of which units are short; needed where several were allotted to the line.
    #[schema(max_length = 64)]
    short_lot: Option<String>,
}

/// Units of a lot that were found.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ScannedLot)]
#[serde(deny_unknown_fields)]
struct ScannedLotBody {
    /// Its code.
    #[schema(min_length = 1, max_length = 64)]
    code: String,
    /// Units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    quantity: i64,
}

may_be_absent!(PickBody);

/// Begins picking, or records picked units.
#[utoipa::path(
    post, path = "/v1/fulfilments/{id}/pick", operation_id = "pick_fulfilment", tag = "fulfilments",
    request_body = inline(Option<PickBody>),
    params(("id" = Uuid, Path, description = "The fulfilment's id")),
    responses((status = 200, description = "The fulfilment", body = FulfilmentView))
)]
pub async fn pick_fulfilment(
    State(api): State<Shared>,
    Named(name): Named<FulfilmentName>,
    write: Write<PickBody>,
) -> Result<Response, Problem> {
    let what = write.body.command(name)?;
    api.fulfilment_verb(&write.asked, name, what, Command::PickFulfilment)
        .await
}

impl PickBody {
    fn command(self, name: FulfilmentName) -> Result<PickFulfilment, Refusal> {
        let lines = self
            .lines
            .map(|bodies| pick_lines(name.0, bodies))
            .transpose()?;
        Ok(PickFulfilment {
            fulfilment: name.no(),
            start_only: self.start_only.unwrap_or(false),
            lines,
        })
    }
}

fn scanned(bodies: Vec<ScannedLotBody>) -> Vec<ScannedLot> {
    let lots = bodies.into_iter().map(|body| ScannedLot {
        code: body.code,
        quantity: body.quantity,
    });
    lots.collect()
}

fn pick_lines(order: OrderId, bodies: Vec<PickLineBody>) -> Result<Vec<PickLine>, Refusal> {
    let pick_line = |(position, body): (usize, PickLineBody)| {
        let line = line(order, format!("/lines/{position}/id"), body.id)?;
        Ok(PickLine {
            line,
            quantity: body.quantity,
            short: body.short.unwrap_or(0),
            lots: scanned(body.lots.unwrap_or_default()),
            short_lot: body.short_lot,
        })
    };
    bodies.into_iter().enumerate().map(pick_line).collect()
}
