//! The store: opening a database, lending connections to readers, making writers.

mod checkpoint;
mod readers;
mod url;

use std::sync::Arc;

use throughline_core::carrier::ClosureId;
use throughline_core::command::Actor;
use throughline_core::id::{BulkId, KeyId, SourcingRunId};
use throughline_core::order::bulk::Bulk;
use throughline_core::order::queue::QueueRun;
use throughline_core::time::Millis;
use uuid::Uuid;

use self::checkpoint::Checkpointer;
use self::readers::Readers;
use self::url::Place;
use crate::bulk::{self, BulkRun, Left};
use crate::closures::{self, ClosureRun, Touched};
use crate::engine::{Connection, Engine, Faults};
use crate::error::StoreError;
use crate::jobs::Worker;
use crate::keys::{self, ApiKey};
use crate::migrate::{self, Birth, Database};
use crate::postal::PostalLoader;
use crate::prune::Pruner;
use crate::sourcing_runs::{self, Due, OrderResult, Run, RunKind};
use crate::write::{Loader, Writer};

pub(crate) use self::checkpoint::Pressure;
pub use self::url::Options;

/// A database, of either engine.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    place: Place,
    database: Database,
    readers: Readers,
    checkpointer: Option<Checkpointer>,
    faults: Option<Faults>,
}

impl Store {
    /// Opens a database, makes it if it is not there, and migrates it.
    ///
    /// `url` is `sqlite:PATH` or `postgres://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?sslmode=require]`.
    ///
    /// # Errors
    /// Every error names the thing and the remedy; see [`StoreError`].
    pub fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        Self::open_with(url, options, None)
    }

    /// Opens a database whose connections have planned faults; for tests.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with_faults(
        url: &str,
        options: Options,
        faults: Faults,
    ) -> Result<Self, StoreError> {
        Self::open_with(url, options, Some(faults))
    }

    fn open_with(url: &str, options: Options, faults: Option<Faults>) -> Result<Self, StoreError> {
        let place = Place::parse(url)?;
        place.prepare()?;
        let mut connection = place.open_plain()?;
        let default = if place.engine() == Engine::Sqlite {
            1
        } else {
            64
        };
        let partitions = options.partitions.unwrap_or(default);
        if !partitions.is_power_of_two() || partitions > 1024 {
            return Err(StoreError::Misuse(
                "the number of partitions is a power of two up to 1024",
            ));
        }
        let birth = Birth {
            partitions,
            merchant: Uuid::from_u128(options.random),
            now: options.now,
        };
        let database = migrate::migrate(&mut connection, birth, &place)?;
        connection.set_partitions(database.partitions);
        let checkpointer = match place.engine() {
            Engine::Sqlite => Some(Checkpointer::start(connection)?),
            Engine::Postgres => None,
        };
        let readers = Readers::new(place.clone(), database.partitions);
        Ok(Self {
            inner: Arc::new(Inner {
                place,
                database,
                readers,
                checkpointer,
                faults,
            }),
        })
    }

    /// What the database says of itself.
    #[must_use]
    pub fn database(&self) -> Database {
        self.inner.database
    }

    /// Into how many buckets the database is divided.
    #[must_use]
    pub fn partitions(&self) -> u16 {
        self.inner.database.partitions
    }

    /// Which engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.inner.place.engine()
    }

    /// Where the database is, without a password; for messages.
    #[must_use]
    pub fn place(&self) -> String {
        self.inner.place.to_string()
    }

    /// Makes a committer with a connection of its own and a leased number. `owner` is shown to whoever looks at the
    /// leases.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn writer(&self, owner: &str, now: Millis) -> Result<Writer, StoreError> {
        let connection = self
            .inner
            .place
            .open_writer(self.partitions(), self.inner.faults.clone())?;
        let pressure = self.inner.checkpointer.as_ref().map(Checkpointer::pressure);
        Writer::open(connection, owner, now, pressure)
    }

    /// Makes a loader of facts beside a writer, with a reading connection of its own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn loader(&self) -> Result<Loader, StoreError> {
        let connection = self.inner.place.open_reader(self.partitions())?;
        Ok(Loader::new(connection))
    }

    /// Makes a worker for jobs, with a connection of its own. `owner` must be unique among the workers that live.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn worker(&self, owner: &str) -> Result<Worker, StoreError> {
        let connection = self
            .inner
            .place
            .open_writer(self.partitions(), self.inner.faults.clone())?;
        Ok(Worker::new(connection, owner))
    }

    /// Makes a pruner, with a connection of its own.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn pruner(&self) -> Result<Pruner, StoreError> {
        let connection = self.inner.place.open_writer(self.partitions(), None)?;
        Ok(Pruner::new(connection))
    }

    /// Makes a loader of postal codes, with a connection of its own.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn postal_loader(&self) -> Result<PostalLoader, StoreError> {
        let connection = self.inner.place.open_writer(self.partitions(), None)?;
        Ok(PostalLoader::new(connection))
    }

    /// Stores an API key. Storing it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn insert_api_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        keys::insert(
            &mut self.inner.place.open_writer(self.partitions(), None)?,
            key,
        )
    }

    /// Revokes an API key; says whether there is one. The time of the first revocation stays.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn revoke_api_key(&self, id: KeyId, now: Millis) -> Result<bool, StoreError> {
        keys::revoke(
            &mut self.inner.place.open_writer(self.partitions(), None)?,
            id,
            now,
        )
    }

    /// Stores a run of one action over many orders. Storing it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn insert_bulk_run(
        &self,
        id: BulkId,
        actor: Actor,
        bulk: &Bulk,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        bulk::insert(&mut connection, id, actor, bulk, now)
    }

    /// Stores where a run is after a step, and what the step did not reach; says whether the run was still as it had
    /// been read.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn advance_bulk_run(&self, run: &BulkRun, left: &[Left]) -> Result<bool, StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        bulk::advance(&mut connection, run, left)
    }

    /// Stores a run over many orders that is to begin. Storing it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn insert_sourcing_run<K: RunKind>(
        &self,
        id: SourcingRunId,
        actor: Actor,
        asked: &K,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        sourcing_runs::insert(&mut connection, id, actor, asked, now)
    }

    /// Takes a run for one step; says whether it was still as it had been read.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn lease_sourcing_run<K: RunKind>(
        &self,
        run: &mut Run<K>,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        sourcing_runs::lease(&mut connection, run, now)
    }

    /// Stores where a run is after a step, with what came of the orders of the step; says whether the lease still counted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn advance_sourcing_run<K: RunKind, T: serde::Serialize>(
        &self,
        run: &Run<K>,
        results: &[OrderResult<T>],
    ) -> Result<bool, StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        sourcing_runs::advance(&mut connection, run, results)
    }

    /// Stores when a channel's waiting orders are next sourced together, and the run that begins now, if one does; says
    /// whether the channel was still as it had been read.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_sourcing_due(
        &self,
        due: &Due,
        run: Option<(SourcingRunId, Actor, &QueueRun)>,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        sourcing_runs::put_due(&mut connection, due, run, now)
    }

    /// Begins a run over everything that is to be sent while a closure lasts. Beginning it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_closure_run(
        &self,
        closure: ClosureId,
        network: i64,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        closures::begin(&mut connection, closure, network, now)
    }

    /// Stores where such a run is after a step, and what it touched; says whether the run was still as it had been read.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn advance_closure_run(
        &self,
        run: &ClosureRun,
        touched: &[(i64, Touched)],
    ) -> Result<bool, StoreError> {
        let mut connection = self.inner.place.open_writer(self.partitions(), None)?;
        closures::advance(&mut connection, run, touched)
    }

    /// Lends a connection with one consistent snapshot. A connection that was lost while it was idle is replaced, and
    /// `read` runs again.
    ///
    /// # Errors
    /// What `read` says, and [`StoreError::Retry`] when the database cannot be reached.
    pub fn read<T>(
        &self,
        read: impl FnMut(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.readers.read(read)
    }
}
