//! `throughline openapi`.

use std::io::Write;

use clap::ValueEnum;

use super::Failure;
use crate::http;

/// Documents that have a schema of their own.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Schema {
    /// A sourcing policy as it is put
    SourcingPolicy,
}

/// Prints the OpenAPI document, or a schema.
pub(super) fn print(schema: Option<Schema>) -> Result<(), Failure> {
    let text = match schema {
        None => http::openapi_json(),
        Some(Schema::SourcingPolicy) => http::sourcing_policy_schema_json(),
    };
    let written = std::io::stdout().write_all(&text);
    written.map_err(|source| Failure::Fault {
        what: "cannot write to standard output".to_owned(),
        source,
    })
}
