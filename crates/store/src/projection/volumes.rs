//! Volumes of the projections. On SQLite a commit costs the pages that it touches, and rows that are scattered by SKU or
//! word touch a page each, as soon as there are more pages than rows. So the projections begin anew with every volume of
//! orders: what is written now shares the few pages of the newest volume, and who reads looks into all of them, the
//! newest first. PostgreSQL logs rows and not pages; there one volume holds everything.

use rustc_hash::FxHashMap;

use super::rows::ProjectionRows;
use crate::engine::{Columns, Connection, Engine, Statement};
use crate::error::StoreError;

/// Orders whose rows share a volume: about a thousand pages for each projection.
const ORDERS_PER_VOLUME: u64 = 1 << 15;

pub(super) const STATEMENTS: &[&Statement] = &[&VOLUMES, &EXTEND];

const VOLUMES: Statement = Statement::new(
    "index_volumes",
    "SELECT volume, placed_from, placed_to, moved_from, moved_to FROM index_volume ORDER BY volume DESC LIMIT 100000",
    "SELECT volume, placed_from, placed_to, moved_from, moved_to FROM index_volume ORDER BY volume DESC LIMIT 100000",
);

/// Whoever has seen a row of a volume has seen bounds that include it.
pub(super) const EXTEND: Statement = Statement::new(
    "extend_index_volumes",
    "INSERT INTO index_volume (volume, placed_from, placed_to, moved_from, moved_to) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (volume) DO UPDATE SET
         placed_from = min(placed_from, excluded.placed_from), placed_to = max(placed_to, excluded.placed_to),
         moved_from = min(moved_from, excluded.moved_from), moved_to = max(moved_to, excluded.moved_to)",
    "INSERT INTO index_volume AS v (volume, placed_from, placed_to, moved_from, moved_to)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
     ON CONFLICT (volume) DO UPDATE SET
         placed_from = least(v.placed_from, excluded.placed_from), placed_to = greatest(v.placed_to, excluded.placed_to),
         moved_from = least(v.moved_from, excluded.moved_from), moved_to = greatest(v.moved_to, excluded.moved_to)",
);

/// The volume of an order by its number; also that of what happens when it is the latest order.
pub(crate) fn volume(engine: Engine, number: u64) -> i32 {
    match engine {
        Engine::Sqlite => i32::try_from(number / ORDERS_PER_VOLUME).unwrap_or(i32::MAX),
        Engine::Postgres => 0,
    }
}

/// From when to when, in milliseconds since 1970; empty when it ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// The first moment.
    pub from: i64,
    /// The last moment.
    pub to: i64,
}

impl Span {
    const EMPTY: Self = Self {
        from: i64::MAX,
        to: i64::MIN,
    };

    fn include(&mut self, at: i64) {
        self.from = self.from.min(at);
        self.to = self.to.max(at);
    }
}

/// A volume and what it may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Volume {
    /// Its number.
    pub number: i32,
    /// When its orders were placed.
    pub placed: Span,
    /// When its movements of stock happened.
    pub moved: Span,
}

/// All volumes, the newest first.
pub(crate) fn load(connection: &mut Connection) -> Result<Vec<Volume>, StoreError> {
    let rows = connection.list(&VOLUMES, &[])?;
    let volume = |row: crate::engine::Row<'_>| {
        let span = |from| -> Result<Span, StoreError> {
            Ok(Span {
                from: row.int(from)?,
                to: row.int(from + 1)?,
            })
        };
        Ok(Volume {
            number: row.number(0)?,
            placed: span(1)?,
            moved: span(3)?,
        })
    };
    rows.iter().map(volume).collect()
}

/// The rows that extend the volumes to what is written now.
pub(super) fn extended(rows: &ProjectionRows, engine: Engine, current: i32) -> Columns {
    let mut spans: FxHashMap<i32, (Span, Span)> = FxHashMap::default();
    let empty = || (Span::EMPTY, Span::EMPTY);
    for row in rows.item_orders.keys() {
        let span = spans
            .entry(volume(engine, row.number))
            .or_insert_with(empty);
        span.0.include(row.placed_at.0);
    }
    let now = spans.entry(current).or_insert_with(empty);
    rows.ledger.iter().for_each(|row| now.1.include(row.at.0));
    for (_, _, number) in rows.order_words.keys() {
        spans.entry(volume(engine, *number)).or_insert_with(empty);
    }
    let mut spans: Vec<_> = spans.into_iter().collect();
    spans.sort_unstable_by_key(|(volume, _)| *volume);
    let mut columns = Columns::default();
    for (volume, (placed, moved)) in spans {
        let row = columns.row().int(volume).int(placed.from).int(placed.to);
        row.int(moved.from).int(moved.to);
    }
    columns
}
