//! Where a database is: a file or a server.

use std::fmt;
use std::path::{Path, PathBuf};

use throughline_core::time::Millis;

use crate::engine::postgres::PostgresTarget;
use crate::engine::{Connection, Engine, Faults, SqliteTarget, Target};
use crate::error::StoreError;

/// Page cache of a writer and of a reader, in KiB.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
const READER_CACHE_KIB: i64 = 8 * 1024;

/// What a new database is made with.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The time.
    pub now: Millis,
    /// 128 random bits; they become the merchant's id if the database is new.
    pub random: u128,
    /// Into how many buckets a new database is divided: a power of two up to 1,024; 1 for SQLite and 64 for
    /// PostgreSQL unless given. A database keeps what it was made with.
    pub partitions: Option<u16>,
}

/// Where a database is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A file.
    File(PathBuf),
    /// A server.
    Server(Box<PostgresTarget>),
}

impl Place {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let shown = crate::engine::postgres::without_password(url);
        let invalid = |detail: &str| StoreError::InvalidUrl {
            url: shown.clone(),
            detail: detail.to_owned(),
        };
        if let Some(path) = url.strip_prefix("sqlite:") {
            return match path.strip_prefix("//").unwrap_or(path) {
                "" => Err(invalid("it names no file")),
                ":memory:" => Err(invalid("what is kept in memory is not durable")),
                path => Ok(Self::File(PathBuf::from(path))),
            };
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Server(Box::new(PostgresTarget::parse(url)?)));
        }
        Err(invalid(
            "it begins neither with sqlite: nor with postgres://",
        ))
    }

    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::File(_) => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }

    /// Makes the folder of a file, and sees that it can be written.
    pub(super) fn prepare(&self) -> Result<(), StoreError> {
        let Self::File(path) = self else {
            return Ok(());
        };
        let unwritable = |path: &Path, detail: String| StoreError::Unwritable {
            path: path.display().to_string(),
            detail,
        };
        if path.is_dir() {
            return Err(unwritable(path, "it is a folder".to_owned()));
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let Some(folder) = folder else { return Ok(()) };
        std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, error.to_string()))
    }

    fn target(&self, cache_kib: i64, writable: bool) -> Target {
        match self {
            Self::File(path) => Target::Sqlite(SqliteTarget {
                path: path.clone(),
                cache_kib,
                writable,
            }),
            Self::Server(target) => Target::Postgres(target.clone()),
        }
    }

    /// A connection for migrations and checkpoints.
    pub(super) fn open_plain(&self) -> Result<Connection, StoreError> {
        let open = || Connection::open(&self.target(READER_CACHE_KIB, true), 1, None);
        match (self, open()) {
            (Self::Server(target), Err(missing @ StoreError::NoDatabase { .. })) => {
                make_database(target, missing)?;
                open()
            }
            (_, opened) => opened,
        }
    }

    pub(super) fn open_reader(&self, partitions: u16) -> Result<Connection, StoreError> {
        Connection::open(&self.target(READER_CACHE_KIB, false), partitions, None)
    }

    pub(super) fn open_writer(
        &self,
        partitions: u16,
        faults: Option<Faults>,
    ) -> Result<Connection, StoreError> {
        Connection::open(&self.target(WRITER_CACHE_KIB, true), partitions, faults)
    }
}

/// Makes the database on the server, where we are let. Whoever was quicker made it for us.
fn make_database(target: &PostgresTarget, missing: StoreError) -> Result<(), StoreError> {
    let Some((server, name)) = target.maintenance() else {
        return Err(missing);
    };
    let Ok(mut connection) = Connection::open(&Target::Postgres(Box::new(server)), 1, None) else {
        return Err(missing);
    };
    let quoted = name.replace('"', "\"\"");
    match connection.script(&format!("CREATE DATABASE \"{quoted}\"")) {
        Ok(()) => tracing::info!(name, "made the database"),
        Err(error) => tracing::info!(%error, name, "the database could not be made"),
    }
    Ok(())
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "sqlite:{}", path.display()),
            Self::Server(target) => write!(f, "PostgreSQL at {}", target.address()),
        }
    }
}
