//! Projections: rows that only reading needs, kept out of the orders' own transactions. A writer gathers them from
//! what it commits and writes many at once, within half a second; what a dead writer left is read from the feed.

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

use flush::Mark;

use crate::engine::{Connection, Statement};
use crate::error::StoreError;
use crate::write::{Batch, Revised};

/// How long rows may wait, in milliseconds.
const DELAY_MS: i64 = 300;
/// Rows from which they do not wait any longer: many are cheaper to write together.
const ROWS_KEPT: usize = 100_000;
/// The same where there is time for it: few are written so quickly that nobody notices who comes meanwhile.
const ROWS_KEPT_IN_QUIET: usize = 1_000;
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

/// Rows of committed batches that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct ProjectionBuffer {
    rows: ProjectionRows,
    /// The first and the last batch in the buffer.
    first: i64,
    batch: i64,
    /// The time of the first batch in the buffer.
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

    /// The first batch in the buffer, if there is any.
    pub(crate) fn first(&self) -> Option<i64> {
        self.since.map(|_| self.first)
    }

    /// Whether rows have waited for long enough.
    pub(crate) fn is_due(&self, now: Millis, pace: Pace) -> bool {
        // A clock that was set back makes nobody wait.
        let waits = |since: Millis| (0..DELAY_MS).contains(&(now.0 - since.0));
        let kept = match pace {
            Pace::Busy => ROWS_KEPT,
            Pace::Quiet => ROWS_KEPT_IN_QUIET,
        };
        self.rows.len() >= kept || self.since.is_some_and(|since| !waits(since))
    }

    /// Writes everything in a transaction of its own. Whatever the error, the rows are kept for the next try, except
    /// those of a writer that was fenced: whoever took its number over reads them from the feed.
    pub(crate) fn flush(
        &mut self,
        connection: &mut Connection,
        writer: i32,
        fence: i64,
        latest: u64,
    ) -> Result<(), StoreError> {
        if self.since.is_none() {
            return Ok(());
        }
        let mark = Mark {
            writer,
            fence,
            batch: self.batch,
            latest,
        };
        connection.begin(true)?;
        let written = flush::write(connection, &mut self.rows, mark);
        let finished = match written {
            Ok(()) => connection.commit(),
            Err(error) => {
                connection.rollback();
                Err(error)
            }
        };
        if matches!(finished, Ok(()) | Err(StoreError::GuardFailed(_)))
            || self.rows.len() > ROWS_MAX
        {
            self.rows.clear();
            self.since = None;
        }
        finished
    }
}
