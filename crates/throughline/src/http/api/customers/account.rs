//! The account of a customer: tier, credit, terms, and what is owed.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::id::CustomerId;
use throughline_core::party::{Account, Credit, PutAccount, Terms};
use utoipa::ToSchema;

use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::body::RequestBody;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// The tier, the credit and the terms to set. What is absent is taken away; what is owed stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AccountData)]
#[serde(deny_unknown_fields)]
pub struct AccountBody {
    /// A word of the merchant's own, such as `gold`; conditions know it as `customer.tier`.
    #[schema(min_length = 1, max_length = 64)]
    tier: Option<String>,
    /// What the customer may owe.
    credit: Option<CreditBody>,
    /// How the customer wants to be served; the usual way unless given.
    terms: Option<TermsBody>,
}

/// How a customer wants to be served. Orders that are placed from now on follow it, unless they say otherwise.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerTerms)]
#[serde(deny_unknown_fields)]
pub struct TermsBody {
    /// Nothing of an order is begun until all of it is allocated.
    #[serde(default)]
    ship_complete: bool,
    /// Items that have a case quantity are ordered in multiples of it, and no location breaks a case.
    #[serde(default)]
    whole_cases: bool,
}

/// What a customer may owe.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Credit)]
#[serde(deny_unknown_fields)]
pub struct CreditBody {
    /// How much at most, in minor units.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    limit_minor: i64,
    /// Days after which it is to be paid.
    #[schema(minimum = 0, maximum = 365)]
    terms_days: u16,
    /// ISO 4217 code; the one currency of the account.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    currency: String,
}

/// The account of a customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// The tier, if any.
    tier: Option<String>,
    /// What the customer may owe.
    credit: Option<CreditBody>,
    /// How the customer wants to be served.
    terms: TermsBody,
    /// What the customer owes on orders that were taken on account, unshipped ones included, in minor units.
    open_balance_minor: i64,
}

impl RequestBody for AccountBody {}

/// Reads the account of a customer.
#[utoipa::path(
    get, path = "/v1/customers/{id}/account", operation_id = "get_account", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer's id")),
    responses((status = 200, description = "The account", body = AccountView))
)]
pub async fn get_account(
    State(api): State<Shared>,
    Named(id): Named<CustomerId>,
) -> Result<Rendered, Problem> {
    api.customer(id).await?;
    let account = api.account(id).await?;
    Ok(Rendered::ok(&AccountView::new(account)))
}

/// Sets the tier, the credit and the terms of a customer.
#[utoipa::path(
    put, path = "/v1/customers/{id}/account", operation_id = "put_account", tag = "customers",
    request_body = AccountBody,
    params(("id" = Uuid, Path, description = "The customer's id")),
    responses((status = 200, description = "The account", body = AccountView))
)]
pub async fn put_account(
    State(api): State<Shared>,
    Named(id): Named<CustomerId>,
    write: Write<AccountBody>,
) -> Result<Response, Problem> {
    api.customer(id).await?;
    let command = Command::PutAccount(write.body.command(id)?);
    api.execute(write.asked.request(command)).await?;
    let account = api.account(id).await?;
    Ok(Rendered::ok(&AccountView::new(account)).into_response())
}

impl AccountBody {
    fn command(self, customer: CustomerId) -> Result<PutAccount, Refusal> {
        let credit = self.credit.map(|body| {
            let currency = body.currency.parse().map_err(|_| {
                Refusal::invalid("/credit/currency", "must be an ISO 4217 code such as EUR")
            })?;
            Ok::<_, Refusal>(Credit {
                limit_minor: body.limit_minor,
                terms_days: body.terms_days,
                currency,
            })
        });
        let terms = self.terms.unwrap_or_default();
        Ok(PutAccount {
            customer,
            tier: self.tier,
            credit: credit.transpose()?,
            terms: Terms {
                ship_complete: terms.ship_complete,
                whole_cases: terms.whole_cases,
            },
        })
    }
}

impl AccountView {
    fn new(account: Account) -> Self {
        Self {
            tier: account.tier,
            credit: account.credit.map(|credit| CreditBody {
                limit_minor: credit.limit_minor,
                terms_days: credit.terms_days,
                currency: credit.currency.to_string(),
            }),
            terms: TermsBody {
                ship_complete: account.terms.ship_complete,
                whole_cases: account.terms.whole_cases,
            },
            open_balance_minor: account.open_balance_minor,
        }
    }
}
