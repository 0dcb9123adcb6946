//! The server engine: a connection that is driven by a small runtime of its own, so that a committer is a plain
//! thread, and whose statements are pipelined: one batch costs a constant number of round trips.

use std::error::Error as _;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls};

use super::columns::Columns;
use super::rows::{Cell, Rows};
use super::statement::Statement;
use crate::error::{Retry, StoreError};

mod binary;
mod target;

pub use target::POSTGRES_OPTIONS;
pub(crate) use target::{PostgresTarget, without_password};

type Answer = Result<Vec<tokio_postgres::Row>, Error>;
type Pending<'a> = Pin<Box<dyn Future<Output = Answer> + 'a>>;

/// How long it may take to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Round trips after which statements are planned for the second time.
const PLAN_AGAIN_FIRST: u64 = 16;
/// Round trips between two plans at most: some seconds under load.
const PLAN_AGAIN_MOST: u64 = 2_000;

/// One connection to a server; connects again when it was lost.
#[derive(Debug)]
pub(crate) struct PostgresConnection {
    runtime: Option<Runtime>,
    client: Option<Client>,
    prepared: FxHashMap<&'static str, tokio_postgres::Statement>,
    /// Round trips so far, and after how many statements are planned again.
    trips: u64,
    plan_again_at: u64,
    target: PostgresTarget,
    /// The text that begins the transaction, until it is sent along with the first statements.
    begin: Option<&'static str>,
    in_transaction: bool,
}

/// Parameters of one call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parameters<'a> {
    /// Arrays.
    Columns(&'a Columns),
    /// Single values.
    Values(&'a [Cell]),
}

impl<'a> Parameters<'a> {
    fn list(self) -> Vec<&'a (dyn ToSql + Sync)> {
        match self {
            Self::Columns(columns) => columns
                .columns()
                .iter()
                .map(|column| column as &(dyn ToSql + Sync))
                .collect(),
            Self::Values(values) => values
                .iter()
                .map(|value| value as &(dyn ToSql + Sync))
                .collect(),
        }
    }
}

impl PostgresConnection {
    /// Connects.
    pub(crate) fn open(target: &PostgresTarget) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| target.unreachable(&error.to_string()))?;
        let mut connection = Self {
            runtime: Some(runtime),
            client: None,
            prepared: FxHashMap::default(),
            trips: 0,
            plan_again_at: PLAN_AGAIN_FIRST,
            target: target.clone(),
            begin: None,
            in_transaction: false,
        };
        connection.connect()?;
        Ok(connection)
    }

    fn runtime(&self) -> Result<&Runtime, StoreError> {
        self.runtime.as_ref().ok_or(StoreError::Misuse(
            "a connection is used while it is dropped",
        ))
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        let target = &self.target;
        let client = self
            .runtime()?
            .block_on(connect(target))
            .map_err(|error| target.fault(&error))?;
        self.client = Some(client);
        self.prepared.clear();
        Ok(())
    }

    /// Connects again if the connection was lost outside a transaction.
    fn revive(&mut self) -> Result<(), StoreError> {
        match &self.client {
            Some(client) if !client.is_closed() => Ok(()),
            _ if self.in_transaction => Err(StoreError::Retry(Retry::LostConnection)),
            _ => self.connect().map_err(|error| {
                tracing::warn!(%error, "the connection was lost and cannot be made again now");
                StoreError::Retry(Retry::LostConnection)
            }),
        }
    }

    /// Runs text of any number of statements, without parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.revive()?;
        let begin = self.begin.take();
        let text = begin.map_or(std::borrow::Cow::Borrowed(sql), |begin| {
            format!("{begin};{sql}").into()
        });
        let client = self
            .client
            .as_ref()
            .ok_or(StoreError::Retry(Retry::LostConnection))?;
        let result = self.runtime()?.block_on(client.batch_execute(&text));
        self.in_transaction |= begin.is_some();
        result.map_err(|error| fault("batch", &error))
    }

    /// Runs calls in one round trip. What ran before the first error is returned with it.
    pub(super) fn run(
        &mut self,
        calls: &[(&'static Statement, Parameters<'_>)],
    ) -> (Vec<Rows>, Option<StoreError>) {
        self.plan_again_if_due();
        if let Err(error) = self.revive().and_then(|()| self.prepare(calls)) {
            return (Vec::new(), Some(error));
        }
        match self.pipeline(calls) {
            Ok(answers) => read_answers(calls, answers),
            Err(error) => (Vec::new(), Some(error)),
        }
    }

    /// A plan made while a table was empty walks the table and looks each row up in the parameters; when the table has
    /// grown it should be the other way around. So plans are made anew, ever more rarely.
    fn plan_again_if_due(&mut self) {
        self.trips += 1;
        if self.trips >= self.plan_again_at {
            self.plan_again_at = self.trips + PLAN_AGAIN_MOST.min(3 * self.trips);
            self.prepared.clear();
        }
    }

    /// Prepares what is not prepared yet, all of it in one round trip.
    fn prepare(
        &mut self,
        calls: &[(&'static Statement, Parameters<'_>)],
    ) -> Result<(), StoreError> {
        let mut missing: Vec<&'static Statement> = Vec::new();
        for (statement, _) in calls {
            if !self.prepared.contains_key(statement.name)
                && !missing.iter().any(|known| known.name == statement.name)
            {
                missing.push(statement);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let client = self
            .client
            .as_ref()
            .ok_or(StoreError::Retry(Retry::LostConnection))?;
        type Preparing<'a> =
            Pin<Box<dyn Future<Output = Result<tokio_postgres::Statement, Error>> + 'a>>;
        let futures = missing
            .iter()
            .map(|statement| Box::pin(client.prepare(statement.postgres)) as Preparing<'_>)
            .collect();
        let answers = self.runtime()?.block_on(in_order(futures));
        for (statement, answer) in missing.into_iter().zip(answers) {
            let prepared = answer.map_err(|error| fault(statement.name, &error))?;
            self.prepared.insert(statement.name, prepared);
        }
        Ok(())
    }

    fn pipeline(
        &mut self,
        calls: &[(&'static Statement, Parameters<'_>)],
    ) -> Result<Vec<Answer>, StoreError> {
        let client = self
            .client
            .as_ref()
            .ok_or(StoreError::Retry(Retry::LostConnection))?;
        let parameters: Vec<_> = calls
            .iter()
            .map(|(_, parameters)| parameters.list())
            .collect();
        let mut futures: Vec<Pending<'_>> = Vec::with_capacity(calls.len() + 1);
        let begin = self.begin.take();
        if let Some(begin) = begin {
            futures.push(Box::pin(async move {
                client.batch_execute(begin).await.map(|()| Vec::new())
            }));
        }
        for ((statement, _), parameters) in calls.iter().zip(&parameters) {
            let prepared = &self.prepared[statement.name];
            futures.push(Box::pin(client.query(prepared, parameters)));
        }
        let runtime = self.runtime.as_ref().ok_or(StoreError::Misuse(
            "a connection is used while it is dropped",
        ))?;
        let mut answers = runtime.block_on(in_order(futures));
        if begin.is_some() {
            self.in_transaction = true;
            answers.remove(0).map_err(|error| fault("begin", &error))?;
        }
        Ok(answers)
    }

    /// Begins a transaction with the next statements.
    pub(crate) fn begin(&mut self, writing: bool) {
        let text = if writing {
            "BEGIN"
        } else {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        };
        self.begin = Some(text);
    }

    /// Commits.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        if self.begin.take().is_some() || !self.in_transaction {
            return Ok(());
        }
        let client = self
            .client
            .as_ref()
            .filter(|client| !client.is_closed())
            .ok_or(StoreError::Retry(Retry::LostConnection))?;
        let result = self.runtime()?.block_on(client.batch_execute("COMMIT"));
        match result {
            Ok(()) => {
                self.in_transaction = false;
                Ok(())
            }
            Err(error) if is_lost(&error) => {
                self.cut();
                Err(StoreError::UnknownOutcome)
            }
            Err(error) => {
                self.rollback();
                Err(fault("commit", &error))
            }
        }
    }

    /// Rolls back what has begun; drops the connection where that does not work.
    pub(crate) fn rollback(&mut self) {
        let begun = std::mem::take(&mut self.in_transaction) && self.begin.take().is_none();
        self.begin = None;
        if begun && self.batch("ROLLBACK").is_err() {
            self.cut();
        }
    }

    /// Ends the connection at once.
    pub(crate) fn cut(&mut self) {
        self.client = None;
        self.begin = None;
        self.in_transaction = false;
        self.prepared.clear();
    }
}

impl Drop for PostgresConnection {
    /// A runtime may not be dropped where another one runs; it has nothing left to wait for.
    fn drop(&mut self) {
        self.client = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn connect(target: &PostgresTarget) -> Result<Client, Error> {
    let config: &Config = &target.config;
    match &target.tls {
        Some(tls) => {
            let tls = tokio_postgres_rustls::MakeRustlsConnect::new(tls.as_ref().clone());
            let (client, connection) = config.connect(tls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
        None => {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
    }
}

/// Polls the futures in their order, so that statements are sent in it, until all are done.
async fn in_order<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, slot) in futures
            .iter_mut()
            .zip(&mut done)
            .filter(|(_, slot)| slot.is_none())
        {
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                *slot = Some(value);
            }
        }
        if done.iter().any(Option::is_none) {
            Poll::Pending
        } else {
            Poll::Ready(done.drain(..).flatten().collect())
        }
    })
    .await
}

/// Reads answers up to the first error.
fn read_answers(
    calls: &[(&'static Statement, Parameters<'_>)],
    answers: Vec<Answer>,
) -> (Vec<Rows>, Option<StoreError>) {
    let mut all = Vec::with_capacity(answers.len());
    for ((statement, _), answer) in calls.iter().zip(answers) {
        match answer
            .map_err(|error| fault(statement.name, &error))
            .and_then(|rows| read(statement, &rows))
        {
            Ok(rows) => all.push(rows),
            Err(error) => return (all, Some(error)),
        }
    }
    (all, None)
}

fn read(statement: &'static Statement, rows: &[tokio_postgres::Row]) -> Result<Rows, StoreError> {
    let width = rows.first().map_or(0, tokio_postgres::Row::len);
    let mut cells = Vec::with_capacity(width * rows.len());
    for row in rows {
        for column in 0..width {
            cells.push(
                row.try_get::<_, Cell>(column)
                    .map_err(|error| fault(statement.name, &error))?,
            );
        }
    }
    Ok(Rows {
        cells,
        width,
        statement: statement.name,
    })
}

/// Whether the connection is gone, as opposed to a statement that was answered with an error.
fn is_lost(error: &Error) -> bool {
    match error.code() {
        None => {
            error.is_closed()
                || error
                    .source()
                    .is_some_and(|source| source.is::<std::io::Error>())
        }
        Some(code) => {
            let gone = [
                SqlState::ADMIN_SHUTDOWN,
                SqlState::CRASH_SHUTDOWN,
                SqlState::CANNOT_CONNECT_NOW,
                SqlState::CONNECTION_FAILURE,
            ];
            gone.contains(code)
        }
    }
}

/// Turns an error of the server into one that names the thing and the remedy.
fn fault(statement: &'static str, error: &Error) -> StoreError {
    if is_lost(error) {
        return StoreError::Retry(Retry::LostConnection);
    }
    match error.code() {
        Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE => {
            StoreError::Retry(Retry::Serialization)
        }
        Some(code) if *code == SqlState::T_R_DEADLOCK_DETECTED => {
            StoreError::Retry(Retry::Deadlock)
        }
        Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE => StoreError::Retry(Retry::Busy),
        Some(code) if *code == SqlState::DISK_FULL => StoreError::Full,
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => StoreError::NotAllowed {
            detail: describe(error),
        },
        _ => StoreError::Statement {
            statement,
            detail: describe(error),
        },
    }
}

/// The server's words without the row it speaks of, which may hold personal values.
fn describe(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        None => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}
