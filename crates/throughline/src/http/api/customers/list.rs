//! Listing and finding customers.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::facts::ClaimKey;
use throughline_store::views;
use utoipa::IntoParams;

use super::view::CustomerView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which customers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CustomerFilter {
    /// The one with this email address.
    email: Option<String>,
    /// The one with this number of the merchant's own.
    external_ref: Option<String>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists customers, in an order of no meaning, or finds the one with an email address or `external_ref`.
#[utoipa::path(
    get, path = "/v1/customers", operation_id = "list_customers", tag = "customers", params(CustomerFilter),
    responses((status = 200, description = "A page of customers", body = Page<CustomerView>))
)]
pub async fn list_customers(
    State(api): State<Shared>,
    Params(filter): Params<CustomerFilter>,
) -> Result<Rendered, Problem> {
    let CustomerFilter {
        email,
        external_ref,
        limit,
        cursor,
    } = filter;
    let keys: Vec<ClaimKey> = [
        email.map(|email| ClaimKey::email(&email.trim().to_lowercase())),
        external_ref.map(|reference| ClaimKey::customer_ref(&reference)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if keys.is_empty() {
        let page = api
            .read(move |connection| {
                views::customers::list(connection, cursor.as_deref(), limit.rows())
            })
            .await?;
        return Ok(Rendered::ok(&Page::of(&page, CustomerView::new)));
    }
    let found = api
        .read(move |connection| {
            keys.iter()
                .map(|key| views::customers::find(connection, key))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let everybody = found.iter().all(|one| {
        one.is_some()
            && one.as_ref().map(|c| c.customer.id) == found[0].as_ref().map(|c| c.customer.id)
    });
    let shown = found
        .first()
        .and_then(Option::as_ref)
        .filter(|_| everybody)
        .map(CustomerView::new);
    Ok(Rendered::ok(&Page::whole(shown.into_iter().collect())))
}
