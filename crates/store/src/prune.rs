//! Pruning: what nobody needs any more goes, a bounded number of rows at a time.
//!
//! Claims that make a request happen once go when their callers cannot repeat it any more; those that are the identity
//! of something (order numbers, references, SKUs, email addresses, imported rows) stay. Of the feed, batches that are
//! older and projected go; the last of them stays as a mark, so that a reader who was away for longer is told.

mod runs;

use throughline_core::facts::ClaimKind;
use throughline_core::order::screening::TALLY_KEPT_MS;
use throughline_core::time::Millis;

pub use self::runs::RUNS_KEPT_MS;
pub(crate) use self::runs::STATEMENTS as OF_RUNS;
use crate::engine::{Cell, Columns, Connection, Statement, Step};
use crate::error::StoreError;
use crate::views::cell;

/// How long claims of requests and batches of the feed are kept, in milliseconds: 35 days. The API states 30.
pub const KEPT_MS: i64 = 35 * 86_400_000;
/// Rows looked at in one step, of each table.
const STEP: usize = 500;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &CLAIMS,
    &DELETE_CLAIMS,
    &TALLIES,
    &DELETE_TALLIES,
    &WRITERS,
    &FEED,
    &DELETE_FEED,
    &DELETE_FEED_EVENTS,
    &MARK_FEED,
];

const CLAIMS: Statement = Statement::new(
    "claims_to_prune",
    "SELECT value, created_at FROM claim WHERE bucket = ?1 AND kind = ?2 AND value > ?3 ORDER BY value LIMIT ?4",
    "SELECT value, created_at FROM claim WHERE bucket = $1 AND kind = $2 AND value > $3 ORDER BY value LIMIT $4",
);

const DELETE_CLAIMS: Statement = Statement::new(
    "delete_claims",
    "DELETE FROM claim WHERE bucket = ?1 AND kind = ?2 AND value = ?3 AND created_at < ?4",
    "DELETE FROM claim c
     USING unnest($1::integer[], $2::smallint[], $3::bytea[], $4::bigint[]) AS k (bucket, kind, value, created_before)
     WHERE c.bucket = k.bucket AND c.kind = k.kind AND c.value = k.value AND c.created_at < k.created_before",
);

const TALLIES: Statement = Statement::new(
    "tallies_to_prune",
    "SELECT bucket, kind, value, updated_at FROM tally
     WHERE (bucket, kind, value) > (?1, ?2, ?3) ORDER BY bucket, kind, value LIMIT ?4",
    "SELECT bucket, kind, value, updated_at FROM tally
     WHERE (bucket, kind, value) > ($1, $2, $3) ORDER BY bucket, kind, value LIMIT $4",
);

const DELETE_TALLIES: Statement = Statement::new(
    "delete_tallies",
    "DELETE FROM tally WHERE bucket = ?1 AND kind = ?2 AND value = ?3 AND updated_at < ?4",
    "DELETE FROM tally t
     USING unnest($1::integer[], $2::smallint[], $3::bytea[], $4::bigint[]) AS k (bucket, kind, value, updated_before)
     WHERE t.bucket = k.bucket AND t.kind = k.kind AND t.value = k.value AND t.updated_at < k.updated_before",
);

const WRITERS: Statement = Statement::new(
    "writers_to_prune",
    "SELECT writer, projected FROM writer ORDER BY writer LIMIT 10000",
    "SELECT writer, projected FROM writer ORDER BY writer LIMIT 10000",
);

const FEED: Statement = Statement::new(
    "feed_to_prune",
    "SELECT batch, at FROM feed WHERE writer = ?1 ORDER BY batch LIMIT ?2",
    "SELECT batch, at FROM feed WHERE writer = $1 ORDER BY batch LIMIT $2",
);

const DELETE_FEED: Statement = Statement::new(
    "delete_feed",
    "DELETE FROM feed WHERE writer = ?1 AND batch < ?2",
    "DELETE FROM feed f USING unnest($1::integer[], $2::bigint[]) AS k (writer, batch)
     WHERE f.writer = k.writer AND f.batch < k.batch",
);

/// Up to the mark, the marked batch included.
const DELETE_FEED_EVENTS: Statement = Statement::new(
    "delete_feed_events",
    "DELETE FROM feed_event WHERE writer = ?1 AND batch <= ?2",
    "DELETE FROM feed_event f USING unnest($1::integer[], $2::bigint[]) AS k (writer, batch)
     WHERE f.writer = k.writer AND f.batch <= k.batch",
);

const MARK_FEED: Statement = Statement::new(
    "mark_feed",
    "UPDATE feed SET body = '[]' WHERE writer = ?1 AND batch = ?2",
    "UPDATE feed f SET body = '[]' FROM unnest($1::integer[], $2::bigint[]) AS k (writer, batch)
     WHERE f.writer = k.writer AND f.batch = k.batch",
);

/// Where walking along the tallies begins.
fn no_tally() -> [Cell; 3] {
    [Cell::Integer(-1), Cell::Integer(0), Cell::bytes_from(&[])]
}

/// Prunes step by step; remembers where it is.
#[derive(Debug)]
pub struct Pruner {
    connection: Connection,
    /// The bucket whose keys of callers are looked at, and the last of them.
    bucket: i32,
    key: Vec<u8>,
    /// The last tally that was looked at: bucket, kind and value.
    tally: [Cell; 3],
    /// Where the walks along the runs are.
    runs: runs::RunWalk,
}

impl Pruner {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            bucket: 0,
            key: Vec::new(),
            tally: no_tally(),
            runs: runs::RunWalk::new(),
        }
    }

    /// Prunes a bounded number of rows; says how many. To be called now and then. It may run anywhere at any time, in
    /// several processes at once.
    ///
    /// # Errors
    /// [`StoreError::Retry`]; the next step does it then.
    pub fn step(&mut self, now: Millis) -> Result<usize, StoreError> {
        let before = now.plus_ms(-KEPT_MS);
        let mut claims = Columns::default();
        for bucket in 0..i32::from(self.connection.partitions()) {
            // Generated keys begin with their time: the oldest come first.
            self.old_claims(ClaimKind::Generated, bucket, &[], before, &mut claims)?;
        }
        self.next_keys(before, &mut claims)?;
        let feed = self.old_feed(before)?;
        let tallies = self.old_tallies(now)?;
        let of_runs = self.runs.step(&mut self.connection, now)?;
        if claims.is_empty() && feed.is_empty() && tallies.is_empty() {
            return Ok(of_runs);
        }
        self.connection.begin(true)?;
        let steps = [
            Step::Write(&DELETE_CLAIMS, &claims),
            Step::Write(&DELETE_TALLIES, &tallies),
            Step::Write(&DELETE_FEED, &feed),
            Step::Write(&DELETE_FEED_EVENTS, &feed),
            Step::Write(&MARK_FEED, &feed),
        ];
        if let (_, Some(error)) = self.connection.run(&steps) {
            self.connection.rollback();
            return Err(error);
        }
        self.connection.commit()?;
        Ok(of_runs + claims.len() + feed.len() + tallies.len())
    }

    /// Callers' keys are hashed, so that old and new ones lie side by side: all of them are walked along.
    fn next_keys(&mut self, before: Millis, claims: &mut Columns) -> Result<(), StoreError> {
        let (bucket, after) = (self.bucket, std::mem::take(&mut self.key));
        match self.old_claims(ClaimKind::Request, bucket, &after, before, claims)? {
            Some(last) => self.key = last,
            None => self.bucket = (bucket + 1) % i32::from(self.connection.partitions()),
        }
        Ok(())
    }

    /// Looks at the claims of a kind after a value; the last one looked at, if there may be more.
    fn old_claims(
        &mut self,
        kind: ClaimKind,
        bucket: i32,
        after: &[u8],
        before: Millis,
        old: &mut Columns,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let kind = kind as i16;
        let values = [
            Cell::Integer(bucket.into()),
            Cell::Integer(kind.into()),
            Cell::bytes_from(after),
            cell(STEP),
        ];
        let rows = self.connection.list(&CLAIMS, &values)?;
        let mut last = None;
        for row in rows.iter() {
            let value = row.bytes(0)?.to_vec();
            if row.int(1)? < before.0 {
                let row = old.row().int(bucket).int(kind);
                row.bytes(&value).int(before.0);
            }
            last = Some(value);
        }
        Ok(last.filter(|_| rows.len() == STEP))
    }

    /// Tallies that remember nothing any more, of the next ones; all of them are walked along.
    fn old_tallies(&mut self, now: Millis) -> Result<Columns, StoreError> {
        let before = now.plus_ms(-2 * TALLY_KEPT_MS).0;
        let [bucket, kind, value] = std::mem::replace(&mut self.tally, no_tally());
        let values = [bucket, kind, value, cell(STEP)];
        let rows = self.connection.list(&TALLIES, &values)?;
        let mut old = Columns::default();
        for row in rows.iter() {
            if row.int(3)? < before {
                let row_of = old.row().int(row.int(0)?).int(row.int(1)?);
                row_of.bytes(row.bytes(2)?).int(before);
            }
            if rows.len() == STEP {
                let cells = row.cells();
                self.tally = [cells[0].clone(), cells[1].clone(), cells[2].clone()];
            }
        }
        Ok(old)
    }

    /// The last of the first batches of each writer that are old and projected, where there is more than one.
    fn old_feed(&mut self, before: Millis) -> Result<Columns, StoreError> {
        let mut marks = Columns::default();
        let writers = self.connection.list(&WRITERS, &[])?;
        for writer in writers.iter() {
            let (number, projected): (i32, i64) = (writer.number(0)?, writer.int(1)?);
            let values = [Cell::Integer(number.into()), cell(STEP)];
            let mut old = 0;
            let mut last = 0;
            for row in self.connection.list(&FEED, &values)?.iter() {
                if row.int(1)? >= before.0 || row.int(0)? > projected {
                    break;
                }
                old += 1;
                last = row.int(0)?;
            }
            if old > 1 {
                marks.row().int(number).int(last);
            }
        }
        Ok(marks)
    }
}
