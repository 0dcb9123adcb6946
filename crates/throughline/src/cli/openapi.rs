//! `throughline openapi`.

use std::io::Write;

use super::Failure;
use crate::http;

/// Prints the OpenAPI document.
pub(super) fn print() -> Result<(), Failure> {
    let written = std::io::stdout().write_all(&http::openapi_json());
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}
