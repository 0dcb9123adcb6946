//! What the disk alone costs: the price of making anything durable.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::load::outcome::Latency;

const PAGE: [u8; 4_096] = [0x5a; 4_096];

/// A file on the disk that the databases use.
pub(crate) struct Disk {
    file: File,
    path: PathBuf,
}

impl Disk {
    /// Makes the file in this folder.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("fdatasync");
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { file, path })
    }

    /// Appends a page and makes it durable, `count` times.
    pub(crate) fn time_appends(&mut self, count: usize, latency: &mut Latency) -> Result<()> {
        for _ in 0..count {
            let started = Instant::now();
            self.file.write_all(&PAGE)?;
            self.file.sync_data()?;
            latency.record(started.elapsed());
        }
        Ok(())
    }

    /// Overwrites a page that exists already and makes it durable, `count` times: what a log
    /// does that reuses its file.
    pub(crate) fn time_overwrites(&mut self, count: usize, latency: &mut Latency) -> Result<()> {
        let end = self.file.stream_position()?;
        for index in 0..count {
            let page = index % 64 * PAGE.len();
            self.file.seek(SeekFrom::Start(u64::try_from(page)?))?;
            let started = Instant::now();
            self.file.write_all(&PAGE)?;
            self.file.sync_data()?;
            latency.record(started.elapsed());
        }
        self.file.seek(SeekFrom::Start(end))?;
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The folder is removed as a whole later; a file that stays behind harms nobody.
        let _ = std::fs::remove_file(&self.path);
    }
}
