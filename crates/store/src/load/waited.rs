//! Adding up what is waited for.

use throughline_core::Facts;
use throughline_core::id::ItemId;
use throughline_core::inventory::Waited;
use throughline_core::network::LocationId;

use crate::engine::{Columns, Rows, Statement};
use crate::error::StoreError;

pub(super) const WAITED: Statement = Statement::new(
    "load_waited",
    "SELECT ?1, location, sum(quantity) FROM waiting WHERE bucket = ?2 AND item_id = ?3 GROUP BY location ORDER BY location",
    "SELECT k.position, w.location, w.units
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, item_id)
     CROSS JOIN LATERAL (
         SELECT location, sum(quantity)::bigint AS units FROM waiting
         WHERE bucket = k.bucket AND item_id = k.item_id GROUP BY location
     ) w
     ORDER BY k.position, w.location",
);

pub(super) fn keys(wanted: &[ItemId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|item| item.uuid()), partitions)
}

pub(super) fn take(wanted: &[ItemId], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    for item in wanted {
        facts.waited.insert(*item, Waited::default());
    }
    for row in rows.iter() {
        let (_, item) = super::key_of(wanted, row)?;
        let location = row.opt_int(1)?.map(|_| row.number(1).map(LocationId));
        let units = row.int(2)?;
        let waited = facts.waited.entry(*item).or_default();
        waited.add(location.transpose()?, units);
    }
    Ok(())
}
