//! Loading what was seen of late.

use throughline_core::Facts;
use throughline_core::order::screening::{Tally, TallyKey};

use crate::claim;
use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(super) const TALLIES: Statement = Statement::new(
    "load_tallies",
    "SELECT ?1, version, body FROM tally WHERE bucket = ?2 AND kind = ?3 AND value = ?4",
    "SELECT k.position, t.version, t.body
     FROM unnest($1::bigint[], $2::integer[], $3::smallint[], $4::bytea[]) AS k (position, bucket, kind, value)
     CROSS JOIN LATERAL (SELECT version, body
         FROM tally t WHERE t.bucket = k.bucket AND t.kind = k.kind AND t.value = k.value OFFSET 0) t
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[TallyKey], partitions: u16) -> Columns {
    let mut keys = Columns::default();
    for (position, key) in wanted.iter().enumerate() {
        let stored = claim::stored_tally(key, partitions);
        keys.row()
            .int(super::position(position))
            .int(stored.bucket)
            .int(stored.kind)
            .bytes(&stored.value);
    }
    keys
}

pub(super) fn take(wanted: &[TallyKey], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    for key in wanted {
        facts.tallies.insert(key.clone(), Tally::default());
    }
    for row in rows.iter() {
        let (_, key) = super::key_of(wanted, row)?;
        let tally = Tally {
            version: row.int(1)?,
            ..row.json(2)?
        };
        facts.tallies.insert(key.clone(), tally);
    }
    Ok(())
}
