//! Creating or changing a customer.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use throughline_core::command::Command;
use throughline_core::party::{Person, PutCustomer};
use utoipa::ToSchema;

use super::view::CustomerView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::ids;

/// A customer to create or change. An email address or an `external_ref` is needed to recognise it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CustomerData)]
#[serde(deny_unknown_fields)]
pub struct CustomerBody {
    /// The merchant's own number for the customer.
    #[schema(min_length = 1, max_length = 255)]
    external_ref: Option<String>,
    /// Email address.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// Full name.
    #[schema(max_length = 255)]
    name: Option<String>,
    /// Telephone number.
    #[schema(max_length = 64)]
    phone: Option<String>,
}

impl RequestBody for CustomerBody {}

/// Creates a customer, or changes the one with the same email address or `external_ref`.
#[utoipa::path(
    post, path = "/v1/customers", operation_id = "put_customer", tag = "customers", request_body = CustomerBody,
    responses(
        (status = 201, description = "Created", body = CustomerView, headers(("Location" = String))),
        (status = 200, description = "Changed", body = CustomerView)
    )
)]
pub async fn put_customer(
    State(api): State<Shared>,
    write: Write<CustomerBody>,
) -> Result<Response, Problem> {
    let body = write.body;
    let command = Command::PutCustomer(PutCustomer {
        id: ids::customer(),
        external_ref: body.external_ref,
        person: Person {
            email: body.email,
            name: body.name,
            phone: body.phone,
        },
    });
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
