//! Granting approvals, and refusing them.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::id::HoldNo;
use throughline_core::order::screening::{DecideApproval, Verdict};
use utoipa::ToSchema;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::body::{RequestBody, may_be_absent};
use crate::http::path::{NamedPair, OrderName, PartName};
use crate::http::problem::Problem;
use crate::http::write::{Asking, Write};

/// Why it is granted, if anything is to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = Approve)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    /// Why.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Why it is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Disapprove)]
#[serde(deny_unknown_fields)]
pub struct DisapproveBody {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

may_be_absent!(ApproveBody);
impl RequestBody for DisapproveBody {}

/// Grants an approval; the order goes on in the same commit. Only a key with the role that the approval is for may.
#[utoipa::path(
    post, path = "/v1/orders/{id}/holds/{hold_id}/approve", operation_id = "approve_hold", tag = "orders",
    request_body = inline(Option<ApproveBody>),
    params(
        ("id" = String, Path, description = "The order's id or number"),
        ("hold_id" = Uuid, Path, description = "The hold's id")
    ),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn approve_hold(
    State(api): State<Shared>,
    NamedPair(order, hold): NamedPair<OrderName, PartName>,
    write: Write<ApproveBody>,
) -> Result<Response, Problem> {
    let reason = write.body.reason;
    decide(&api, order, hold, &write.asked, (Verdict::Granted, reason)).await
}

/// Refuses an approval, which cancels the order. Only a key with the role that the approval is for may.
#[utoipa::path(
    post, path = "/v1/orders/{id}/holds/{hold_id}/disapprove", operation_id = "disapprove_hold", tag = "orders",
    request_body = DisapproveBody,
    params(
        ("id" = String, Path, description = "The order's id or number"),
        ("hold_id" = Uuid, Path, description = "The hold's id")
    ),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn disapprove_hold(
    State(api): State<Shared>,
    NamedPair(order, hold): NamedPair<OrderName, PartName>,
    write: Write<DisapproveBody>,
) -> Result<Response, Problem> {
    let reason = Some(write.body.reason);
    decide(&api, order, hold, &write.asked, (Verdict::Rejected, reason)).await
}

async fn decide(
    api: &Shared,
    order: OrderName,
    PartName(of, number): PartName,
    asked: &Asking,
    (verdict, reason): (Verdict, Option<String>),
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    if of != order {
        return Err(Problem::not_found("hold", &of.child(number).to_string()));
    }
    let what = DecideApproval {
        hold: HoldNo(number),
        role: asked.caller.role.as_str().to_owned(),
        verdict,
        reason,
    };
    let command = Command::DecideApproval(asked.on(order, what));
    let done = api.execute(asked.request(command)).await?;
    api.answer(&asked.caller, done).await
}
