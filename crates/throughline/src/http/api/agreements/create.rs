//! Making an agreement.

use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::CustomerId;
use throughline_core::party::{CreateAgreement, NewAgreementLine};
use utoipa::ToSchema;

use super::view::AgreementView;
use crate::http::api::Shared;
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::ids;

/// What a customer will call off in a period, at agreed prices.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewAgreement)]
#[serde(deny_unknown_fields)]
pub struct AgreementBody {
    /// The customer.
    #[schema(value_type = Uuid)]
    customer_id: CustomerId,
    /// What both sides call it.
    #[schema(min_length = 1, max_length = 255)]
    reference: String,
    /// ISO 4217 code of its prices.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
    /// The first day on which may be called off, in UTC.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last one.
    #[schema(value_type = String, format = Date)]
    until: Date,
    /// What is agreed, each SKU once.
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<AgreementLineBody>,
}

/// So many units of an item at a price.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewAgreementLine)]
#[serde(deny_unknown_fields)]
pub struct AgreementLineBody {
    /// The SKU of a simple item.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    /// Units that may be called off in all.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    agreed: i64,
    /// Price of `price_quantity` units, in minor units.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unit_price_minor: i64,
    /// How many units the price is for; 1 unless given.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    price_quantity: Option<i64>,
    /// Least units of one order; the last ones may be fewer.
    #[schema(minimum = 1)]
    least: Option<i64>,
    /// Most units of one order.
    #[schema(minimum = 1)]
    most: Option<i64>,
}

impl RequestBody for AgreementBody {}

/// Makes a blanket agreement with a customer. Orders of the customer that name it (`agreement_id`) draw on it, at its prices.
#[utoipa::path(
    post, path = "/v1/agreements", operation_id = "create_agreement", tag = "customers", request_body = AgreementBody,
    responses((status = 201, description = "The agreement", body = AgreementView, headers(("Location" = String))))
)]
pub async fn create_agreement(
    State(api): State<Shared>,
    write: Write<AgreementBody>,
) -> Result<Response, Problem> {
    let customer = write.body.customer_id;
    let known = api
        .read(move |connection| throughline_store::views::customers::get(connection, customer))
        .await?;
    if known.is_none() {
        let name = customer.to_string();
        return Err(Refusal::unknown("/customer_id", "customer", name).into());
    }
    let command = Command::CreateAgreement(Box::new(write.body.command()?));
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}

impl AgreementBody {
    fn command(self) -> Result<CreateAgreement, Refusal> {
        let currency = self
            .currency
            .parse()
            .map_err(|_| Refusal::invalid("/currency", "must be an ISO 4217 code such as EUR"))?;
        let line = |body: AgreementLineBody| NewAgreementLine {
            sku: body.sku,
            agreed: body.agreed,
            unit_price_minor: body.unit_price_minor,
            price_quantity: body.price_quantity.unwrap_or(1),
            least: body.least,
            most: body.most,
        };
        Ok(CreateAgreement {
            id: ids::agreement(),
            customer: self.customer_id,
            reference: self.reference,
            currency,
            from: self.from,
            until: self.until,
            lines: self.lines.into_iter().map(line).collect(),
        })
    }
}
