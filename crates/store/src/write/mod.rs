//! The writer: leases its number, loads facts, and commits batches of decisions, each in one transaction.

mod agreements;
mod batch;
mod bookings;
mod changes;
mod counters;
mod counts;
mod days;
mod exclusion;
mod guards;
mod lanes;
mod later;
mod lease;
mod legs;
mod levels;
mod lines;
mod loader;
mod lots;
mod queue;
mod ring_fence;
mod serials;
mod statements;
mod supply;

use std::sync::Arc;

use throughline_core::Facts;
use throughline_core::facts::Need;
use throughline_core::id::ItemId;
use throughline_core::network::Network;
use throughline_core::party::Contact;
use throughline_core::time::Millis;
use uuid::Uuid;

pub(crate) use batch::Revised;
pub use batch::{Batch, Committed};
pub(crate) use lease::LEASE_MS;
pub(crate) use legs::leg_rows;
pub(crate) use lines::{allocation_rows, line_rows, method};
pub use loader::Loader;
pub(crate) use lots::lot_allocation_rows;

use self::changes::{Changes, Stamp};
use self::guards::{Check, Planned};
use self::lease::Lease;
use crate::engine::{Connection, Engine, Statement};
use crate::error::StoreError;
use crate::load;
use crate::projection::{self, Pace, ProjectionBuffer};
use crate::store::Pressure;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&[&Statement]] = &[
    statements::STATEMENTS,
    agreements::STATEMENTS,
    lanes::STATEMENTS,
    lease::STATEMENTS,
    legs::STATEMENTS,
    bookings::STATEMENTS,
    lots::STATEMENTS,
    serials::STATEMENTS,
    counts::STATEMENTS,
];

/// How often what dead writers left is looked for, in milliseconds.
const ADOPT_MS: i64 = 400;

/// One committer: a connection of its own, a leased number, and buffers that are used again.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
    owner: String,
    lease: Lease,
    changes: Changes,
    data_version: i64,
    /// Batches of all other writers, as last seen.
    others: Option<i64>,
    pressure: Option<Pressure>,
    projections: ProjectionBuffer,
    /// The latest order number that this writer knows of.
    latest: u64,
    adopted_at: Millis,
    in_batch: bool,
    /// Whether it is unknown which batch was the last.
    is_unsure: bool,
}

impl Writer {
    pub(crate) fn open(
        mut connection: Connection,
        owner: &str,
        now: Millis,
        pressure: Option<Pressure>,
    ) -> Result<Self, StoreError> {
        if let (Some(file), Some(pressure)) = (connection.sqlite(), pressure.clone()) {
            file.report_log_to(move |pages| pressure.report(pages))?;
        }
        let lease = lease::take(&mut connection, owner, now)?;
        let mut writer = Self {
            connection,
            owner: owner.to_owned(),
            lease,
            changes: Changes::default(),
            data_version: 0,
            others: None,
            pressure,
            projections: ProjectionBuffer::default(),
            latest: 0,
            adopted_at: now,
            in_batch: false,
            is_unsure: false,
        };
        writer.latest = crate::numbers::latest(&mut writer.connection)?;
        writer.flush_projections()?;
        writer.changed_by_others()?;
        Ok(writer)
    }

    /// Leases a number again, after another process took it over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn renew(&mut self, now: Millis) -> Result<(), StoreError> {
        self.rollback();
        self.lease = lease::take(&mut self.connection, &self.owner, now)?;
        self.projections = ProjectionBuffer::default();
        self.others = None;
        // Asked again, it says that others have written.
        self.data_version = 0;
        self.is_unsure = false;
        self.flush_projections()
    }

    /// Goes on after an error: with the same number and what is still to be projected, or with a new number where
    /// another process took the old one over.
    ///
    /// # Errors
    /// When the database cannot be written; to be called again then.
    pub fn recover(&mut self, now: Millis) -> Result<(), StoreError> {
        self.rollback();
        match self.make_sure() {
            Err(StoreError::GuardFailed(_)) => self.renew(now),
            result => result,
        }
    }

    /// Gives the number back, so that the next writer need not wait for the lease to run out. To be called last.
    pub fn release(&mut self) {
        self.rollback();
        let released = self
            .flush_projections()
            .and_then(|()| lease::release(&mut self.connection, self.lease));
        if let Err(error) = released {
            tracing::warn!(%error, writer = self.lease.writer, "the writer's number stays leased for a few seconds");
        }
    }

    /// Finds out whether the batch happened whose commit got no answer. If it did, its projections are read from the
    /// feed, after those of the batches before it were written.
    fn make_sure(&mut self) -> Result<(), StoreError> {
        self.is_unsure = true;
        let batch = lease::last_batch(&mut self.connection, self.lease)?;
        if batch != self.lease.batch {
            self.flush_projections()?;
            self.lease.batch = batch;
        }
        self.is_unsure = false;
        Ok(())
    }

    /// Writes the projections of what was committed. Does nothing inside a batch: what has to be exact there looks
    /// into the feed itself.
    ///
    /// # Errors
    /// [`StoreError::Retry`] and [`StoreError::UnknownOutcome`]; the rows are kept for the next try.
    pub fn flush_projections(&mut self) -> Result<(), StoreError> {
        if self.in_batch {
            return Ok(());
        }
        self.project_left()?;
        while self.projections.first().is_some() {
            self.project_slice(1)?;
        }
        self.lease.projected = self.lease.batch;
        Ok(())
    }

    /// Projects what neither is written nor in the buffer: batches of the number's last owner, or of a commit without
    /// answer.
    fn project_left(&mut self) -> Result<(), StoreError> {
        let Lease {
            writer,
            fence,
            projected,
            batch,
        } = self.lease;
        let left = self.projections.first().map_or(batch, |first| first - 1);
        if projected < left {
            projection::catch_up(&mut self.connection, writer, fence, projected, left)?;
            self.lease.projected = left;
        }
        Ok(())
    }

    fn project_slice(&mut self, slices: usize) -> Result<(), StoreError> {
        let number = (self.lease.writer, self.lease.fence);
        let complete =
            self.projections
                .write_slice(&mut self.connection, number, self.latest, slices)?;
        self.lease.projected = complete.unwrap_or(self.lease.projected);
        Ok(())
    }

    /// Writes a slice of the projections that have waited for long enough, and now and then those that a dead writer
    /// left. To be called often, between batches. Says whether there is another slice to be written.
    ///
    /// # Errors
    /// As [`Writer::flush_projections`].
    pub fn flush_projections_if_due(
        &mut self,
        now: Millis,
        pace: Pace,
    ) -> Result<bool, StoreError> {
        if self.in_batch {
            return Ok(false);
        }
        self.project_left()?;
        if self.projections.is_due(now) {
            self.project_slice(pace.slices())?;
        }
        let has_looked = (0..ADOPT_MS).contains(&(now.0 - self.adopted_at.0));
        if !has_looked {
            self.adopted_at = now;
            projection::adopt(&mut self.connection, self.lease.writer, now)?;
        }
        Ok(self.projections.is_due(now))
    }

    /// Begins a batch. On SQLite the write lock is taken at once, so that what is loaded stays true until the commit;
    /// on PostgreSQL the transaction begins with the commit, whose guards tell what has changed in between.
    ///
    /// # Errors
    /// [`StoreError::Retry`] when another process holds the file for too long.
    pub fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(pressure) = &self.pressure {
            pressure.wait();
        }
        if self.is_unsure {
            self.make_sure()?;
        }
        self.in_batch = true;
        match self.connection.engine() {
            Engine::Sqlite => self.connection.begin(true),
            Engine::Postgres => Ok(()),
        }
    }

    /// Whether another writer has committed a batch since this was last asked. What is no batch (keys, jobs, leases)
    /// does not count. Always false on PostgreSQL, where guards correct what is stale.
    ///
    /// # Errors
    /// When the file cannot be read; [`StoreError::GuardFailed`] when another process has taken the writer's number over.
    pub fn changed_by_others(&mut self) -> Result<bool, StoreError> {
        let Some(file) = self.connection.sqlite() else {
            return Ok(false);
        };
        let version = file.data_version()?;
        if self.data_version == version {
            return Ok(false);
        }
        let others = lease::batches_of_others(&mut self.connection, self.lease)?;
        self.data_version = version;
        Ok(self.others.replace(others) != Some(others))
    }

    /// Loads what is needed into the facts, in a constant number of statements. What does not exist is `None` there.
    ///
    /// # Errors
    /// [`StoreError::Retry`] when the connection is lost.
    pub fn load(
        &mut self,
        needs: &[Need],
        facts: &mut Facts,
        now: Millis,
    ) -> Result<(), StoreError> {
        load::load(&mut self.connection, needs, facts, now)
    }

    /// Loads the locations and channels that are in force.
    ///
    /// # Errors
    /// [`StoreError::Retry`] when the connection is lost.
    pub fn load_network(&mut self) -> Result<Arc<Network>, StoreError> {
        load::load_network(&mut self.connection)
    }

    /// The network that is in force: the known one, if it still is.
    ///
    /// # Errors
    /// [`StoreError::Retry`] when the connection is lost.
    pub fn reload_network(&mut self, known: &Arc<Network>) -> Result<Arc<Network>, StoreError> {
        load::reload_network(&mut self.connection, known)
    }

    /// Makes sure, where nothing is to be written, that the settings and the items that were decided on are those that
    /// are in force.
    ///
    /// # Errors
    /// [`StoreError::GuardFailed`] names what was no longer so; [`StoreError::Retry`] when the connection is lost.
    pub fn prove(
        &mut self,
        network_version: i64,
        items: &[(ItemId, i64)],
    ) -> Result<(), StoreError> {
        let partitions = self.connection.partitions();
        guards::prove(&mut self.connection, network_version, items, partitions)
    }

    /// Writes the union of the decisions and commits. Whatever the error, nothing of the batch stays, except after
    /// [`StoreError::UnknownOutcome`], when all of it or nothing does.
    ///
    /// # Errors
    /// [`StoreError::GuardFailed`] names what was no longer so; COMMIT was not sent. [`StoreError::Retry`] and
    /// [`StoreError::UnknownOutcome`] ask for the whole batch again; its claims make that safe.
    pub fn commit(&mut self, batch: &Batch<'_>) -> Result<Committed, StoreError> {
        let result = self.write(batch);
        self.is_unsure |= matches!(result, Err(StoreError::UnknownOutcome));
        self.in_batch = false;
        if result.is_err() {
            self.rollback();
        }
        result
    }

    fn write(&mut self, batch: &Batch<'_>) -> Result<Committed, StoreError> {
        let partitions = self.connection.partitions();
        let stamp = Stamp {
            writer: self.lease.writer,
            batch: self.lease.batch + 1,
            partitions,
            is_shared: self.connection.engine() == Engine::Postgres,
        };
        let claims = batch.claims(partitions);
        let orders = batch.orders(partitions);
        self.changes.gather(batch, &claims, &orders, stamp)?;
        let until = batch.now.plus_ms(lease::LEASE_MS).0;
        self.changes
            .writer
            .row()
            .int(stamp.writer)
            .int(self.lease.fence)
            .int(self.lease.batch)
            .int(stamp.batch)
            .int(until);
        if self.connection.engine() == Engine::Postgres {
            self.connection.begin(true)?;
        }
        let known_contacts = self.send(batch, &claims)?;
        self.connection.commit()?;
        self.lease.batch = stamp.batch;
        self.projections.forget_contacts(&known_contacts);
        self.projections
            .gather(batch, &orders, stamp.writer, stamp.batch);
        Ok(Committed {
            writer: stamp.writer,
            batch: stamp.batch,
        })
    }

    /// Sends everything in one round trip, and levels that were not there once more.
    /// Returns the contact rows that were there before and are changed.
    fn send(
        &mut self,
        batch: &Batch<'_>,
        claims: &guards::Claims<'_>,
    ) -> Result<Vec<(Uuid, Contact)>, StoreError> {
        let plan = plan(&self.changes);
        let mut failed = guards::Failed::default();
        guards::run(
            &mut self.connection,
            &plan,
            claims,
            batch.network_version,
            &mut failed,
        )
        .map_err(|error| guards::stumbled(error, &self.changes.oversell_limits))?;
        let untaken = std::mem::take(&mut failed.levels);
        if !untaken.is_empty() && failed.guards.is_empty() {
            let retry = guards::levels_again(&self.changes.levels, &untaken);
            guards::run(
                &mut self.connection,
                &retry.plan(),
                claims,
                batch.network_version,
                &mut failed,
            )?;
            failed.report_levels(&retry.levels);
        } else {
            failed.levels = untaken;
            failed.report_levels(&self.changes.levels);
        }
        failed.into_result()
    }

    /// Gives up what has begun.
    pub fn rollback(&mut self) {
        self.in_batch = false;
        self.connection.rollback();
    }

    /// Leases the next `count` order numbers, in a transaction of its own; not to be called between
    /// [`Writer::begin`] and [`Writer::commit`].
    ///
    /// # Errors
    /// [`StoreError::Retry`] and [`StoreError::UnknownOutcome`] cost at most a gap; lease again.
    pub fn lease_numbers(&mut self, count: u64) -> Result<std::ops::Range<u64>, StoreError> {
        let range = crate::numbers::lease(&mut self.connection, count)?;
        // Those of the range before are used up by now, or nearly.
        self.latest = self.latest.max(range.start);
        Ok(range)
    }

    /// The writer's number and its last batch.
    #[must_use]
    pub fn position(&self) -> Committed {
        Committed {
            writer: self.lease.writer,
            batch: self.lease.batch,
        }
    }
}

/// The statements of a commit in the one order in which all committers take their locks; hot rows last. The writer's
/// own row comes first: nobody else locks it, and it waits out a commit of ours whose answer was lost.
fn plan(changes: &Changes) -> Vec<Planned<'_>> {
    use statements as s;
    vec![
        Planned::write(&s::UPDATE_WRITER, &changes.writer, Check::Writer),
        Planned::write(&s::INSERT_CLAIMS, &changes.claims, Check::Claims),
        Planned::read(&s::LOCK_ORDERS, &changes.locked_orders, Check::None),
        Planned::write(&s::INSERT_ORDERS, &changes.new_orders, Check::Orders),
        Planned::write(&s::UPDATE_PROGRESS, &changes.progress, Check::Orders),
        Planned::write(&s::UPDATE_ORDERS, &changes.changed_orders, Check::Orders),
        Planned::write(&s::DELETE_LINES, &changes.gone_lines, Check::None),
        Planned::write(&s::UPSERT_LINES, &changes.lines, Check::None),
        Planned::write(
            &s::DELETE_ALLOCATIONS,
            &changes.gone_allocations,
            Check::None,
        ),
        Planned::write(&s::UPSERT_ALLOCATIONS, &changes.allocations, Check::None),
        Planned::write(
            &lots::DELETE_LOT_ALLOCATIONS,
            &changes.lots.gone_allocations,
            Check::None,
        ),
        Planned::write(
            &lots::UPSERT_LOT_ALLOCATIONS,
            &changes.lots.allocations,
            Check::None,
        ),
        Planned::write(&legs::DELETE_LEGS, &changes.legs.gone, Check::None),
        Planned::write(&legs::UPSERT_LEGS, &changes.legs.changed, Check::None),
        Planned::write(&s::INSERT_JOURNAL, &changes.journal, Check::None),
        Planned::write(&s::INSERT_EXPLANATIONS, &changes.explanations, Check::None),
        Planned::read(&s::KNOWN_CONTACTS, &changes.known_contacts, Check::Contacts),
        Planned::write(&s::UPSERT_CONTACTS, &changes.contacts, Check::None),
        Planned::write(&s::UPSERT_CUSTOMERS, &changes.customers, Check::None),
        Planned::write(&s::INSERT_ITEMS, &changes.new_items, Check::Items),
        Planned::write(&s::UPDATE_ITEMS, &changes.changed_items, Check::Items),
        Planned::write(
            &s::INSERT_ITEM_VERSIONS,
            &changes.item_versions,
            Check::None,
        ),
        Planned::read(&s::LOCK_ITEMS, &changes.stirred_items, Check::None),
        Planned::read(&s::OTHERS_WAIT, &changes.waited_seen, Check::Versions),
        Planned::write(
            &s::UPSERT_RESERVATIONS,
            &changes.reservations,
            Check::Reservations,
        ),
        Planned::write(
            &s::END_RESERVATIONS,
            &changes.ended_reservations,
            Check::Reservations,
        ),
        Planned::write(
            &s::TAKE_RESERVATION_LINES,
            &changes.ended_reservation_lines,
            Check::ReservationLines,
        ),
        Planned::write(
            &s::DELETE_RESERVATION_LINES,
            &changes.gone_reservation_lines,
            Check::None,
        ),
        Planned::write(
            &s::INSERT_RESERVATION_LINES,
            &changes.reservation_lines,
            Check::None,
        ),
        Planned::write(&s::UPSERT_FENCES, &changes.fences, Check::Items),
        Planned::write(&s::UPSERT_EXCLUSIONS, &changes.exclusions, Check::None),
        Planned::write(&s::INSERT_SUPPLIES, &changes.new_supplies, Check::Supplies),
        Planned::write(
            &s::UPDATE_SUPPLIES,
            &changes.changed_supplies,
            Check::Supplies,
        ),
        Planned::write(
            &s::INSERT_SUPPLY_ENTRIES,
            &changes.supply_entries,
            Check::None,
        ),
        Planned::write(&s::DELETE_WAITING, &changes.gone_waiting, Check::None),
        Planned::write(&s::INSERT_WAITING, &changes.waiting, Check::None),
        Planned::write(&s::UPSERT_TALLIES, &changes.tallies, Check::Counters),
        Planned::write(&s::UPSERT_ACCOUNTS, &changes.accounts, Check::Counters),
        Planned::write(
            &agreements::UPSERT_AGREEMENTS,
            &changes.agreements,
            Check::Counters,
        ),
        Planned::write(&agreements::UPSERT_CALLS, &changes.calls, Check::None),
        Planned::write(&s::INSERT_JOBS, &changes.jobs, Check::None),
        Planned::write(&s::INSERT_FEED, &changes.feed, Check::None),
        Planned::write(&s::INSERT_FEED_EVENTS, &changes.feed_events, Check::None),
        Planned::write(&s::INSERT_LEDGER, &changes.ledger, Check::None),
        Planned::write(&lots::INSERT_LOTS, &changes.lots.new, Check::Items),
        Planned::write(&lots::ENSURE_LOT_LEVELS, &changes.lots.ensured, Check::None),
        Planned::write(&lots::UPDATE_LOT_LEVELS, &changes.lots.levels, Check::Items),
        Planned::write(&counts::INSERT_TASKS, &changes.counts.new, Check::Items),
        Planned::write(&counts::UPDATE_TASKS, &changes.counts.changed, Check::Items),
        Planned::write(&serials::INSERT_ENTRIES, &changes.serials, Check::Items),
        Planned::write(&s::ENSURE_LEVELS, &changes.new_levels, Check::None),
        Planned::write(
            &s::UPDATE_OVERSELL_LIMITS,
            &changes.oversell_limits,
            Check::None,
        ),
        Planned::write(&s::UPDATE_LEVELS, &changes.levels, Check::Levels),
        Planned::write(&s::INSERT_WAKE_UPS, &changes.wake_ups, Check::None),
        Planned::read(
            &s::CHANGED_ITEMS,
            &changes.items_decided_on,
            Check::Versions,
        ),
        Planned::write(&s::ENSURE_DAYS, &changes.new_days, Check::None),
        Planned::write(&s::UPDATE_DAYS, &changes.days, Check::Days),
        Planned::write(&bookings::ENSURE, &changes.bookings.new, Check::None),
        Planned::write(&bookings::UPDATE, &changes.bookings.changed, Check::Days),
        Planned::write(&s::INSERT_MEMBERS, &changes.members, Check::None),
        Planned::write(&lanes::COUNT_PARCELS, &changes.parcels, Check::None),
        Planned::write(&lanes::COUNT_PROMISES, &changes.promises, Check::None),
        Planned::write(
            &lanes::COUNT_FIRST_PROMISES,
            &changes.first_promises,
            Check::None,
        ),
        Planned::write(&s::UPSERT_LOCATIONS, &changes.locations, Check::None),
        Planned::write(&s::UPSERT_CHANNELS, &changes.channels, Check::None),
        Planned::read(&s::LOCK_SETTING, &changes.settings_read, Check::Setting),
        Planned::write(&s::UPDATE_SETTING, &changes.setting, Check::Setting),
    ]
}
