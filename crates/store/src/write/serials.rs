//! Rows of units with serial numbers: what happened to them. Batches that touch no such unit write none.

use throughline_core::inventory::SerialEntry;

use super::batch::Batch;
use crate::engine::{Columns, Statement};

/// Statements of this module.
pub(super) const STATEMENTS: &[&Statement] = &[&INSERT_ENTRIES];

/// The next entry of a unit's life; somebody else may have written it already, who saw the same last one.
pub(super) const INSERT_ENTRIES: Statement = Statement::guarded(
    "insert_serial_entries",
    &[1, 2, 3],
    "INSERT INTO serial_entry (bucket, item_id, serial_number, seq, at, event, state, location, order_id, line, reference)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
    "INSERT INTO serial_entry (bucket, item_id, serial_number, seq, at, event, state, location, order_id, line, reference)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::integer[],
                          $9::uuid[], $10::integer[], $11::text[])
     ON CONFLICT DO NOTHING RETURNING item_id, serial_number, seq",
);

/// Gathers the entries of a batch, in the one order in which all committers write them.
pub(super) fn gather(rows: &mut Columns, batch: &Batch<'_>, partitions: u16) {
    let decisions = batch.decisions.iter().map(|(_, decision)| decision);
    let mut entries: Vec<&SerialEntry> = decisions.flat_map(|decision| &decision.serials).collect();
    entries.sort_by_key(|entry| {
        (
            entry.item.bucket(partitions),
            entry.item,
            &entry.serial,
            entry.seq,
        )
    });
    for entry in entries {
        let row = rows.row().int(entry.item.bucket(partitions));
        let row = row.uuid(entry.item.uuid()).text(entry.serial.as_str());
        let row = row.int(entry.seq.cast_signed()).int(entry.at.0);
        let row = row.text(entry.event.name()).text(entry.state.name());
        let row = row.int(entry.state.location().0);
        let (order, line) = entry.state.order().unzip();
        let row = row.opt_uuid(order.map(|order| order.uuid()));
        let row = row.opt_int(line.map(|line| i64::from(line.0)));
        row.opt_text(entry.reference.as_deref());
    }
}
