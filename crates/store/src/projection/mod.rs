//! Projections: rows that only reading needs, kept out of the orders' own transactions. A writer gathers them from
//! what it commits and writes many of them together, within a second; what a dead writer left is read from the feed.

mod catch_up;
mod flush;
mod rows;
pub(crate) mod volumes;
pub(crate) mod words;

use throughline_core::decision::Decision;
use throughline_core::party::Contact;
use throughline_core::time::Millis;
use uuid::Uuid;

pub(crate) use catch_up::{adopt, catch_up};
pub(crate) use rows::ProjectionRows;

use flush::{Mark, Sorted};

use crate::engine::{Connection, Engine, Statement};
use crate::error::StoreError;
use crate::write::{Batch, Revised};

/// How long rows are gathered, in milliseconds: the more are written together, the fewer pages each of them costs.
const DELAY_MS: i64 = 500;
/// Rows from which they do not wait any longer.
const ROWS_KEPT: usize = 100_000;
/// Into how many slices they are cut where requests come quickly, and where it matters more that nobody waits for long.
const SLICES: usize = 8;
const SLICES_IN_QUIET: usize = 24;
/// Rows of a slice at least.
const SLICE_MIN: usize = 500;
/// Rows from which they are not kept for another try: they can be read from the feed.
const ROWS_MAX: usize = 10 * ROWS_KEPT;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&[&Statement]] =
    &[flush::STATEMENTS, catch_up::STATEMENTS, volumes::STATEMENTS];

/// How much a committer has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Batches are large, or more requests wait.
    Busy,
    /// Batches are small, and nobody waits.
    Quiet,
}

impl Pace {
    /// Into how many slices what was gathered is cut.
    pub(crate) fn slices(self) -> usize {
        match self {
            Self::Busy => SLICES,
            Self::Quiet => SLICES_IN_QUIET,
        }
    }
}

/// Rows of committed batches that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct ProjectionBuffer {
    /// Those that are being written, with the first of their batches.
    writing: Option<(i64, Sorted)>,
    /// Those that are being gathered.
    rows: ProjectionRows,
    /// The first and the last of their batches.
    first: i64,
    batch: i64,
    /// The time of the first.
    since: Option<Millis>,
}

impl ProjectionBuffer {
    /// Forgets the words of contact rows as they were before a batch.
    pub(crate) fn forget_contacts(&mut self, contacts: &[(Uuid, Contact)]) {
        contacts
            .iter()
            .for_each(|(id, contact)| self.rows.forget_contact(*id, contact));
    }

    /// Gathers the rows of a committed batch.
    pub(crate) fn gather(
        &mut self,
        batch: &Batch<'_>,
        orders: &[Revised<'_>],
        writer: i32,
        number: i64,
    ) {
        for revised in orders {
            self.rows.add_order(
                revised.before.map(std::convert::AsRef::as_ref),
                revised.after,
            );
        }
        let decisions = || batch.decisions.iter().map(|(_, decision)| decision);
        for (id, contact) in decisions().flat_map(|decision| &decision.contacts) {
            self.rows.add_contact(*id, contact);
        }
        let items = decisions()
            .flat_map(|decision: &Decision| &decision.moves)
            .map(|moved| moved.item);
        for (position, item) in items.enumerate() {
            self.rows
                .add_ledger(item, batch.now, writer, number, position);
        }
        if self.since.is_none() {
            self.first = number;
        }
        self.batch = number;
        self.since = self.since.or(Some(batch.now));
    }

    /// The first batch whose rows are not all written, if there is any.
    pub(crate) fn first(&self) -> Option<i64> {
        let writing = self.writing.as_ref().map(|(first, _)| *first);
        writing.or(self.since.map(|_| self.first))
    }

    /// Whether rows have waited for long enough.
    pub(crate) fn is_due(&self, now: Millis) -> bool {
        // A clock that was set back makes nobody wait.
        let waits = |since: Millis| (0..DELAY_MS).contains(&(now.0 - since.0));
        self.writing.is_some()
            || self.rows.len() >= ROWS_KEPT
            || self.since.is_some_and(|since| !waits(since))
    }

    /// Writes a slice of the rows that have waited for longest, in a transaction of its own. Returns the last batch that
    /// is complete then, if one has become so. Whatever the error, the rows are kept for the next try, except those of a
    /// writer that was fenced: whoever took its number over reads them from the feed.
    pub(crate) fn write_slice(
        &mut self,
        connection: &mut Connection,
        (writer, fence): (i32, i64),
        latest: u64,
        slices: usize,
    ) -> Result<Option<i64>, StoreError> {
        let Some((_, sorted)) = self.sorted(connection, (writer, fence), latest) else {
            return Ok(None);
        };
        // One statement for all rows is cheaper on PostgreSQL, where nobody else waits for this transaction.
        let slices = match connection.engine() {
            Engine::Postgres => 1,
            Engine::Sqlite => slices,
        };
        let rows = (sorted.len() / slices + 1).max(SLICE_MIN);
        // If they are lost, so is the mark, and they are read from the feed.
        connection.begin_lazy()?;
        let written = sorted.write(connection, rows);
        let finished = match written {
            Ok(written) => connection.commit().map(|()| written),
            Err(error) => {
                connection.rollback();
                Err(error)
            }
        };
        match finished {
            Ok(written) => {
                sorted.advance(written);
                let complete = sorted.is_written().then(|| sorted.batch());
                if complete.is_some() {
                    self.writing = None;
                }
                Ok(complete)
            }
            Err(error) => {
                let kept = sorted.len() + self.rows.len();
                if matches!(error, StoreError::GuardFailed(_)) || kept > ROWS_MAX {
                    *self = Self::default();
                }
                Err(error)
            }
        }
    }

    /// What is being written: begun, if nothing is.
    fn sorted(
        &mut self,
        connection: &Connection,
        (writer, fence): (i32, i64),
        latest: u64,
    ) -> Option<&mut (i64, Sorted)> {
        if self.writing.is_none() {
            self.since.take()?;
            let mark = Mark {
                writer,
                fence,
                batch: self.batch,
                latest,
            };
            let rows = std::mem::take(&mut self.rows);
            self.writing = Some((self.first, Sorted::new(rows, connection, mark)));
        }
        self.writing.as_mut()
    }
}
