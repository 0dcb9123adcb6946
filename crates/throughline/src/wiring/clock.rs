//! The clocks.

use std::time::{Duration, Instant};

use throughline_core::time::Millis;

/// The time of day, in UTC.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the wiring gives everybody else the time"
)]
pub fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

/// Measures how long something takes.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the wiring gives everybody else the time"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the wiring gives everybody else the time"
    )]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
