//! Listing API keys.

use axum::extract::State;
use serde::Deserialize;
use throughline_core::id::KeyId;
use throughline_store::keys;
use utoipa::IntoParams;
use uuid::Uuid;

use super::view::KeyView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which keys.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KeyFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<Uuid>,
}

/// Lists API keys, oldest first, revoked and expired ones included.
#[utoipa::path(
    get, path = "/v1/keys", operation_id = "list_keys", tag = "keys", params(KeyFilter),
    responses((status = 200, description = "The keys", body = Page<KeyView>))
)]
pub async fn list_keys(
    State(api): State<Shared>,
    Params(filter): Params<KeyFilter>,
) -> Result<Rendered, Problem> {
    let after = filter.cursor.map(KeyId::from_uuid);
    let limit = filter.limit.rows();
    let found = api
        .read(move |connection| keys::list(connection, after))
        .await?;
    let data: Vec<KeyView> = found
        .iter()
        .take(limit)
        .map(|key| KeyView::new(key, None))
        .collect();
    let has_more = found.len() > limit;
    let next_cursor = data
        .last()
        .filter(|_| has_more)
        .map(|key| key.id.to_string());
    Ok(Rendered::ok(&Page {
        data,
        has_more,
        next_cursor,
    }))
}
