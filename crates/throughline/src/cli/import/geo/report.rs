//! What became of a table of postal codes, for people.

use std::fmt::Write;
use std::path::Path;

use throughline_store::PostalLoaded;

use super::table::{NAMED_MAX, Table};
use crate::cli::numbers::{counted, grouped};

/// The report of one table.
pub(super) fn text(path: &Path, table: &Table, loaded: PostalLoaded) -> String {
    let rejected: u64 = table.rejected.values().map(|(count, _)| count).sum();
    let mut text = format!(
        "{}: {}, {} rejected\n",
        path.display(),
        counted(table.rows, "row", "rows"),
        grouped(rejected)
    );
    let codes = counted(table.areas.len() as u64, "postal code", "postal codes");
    let (new, moved, same) = (
        grouped(loaded.new),
        grouped(loaded.moved),
        grouped(loaded.same),
    );
    // Writing into memory does not fail.
    let _ = writeln!(
        text,
        "  {codes}: {new} new, {moved} changed, {same} there already"
    );
    if table.repeated > 0 {
        let rows = counted(table.repeated, "row names", "rows name");
        let _ = writeln!(
            text,
            "  {rows} a code once more; such a code is in the middle of its rows"
        );
    }
    for (problem, (count, named)) in &table.rejected {
        let lines: Vec<String> = named
            .iter()
            .map(|rejected| format!("{} ({})", rejected.line, rejected.postal_code))
            .collect();
        let more = if *count > NAMED_MAX as u64 {
            " ..."
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "  rejected {}: {problem}; line {}{more}",
            grouped(*count),
            lines.join(", ")
        );
    }
    text
}
