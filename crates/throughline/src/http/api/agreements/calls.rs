//! The orders that draw on an agreement.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::id::AgreementId;
use throughline_store::views;
use utoipa::IntoParams;

use super::view::CallOffView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CallOffPage {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists the orders that draw on an agreement, latest first.
#[utoipa::path(
    get, path = "/v1/agreements/{id}/call-offs", operation_id = "list_call_offs", tag = "customers",
    params(("id" = Uuid, Path, description = "The agreement's id"), CallOffPage),
    responses((status = 200, description = "A page of orders", body = Page<CallOffView>))
)]
pub async fn list_call_offs(
    State(api): State<Shared>,
    Named(id): Named<AgreementId>,
    Params(CallOffPage { limit, cursor }): Params<CallOffPage>,
) -> Result<Rendered, Problem> {
    api.agreement(id).await?;
    let page = api
        .read(move |connection| {
            views::agreements::calls(connection, id, cursor.as_deref(), limit.rows())
        })
        .await?;
    Ok(Rendered::ok(&Page::of(&page, CallOffView::new)))
}
