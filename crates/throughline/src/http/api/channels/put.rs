//! Creating or changing a channel.

use axum::extract::State;
use axum::response::Response;
use throughline_core::command::{Command, PutMode};

use super::body::ChannelBody;
use super::view::ChannelView;
use crate::http::api::Shared;
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::http::write::Write;

/// Creates a channel, or replaces its data.
#[utoipa::path(
    put, path = "/v1/channels/{code}", operation_id = "put_channel", tag = "channels", request_body = ChannelBody,
    params(("code" = String, Path, description = "The code, percent-encoded")),
    responses(
        (status = 200, description = "Changed", body = ChannelView),
        (status = 201, description = "Created", body = ChannelView, headers(("Location" = String)))
    )
)]
pub async fn put_channel(
    State(api): State<Shared>,
    Named(Code(code)): Named<Code>,
    write: Write<ChannelBody>,
) -> Result<Response, Problem> {
    let network = api.current_network().await?;
    let put = write.body.command(Some(code), PutMode::Ensure, &network)?;
    let command = Command::PutChannel(put);
    let done = api.execute(write.asked.request(command)).await?;
    api.answer(&write.asked.caller, done).await
}
