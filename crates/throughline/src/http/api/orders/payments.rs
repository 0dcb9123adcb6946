//! Recording payments.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::{OrderId, PaymentNo};
use throughline_core::payment::{PaymentState, RecordPayment};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::api::units::part;
use crate::http::body::RequestBody;
use crate::http::path::{Named, OrderName};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// What happened to a tender, or a new tender.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RecordPayment)]
#[serde(deny_unknown_fields)]
pub struct RecordBody {
    /// The tender; a new one when absent (for refunds: the captured ones, oldest first).
    payment_id: Option<Uuid>,
    /// What happened.
    #[serde(alias = "kind", alias = "action")]
    #[schema(value_type = PaymentStateShape)]
    state: Happened,
    /// How much, in minor units; needed for authorized, captured and refunded.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    amount_minor: Option<i64>,
    /// What was used: `card`, `invoice`, `cash` ...
    #[schema(min_length = 1, max_length = 64)]
    method: Option<String>,
    /// The gateway's name for it.
    #[schema(max_length = 255)]
    reference: Option<String>,
    /// Why.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

impl RequestBody for RecordBody {}

/// What happened, as a state or as the verb that leads to it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Happened {
    Pending,
    #[serde(alias = "authorised", alias = "authorize", alias = "authorise")]
    Authorized,
    #[serde(alias = "capture")]
    Captured,
    #[serde(alias = "refund")]
    Refunded,
    #[serde(alias = "void")]
    Voided,
    Failed,
    Expired,
}

/// What is recorded of a payment.
#[derive(Debug, ToSchema)]
#[schema(as = PaymentState, rename_all = "snake_case")]
pub enum PaymentStateShape {
    /// Announced; nothing is sure yet.
    Pending,
    /// The money is set aside.
    Authorized,
    /// The money is taken.
    Captured,
    /// Money is given back.
    Refunded,
    /// The authorisation was given up.
    Voided,
    /// The tender did not work.
    Failed,
    /// The authorisation ran out.
    Expired,
}

/// Records what happened to a payment. Captures never exceed authorisations, refunds never exceed captures.
#[utoipa::path(
    post, path = "/v1/orders/{id}/payments", operation_id = "record_payment", tag = "orders", request_body = RecordBody,
    params(("id" = String, Path, description = "The order's id or number")),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn record_payment(
    State(api): State<Shared>,
    Named(order): Named<OrderName>,
    write: Write<RecordBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = write.body.command(order)?;
    let command = Command::RecordPayment(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

impl RecordBody {
    fn command(self, order: OrderId) -> Result<RecordPayment, Refusal> {
        let payment = self
            .payment_id
            .map(|id| part(order, "/payment_id", "payment", id))
            .transpose()?;
        Ok(RecordPayment {
            payment: payment.map(PaymentNo),
            state: self.state.into(),
            amount_minor: self.amount_minor,
            method: self.method,
            reference: self.reference,
            reason: self.reason,
        })
    }
}

impl From<Happened> for PaymentState {
    fn from(happened: Happened) -> Self {
        match happened {
            Happened::Pending => Self::Pending,
            Happened::Authorized => Self::Authorized,
            Happened::Captured => Self::Captured,
            Happened::Refunded => Self::Refunded,
            Happened::Voided => Self::Voided,
            Happened::Failed => Self::Failed,
            Happened::Expired => Self::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_may_be_said_as_a_state_or_as_a_verb() {
        for (text, state) in [
            (r#"{"state":"captured"}"#, PaymentState::Captured),
            (r#"{"kind":"refund"}"#, PaymentState::Refunded),
            (r#"{"action":"authorise"}"#, PaymentState::Authorized),
        ] {
            let body: RecordBody = serde_json::from_str(text).unwrap();
            assert_eq!(PaymentState::from(body.state), state, "{text}");
        }
    }
}
