//! The disk and the loopback alone.

use std::path::Path;

use anyhow::{Context, Result};

use super::Findings;
use crate::baseline::disk::Disk;
use crate::contest::stage::Stage;
use crate::load::outcome::Latency;
use crate::load::sequence::Caller;
use crate::process::get;
use crate::report::row::time;
use crate::settings::Settings;

/// Notes what one fdatasync and one round trip take.
pub(crate) fn measure(
    stage: &Stage,
    settings: &Settings,
    folder: &Path,
    findings: &mut Findings,
) -> Result<()> {
    let (mut appends, mut overwrites) = (Latency::new()?, Latency::new()?);
    let mut round_trips = Latency::new()?;
    let mut disk = Disk::open(folder)?;
    let server = stage.parse_only().context("not prepared")?;
    let mut caller = Caller::open(server.address)?;
    let request = get("/healthz", "");
    for _ in 0..settings.rounds {
        disk.time_appends(settings.calls, &mut appends)?;
        disk.time_overwrites(settings.calls, &mut overwrites)?;
        caller.time(settings.calls, 200, &mut round_trips, |buffer| {
            buffer.clear();
            buffer.extend_from_slice(&request);
        })?;
    }
    let names = [
        ("one fdatasync after appending 4 KB", &appends),
        ("one fdatasync after overwriting 4 KB", &overwrites),
        ("one loopback HTTP round trip", &round_trips),
    ];
    for (name, latency) in names {
        findings
            .details
            .push(format!("{name}: {}", percentiles(latency)));
    }
    Ok(())
}

/// The usual percentiles as text.
pub(crate) fn percentiles(latency: &Latency) -> String {
    let parts = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];
    let texts = parts.map(|(name, part)| format!("{name} {}", time(latency.quantile(part))));
    texts.join(", ")
}
