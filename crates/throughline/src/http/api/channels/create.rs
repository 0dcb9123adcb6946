//! Creating a channel.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ChannelBody;
use super::view::ChannelView;
use crate::http::api::Shared;
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a channel. A code that is taken answers 409.
#[utoipa::path(
    post, path = "/v1/channels", operation_id = "create_channel", tag = "channels", request_body = ChannelBody,
    responses((status = 201, description = "The channel", body = ChannelView, headers(("Location" = String))))
)]
pub async fn create_channel(
    State(api): State<Shared>,
    write: Write<ChannelBody>,
) -> Result<Response, Problem> {
    let network = api.current_network().await?;
    let put = write.body.command(None, PutMode::Create, &network)?;
    let command = Command::PutChannel(put);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
