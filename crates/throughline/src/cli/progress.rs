//! Progress of long work: a bar on a terminal, plain lines elsewhere.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};

/// Plain lines from the beginning to the end of one piece of work.
const PLAIN_LINES: u64 = 10;

/// How far one piece of long work is; shown on standard error.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
    unit: &'static str,
    total: u64,
    done: u64,
}

impl Progress {
    /// Begins to show that `total` units of work are to be done, such as `placing orders`, `rows`.
    pub(super) fn start(what: &'static str, unit: &'static str, total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let template = format!(
                "{what:<22} {{bar:30}} {{human_pos}} of {{human_len}} {unit}  {{elapsed}}, {{eta}} left"
            );
            let style =
                ProgressStyle::with_template(&template).unwrap_or(ProgressStyle::default_bar());
            ProgressBar::new(total).with_style(style)
        });
        Self {
            bar,
            what,
            unit,
            total,
            done: 0,
        }
    }

    /// More units are done.
    pub(super) fn advance(&mut self, by: u64) {
        let before = self.step();
        self.done += by;
        match &self.bar {
            Some(bar) => bar.inc(by),
            None if self.step() != before => self.tell(),
            None => {}
        }
    }

    /// The work is done; a bar goes away.
    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }

    fn step(&self) -> u64 {
        self.done.saturating_mul(PLAIN_LINES) / self.total.max(1)
    }

    fn tell(&self) {
        let percent = self.done.saturating_mul(100) / self.total.max(1);
        let (done, total) = (
            super::numbers::grouped(self.done),
            super::numbers::grouped(self.total),
        );
        // Progress that nobody can see any more is no reason to stop the work.
        let _unseen = writeln!(
            std::io::stderr(),
            "{}: {done} of {total} {} ({percent} %)",
            self.what,
            self.unit
        );
    }
}
