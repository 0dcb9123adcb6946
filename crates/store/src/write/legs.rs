//! The legs of orders, as rows that can be listed.

use jiff::civil::Date;
use throughline_core::network::LocationId;
use throughline_core::order::{LegKind, LegState, Order, legs};
use throughline_core::time::Millis;

use super::batch::Revised;
use crate::engine::{Columns, Statement};

pub(super) const STATEMENTS: &[&Statement] = &[&UPSERT_LEGS, &DELETE_LEGS];

pub(super) const UPSERT_LEGS: Statement = Statement::new(
    "upsert_legs",
    "INSERT INTO order_leg (bucket, order_id, fulfilment, kind, state, location, since, due)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (bucket, order_id, fulfilment, kind) DO UPDATE SET
         state = excluded.state, location = excluded.location, since = excluded.since,
         due = excluded.due",
    "INSERT INTO order_leg (bucket, order_id, fulfilment, kind, state, location, since, due)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::integer[], $7::bigint[], $8::text[])
     ON CONFLICT (bucket, order_id, fulfilment, kind) DO UPDATE SET
         state = excluded.state, location = excluded.location, since = excluded.since,
         due = excluded.due",
);

pub(super) const DELETE_LEGS: Statement = Statement::new(
    "delete_legs",
    "DELETE FROM order_leg WHERE bucket = ?1 AND order_id = ?2 AND fulfilment = ?3 AND kind = ?4",
    "DELETE FROM order_leg l
     USING unnest($1::integer[], $2::uuid[], $3::integer[], $4::text[]) AS k (bucket, order_id, fulfilment, kind)
     WHERE l.bucket = k.bucket AND l.order_id = k.order_id AND l.fulfilment = k.fulfilment AND l.kind = k.kind",
);

/// Rows of a batch about legs.
#[derive(Debug, Default)]
pub(super) struct LegRows {
    pub changed: Columns,
    pub gone: Columns,
}

/// One leg, as its row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LegRow {
    /// The number of the fulfilment, the production order or the visit.
    pub part: u16,
    pub kind: LegKind,
    pub state: LegState,
    pub location: LocationId,
    pub since: Millis,
    /// The day that it is listed by, if it is.
    pub due: Option<Date>,
}

impl LegRows {
    pub(super) fn clear(&mut self) {
        self.changed.clear();
        self.gone.clear();
    }

    /// Changes of an order's legs.
    pub(super) fn gather(&mut self, revised: Revised<'_>, bucket: i32) {
        let before = revised.before.map(|order| leg_rows(order));
        let before = before.unwrap_or_default();
        let after = leg_rows(revised.after);
        let order = revised.after.id.uuid();
        for row in after.iter().filter(|row| !before.contains(row)) {
            let columns = self.changed.row().int(bucket).uuid(order);
            let columns = columns.int(row.part).text(row.kind.as_str());
            let columns = columns.text(row.state.as_str()).int(row.location.0);
            let due = row.due.map(|due| due.to_string());
            columns.int(row.since.0).opt_text(due.as_deref());
        }
        let key = |row: &LegRow| (row.part, row.kind);
        for row in &before {
            if !after.iter().any(|kept| key(kept) == key(row)) {
                let columns = self.gone.row().int(bucket).uuid(order);
                columns.int(row.part).text(row.kind.as_str());
            }
        }
    }
}

/// The rows of an order's legs.
pub(crate) fn leg_rows(order: &Order) -> Vec<LegRow> {
    let rows = legs(order).into_iter().map(|leg| LegRow {
        part: leg.part,
        kind: leg.kind,
        state: leg.state,
        location: leg.location,
        since: leg.since,
        due: leg.due.filter(|_| leg.kind.is_listed_by_day()),
    });
    rows.collect()
}
