//! The database that is killed, alone or with its server.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::arguments::Engine;
use crate::fault::Fault;
use crate::torn::Log;

/// Makes PostgreSQL answer before a commit is on the disk, and write its log rarely.
const FORGETFUL: &str = "synchronous_commit = off\nwal_writer_delay = 10s\n";

/// A database.
pub(crate) enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A throw-away server, handled by a script.
    Postgres {
        /// The script.
        script: PathBuf,
        /// Where the server keeps everything.
        folder: PathBuf,
        /// Where it answers.
        url: String,
    },
}

impl Database {
    /// Makes an empty database in the folder.
    pub(crate) fn make(engine: Engine, script: &Path, folder: &Path) -> Result<Self> {
        if engine == Engine::Sqlite {
            return Ok(Self::Sqlite(folder.join("crash.db")));
        }
        let (script, folder) = (script.to_path_buf(), folder.join("pg"));
        let url = postgres(&script, "start", &folder)?;
        Ok(Self::Postgres {
            script,
            folder,
            url,
        })
    }

    /// How the server names it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("sqlite:{}", file.display()),
            Self::Postgres { url, .. } => url.clone(),
        }
    }

    /// The file, where it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(file) => Some(file),
            Self::Postgres { .. } => None,
        }
    }

    /// Kills every process of a database that has some.
    pub(crate) fn kill(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres { script, folder, .. } => postgres(script, "kill9", folder).map(drop),
        }
    }

    /// Starts it again after a crash.
    pub(crate) fn start(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres { script, folder, .. } => postgres(script, "start", folder).map(drop),
        }
    }

    /// Makes it forget: before the first kill on PostgreSQL, at every kill on SQLite.
    pub(crate) fn plant(&self, fault: Fault, killed: bool) -> Result<()> {
        match (fault, self) {
            (Fault::RetryWithoutKey, _) => Ok(()),
            (Fault::LostCommits, Self::Sqlite(file)) => {
                if killed {
                    forget_log(file)
                } else {
                    Ok(())
                }
            }
            (Fault::LostCommits, Self::Postgres { script, folder, .. }) => {
                if !killed {
                    let settings = folder.join("data/postgresql.conf");
                    OpenOptions::new()
                        .append(true)
                        .open(settings)?
                        .write_all(FORGETFUL.as_bytes())?;
                    postgres(script, "stop", folder)?;
                    postgres(script, "start", folder)?;
                }
                Ok(())
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres { script, folder, .. } = self {
            // The script that started this program stops what is left.
            let _ = postgres(script, "stop", folder);
        }
    }
}

/// Cuts off all of the log that was not copied to the database.
fn forget_log(file: &Path) -> Result<()> {
    let log = OpenOptions::new().write(true).open(beside(file, "-wal"))?;
    Ok(log.set_len(Log::of(file)?.copied)?)
}

/// A file that SQLite keeps beside the database.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    PathBuf::from(name)
}

fn postgres(script: &Path, verb: &str, folder: &Path) -> Result<String> {
    let output = Command::new(script)
        .arg(verb)
        .arg(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {}", script.display()))?;
    if !output.status.success() {
        bail!("{} {verb} ended with {}", script.display(), output.status);
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
