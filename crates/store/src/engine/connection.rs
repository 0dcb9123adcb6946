//! A connection of either engine.

use super::Engine;
use super::columns::Columns;
use super::faults::{Fault, Faults};
use super::postgres::{Parameters, PostgresConnection, PostgresTarget};
use super::rows::{Cell, Rows};
use super::sqlite::{SqliteConnection, SqliteTarget};
use super::statement::Statement;
use crate::error::{Retry, StoreError};

/// A connection to a database, of either engine.
#[derive(Debug)]
pub struct Connection {
    pub(super) kind: Kind,
    partitions: u16,
    faults: Option<Faults>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Sqlite(SqliteConnection),
    Postgres(Box<PostgresConnection>),
}

/// Where a database is.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// A file.
    Sqlite(SqliteTarget),
    /// A server.
    Postgres(Box<PostgresTarget>),
}

/// One statement with the rows it runs for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    /// A query, run for every row of keys.
    Read(&'static Statement, &'a Columns),
    /// A change, run for every row.
    Write(&'static Statement, &'a Columns),
}

/// What a step returned.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Rows of a query.
    Rows(Rows),
    /// The rows (by position) that a change did not take for.
    Untaken(Vec<usize>),
}

impl Outcome {
    /// The rows of a query.
    pub(crate) fn rows(self) -> Rows {
        match self {
            Self::Rows(rows) => rows,
            Self::Untaken(_) => Rows::default(),
        }
    }

    /// The rows that a change did not take for.
    pub(crate) fn untaken(self) -> Vec<usize> {
        match self {
            Self::Rows(_) => Vec::new(),
            Self::Untaken(rows) => rows,
        }
    }
}

impl Connection {
    pub(crate) fn open(
        target: &Target,
        partitions: u16,
        faults: Option<Faults>,
    ) -> Result<Self, StoreError> {
        let kind = match target {
            Target::Sqlite(target) => Kind::Sqlite(SqliteConnection::open(target)?),
            Target::Postgres(target) => Kind::Postgres(Box::new(PostgresConnection::open(target)?)),
        };
        Ok(Self {
            kind,
            partitions,
            faults,
        })
    }

    /// Which engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.kind {
            Kind::Sqlite(_) => Engine::Sqlite,
            Kind::Postgres(_) => Engine::Postgres,
        }
    }

    /// Into how many buckets the database is divided.
    #[must_use]
    pub fn partitions(&self) -> u16 {
        self.partitions
    }

    pub(crate) fn set_partitions(&mut self, partitions: u16) {
        self.partitions = partitions;
    }

    pub(crate) fn sqlite(&mut self) -> Option<&mut SqliteConnection> {
        match &mut self.kind {
            Kind::Sqlite(connection) => Some(connection),
            Kind::Postgres(_) => None,
        }
    }

    fn draw(&self, possible: &[Fault]) -> Option<Fault> {
        self.faults
            .as_ref()
            .and_then(|faults| faults.draw(possible))
    }

    /// Runs text of any number of statements, without parameters.
    pub(crate) fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.kind {
            Kind::Sqlite(connection) => connection.batch(sql),
            Kind::Postgres(connection) => connection.batch(sql),
        }
    }

    /// Runs steps in their order, on PostgreSQL in one round trip. What ran before the first error is returned with it.
    /// Steps without rows do not run.
    pub(crate) fn run(&mut self, steps: &[Step<'_>]) -> (Vec<Outcome>, Option<StoreError>) {
        if let Some(Fault::Serialization) = self.draw(&[Fault::Serialization]) {
            let kind = if self.engine() == Engine::Sqlite {
                Retry::Busy
            } else {
                Retry::Serialization
            };
            return (Vec::new(), Some(StoreError::Retry(kind)));
        }
        match &mut self.kind {
            Kind::Sqlite(connection) => run_sqlite(connection, steps),
            Kind::Postgres(connection) => run_postgres(connection, steps),
        }
    }

    /// Runs queries for rows of keys, on PostgreSQL in one round trip.
    pub(crate) fn read<const N: usize>(
        &mut self,
        steps: [(&'static Statement, &Columns); N],
    ) -> Result<[Rows; N], StoreError> {
        let steps = steps.map(|(statement, columns)| Step::Read(statement, columns));
        let (outcomes, error) = self.run(&steps);
        if let Some(error) = error {
            return Err(error);
        }
        let mut rows = outcomes.into_iter().map(Outcome::rows);
        Ok(std::array::from_fn(|_| rows.next().unwrap_or_default()))
    }

    /// Runs a change for rows; says which rows it did not take for.
    pub(crate) fn write(
        &mut self,
        statement: &'static Statement,
        columns: &Columns,
    ) -> Result<Vec<usize>, StoreError> {
        match self.run(&[Step::Write(statement, columns)]) {
            (_, Some(error)) => Err(error),
            (outcomes, None) => Ok(outcomes.into_iter().flat_map(Outcome::untaken).collect()),
        }
    }

    /// Runs a statement once with single values.
    pub(crate) fn list(
        &mut self,
        statement: &'static Statement,
        values: &[Cell],
    ) -> Result<Rows, StoreError> {
        match &mut self.kind {
            Kind::Sqlite(connection) => connection.list(statement, values),
            Kind::Postgres(connection) => {
                match connection.run(&[(statement, Parameters::Values(values))]) {
                    (_, Some(error)) => Err(error),
                    (rows, None) => Ok(rows.into_iter().next().unwrap_or_default()),
                }
            }
        }
    }

    /// Begins a transaction. On SQLite a writing one takes the write lock at once.
    pub(crate) fn begin(&mut self, writing: bool) -> Result<(), StoreError> {
        match &mut self.kind {
            Kind::Sqlite(connection) => connection.begin(writing),
            Kind::Postgres(connection) => {
                connection.begin(writing);
                Ok(())
            }
        }
    }

    /// Begins a writing transaction that is lost with the machine unless a later one is durable: for what is made again
    /// from what is, and for what only matters with what comes after it. On PostgreSQL it is as durable as any.
    pub(crate) fn begin_lazy(&mut self) -> Result<(), StoreError> {
        match &mut self.kind {
            Kind::Sqlite(connection) => connection.begin_lazy(),
            Kind::Postgres(connection) => {
                connection.begin(true);
                Ok(())
            }
        }
    }

    /// Commits.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        match self.draw(&[Fault::CutBeforeCommit, Fault::CutAfterCommit]) {
            Some(Fault::CutBeforeCommit) => {
                self.cut();
                return Err(StoreError::Retry(Retry::LostConnection));
            }
            Some(_) => {
                self.finish()?;
                self.cut();
                return Err(StoreError::UnknownOutcome);
            }
            None => {}
        }
        self.finish()
    }

    fn finish(&mut self) -> Result<(), StoreError> {
        match &mut self.kind {
            Kind::Sqlite(connection) => connection.commit(),
            Kind::Postgres(connection) => connection.commit(),
        }
    }

    /// Ends the connection at once; a file has no connection to cut, so what has begun is rolled back.
    fn cut(&mut self) {
        match &mut self.kind {
            Kind::Sqlite(connection) => connection.rollback(),
            Kind::Postgres(connection) => connection.cut(),
        }
    }

    /// Rolls back what has begun, if anything has.
    pub(crate) fn rollback(&mut self) {
        match &mut self.kind {
            Kind::Sqlite(connection) => connection.rollback(),
            Kind::Postgres(connection) => connection.rollback(),
        }
    }
}

fn run_sqlite(
    connection: &mut SqliteConnection,
    steps: &[Step<'_>],
) -> (Vec<Outcome>, Option<StoreError>) {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let outcome = match step {
            Step::Read(statement, columns) => {
                connection.read(statement, columns).map(Outcome::Rows)
            }
            Step::Write(statement, columns) => {
                connection.write(statement, columns).map(Outcome::Untaken)
            }
        };
        match outcome {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => return (outcomes, Some(error)),
        }
    }
    (outcomes, None)
}

fn run_postgres(
    connection: &mut PostgresConnection,
    steps: &[Step<'_>],
) -> (Vec<Outcome>, Option<StoreError>) {
    let columns = |step: &Step<'_>| match step {
        Step::Read(_, columns) | Step::Write(_, columns) => columns.len(),
    };
    let calls: Vec<_> = steps
        .iter()
        .filter(|step| columns(step) > 0)
        .map(|step| match step {
            Step::Read(statement, columns) | Step::Write(statement, columns) => {
                (*statement, Parameters::Columns(columns))
            }
        })
        .collect();
    let (answers, error) = if calls.is_empty() {
        (Vec::new(), None)
    } else {
        connection.run(&calls)
    };
    let mut answers = answers.into_iter();
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let rows = if columns(step) == 0 {
            Some(Rows::default())
        } else {
            answers.next()
        };
        let Some(rows) = rows else { break };
        outcomes.push(match step {
            Step::Read(..) => Outcome::Rows(rows),
            Step::Write(statement, columns) => Outcome::Untaken(untaken(statement, columns, &rows)),
        });
    }
    (outcomes, error)
}

/// The rows whose key a guarded statement did not return.
fn untaken(statement: &Statement, columns: &Columns, taken: &Rows) -> Vec<usize> {
    if statement.guard.is_empty() || taken.len() == columns.len() {
        return Vec::new();
    }
    let taken: rustc_hash::FxHashSet<&[Cell]> = taken.iter().map(super::rows::Row::cells).collect();
    (0..columns.len())
        .filter(|row| !taken.contains(columns.key(*row, statement.guard).as_slice()))
        .collect()
}
