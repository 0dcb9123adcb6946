//! What deliveries have taught: how long lanes take, and which promises were kept.

use std::collections::BTreeMap;

use throughline_core::network::{ChannelId, LocationId};
use throughline_core::promise::{Against, Lane, LaneBook, LaneCount, Month, Score, WINDOW_MONTHS};

use crate::engine::{Cell, Columns, Connection, Row, Statement};
use crate::error::StoreError;

pub(super) const STATEMENTS: &[&Statement] = &[&LANES, &SCORES, &FIRST_SCORES];

/// Counts that are read at once.
const STEP: i64 = 5_000;

const LANES: Statement = Statement::new(
    "lane_stats",
    "SELECT month, location, service, country, area, days, parcels FROM lane_stat
     WHERE bucket = ?1 AND (month, location, service, country, area, days) > (?2, ?3, ?4, ?5, ?6, ?7)
     ORDER BY month, location, service, country, area, days LIMIT ?8",
    "SELECT month, location, service, country, area, days, parcels FROM lane_stat
     WHERE bucket = $1 AND (month, location, service, country, area, days) > ($2, $3, $4, $5, $6, $7)
     ORDER BY month, location, service, country, area, days LIMIT $8",
);

const SCORES: Statement = Statement::new(
    "promise_scores",
    "SELECT month, location, service, channel, late_days, promises FROM promise_score
     WHERE bucket = ?1 AND month BETWEEN ?2 AND ?3",
    "SELECT s.month, s.location, s.service, s.channel, s.late_days, s.promises
     FROM unnest($1::integer[], $2::integer[], $3::integer[]) AS k (bucket, earliest, latest)
     CROSS JOIN LATERAL (SELECT month, location, service, channel, late_days, promises FROM promise_score s
         WHERE s.bucket = k.bucket AND s.month BETWEEN k.earliest AND k.latest OFFSET 0) s
     ORDER BY s.month, s.location, s.service, s.channel, s.late_days",
);

const FIRST_SCORES: Statement = Statement::new(
    "first_promise_scores",
    "SELECT month, location, service, channel, late_days, promises FROM promise_first_score
     WHERE bucket = ?1 AND month BETWEEN ?2 AND ?3",
    "SELECT s.month, s.location, s.service, s.channel, s.late_days, s.promises
     FROM unnest($1::integer[], $2::integer[], $3::integer[]) AS k (bucket, earliest, latest)
     CROSS JOIN LATERAL (SELECT month, location, service, channel, late_days, promises FROM promise_first_score s
         WHERE s.bucket = k.bucket AND s.month BETWEEN k.earliest AND k.latest OFFSET 0) s
     ORDER BY s.month, s.location, s.service, s.channel, s.late_days",
);

/// Promises of one location, service and channel whose parcels were delivered in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseScore {
    /// When they were delivered.
    pub month: Month,
    /// Who shipped them.
    pub location: LocationId,
    /// With which service.
    pub service: String,
    /// Where they were ordered.
    pub channel: ChannelId,
    /// How many were kept, and how late the others were.
    pub score: Score,
}

/// Everything that lanes say of the present: the parcels of the last twelve months, and of the twelve before, which judge
/// them. As many rows are read as there are lanes, months and days with parcels.
///
/// # Errors
/// When the database cannot be read.
pub fn lanes(connection: &mut Connection, now: Month) -> Result<LaneBook, StoreError> {
    let window = i32::try_from(2 * WINDOW_MONTHS).unwrap_or(i32::MAX);
    let mut book = LaneBook::default();
    for bucket in 0..connection.partitions() {
        let mut after = Some(first_after(now.before(window)));
        while let Some(place) = after {
            let mut values = vec![Cell::Integer(bucket.into())];
            values.extend(place);
            values.push(Cell::Integer(STEP));
            let rows = connection.list(&LANES, &values)?;
            let is_full = i64::try_from(rows.len()).unwrap_or(STEP) >= STEP;
            let last = rows.iter().last().map(|row| row.cells()[..6].to_vec());
            after = last.filter(|_| is_full);
            for row in rows.iter() {
                book.add(count(row)?);
            }
        }
    }
    Ok(book)
}

/// The place behind all counts of a month.
fn first_after(month: Month) -> Vec<Cell> {
    let mut place = vec![
        Cell::Integer(month.0.into()),
        Cell::Integer(i64::from(u16::MAX)),
    ];
    place.extend([Cell::text(""), Cell::text(""), Cell::text("")]);
    place.push(Cell::Integer(0));
    place
}

fn count(row: Row<'_>) -> Result<LaneCount, StoreError> {
    Ok(LaneCount {
        month: Month(row.number(0)?),
        lane: Lane {
            location: LocationId(row.number(1)?),
            service: row.text(2)?.to_owned(),
            country: row.text(3)?.to_owned(),
            area: row.text(4)?.to_owned(),
        },
        days: row.number(5)?,
        parcels: row.number(6)?,
    })
}

/// The promises whose parcels were delivered in these months, the first and the last included: by month, location,
/// service and channel; as they were when the parcels left, or as they were made first.
///
/// # Errors
/// When the database cannot be read.
pub fn scores(
    connection: &mut Connection,
    from: Month,
    to: Month,
    against: Against,
) -> Result<Vec<PromiseScore>, StoreError> {
    let statement = match against {
        Against::Last => &SCORES,
        Against::First => &FIRST_SCORES,
    };
    let mut keys = Columns::default();
    for bucket in 0..connection.partitions() {
        keys.row().int(bucket).int(from.0).int(to.0);
    }
    let [rows] = connection.read([(statement, &keys)])?;
    let mut scores: BTreeMap<(Month, LocationId, String, u16), Score> = BTreeMap::new();
    for row in rows.iter() {
        let (month, location) = (Month(row.number(0)?), LocationId(row.number(1)?));
        let key = (month, location, row.text(2)?.to_owned(), row.number(3)?);
        let score = scores.entry(key).or_default();
        score.add(row.number(4)?, row.number(5)?);
    }
    let told = scores.into_iter();
    Ok(told
        .map(
            |((month, location, service, channel), score)| PromiseScore {
                month,
                location,
                service,
                channel: ChannelId(channel),
                score,
            },
        )
        .collect())
}
