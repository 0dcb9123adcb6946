//! Tells the person who waits what is being measured, on standard error.

/// Says one line.
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}
