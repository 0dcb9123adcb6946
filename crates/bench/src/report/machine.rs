//! On what, when and of what the measurements were made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::baseline::postgres::cluster::version;
use crate::process::run;

/// What a reader needs to judge the numbers.
#[derive(Clone, Debug)]
pub(crate) struct Circumstances {
    /// Processor, cores, memory, kernel, file system.
    pub(crate) machine: String,
    /// The versions of the engines.
    pub(crate) engines: String,
    /// When, in UTC.
    pub(crate) date: String,
    /// Which state of the source.
    pub(crate) commit: String,
}

/// The root of the source.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Circumstances {
    /// Looks around; `folder` is where the databases are made.
    pub(crate) fn now(folder: &Path) -> Result<Self> {
        let cores = std::thread::available_parallelism()?;
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let processor = field(&read("/proc/cpuinfo"), "model name");
        let memory_kb = field(&read("/proc/meminfo"), "MemTotal");
        let memory_kb = memory_kb.trim_end_matches(" kB").parse().unwrap_or(0);
        let kernel = read("/proc/sys/kernel/osrelease");
        let date = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC");
        Ok(Self {
            machine: format!(
                "{processor}, {cores} cores, {} GiB of memory, Linux {}, {}",
                memory_kb / 1_048_576,
                kernel.trim(),
                file_system(folder)?
            ),
            engines: format!(
                "SQLite {}, {}",
                rusqlite::version(),
                version().unwrap_or_else(|_| "no PostgreSQL".to_owned())
            ),
            date: date.to_string(),
            commit: commit(),
        })
    }
}

fn field(text: &str, name: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':'));
    value
        .map_or("unknown", |(_, value)| value.trim())
        .to_owned()
}

/// The commit, and whether the source differs from it.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        run(command.arg("-C").arg(root()).args(arguments))
    };
    let Ok(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else {
        return "unknown".to_owned();
    };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]);
    let suffix = match changed {
        Ok(files) if files.trim().is_empty() => "",
        _ => " with changes",
    };
    format!("{}{suffix}", commit.trim())
}

/// The file system of the databases. One in memory makes nothing durable, and is refused.
fn file_system(folder: &Path) -> Result<String> {
    let folder = fs::canonicalize(folder)?;
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let kind = mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split_whitespace().skip(1);
            Some((fields.next()?, fields.next()?))
        })
        .filter(|(point, _)| folder.starts_with(point))
        .max_by_key(|(point, _)| point.len())
        .map_or("unknown", |(_, kind)| kind);
    ensure!(
        !matches!(kind, "tmpfs" | "ramfs"),
        "{} lies in memory: choose a --folder on a disk",
        folder.display()
    );
    Ok(format!("{kind} file system"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_name() {
        assert_eq!(
            field("MemFree: 1 kB\nMemTotal:  9 kB\n", "MemTotal"),
            "9 kB"
        );
        assert_eq!(field("", "MemTotal"), "unknown");
    }

    #[test]
    fn a_folder_in_memory_is_refused() {
        assert!(file_system(Path::new("/dev/shm")).is_err());
    }
}
