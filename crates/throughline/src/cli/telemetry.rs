//! Log lines: to standard error, text on a terminal, else JSON. They name things by id, never persons or secrets.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Settings};

/// Starts logging what `wanted` says. A second start in the same process changes nothing.
pub(super) fn start(settings: &Settings, wanted: &str) {
    let filter = EnvFilter::builder().parse_lossy(wanted);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let is_text = match settings.log_format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let started = if is_text {
        lines.try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    };
    if let Err(error) = started {
        tracing::debug!(%error, "logging had started before");
    }
}
