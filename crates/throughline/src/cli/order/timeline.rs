//! The timeline: every entry of the journal with its time, who did it, and why.

use std::fmt::Write;

use throughline_core::order::{Entry, Order, evolve};
use throughline_core::time::Millis;

use super::ink::{Ink, Tone};
use super::look_up::Found;
use super::{why, words};

/// Width of the number and the time of an entry, with the spaces behind them.
const WHEN_WIDTH: usize = 23;
/// Letters of a name at most.
const NAME_WIDTH: usize = 20;

/// The timeline as text.
pub(super) fn text(found: &Found, ink: Ink) -> String {
    let mut text = format!("\n{}\n", ink.paint(Tone::Strong, "Timeline"));
    let width = found
        .entries
        .iter()
        .map(|entry| name(found, entry).chars().count());
    let width = width.max().unwrap_or_default();
    // Reasons stand below the words of their entry.
    let indent = WHEN_WIDTH + width + 1;
    let mut order: Option<Order> = None;
    for entry in &found.entries {
        // Notes and reasons may have several lines; an entry has one.
        let words = words::words(found, order.as_ref(), &entry.record);
        let words = words.replace(['\n', '\r', '\t'], " ");
        let when = ink.paint(
            Tone::Faint,
            &format!("{:>3}  {}", entry.seq, moment(entry.at)),
        );
        let who = ink.paint(Tone::Faint, &format!("{:<width$}", name(found, entry)));
        let _ = writeln!(text, "{when}  {who} {words}");
        if let Some(explanation) = found.explanation(entry.seq) {
            for line in why::lines(found, explanation) {
                let _ = writeln!(text, "{:indent$}{}", "", ink.paint(Tone::Faint, &line));
            }
        }
        order = evolve(found.order.id, order, entry);
    }
    text
}

/// Who did it.
fn name(found: &Found, entry: &Entry) -> String {
    found.actor(entry.actor).chars().take(NAME_WIDTH).collect()
}

/// A moment as people read it, to the minute, in UTC.
pub(super) fn moment(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(
        |_| "?".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}
