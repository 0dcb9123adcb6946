//! Migrations: numbered files, forward only, run by whichever command meets the database first.

use sha2::{Digest, Sha256};
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::engine::{Cell, Columns, Connection, Engine, Statement};
use crate::error::StoreError;

/// One migration with its text for each engine.
#[derive(Debug)]
pub(crate) struct Migration {
    pub version: i64,
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

macro_rules! migration {
    ($version:literal, $name:literal, $file:literal) => {
        Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../migrations/postgres/", $file)),
        }
    };
}

/// All migrations by ascending version.
pub(crate) const MIGRATIONS: &[Migration] = &[
    migration!(1, "spine", "0001_spine.sql"),
    migration!(2, "network", "0002_network.sql"),
    migration!(3, "supply", "0003_supply.sql"),
    migration!(4, "screening", "0004_screening.sql"),
    migration!(5, "geo", "0005_geo.sql"),
    migration!(6, "lots", "0006_lots.sql"),
    migration!(7, "sourcing_runs", "0007_sourcing_runs.sql"),
    migration!(8, "promises", "0008_promises.sql"),
    migration!(9, "exceptions", "0009_exceptions.sql"),
    migration!(10, "legs", "0010_legs.sql"),
    migration!(11, "terms", "0011_terms.sql"),
    migration!(12, "bookings", "0012_bookings.sql"),
    migration!(13, "agreements", "0013_agreements.sql"),
];

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] =
    &[&APPLIED, &RECORD, &DATABASE, &INSERT_DATABASE, &FOREIGN];

/// The table that says which migrations have run, and the one row that runners lock.
const LEDGER: &str = "
    CREATE TABLE IF NOT EXISTS schema_migration (
        version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS schema_lock (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1));
    INSERT INTO schema_lock (one) VALUES (1) ON CONFLICT DO NOTHING;
";
const LOCK: &str = "UPDATE schema_lock SET one = 1 WHERE one = 1";
/// Tries when two processes make the first tables at the same moment.
const TRIES: usize = 20;

const APPLIED: Statement = Statement::new(
    "applied_migrations",
    "SELECT version, name, checksum FROM schema_migration ORDER BY version",
    "SELECT version, name, checksum FROM schema_migration ORDER BY version",
);

const RECORD: Statement = Statement::new(
    "record_migration",
    "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO schema_migration (version, name, checksum, applied_at)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])",
);

const DATABASE: Statement = Statement::new(
    "database",
    "SELECT partitions, merchant_id, created_at FROM database WHERE one = 1",
    "SELECT partitions, merchant_id, created_at FROM database WHERE one = 1",
);

const INSERT_DATABASE: Statement = Statement::new(
    "insert_database",
    "INSERT INTO database (one, partitions, merchant_id, created_at) VALUES (1, ?1, ?2, ?3)",
    "INSERT INTO database (one, partitions, merchant_id, created_at)
     SELECT 1, k.partitions, k.merchant_id, k.created_at
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[]) AS k (partitions, merchant_id, created_at)",
);

/// Tables of a database that has none of ours.
const FOREIGN: Statement = Statement::new(
    "check_foreign_tables",
    "SELECT count(*) FROM sqlite_master AS other WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
     AND NOT EXISTS (SELECT 1 FROM sqlite_master AS ours WHERE ours.name = 'schema_migration')",
    "SELECT count(*) FROM pg_catalog.pg_tables AS other WHERE schemaname = current_schema()
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_tables AS ours
                     WHERE ours.schemaname = current_schema() AND ours.tablename = 'schema_migration')",
);

/// What a new database is made with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Birth {
    pub partitions: u16,
    pub merchant: Uuid,
    pub now: Millis,
}

/// What a database says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Database {
    /// Into how many buckets it is divided.
    pub partitions: u16,
    /// The merchant whose database it is.
    pub merchant: Uuid,
    /// When it was made.
    pub created_at: Millis,
}

/// Brings the database to this program's version, and makes it if it is empty. `place` names it.
pub(crate) fn migrate(
    connection: &mut Connection,
    birth: Birth,
    place: &dyn std::fmt::Display,
) -> Result<Database, StoreError> {
    let mut last = StoreError::Misuse("no try was made");
    for _ in 0..TRIES {
        match try_migrate(connection, birth, MIGRATIONS, place) {
            Ok(database) => return Ok(database),
            // Two processes that make the same table at the same moment: the slower one sees a table or a row that
            // was not there when it looked. The next try finds it.
            Err(error @ (StoreError::Statement { .. } | StoreError::Retry(_))) => last = error,
            Err(error) => return Err(error),
        }
        connection.rollback();
    }
    Err(last)
}

fn try_migrate(
    connection: &mut Connection,
    birth: Birth,
    migrations: &[Migration],
    place: &dyn std::fmt::Display,
) -> Result<Database, StoreError> {
    if let Some(database) = up_to_date(connection, migrations)? {
        return Ok(database);
    }
    refuse_foreign(connection, place)?;
    connection.script(LEDGER)?;
    connection.begin(true)?;
    let result = run_all(connection, birth, migrations);
    match result {
        Ok(database) => connection.commit().map(|()| database),
        Err(error) => {
            connection.rollback();
            Err(error)
        }
    }
}

/// Looks without writing, so that a database that is up to date needs no lock.
fn up_to_date(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<Option<Database>, StoreError> {
    let applied = match applied(connection) {
        Ok(applied) => applied,
        Err(StoreError::Statement { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    check(&applied, migrations, connection.engine())?;
    if applied.len() < migrations.len() {
        return Ok(None);
    }
    database(connection)
}

/// A database that another program has filled is not ours to change.
fn refuse_foreign(
    connection: &mut Connection,
    place: &dyn std::fmt::Display,
) -> Result<(), StoreError> {
    let rows = connection.list(&FOREIGN, &[] as &[Cell])?;
    match rows.first().map(|row| row.int(0)).transpose()? {
        Some(1..) => Err(StoreError::Foreign {
            what: place.to_string(),
        }),
        _ => Ok(()),
    }
}

fn run_all(
    connection: &mut Connection,
    birth: Birth,
    migrations: &[Migration],
) -> Result<Database, StoreError> {
    connection.script(LOCK)?;
    let applied = applied(connection)?;
    let engine = connection.engine();
    check(&applied, migrations, engine)?;
    for migration in &migrations[applied.len()..] {
        tracing::info!(
            version = migration.version,
            name = migration.name,
            "migrating the database"
        );
        connection.script(migration.text(engine))?;
        let mut columns = Columns::default();
        columns
            .row()
            .int(migration.version)
            .text(migration.name)
            .text(&checksum(migration.text(engine)))
            .int(birth.now.0);
        connection.write(&RECORD, &columns)?;
    }
    if let Some(database) = database(connection)? {
        return Ok(database);
    }
    let mut columns = Columns::default();
    columns
        .row()
        .int(birth.partitions)
        .uuid(birth.merchant)
        .int(birth.now.0);
    connection.write(&INSERT_DATABASE, &columns)?;
    Ok(Database {
        partitions: birth.partitions,
        merchant: birth.merchant,
        created_at: birth.now,
    })
}

fn applied(connection: &mut Connection) -> Result<Vec<(i64, String, String)>, StoreError> {
    let rows = connection.list(&APPLIED, &[] as &[Cell])?;
    rows.iter()
        .map(|row| {
            Ok((
                row.int(0)?,
                row.text(1)?.to_owned(),
                row.text(2)?.to_owned(),
            ))
        })
        .collect()
}

/// Refuses a database from a newer program, and one whose migrations were others.
fn check(
    applied: &[(i64, String, String)],
    migrations: &[Migration],
    engine: Engine,
) -> Result<(), StoreError> {
    let known = migrations.last().map_or(0, |migration| migration.version);
    if let Some((found, ..)) = applied.iter().find(|(version, ..)| *version > known) {
        return Err(StoreError::Newer {
            found: *found,
            known,
        });
    }
    for ((version, name, sum), migration) in applied.iter().zip(migrations) {
        if *version != migration.version || *sum != checksum(migration.text(engine)) {
            return Err(StoreError::ChangedMigration {
                version: *version,
                name: name.clone(),
            });
        }
    }
    Ok(())
}

fn database(connection: &mut Connection) -> Result<Option<Database>, StoreError> {
    let rows = connection.list(&DATABASE, &[] as &[Cell])?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(Database {
        partitions: row.number(0)?,
        merchant: row.uuid(1)?,
        created_at: Millis(row.int(2)?),
    }))
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Migration {
    fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}
