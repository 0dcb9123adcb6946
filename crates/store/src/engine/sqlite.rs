//! The embedded engine: one file, WAL, every commit on disk before it is answered.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, ErrorCode, OpenFlags, ToSql};

use super::columns::{Column, Columns};
use super::rows::{Cell, Rows};
use super::statement::Statement;
use crate::error::{Retry, StoreError};

/// How long a connection waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How often, and with what pause between, a file that others open at the same moment is asked to become a WAL file:
/// together as long as [`BUSY_TIMEOUT`].
const WAL_TRIES: u32 = 250;
const WAL_PAUSE: Duration = Duration::from_millis(20);
/// Statements kept prepared per connection; more than there are.
const STATEMENTS_KEPT: usize = 256;

/// A database file, and what connections to it are for.
#[derive(Debug, Clone)]
pub(crate) struct SqliteTarget {
    /// The file.
    pub path: PathBuf,
    /// Page cache of each connection in KiB.
    pub cache_kib: i64,
    /// Whether connections may write.
    pub writable: bool,
}

/// One connection to a database file.
#[derive(Debug)]
pub(crate) struct SqliteConnection {
    connection: rusqlite::Connection,
    path: PathBuf,
    /// Whether a commit waits for the disk.
    syncs: bool,
}

impl SqliteConnection {
    /// Opens the file, and makes it if it is not there and may be written.
    pub(crate) fn open(target: &SqliteTarget) -> Result<Self, StoreError> {
        let connection = connect(target).map_err(|error| fault(&target.path, "open", &error))?;
        Ok(Self {
            connection,
            path: target.path.clone(),
            syncs: true,
        })
    }

    /// Runs text of any number of statements, without parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection
            .execute_batch(sql)
            .map_err(|error| fault(&self.path, "batch", &error))
    }

    /// Runs a statement once for each row of `columns`; says which rows changed nothing.
    pub(crate) fn write(
        &mut self,
        statement: &Statement,
        columns: &Columns,
    ) -> Result<Vec<usize>, StoreError> {
        let result = write(&self.connection, statement, columns);
        result.map_err(|error| fault(&self.path, statement.name, &error))
    }

    /// Runs a query once for each row of `columns`.
    pub(crate) fn read(
        &mut self,
        statement: &Statement,
        columns: &Columns,
    ) -> Result<Rows, StoreError> {
        let result = read(&self.connection, statement, columns);
        result.map_err(|error| fault(&self.path, statement.name, &error))
    }

    /// Runs a query once with single values.
    pub(crate) fn list(
        &mut self,
        statement: &Statement,
        values: &[Cell],
    ) -> Result<Rows, StoreError> {
        let result = list(&self.connection, statement, values);
        result.map_err(|error| fault(&self.path, statement.name, &error))
    }

    /// Begins a transaction. A writing one takes the write lock at once.
    pub(crate) fn begin(&mut self, writing: bool) -> Result<(), StoreError> {
        if !writing {
            return self.step("BEGIN");
        }
        self.sync(true)?;
        self.step("BEGIN IMMEDIATE")
    }

    /// Begins a writing transaction whose commit does not wait for the disk: it becomes durable with the next one that
    /// does, since the log is read up to where it ends.
    pub(crate) fn begin_lazy(&mut self) -> Result<(), StoreError> {
        self.sync(false)?;
        self.step("BEGIN IMMEDIATE")
    }

    /// Runs a statement that begins or ends a transaction and is kept prepared.
    fn step(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let prepared = self.connection.prepare_cached(sql);
        let ran = prepared.and_then(|mut prepared| prepared.raw_execute());
        ran.map(|_| ())
            .map_err(|error| fault(&self.path, "transaction", &error))
    }

    fn sync(&mut self, syncs: bool) -> Result<(), StoreError> {
        if self.syncs != syncs {
            self.batch(match syncs {
                true => "PRAGMA synchronous = FULL",
                false => "PRAGMA synchronous = NORMAL",
            })?;
            self.syncs = syncs;
        }
        Ok(())
    }

    /// Commits. When that fails nothing of the transaction stays.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        let result = self.step("COMMIT");
        if result.is_err() {
            self.rollback();
        }
        result
    }

    /// Rolls back what has begun, if anything has.
    pub(crate) fn rollback(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::warn!(%error, "a transaction could not be rolled back; the file's lock goes with the connection");
        }
    }

    /// A number that changes when another connection has committed.
    pub(crate) fn data_version(&mut self) -> Result<i64, StoreError> {
        let prepared = self.connection.prepare_cached("PRAGMA data_version");
        let version = prepared.and_then(|mut prepared| prepared.query_row([], |row| row.get(0)));
        version.map_err(|error| fault(&self.path, "data_version", &error))
    }

    /// Moves pages from the log to the file as far as no reader needs them. Returns the pages in the log and
    /// the pages moved.
    pub(crate) fn checkpoint(&mut self) -> Result<(i64, i64), StoreError> {
        let moved = self
            .connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok((row.get(1)?, row.get(2)?))
            });
        moved.map_err(|error| fault(&self.path, "checkpoint", &error))
    }

    /// Tells how many pages the log has after each commit of this connection.
    pub(crate) fn report_log_to(
        &mut self,
        report: impl Fn(u64) + Send + 'static,
    ) -> Result<(), StoreError> {
        let hook = move |_: &mut rusqlite::hooks::Wal, pages: i32| {
            report(u64::try_from(pages).unwrap_or_default());
            Ok(())
        };
        self.connection
            .wal_hook(Some(hook))
            .map_err(|error| fault(&self.path, "wal_hook", &error))
    }
}

fn connect(target: &SqliteTarget) -> rusqlite::Result<rusqlite::Connection> {
    let access = if target.writable {
        OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::empty()
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | access;
    let connection = rusqlite::Connection::open_with_flags(&target.path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // Else a statement whose LIMIT is a parameter is planned again each time it is given a value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The page size can only be chosen before the first table; on a file that has one this does nothing.
    connection.pragma_update(None, "page_size", 4096)?;
    become_wal(&connection)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", "off")?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "cache_size", -target.cache_kib)?;
    // A checkpoint in the writer would make every order of the batch wait for it: a thread of its own does them.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    if !target.writable {
        connection.pragma_update(None, "query_only", "on")?;
    }
    Ok(connection)
}

/// Makes a WAL file of a new one. SQLite does not wait by itself where two connections would wait for each other, as
/// those do that meet a new file together, so this tries again.
fn become_wal(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    let mut tries = 1;
    loop {
        let switched = connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()));
        match switched {
            Err(error)
                if tries < WAL_TRIES
                    && error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) =>
            {
                tries += 1;
                std::thread::sleep(WAL_PAUSE);
            }
            switched => return switched,
        }
    }
}

fn write(
    connection: &rusqlite::Connection,
    statement: &Statement,
    columns: &Columns,
) -> rusqlite::Result<Vec<usize>> {
    let mut prepared = connection.prepare_cached(statement.sqlite)?;
    let mut unchanged = Vec::new();
    for row in 0..columns.len() {
        bind(&mut prepared, columns.columns(), row)?;
        if prepared.raw_execute()? == 0 && !statement.guard.is_empty() {
            unchanged.push(row);
        }
    }
    Ok(unchanged)
}

fn read(
    connection: &rusqlite::Connection,
    statement: &Statement,
    columns: &Columns,
) -> rusqlite::Result<Rows> {
    let mut prepared = connection.prepare_cached(statement.sqlite)?;
    let width = prepared.column_count();
    let mut cells = Vec::new();
    for row in 0..columns.len() {
        bind(&mut prepared, columns.columns(), row)?;
        collect(&mut prepared, width, &mut cells)?;
    }
    Ok(Rows {
        cells,
        width,
        statement: statement.name,
    })
}

fn list(
    connection: &rusqlite::Connection,
    statement: &Statement,
    values: &[Cell],
) -> rusqlite::Result<Rows> {
    let mut prepared = connection.prepare_cached(statement.sqlite)?;
    let width = prepared.column_count();
    let mut cells = Vec::new();
    for (position, value) in values.iter().enumerate() {
        prepared.raw_bind_parameter(position + 1, value)?;
    }
    collect(&mut prepared, width, &mut cells)?;
    Ok(Rows {
        cells,
        width,
        statement: statement.name,
    })
}

fn collect(
    prepared: &mut CachedStatement<'_>,
    width: usize,
    cells: &mut Vec<Cell>,
) -> rusqlite::Result<()> {
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next()? {
        for column in 0..width {
            cells.push(cell(row.get_ref(column)?));
        }
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Integer(value),
        // The schema has no real numbers; a sum that became one would be refused as "no whole number".
        ValueRef::Real(value) => Cell::Text(value.to_string()),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::bytes_from(bytes),
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Uuid(value) => ValueRef::Blob(value.as_bytes()),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// One value of a column, lent to the statement.
struct Lent<'a>(ValueRef<'a>);

impl ToSql for Lent<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}

fn bind(
    prepared: &mut CachedStatement<'_>,
    columns: &[Column],
    row: usize,
) -> rusqlite::Result<()> {
    for (position, column) in columns.iter().enumerate() {
        let value = match column {
            Column::Int(values) => values[row].map_or(ValueRef::Null, ValueRef::Integer),
            Column::Uuid(values) => values[row]
                .as_ref()
                .map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())),
            Column::Text(packed) => packed.get(row).map_or(ValueRef::Null, ValueRef::Text),
            Column::Bytes(packed) => packed.get(row).map_or(ValueRef::Null, ValueRef::Blob),
        };
        prepared.raw_bind_parameter(position + 1, Lent(value))?;
    }
    Ok(())
}

/// Turns an error of the engine into one that names the thing and the remedy.
pub(super) fn fault(path: &Path, statement: &'static str, error: &rusqlite::Error) -> StoreError {
    let what = || format!("the database file {}", path.display());
    let detail = || error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) if statement == "open" => StoreError::Locked { what: what() },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Retry(Retry::Busy),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Corrupt {
            what: what(),
            detail: detail(),
        },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::Unwritable {
                path: path.display().to_string(),
                detail: detail(),
            }
        }
        Some(ErrorCode::DiskFull) => StoreError::Full,
        _ => StoreError::Statement {
            statement,
            detail: detail(),
        },
    }
}
