//! Reading a channel.

use axum::extract::State;

use super::view::ChannelView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;

/// Reads a channel.
#[utoipa::path(
    get, path = "/v1/channels/{code}", operation_id = "get_channel", tag = "channels",
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses((status = 200, description = "The channel", body = ChannelView))
)]
pub async fn get_channel(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
) -> Result<Rendered, Problem> {
    let network = api.current_network().await?;
    let channel = network
        .channel_by_code(&code)
        .ok_or_else(|| Problem::not_found("channel", &code))?;
    Ok(Rendered::ok(&ChannelView::new(channel, &network)))
}
