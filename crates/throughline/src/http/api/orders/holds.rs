//! Putting on hold, and releasing.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::{HoldNo, OrderId};
use throughline_core::order::HoldKind;
use throughline_core::order::hold::{HoldOrder, ReleaseHold};
use utoipa::ToSchema;
use uuid::Uuid;

use super::kinds::HoldKindShape;
use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::api::units::line;
use crate::http::body::{RequestBody, may_be_absent};
use crate::http::path::{Named, NamedPair, OrderName, PartName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What to hold, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = HoldOrder)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    /// The kind decides which verbs are blocked; `manual` unless given.
    #[serde(alias = "type")]
    #[schema(value_type = Option<HoldKindShape>)]
    kind: Option<HoldKind>,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// The order lines to hold; the whole order when absent.
    #[schema(max_items = 5000)]
    lines: Option<Vec<Uuid>>,
}

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ReleaseHold)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {}

impl RequestBody for HoldBody {}
may_be_absent!(ReleaseBody);

/// Puts an order, or some of its lines, on hold.
#[utoipa::path(
    post, path = "/v1/orders/{id}/holds", operation_id = "hold_order", tag = "orders", request_body = HoldBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn hold_order(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<HoldBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = write.body.command(order)?;
    let command = Command::HoldOrder(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

impl HoldBody {
    fn command(self, order: OrderId) -> Result<HoldOrder, Refusal> {
        let named = self.lines.unwrap_or_default().into_iter().enumerate();
        let lines = named.map(|(position, id)| line(order, format!("/lines/{position}"), id));
        Ok(HoldOrder {
            kind: self.kind.unwrap_or(HoldKind::Manual),
            reason: self.reason,
            lines: lines.collect::<Result<_, _>>()?,
        })
    }
}

/// Releases a hold. What waited only for it is sourced in the same commit.
#[utoipa::path(
    post, path = "/v1/orders/{id}/holds/{hold_id}/release", operation_id = "release_hold", tag = "orders",
    request_body = inline(Option<ReleaseBody>),
    params(
        ("id" = String, Path, description = "The order's id or number"),
        ("hold_id" = Uuid, Path, description = "The hold's id")
    ),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn release_hold(
    State(api): State<Shared>,
    NamedPair(order, hold): NamedPair<OrderName, PartName>,
    write: Write<ReleaseBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let PartName(of, number) = hold;
    if of != order {
        return Err(Problem::not_found("hold", &of.child(number).to_string()));
    }
    let command = Command::ReleaseHold(write.asked.on(
        order,
        ReleaseHold {
            hold: HoldNo(number),
        },
    ));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
