//! Loading what is booked of the capacity of items, from the day before yesterday on: nobody books what is over anywhere.

use jiff::civil::Date;
use throughline_core::Facts;
use throughline_core::booking::{Booked, Slot};
use throughline_core::id::ItemId;
use throughline_core::network::LocationId;
use throughline_core::time::Millis;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

/// Two days: more than zones are apart.
const OVER_EVERYWHERE_MS: i64 = 2 * 86_400_000;

pub(super) const BOOKED: Statement = Statement::new(
    "load_bookings",
    "SELECT ?1, location, day, slot, units FROM slot_booking WHERE bucket = ?2 AND item_id = ?3 AND day >= ?4",
    "SELECT k.position, b.location, b.day, b.slot, b.units
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::text[]) AS k (position, bucket, item_id, day)
     CROSS JOIN LATERAL (SELECT location, day, slot, units FROM slot_booking b
         WHERE b.bucket = k.bucket AND b.item_id = k.item_id AND b.day >= k.day OFFSET 0) b
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[ItemId], partitions: u16, now: Millis) -> Columns {
    let from = now.plus_ms(-OVER_EVERYWHERE_MS).utc_date();
    let mut columns = Columns::default();
    for (position, item) in wanted.iter().enumerate() {
        let row = columns.row().int(super::position(position));
        row.int(item.bucket(partitions))
            .uuid(item.uuid())
            .display(&from);
    }
    columns
}

pub(super) fn take(wanted: &[ItemId], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    for item in wanted {
        facts.booked.insert(*item, Booked::default());
    }
    for row in rows.iter() {
        let (_, item) = super::key_of(wanted, row)?;
        let date: Date = row
            .text(2)?
            .parse()
            .map_err(|error| StoreError::corrupt("a day", error))?;
        let slot = Slot {
            item: *item,
            location: LocationId(row.number(1)?),
            date,
            number: row.number(3)?,
        };
        let units = row.int(4)?;
        facts.booked.entry(*item).or_default().add(&slot, units);
    }
    Ok(())
}
