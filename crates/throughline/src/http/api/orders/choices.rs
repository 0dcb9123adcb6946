//! Choosing for a customer whose promise slipped, and the public link at which the customer chooses.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use throughline_core::command::Command;
use throughline_core::id::{ChoiceNo, OrderId};
use throughline_core::order::choice::{By, ChooseOption, Chosen, IssueChoiceLink};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::OrderView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::channels::slips::ChosenShape;
use crate::http::api::shapes::Instant;
use crate::http::body::{RequestBody, may_be_absent};
use crate::http::path::{NamedPair, OrderName, PartName};
use crate::http::problem::Problem;
use crate::http::public::token::ChoiceToken;
use crate::http::write::Write;

/// What is chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChooseOption)]
#[serde(deny_unknown_fields)]
pub struct ChooseBody {
    /// One of the choice's options.
    #[schema(value_type = ChosenShape)]
    option: Chosen,
}

/// Nothing needs to be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewChoiceLink)]
#[serde(deny_unknown_fields)]
pub struct LinkBody {}

impl RequestBody for ChooseBody {}
may_be_absent!(LinkBody);

/// A public link to a choice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChoiceLink)]
pub struct LinkView {
    /// The choice.
    choice_id: Uuid,
    /// The path of the page on this server. It is shown this once.
    #[schema(example = "/p/AZq5dB...")]
    path: String,
    /// Until when something can be chosen there.
    #[schema(value_type = String, format = DateTime)]
    deadline: Instant,
}

/// Chooses on behalf of a customer whose promise slipped. Choosing the same again changes nothing.
#[utoipa::path(
    post, path = "/v1/orders/{id}/choices/{choice_id}/choose", operation_id = "choose_option", tag = "orders",
    request_body = ChooseBody,
    params(
        ("id" = String, Path, description = "The order's id or number"),
        ("choice_id" = Uuid, Path, description = "The choice's id")
    ),
    responses((status = 200, description = "The order", body = OrderView))
)]
pub async fn choose_option(
    State(api): State<Shared>,
    NamedPair(order, choice): NamedPair<OrderName, PartName>,
    write: Write<ChooseBody>,
) -> Result<Response, Problem> {
    let order = api.order_id(order).await?;
    let what = ChooseOption {
        choice: within(order, choice)?,
        chosen: write.body.option,
        by: By::Staff,
    };
    let command = Command::ChooseOption(write.asked.on(order, what));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

/// Makes a public link at which the customer chooses. The link of before ends. It is shown this once; an
/// Idempotency-Key is not kept for it, because only a hash is stored.
#[utoipa::path(
    post, path = "/v1/orders/{id}/choices/{choice_id}/link", operation_id = "issue_choice_link", tag = "orders",
    request_body = inline(Option<LinkBody>),
    params(
        ("id" = String, Path, description = "The order's id or number"),
        ("choice_id" = Uuid, Path, description = "The choice's id")
    ),
    responses((status = 201, description = "The link", body = LinkView))
)]
pub async fn issue_choice_link(
    State(api): State<Shared>,
    NamedPair(order, choice): NamedPair<OrderName, PartName>,
    write: Write<LinkBody>,
) -> Result<Rendered, Problem> {
    let order = api.order_id(order).await?;
    let choice = within(order, choice)?;
    let token = ChoiceToken::new(order, choice);
    let what = IssueChoiceLink {
        choice,
        secret_hash: token.secret_hash(),
    };
    let mut asked = write.asked;
    asked.key = None;
    let command = Command::IssueChoiceLink(asked.on(order, what));
    api.execute(asked.request(command)).await?;
    let (stored, _) = api.order(order).await?;
    let known = stored.order.choice(choice);
    let known = known.ok_or_else(|| Problem::not_found("choice", &choice.of(order).to_string()))?;
    let view = LinkView {
        choice_id: choice.of(order),
        path: format!("/p/{}", token.text()),
        deadline: Instant(known.deadline),
    };
    Ok(Rendered::new(StatusCode::CREATED, &view))
}

fn within(order: OrderId, PartName(of, number): PartName) -> Result<ChoiceNo, Problem> {
    if of == order {
        Ok(ChoiceNo(number))
    } else {
        Err(Problem::not_found("choice", &of.child(number).to_string()))
    }
}
