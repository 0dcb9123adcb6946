//! A torn write: the files of a killed process, with the end of its log cut off, as after a power cut. What was
//! committed before the cut holds.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, Result};
use fastrand::Rng;

use crate::check::{Check, doctor};
use crate::database::beside;
use crate::server::Server;
use crate::shop::Buyer;

/// The log's header, and the header of each of its frames, in bytes (SQLite's file format, section 4).
const LOG_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;
/// At most so many frames are cut off.
const FRAMES_CUT: u64 = 200;
/// The part of the log's index that is read: two copies of its header, and how far the log was copied to the database
/// (SQLite's `WalIndexHdr` and `WalCkptInfo`).
const INDEX_BYTES: usize = 136;

/// Where the torn database is tried.
pub(crate) struct Torn<'a> {
    /// The program.
    pub(crate) binary: &'a Path,
    /// The database of the killed process, which nobody has opened since.
    pub(crate) file: &'a Path,
    /// A key of the API.
    pub(crate) key: &'a str,
}

impl Torn<'_> {
    /// Copies the database, tears its log, and looks at what is left. Answers what is wrong, and how many of the
    /// acknowledged orders were torn away.
    ///
    /// # Errors
    /// When the copy cannot be made or served.
    pub(crate) fn examine(
        &self,
        buyers: &[Buyer],
        random: &mut Rng,
    ) -> Result<(Vec<String>, usize)> {
        let folder = self.file.with_file_name("torn");
        fs::create_dir(&folder)?;
        let copy = folder.join("crash.db");
        fs::copy(self.file, &copy)?;
        let log = beside(self.file, "-wal");
        if log.exists() {
            let torn = beside(&copy, "-wal");
            fs::copy(&log, &torn)?;
            let cut = random.u64(Log::of(self.file)?.cuts());
            OpenOptions::new().write(true).open(&torn)?.set_len(cut)?;
        }
        let database = format!("sqlite:{}", copy.display());
        let mut problems = Vec::new();
        problems.extend(doctor(self.binary, &database)?);
        let mut server = Server::new(self.binary, &database, folder.join("server.log"), random)?;
        server.start()?;
        server.wait_until_ready()?;
        let servers = [server.url()];
        let mut check = Check::new(self.key, &servers, random.fork());
        let ids = check.order_ids();
        problems.extend(check.problems());
        let torn_away = prefixes(buyers, &ids, &mut problems);
        server.kill()?;
        if problems.is_empty() {
            fs::remove_dir_all(&folder)?;
        }
        Ok((
            problems
                .into_iter()
                .map(|problem| format!("with a torn log: {problem}"))
                .collect(),
            torn_away,
        ))
    }
}

/// Commits happen in one order, and a client waits for each: what is left of its orders is a beginning.
fn prefixes(buyers: &[Buyer], ids: &[String], problems: &mut Vec<String>) -> usize {
    let ids: std::collections::BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let mut torn_away = 0;
    for buyer in buyers {
        let there: Vec<bool> = buyer
            .book
            .orders
            .iter()
            .map(|order| ids.contains(order.facts.id.as_str()))
            .collect();
        let first_gap = there.iter().position(|there| !there).unwrap_or(there.len());
        torn_away += there.len() - first_gap;
        if there[first_gap..].contains(&true) {
            let id = &buyer.book.orders[first_gap].facts.id;
            problems.push(format!(
                "order {id} is gone and later ones of the same client are there"
            ));
        }
    }
    torn_away
}

/// How far the log of a killed process goes, in bytes.
pub(crate) struct Log {
    /// Up to here it was copied to the database, and was on the disk before that.
    pub(crate) copied: u64,
    /// Up to here it is committed.
    committed: u64,
    frame: u64,
}

impl Log {
    /// Reads the index that the process left beside its database.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn of(file: &Path) -> Result<Self> {
        let mut index = [0; INDEX_BYTES];
        let shared = beside(file, "-shm");
        let read = File::open(&shared).and_then(|mut file| file.read_exact(&mut index));
        read.with_context(|| format!("cannot read {}", shared.display()))?;
        Ok(Self::read(&index))
    }

    fn read(index: &[u8; INDEX_BYTES]) -> Self {
        let number = |at: usize| {
            u32::from_ne_bytes([index[at], index[at + 1], index[at + 2], index[at + 3]])
        };
        let page = u16::from_ne_bytes([index[14], index[15]]);
        let frame = FRAME_HEADER + if page == 1 { 65_536 } else { u64::from(page) };
        // The two copies of the header differ only while it is written; the smaller end is the safe one then.
        let committed = u64::from(number(16).min(number(48 + 16)));
        let copied = u64::from(number(96).max(number(128))).min(committed);
        Self {
            copied: LOG_HEADER + copied * frame,
            committed: LOG_HEADER + committed * frame,
            frame,
        }
    }

    /// Where it may be cut: near its end, and behind what was copied already.
    fn cuts(&self) -> RangeInclusive<u64> {
        let near = self.committed.saturating_sub(FRAMES_CUT * self.frame);
        self.copied.max(near)..=self.committed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(frames: u32, attempted: u32) -> [u8; INDEX_BYTES] {
        let mut index = [0; INDEX_BYTES];
        for header in [0, 48] {
            index[header + 14..header + 16].copy_from_slice(&4096_u16.to_ne_bytes());
            index[header + 16..header + 20].copy_from_slice(&frames.to_ne_bytes());
        }
        index[128..132].copy_from_slice(&attempted.to_ne_bytes());
        index
    }

    #[test]
    fn the_log_is_cut_behind_what_was_copied_already() {
        assert_eq!(
            Log::read(&index(10, 4)).cuts(),
            32 + 4 * 4120..=32 + 10 * 4120
        );
        assert_eq!(
            Log::read(&index(1000, 4)).cuts(),
            32 + 800 * 4120..=32 + 1000 * 4120
        );
        assert_eq!(Log::read(&index(0, 0)).cuts(), 32..=32);
    }
}
