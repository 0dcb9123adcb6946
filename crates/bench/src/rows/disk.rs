//! The disk alone.

use std::path::Path;

use anyhow::Result;

use super::Findings;
use crate::baseline::disk::Disk;
use crate::load::outcome::Latency;
use crate::report::row::time;
use crate::settings::Settings;

/// Notes what one fdatasync takes.
pub(crate) fn measure(settings: &Settings, folder: &Path, findings: &mut Findings) -> Result<()> {
    let (mut appends, mut overwrites) = (Latency::new()?, Latency::new()?);
    let mut disk = Disk::open(folder)?;
    for _ in 0..settings.rounds {
        disk.time_appends(settings.calls, &mut appends)?;
        disk.time_overwrites(settings.calls, &mut overwrites)?;
    }
    let names = [
        ("one fdatasync after appending 4 KB", &appends),
        ("one fdatasync after overwriting 4 KB", &overwrites),
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
