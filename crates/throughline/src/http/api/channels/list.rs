//! Listing channels.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ChannelView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};

/// Which channels.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChannelFilter {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Lists channels in the order they were created in.
#[utoipa::path(
    get, path = "/v1/channels", operation_id = "list_channels", tag = "channels", params(ChannelFilter),
    responses((status = 200, description = "A page of channels", body = Page<ChannelView>))
)]
pub async fn list_channels(
    State(api): State<Shared>,
    Params(filter): Params<ChannelFilter>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let page = Page::cut(
        &network.channels,
        filter.cursor.as_deref(),
        filter.limit,
        |one| ChannelView::new(one, &network),
    )?;
    Ok(Rendered::ok(&page))
}
