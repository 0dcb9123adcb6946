//! The program's own examination of all invariants, over the whole database.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// What the doctor complains about; `None` when everything is in order.
///
/// # Errors
/// When the program cannot be run.
pub(crate) fn doctor(binary: &Path, database: &str) -> Result<Option<String>> {
    let output = Command::new(binary)
        .args(["doctor", "--database", database])
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    if output.status.success() {
        return Ok(None);
    }
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let words = format!("{}\n{}", said(&output.stdout), said(&output.stderr));
    Ok(Some(format!(
        "the doctor ends with {}:\n{}",
        output.status,
        words.trim()
    )))
}
