//! Agreements of a customer.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::id::CustomerId;
use throughline_store::views;
use utoipa::IntoParams;

use super::view::AgreementView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Whose agreements.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AgreementFilter {
    /// The customer.
    #[param(value_type = Uuid)]
    customer_id: CustomerId,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the agreements of a customer, latest first, without their orders.
#[utoipa::path(
    get, path = "/v1/agreements", operation_id = "list_agreements", tag = "customers", params(AgreementFilter),
    responses((status = 200, description = "A page of agreements", body = Page<AgreementView>))
)]
pub async fn list_agreements(
    State(api): State<Shared>,
    Params(filter): Params<AgreementFilter>,
) -> Result<Rendered, Problem> {
    let AgreementFilter {
        customer_id,
        limit,
        cursor,
    } = filter;
    let page = api
        .read(move |connection| {
            views::agreements::list(connection, customer_id, cursor.as_deref(), limit.rows())
        })
        .await?;
    Ok(Rendered::ok(&Page::of(&page, |agreement| {
        AgreementView::new(agreement, None)
    })))
}
