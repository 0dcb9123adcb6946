//! Placing an order.

use axum::extract::State;
use axum::response::Response;
use sha2::{Digest, Sha256};
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::order::place::PlaceOrder;

use super::body::OrderBody;
use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::{Write, first_half};
use crate::wiring::ids;

/// Places an order.
///
/// It is checked, priced and sourced in one commit. Placing again with the same channel and
/// `external_ref` answers 200 with the order that exists, if the contents are the same (key order and
/// white space do not matter), else 409.
#[utoipa::path(
    post, path = "/v1/orders", operation_id = "place_order", tag = "orders", request_body = OrderBody,
    responses(
        (status = 201, description = "Placed", body = OrderView, headers(("Location" = String), ("ETag" = String))),
        (status = 200, description = "Placed before with the same reference and contents", body = OrderView)
    )
)]
pub async fn place_order(
    State(api): State<Shared>,
    write: Write<OrderBody>,
) -> Result<Response, Problem> {
    let command = command(write.body)?;
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

/// The command that places what was sent.
///
/// # Errors
/// Refuses a reservation id that can be none.
pub fn command(body: OrderBody) -> Result<Command, Refusal> {
    let body_hash = if body.external_ref.is_some() {
        contents_hash(&body)
    } else {
        [0; 16]
    };
    let order = body.try_into()?;
    Ok(Command::PlaceOrder(Box::new(PlaceOrder {
        id: ids::order(),
        new_customer: ids::customer(),
        order,
        body_hash,
        history: None,
        plans: None,
    })))
}

/// Tells whether two orders have the same contents: a hash of what was understood, in one fixed order of fields.
pub(super) fn contents_hash(body: &OrderBody) -> [u8; 16] {
    let canonical = serde_json::to_vec(body).unwrap_or_default();
    first_half(&Sha256::digest(&canonical))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_contents_hash_alike_however_they_are_written() {
        let hash = |text: &str| contents_hash(&serde_json::from_str(text).unwrap());
        let one = r#"{"channel":"web","currency":"EUR","lines":[],"metadata":{"b":1,"a":2}}"#;
        let same = r#"{ "lines": [], "metadata": {"a":2,"b":1}, "note": null, "currency": "EUR", "channel": "web" }"#;
        assert_eq!(hash(one), hash(same));
        assert_ne!(hash(one), hash(&one.replace("EUR", "GBP")));
    }
}
