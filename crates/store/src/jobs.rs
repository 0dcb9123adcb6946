//! Jobs: work to be done after a commit, kept in the same transaction as the change that asked for it.
//!
//! Workers lease buckets, so that no two of them look at the same rows, and claim rows inside a bucket. A worker that
//! died loses its bucket and its rows when their leases run out; a job may therefore run twice, and tolerates it. The
//! fence of a claim tells a late worker apart: what it says of the job no longer counts.

use serde::{Deserialize, Serialize};
use throughline_core::carrier::ClosureId;
use throughline_core::id::{BUCKET_BITS, HoldNo, ItemId, JobId, OrderId};
use throughline_core::time::Millis;
use uuid::Uuid;

use crate::engine::{Cell, Columns, Connection, Engine, Row, Statement};
use crate::error::StoreError;

/// How long a bucket stays leased, in milliseconds.
pub const BUCKET_LEASE_MS: i64 = 30_000;
/// How long a claimed job stays claimed, in milliseconds.
pub const JOB_LEASE_MS: i64 = 60_000;
/// The first pause after a failure, and the longest one, in milliseconds.
const BACKOFF_MS: i64 = 1_000;
const BACKOFF_MAX_MS: i64 = 3_600_000;
/// Bytes of an error that are kept.
const ERROR_MAX: usize = 1000;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&Statement] = &[
    &LEASES,
    &TAKE_BUCKET,
    &INSERT_BUCKET,
    &RELEASE_BUCKETS,
    &DUE,
    &DUE_LOCKED,
    &CLAIM,
    &COMPLETE,
    &FAIL,
    &COUNT,
];

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobKind {
    /// Give free stock of an item to the orders that wait for it.
    ServeWaiting {
        /// The item.
        item: ItemId,
    },
    /// Let the scheduled fulfilments of an order be begun whose time has come.
    ReleaseScheduled {
        /// The order.
        order: OrderId,
    },
    /// Let the approvals of an order escalate and run out.
    ReviewHolds {
        /// The order.
        order: OrderId,
    },
    /// Ask a scorer outside about a held order.
    AskScorer {
        /// The order.
        order: OrderId,
        /// The hold that waits for the answer.
        hold: HoldNo,
    },
    /// See whether an order is as it was promised, and let its choices run out.
    WatchPromise {
        /// The order.
        order: OrderId,
    },
    /// Promise anew what waits for an item: what will come has changed.
    RenewWaiting {
        /// The item.
        item: ItemId,
    },
    /// Begin a run over everything that is to be sent while a closure lasts.
    Reroute {
        /// The closure.
        closure: ClosureId,
        /// The version of the network that it came with, or changed in.
        network: i64,
    },
}

impl JobKind {
    /// The kind as stored.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ServeWaiting { .. } => "serve_waiting",
            Self::ReviewHolds { .. } => "review_holds",
            Self::AskScorer { .. } => "ask_scorer",
            Self::ReleaseScheduled { .. } => "release_scheduled",
            Self::WatchPromise { .. } => "watch_promise",
            Self::RenewWaiting { .. } => "renew_waiting",
            Self::Reroute { .. } => "reroute",
        }
    }
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Identity.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// Times it was begun, this one included.
    pub attempts: i64,
    bucket: i32,
    fence: i64,
}

const LEASES: Statement = Statement::new(
    "bucket_leases",
    "SELECT bucket, owner, fence, until FROM bucket_lease ORDER BY bucket LIMIT 1024",
    "SELECT bucket, owner, fence, until FROM bucket_lease ORDER BY bucket LIMIT 1024",
);

const TAKE_BUCKET: Statement = Statement::guarded(
    "take_buckets",
    &[0],
    "UPDATE bucket_lease SET owner = ?3, fence = fence + 1, until = ?4 WHERE bucket = ?1 AND fence = ?2",
    "UPDATE bucket_lease l SET owner = k.owner, fence = l.fence + 1, until = k.until
     FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::bigint[]) AS k (bucket, fence, owner, until)
     WHERE l.bucket = k.bucket AND l.fence = k.fence RETURNING l.bucket",
);

const INSERT_BUCKET: Statement = Statement::guarded(
    "insert_buckets",
    &[0],
    "INSERT INTO bucket_lease (bucket, owner, fence, until) VALUES (?1, ?2, 1, ?3) ON CONFLICT DO NOTHING",
    "INSERT INTO bucket_lease (bucket, owner, fence, until)
     SELECT k.bucket, k.owner, 1, k.until FROM unnest($1::integer[], $2::text[], $3::bigint[]) AS k (bucket, owner, until)
     ON CONFLICT DO NOTHING RETURNING bucket",
);

const RELEASE_BUCKETS: Statement = Statement::new(
    "release_buckets",
    "UPDATE bucket_lease SET until = 0 WHERE owner = ?1",
    "UPDATE bucket_lease SET until = 0 WHERE owner = ANY($1::text[])",
);

const DUE: Statement = Statement::new(
    "due_jobs",
    "SELECT bucket, job_id, body, attempts, lease_fence FROM job
     WHERE bucket = ?1 AND run_at <= ?2 AND (leased_until IS NULL OR leased_until < ?2) ORDER BY run_at, job_id LIMIT ?3",
    "SELECT bucket, job_id, body, attempts, lease_fence FROM job
     WHERE bucket = $1 AND run_at <= $2 AND (leased_until IS NULL OR leased_until < $2) ORDER BY run_at, job_id LIMIT $3",
);

/// On PostgreSQL the rows that another worker is claiming at this moment are skipped.
const DUE_LOCKED: Statement = Statement::new(
    "due_jobs_locked",
    "SELECT bucket, job_id, body, attempts, lease_fence FROM job
     WHERE bucket = ?1 AND run_at <= ?2 AND (leased_until IS NULL OR leased_until < ?2) ORDER BY run_at, job_id LIMIT ?3",
    "SELECT bucket, job_id, body, attempts, lease_fence FROM job
     WHERE bucket = $1 AND run_at <= $2 AND (leased_until IS NULL OR leased_until < $2) ORDER BY run_at, job_id LIMIT $3
     FOR UPDATE SKIP LOCKED",
);

const CLAIM: Statement = Statement::guarded(
    "claim_jobs",
    &[1],
    "UPDATE job SET lease_owner = ?4, lease_fence = lease_fence + 1, leased_until = ?5, attempts = attempts + 1
     WHERE bucket = ?1 AND job_id = ?2 AND lease_fence = ?3",
    "UPDATE job j SET lease_owner = k.owner, lease_fence = j.lease_fence + 1, leased_until = k.until, attempts = j.attempts + 1
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::text[], $5::bigint[]) AS k (bucket, job_id, fence, owner, until)
     WHERE j.bucket = k.bucket AND j.job_id = k.job_id AND j.lease_fence = k.fence RETURNING j.job_id",
);

const COMPLETE: Statement = Statement::guarded(
    "complete_jobs",
    &[1],
    "DELETE FROM job WHERE bucket = ?1 AND job_id = ?2 AND lease_fence = ?3",
    "DELETE FROM job j USING unnest($1::integer[], $2::uuid[], $3::bigint[]) AS k (bucket, job_id, fence)
     WHERE j.bucket = k.bucket AND j.job_id = k.job_id AND j.lease_fence = k.fence RETURNING j.job_id",
);

const FAIL: Statement = Statement::guarded(
    "fail_jobs",
    &[1],
    "UPDATE job SET run_at = ?4, last_error = ?5, lease_owner = NULL, leased_until = NULL
     WHERE bucket = ?1 AND job_id = ?2 AND lease_fence = ?3",
    "UPDATE job j SET run_at = k.run_at, last_error = k.error, lease_owner = NULL, leased_until = NULL
     FROM unnest($1::integer[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[]) AS k (bucket, job_id, fence, run_at, error)
     WHERE j.bucket = k.bucket AND j.job_id = k.job_id AND j.lease_fence = k.fence RETURNING j.job_id",
);

const COUNT: Statement = Statement::new(
    "count_jobs",
    "SELECT count(*) FROM (SELECT job_id FROM job WHERE bucket = ?1 LIMIT 10000) AS counted",
    "SELECT count(*) FROM (SELECT job_id FROM job WHERE bucket = $1 LIMIT 10000) AS counted",
);

/// The id of the job that a batch enqueues for something: in its bucket, and never given twice, because a writer's
/// batches are numbered and a batch has one job for each thing.
pub(crate) fn id(of: Uuid, now: Millis, writer: i32, batch: i64) -> JobId {
    nth_id(of, 0, now, writer, batch)
}

/// The same of a further job for the same thing, by its position.
pub(crate) fn nth_id(of: Uuid, position: u64, now: Millis, writer: i32, batch: i64) -> JobId {
    let low = of.as_u128() & ((1 << BUCKET_BITS) - 1);
    let [high, low_half] = [of.as_u128() >> 64, of.as_u128()]
        .map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or_default());
    let mut mixed = (u64::from(writer.cast_unsigned()) << 40)
        ^ (position << 56)
        ^ batch.cast_unsigned()
        ^ high
        ^ low_half.rotate_left(17);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let mixed = u128::from(mixed ^ (mixed >> 31));
    JobId::new(now, (mixed << 64) | (mixed << BUCKET_BITS) | low)
}

/// Something else than `of` in its bucket, for a job of another kind: a batch may leave several kinds for one thing.
pub(crate) fn beside(of: Uuid, kind: u8) -> Uuid {
    Uuid::from_u128(of.as_u128() ^ (u128::from(kind) << 96))
}

/// A worker: a name, a connection, and the buckets it has leased.
#[derive(Debug)]
pub struct Worker {
    connection: Connection,
    owner: String,
    buckets: Vec<i32>,
    renew_at: Millis,
}

impl Worker {
    pub(crate) fn new(connection: Connection, owner: &str) -> Self {
        Self {
            connection,
            owner: owner.to_owned(),
            buckets: Vec::new(),
            renew_at: Millis(i64::MIN),
        }
    }

    /// Leases the worker's share of the buckets: what nobody has, up to the even share among `workers` workers.
    /// Returns how many it has. To be called often; it does something only when leases are half way to their end.
    ///
    /// # Errors
    /// [`StoreError::Retry`]; the buckets the worker had are then no longer its own.
    pub fn lease_buckets(&mut self, workers: usize, now: Millis) -> Result<usize, StoreError> {
        // A clock that was set back does not keep the leases from being renewed.
        let left = self.renew_at.0.saturating_sub(now.0);
        if (1..=BUCKET_LEASE_MS / 3).contains(&left) {
            return Ok(self.buckets.len());
        }
        self.buckets.clear();
        self.connection.begin(true)?;
        let leased = self.try_lease(workers, now);
        let (leased, result) = match leased {
            Ok(leased) => (leased, self.connection.commit()),
            Err(error) => (Vec::new(), Err(error)),
        };
        if let Err(error) = result {
            self.connection.rollback();
            return Err(error);
        }
        self.buckets = leased;
        self.renew_at = now.plus_ms(BUCKET_LEASE_MS / 3);
        Ok(self.buckets.len())
    }

    fn try_lease(&mut self, workers: usize, now: Millis) -> Result<Vec<i32>, StoreError> {
        let partitions = usize::from(self.connection.partitions());
        let share = partitions.div_ceil(workers.max(1));
        let rows = self.connection.list(&LEASES, &[])?;
        let (mut known, mut wanted) = (vec![false; partitions], Vec::new());
        for row in rows.iter() {
            let bucket: i32 = row.number(0)?;
            if let Some(known) = usize::try_from(bucket)
                .ok()
                .and_then(|bucket| known.get_mut(bucket))
            {
                *known = true;
            }
            let is_ours = row.text(1)? == self.owner;
            if is_ours || row.int(3)? < now.0 {
                wanted.push((!is_ours, bucket, row.int(2)?));
            }
        }
        wanted.sort_unstable();
        let until = now.plus_ms(BUCKET_LEASE_MS).0;
        let (mut takes, mut inserts) = (Columns::default(), Columns::default());
        for (_, bucket, fence) in wanted.into_iter().take(share) {
            takes
                .row()
                .int(bucket)
                .int(fence)
                .text(&self.owner)
                .int(until);
        }
        let free = (0..partitions)
            .filter(|bucket| !known[*bucket])
            .take(share.saturating_sub(takes.len()));
        for bucket in free {
            inserts
                .row()
                .count(bucket as u64)
                .text(&self.owner)
                .int(until);
        }
        let mut leased = taken(&mut self.connection, &TAKE_BUCKET, &takes)?;
        leased.extend(taken(&mut self.connection, &INSERT_BUCKET, &inserts)?);
        Ok(leased)
    }

    /// Claims jobs that are due in the worker's buckets, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Retry`].
    pub fn claim(&mut self, limit: usize, now: Millis) -> Result<Vec<Job>, StoreError> {
        let mut jobs: Vec<Job> = Vec::new();
        for bucket in self.buckets.clone() {
            if jobs.len() >= limit {
                break;
            }
            let values = [
                Cell::Integer(bucket.into()),
                Cell::Integer(now.0),
                crate::views::cell(limit - jobs.len()),
            ];
            // Most buckets are empty most of the time, and looking takes no transaction.
            if self.connection.list(&DUE, &values)?.is_empty() {
                continue;
            }
            match self.claim_in_bucket(&values, now) {
                Ok(claimed) => jobs.extend(claimed),
                // Those that are claimed already are to be run; the next look says whether it goes on.
                Err(_) if !jobs.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(jobs)
    }

    fn claim_in_bucket(&mut self, values: &[Cell], now: Millis) -> Result<Vec<Job>, StoreError> {
        self.connection.begin(true)?;
        let claimed = self.try_claim(values, now);
        let committed = claimed.and_then(|jobs| self.connection.commit().map(|()| jobs));
        if committed.is_err() {
            self.connection.rollback();
        }
        committed
    }

    fn try_claim(&mut self, values: &[Cell], now: Millis) -> Result<Vec<Job>, StoreError> {
        let statement = if self.connection.engine() == Engine::Postgres {
            &DUE_LOCKED
        } else {
            &DUE
        };
        let rows = self.connection.list(statement, values)?;
        let jobs: Vec<Job> = rows.iter().map(job).collect::<Result<_, _>>()?;
        let mut claims = Columns::default();
        for job in &jobs {
            let row = claims
                .row()
                .int(job.bucket)
                .uuid(job.id.uuid())
                .int(job.fence - 1);
            row.text(&self.owner).int(now.plus_ms(JOB_LEASE_MS).0);
        }
        let lost = self.connection.write(&CLAIM, &claims)?;
        Ok(jobs
            .into_iter()
            .enumerate()
            .filter(|(position, _)| !lost.contains(position))
            .map(|(_, job)| job)
            .collect())
    }

    /// Ends a job that was done; says whether the claim still counted.
    ///
    /// # Errors
    /// [`StoreError::Retry`]; the job then runs again.
    pub fn complete(&mut self, job: &Job) -> Result<bool, StoreError> {
        let mut columns = Columns::default();
        columns
            .row()
            .int(job.bucket)
            .uuid(job.id.uuid())
            .int(job.fence);
        self.change(&COMPLETE, &columns)
    }

    /// Puts a job back that failed, to be tried again after a pause that doubles with every attempt, up to an hour.
    /// The error is shown to whoever looks; it must hold no personal values. Says whether the claim still counted.
    ///
    /// # Errors
    /// [`StoreError::Retry`]; the job then runs again when its lease has run out.
    pub fn fail(&mut self, job: &Job, error: &str, now: Millis) -> Result<bool, StoreError> {
        self.put_back(job, error, now.plus_ms(pause_ms(job.attempts)))
    }

    /// Puts a job back, to be tried again at this time. The error is shown to whoever looks; it must hold no personal
    /// values. Says whether the claim still counted.
    ///
    /// # Errors
    /// [`StoreError::Retry`]; the job then runs again when its lease has run out.
    pub fn put_back(&mut self, job: &Job, error: &str, run_at: Millis) -> Result<bool, StoreError> {
        let end = (0..=error.len().min(ERROR_MAX))
            .rev()
            .find(|end| error.is_char_boundary(*end))
            .unwrap_or_default();
        let mut columns = Columns::default();
        let row = columns
            .row()
            .int(job.bucket)
            .uuid(job.id.uuid())
            .int(job.fence);
        row.int(run_at.0).text(&error[..end]);
        self.change(&FAIL, &columns)
    }

    fn change(
        &mut self,
        statement: &'static Statement,
        columns: &Columns,
    ) -> Result<bool, StoreError> {
        self.connection.begin(true)?;
        match self.connection.write(statement, columns) {
            Ok(lost) => self.connection.commit().map(|()| lost.is_empty()),
            Err(error) => {
                self.connection.rollback();
                Err(error)
            }
        }
    }

    /// Gives the buckets back, so that others need not wait for the leases to run out. To be called last.
    ///
    /// # Errors
    /// [`StoreError::Retry`]; the leases then run out by themselves.
    pub fn release(&mut self) -> Result<(), StoreError> {
        self.buckets.clear();
        let mut columns = Columns::default();
        columns.row().text(&self.owner);
        self.change(&RELEASE_BUCKETS, &columns).map(|_| ())
    }
}

/// The pause after so many attempts, in milliseconds: it doubles with each one.
#[must_use]
pub fn pause_ms(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or_default();
    BACKOFF_MS
        .saturating_mul(1 << doublings)
        .min(BACKOFF_MAX_MS)
}

/// The buckets that were taken.
fn taken(
    connection: &mut Connection,
    statement: &'static Statement,
    columns: &Columns,
) -> Result<Vec<i32>, StoreError> {
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let lost = connection.write(statement, columns)?;
    let bucket = |row| match columns.key(row, &[0]).first() {
        Some(Cell::Integer(bucket)) => i32::try_from(*bucket).ok(),
        _ => None,
    };
    Ok((0..columns.len())
        .filter(|row| !lost.contains(row))
        .filter_map(bucket)
        .collect())
}

fn job(row: Row<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        bucket: row.number(0)?,
        id: JobId::from_uuid(row.uuid(1)?),
        kind: row.json(2)?,
        attempts: row.int(3)? + 1,
        fence: row.int(4)? + 1,
    })
}

/// How many jobs wait or run, counted up to ten thousand in each bucket.
///
/// # Errors
/// When the database cannot be read.
pub fn count(connection: &mut Connection) -> Result<i64, StoreError> {
    let mut sum = 0;
    for bucket in 0..connection.partitions() {
        let rows = connection.list(&COUNT, &[Cell::Integer(bucket.into())])?;
        sum += rows.first().map_or(Ok(0), |row| row.int(0))?;
    }
    Ok(sum)
}
