//! Volumes of the projections. On SQLite a commit costs the pages that it touches, and rows that are scattered by SKU or
//! word touch a page each, as soon as there are more pages than rows. So the projections begin anew with every volume of
//! orders: what is written now shares the few pages of the newest volume, and who reads looks into all of them, the
//! newest first. PostgreSQL logs rows and not pages; there one volume holds everything.

use rustc_hash::FxHashMap;

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

/// What volumes are extended to by what is written now.
#[derive(Debug, Default)]
pub(super) struct Spans(FxHashMap<i32, (Span, Span)>);

impl Spans {
    fn of(&mut self, volume: i32) -> &mut (Span, Span) {
        let empty = || (Span::EMPTY, Span::EMPTY);
        self.0.entry(volume).or_insert_with(empty)
    }

    /// An order of the volume was placed then.
    pub(super) fn placed(&mut self, volume: i32, at: i64) {
        self.of(volume).0.include(at);
    }

    /// A movement of stock in the volume happened then.
    pub(super) fn moved(&mut self, volume: i32, at: i64) {
        self.of(volume).1.include(at);
    }

    /// The volume has rows.
    pub(super) fn touch(&mut self, volume: i32) {
        self.of(volume);
    }

    /// The rows that extend the volumes.
    pub(super) fn columns(&self) -> Columns {
        let mut spans: Vec<_> = self.0.iter().collect();
        spans.sort_unstable_by_key(|(volume, _)| **volume);
        let mut columns = Columns::default();
        for (volume, (placed, moved)) in spans {
            let row = columns.row().int(*volume).int(placed.from).int(placed.to);
            row.int(moved.from).int(moved.to);
        }
        columns
    }
}
