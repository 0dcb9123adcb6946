//! Loading what locations have to do on their days.

use throughline_core::Facts;
use throughline_core::network::Load;
use throughline_core::order::LocationDay;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(super) const LOADS: Statement = Statement::new(
    "load_days",
    "SELECT ?1, orders, lines, units FROM location_day WHERE bucket = ?2 AND location = ?3 AND day = ?4",
    "SELECT k.position, d.orders, d.lines, d.units
     FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[]) AS k (position, bucket, location, day)
     CROSS JOIN LATERAL (SELECT orders, lines, units FROM location_day d
         WHERE d.bucket = k.bucket AND d.location = k.location AND d.day = k.day OFFSET 0) d
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[LocationDay], partitions: u16) -> Columns {
    let mut columns = Columns::default();
    for (position, (location, date)) in wanted.iter().enumerate() {
        let row = columns.row().int(super::position(position));
        row.int(location.bucket(partitions))
            .int(location.0)
            .display(date);
    }
    columns
}

/// A day without a row has nothing to do.
pub(super) fn take(
    wanted: &[LocationDay],
    rows: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    facts
        .loads
        .extend(wanted.iter().map(|day| (*day, Load::default())));
    for row in rows.iter() {
        let (_, day) = super::key_of(wanted, row)?;
        let load = Load {
            orders: row.int(1)?,
            lines: row.int(2)?,
            units: row.int(3)?,
        };
        facts.loads.insert(*day, load);
    }
    Ok(())
}
