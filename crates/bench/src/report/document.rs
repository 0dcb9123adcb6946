//! Renders the rows as a page of Markdown.

use std::fmt::Write;

use super::machine::Circumstances;
use super::notes::Notes;
use super::row::Row;

/// Where the page is written.
pub(crate) const PAGE: &str = "docs/benchmarks.md";
/// Where the notes are kept.
pub(crate) const NOTES: &str = "docs/benchmarks-notes.toml";

/// The rows as a table.
pub(crate) fn table(rows: &[Row], notes: &Notes) -> String {
    let mut text = String::from(
        "| what | measured | against | ratio (least–most) | goal | reached | what the profile shows |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let cells = [
            row.what.clone(),
            row.measured.clone(),
            row.against.clone(),
            row.score.text(),
            row.goal_text(),
            row.verdict(),
            notes.of(&row.id),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        text.push_str("| ");
        text.push_str(&cells.join(" | "));
        text.push_str(" |\n");
    }
    text
}

/// The whole page.
pub(crate) fn page(
    rows: &[Row],
    notes: &Notes,
    details: &[String],
    circumstances: &Circumstances,
) -> String {
    let mut text = String::from(
        "# Benchmarks\n\n\
         Written by `cargo run --release -p throughline-bench`; the last column comes from\n\
         `benchmarks-notes.toml` beside this file. Both sides of every ratio were measured in the\n\
         same run, in turn, on the same machine and disk, with the load generator on the same cores:\n\
         the ratio is the median over the rounds, with the least and the greatest beside it.\n\n",
    );
    let facts = [
        ("Machine", &circumstances.machine),
        ("Engines", &circumstances.engines),
        ("Date", &circumstances.date),
        ("Commit", &circumstances.commit),
    ];
    for (name, value) in facts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {name}: {value}");
    }
    text.push('\n');
    text.push_str(&table(rows, notes));
    text.push_str("\n## How it was measured\n\n");
    text.push_str(include_str!("method.md"));
    text.push_str("\n## Details of this run\n\n");
    for detail in details {
        let _ = writeln!(text, "- {detail}");
    }
    text
}
