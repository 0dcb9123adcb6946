//! What is measured, in the text format that Prometheus reads (OpenMetrics 1.0).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::execute::Executor;

/// The media type of the text.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds of request durations, in seconds.
const SECONDS: [f64; 14] = [
    0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Everything that is measured.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Requests over HTTP.
    pub requests: Requests,
}

/// Requests over HTTP, by route.
#[derive(Debug, Clone)]
pub struct Requests {
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

impl Metrics {
    /// Begins measuring.
    #[must_use]
    pub fn new(executor: &Executor) -> Arc<Self> {
        let mut registry = Registry::with_prefix("throughline");
        let requests = Requests {
            answered: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        };
        registry.register(
            "http_requests",
            "Requests answered",
            requests.answered.clone(),
        );
        let help = "Time from the request's headers to the answer's";
        registry.register_with_unit(
            "http_request_duration",
            help,
            Unit::Seconds,
            requests.seconds.clone(),
        );
        registry.register_collector(Box::new(WritePath(executor.clone())));
        Arc::new(Self { registry, requests })
    }

    /// The current values as text.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut encoded = String::with_capacity(16_384);
        if let Err(error) = text::encode(&mut encoded, &self.registry) {
            tracing::error!(%error, "the metrics cannot be written");
        }
        encoded
    }
}

impl Requests {
    /// Counts a request. Paths that no route has are counted as one, so that nobody can fill the memory with them.
    pub fn observe(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let method = if route.is_empty() {
            "any"
        } else {
            method.as_str()
        };
        let labels = Route {
            method: method.to_owned(),
            route: route.to_owned(),
        };
        self.seconds
            .get_or_create(&labels)
            .observe(took.as_secs_f64());
        let Route { method, route } = labels;
        self.answered
            .get_or_create(&Answered {
                method,
                route,
                status: status.as_u16(),
            })
            .inc();
    }
}

/// Reads the counters of the write path when somebody asks.
#[derive(Clone)]
struct WritePath(Executor);

impl fmt::Debug for WritePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WritePath")
    }
}

impl Collector for WritePath {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let counters = self.0.metrics();
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        for (name, help, value) in [
            (
                "execute_batches",
                "Batches committed",
                count(&counters.batches),
            ),
            (
                "execute_done",
                "Requests answered with success",
                count(&counters.done),
            ),
            (
                "execute_refused",
                "Requests refused",
                count(&counters.refused),
            ),
            (
                "execute_faults",
                "Requests that broke",
                count(&counters.faults),
            ),
            (
                "execute_retries",
                "Batches decided again",
                count(&counters.retries),
            ),
            (
                "execute_bisections",
                "Batches cut in two to find a guilty request",
                count(&counters.bisections),
            ),
            (
                "execute_plans_taken",
                "Sourcing plans made before their orders were queued that fitted",
                count(&counters.plans_taken),
            ),
            (
                "execute_plans_again",
                "Sourcing plans that did not fit any more, and were made again",
                count(&counters.plans_again),
            ),
        ] {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(
                name,
                help,
                None,
                counter.metric_type(),
            )?)?;
        }
        for (name, help, counter) in [
            (
                "execute_decide",
                "Time spent on loading and deciding",
                &counters.decide_ns,
            ),
            (
                "execute_commit",
                "Time spent on writing and committing",
                &counters.commit_ns,
            ),
        ] {
            let counter = ConstCounter::new(Duration::from_nanos(count(counter)).as_secs_f64());
            counter.encode(encoder.encode_descriptor(
                name,
                help,
                Some(&Unit::Seconds),
                counter.metric_type(),
            )?)?;
        }
        let queue = ConstGauge::new(i64::try_from(self.0.queue_length()).unwrap_or(i64::MAX));
        queue.encode(encoder.encode_descriptor(
            "execute_queue",
            "Requests that wait for a committer",
            None,
            queue.metric_type(),
        )?)
    }
}
