//! What a load saw: how much was answered in which time, and how long each answer took.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;

/// The counted part of one load.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// How long was counted.
    pub(crate) elapsed: Duration,
    /// The time of every answer that arrived meanwhile.
    pub(crate) latency: Latency,
    /// The processor time that the load generator itself used meanwhile.
    pub(crate) client_cpu: Duration,
}

impl Outcome {
    /// Answers per second.
    pub(crate) fn rate(&self) -> f64 {
        count_as_f64(self.latency.count()) / self.elapsed.as_secs_f64()
    }

    /// The load generator's processor time per answer, in microseconds.
    pub(crate) fn client_cost_us(&self) -> f64 {
        self.client_cpu.as_secs_f64() * 1e6 / count_as_f64(self.latency.count()).max(1.0)
    }
}

/// A count as the number to divide with; counts of a benchmark are far below 2^32.
pub(crate) fn count_as_f64(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A distribution of times from a microsecond to a minute, to three digits.
#[derive(Clone, Debug)]
pub(crate) struct Latency {
    histogram: Histogram<u64>,
}

impl Latency {
    /// An empty distribution.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            histogram: Histogram::new_with_bounds(100, 60_000_000_000, 3)?,
        })
    }

    /// Adds one time; what is beyond a minute counts as a minute.
    pub(crate) fn record(&mut self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.histogram.saturating_record(nanoseconds);
    }

    /// Adds all times of another distribution.
    pub(crate) fn add(&mut self, other: &Self) -> Result<()> {
        self.histogram.add(&other.histogram)?;
        Ok(())
    }

    /// How many times were recorded.
    pub(crate) fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// The time that this part (0 to 1) of all answers did not exceed.
    pub(crate) fn quantile(&self, part: f64) -> Duration {
        Duration::from_nanos(self.histogram.value_at_quantile(part))
    }
}

/// Counts what happens between two instants and nothing before or after.
pub(crate) struct Window {
    opens: Instant,
    closes: Instant,
    latency: Latency,
    cpu_at_opening: Option<Duration>,
    cpu_at_closing: Option<Duration>,
}

impl Window {
    /// A window that opens after `warm_up` and then stays open for `lasting`.
    pub(crate) fn new(warm_up: Duration, lasting: Duration) -> Result<Self> {
        let opens = Instant::now() + warm_up;
        Ok(Self {
            opens,
            closes: opens + lasting,
            latency: Latency::new()?,
            cpu_at_opening: None,
            cpu_at_closing: None,
        })
    }

    /// Whether nothing is counted any more.
    pub(crate) fn is_closed(&self, now: Instant) -> bool {
        now >= self.closes
    }

    /// Counts an answer that was asked for at `from` and arrived at `now`.
    pub(crate) fn record(&mut self, from: Instant, now: Instant) {
        if now < self.opens {
            return;
        }
        if self.cpu_at_opening.is_none() {
            self.cpu_at_opening = Some(thread_cpu());
        }
        if now < self.closes {
            self.latency.record(now - from);
        } else if self.cpu_at_closing.is_none() {
            self.cpu_at_closing = Some(thread_cpu());
        }
    }

    /// What was seen.
    pub(crate) fn outcome(self) -> Outcome {
        let closing = self.cpu_at_closing.unwrap_or_else(thread_cpu);
        let opening = self.cpu_at_opening.unwrap_or(closing);
        Outcome {
            elapsed: self.closes - self.opens,
            latency: self.latency,
            client_cpu: closing.saturating_sub(opening),
        }
    }
}

/// The processor time of the calling thread; zero where the kernel does not say.
fn thread_cpu() -> Duration {
    let nanoseconds = fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_arrives_inside_the_window_counts() {
        let mut window =
            Window::new(Duration::from_secs(1), Duration::from_secs(2)).expect("a window");
        let opens = window.opens;
        window.record(opens, opens - Duration::from_millis(1));
        window.record(opens - Duration::from_millis(3), opens);
        window.record(opens, opens + Duration::from_millis(5));
        window.record(opens, opens + Duration::from_secs(2));
        let outcome = window.outcome();
        assert_eq!(outcome.latency.count(), 2);
        assert!((outcome.rate() - 1.0).abs() < 1e-9);
        assert_eq!(outcome.latency.quantile(1.0).as_millis(), 5);
    }
}
