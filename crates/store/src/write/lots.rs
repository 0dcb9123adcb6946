//! Rows of lots: new ones, the net difference of a batch for each lot at a location, and what fulfilment lines claim.
//! Batches that touch no item with lots write none of them.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use throughline_core::id::{FulfilmentNo, ItemId, LineNo};
use throughline_core::inventory::{LevelChange, Lot, StockMove};
use throughline_core::network::LocationId;
use throughline_core::order::Order;

use super::batch::{Batch, Revised};
use crate::engine::{Columns, Statement};

/// Statements of this module.
pub(super) const STATEMENTS: &[&Statement] = &[
    &INSERT_LOTS,
    &ENSURE_LOT_LEVELS,
    &UPDATE_LOT_LEVELS,
    &UPSERT_LOT_ALLOCATIONS,
    &DELETE_LOT_ALLOCATIONS,
];

pub(super) const INSERT_LOTS: Statement = Statement::guarded(
    "insert_lots",
    &[1, 2],
    "INSERT INTO lot (bucket, item_id, lot, expires_on, made_on, first_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    "INSERT INTO lot (bucket, item_id, lot, expires_on, made_on, first_seen_at)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[])
     ON CONFLICT DO NOTHING RETURNING item_id, lot",
);

pub(super) const ENSURE_LOT_LEVELS: Statement = Statement::new(
    "ensure_lot_levels",
    "INSERT INTO lot_level (bucket, item_id, location, lot, expires_on, on_hand, allocated, quarantined, damaged, in_transit)
     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
    "INSERT INTO lot_level (bucket, item_id, location, lot, expires_on, on_hand, allocated, quarantined, damaged, in_transit)
     SELECT k.bucket, k.item_id, k.location, k.lot, k.expires_on, 0, 0, 0, 0, 0
     FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::text[], $5::text[]) AS k (bucket, item_id, location, lot, expires_on)
     ON CONFLICT DO NOTHING",
);

/// Differences under guard. Parameters 10 and 11 are what the decisions need the lot to have been before the batch:
/// units that nobody claimed, and the on hand that a count saw.
pub(super) const UPDATE_LOT_LEVELS: Statement = Statement::guarded(
    "update_lot_levels",
    &[1, 2, 3],
    "UPDATE lot_level SET on_hand = on_hand + ?5, allocated = allocated + ?6, quarantined = quarantined + ?7, damaged = damaged + ?8,
                          in_transit = in_transit + ?9
     WHERE bucket = ?1 AND item_id = ?2 AND location = ?3 AND lot = ?4
       AND on_hand - allocated >= ?10 AND (?11 IS NULL OR on_hand = ?11)
       AND on_hand + ?5 >= 0 AND allocated + ?6 >= 0 AND quarantined + ?7 >= 0 AND damaged + ?8 >= 0 AND in_transit + ?9 >= 0",
    "UPDATE lot_level l SET on_hand = l.on_hand + d.on_hand, allocated = l.allocated + d.allocated,
                            quarantined = l.quarantined + d.quarantined, damaged = l.damaged + d.damaged,
                            in_transit = l.in_transit + d.in_transit
     FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                 $10::bigint[], $11::bigint[])
          AS d (bucket, item_id, location, lot, on_hand, allocated, quarantined, damaged, in_transit, free, saw)
     WHERE l.bucket = d.bucket AND l.item_id = d.item_id AND l.location = d.location AND l.lot = d.lot
       AND l.on_hand - l.allocated >= d.free AND (d.saw IS NULL OR l.on_hand = d.saw)
       AND l.on_hand + d.on_hand >= 0 AND l.allocated + d.allocated >= 0 AND l.quarantined + d.quarantined >= 0
       AND l.damaged + d.damaged >= 0 AND l.in_transit + d.in_transit >= 0
     RETURNING l.item_id, l.location, l.lot",
);

pub(super) const UPSERT_LOT_ALLOCATIONS: Statement = Statement::new(
    "upsert_lot_allocations",
    "INSERT INTO lot_allocation (bucket, order_id, fulfilment, line, lot, item_id, location, quantity)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (bucket, order_id, fulfilment, line, lot) DO UPDATE SET
         item_id = excluded.item_id, location = excluded.location, quantity = excluded.quantity",
    "INSERT INTO lot_allocation (bucket, order_id, fulfilment, line, lot, item_id, location, quantity)
     SELECT * FROM unnest($1::integer[], $2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::uuid[], $7::integer[], $8::bigint[])
     ON CONFLICT (bucket, order_id, fulfilment, line, lot) DO UPDATE SET
         item_id = excluded.item_id, location = excluded.location, quantity = excluded.quantity",
);

pub(super) const DELETE_LOT_ALLOCATIONS: Statement = Statement::new(
    "delete_lot_allocations",
    "DELETE FROM lot_allocation WHERE bucket = ?1 AND order_id = ?2 AND fulfilment = ?3 AND line = ?4 AND lot = ?5",
    "DELETE FROM lot_allocation a
     USING unnest($1::integer[], $2::uuid[], $3::integer[], $4::integer[], $5::text[]) AS k (bucket, order_id, fulfilment, line, lot)
     WHERE a.bucket = k.bucket AND a.order_id = k.order_id AND a.fulfilment = k.fulfilment AND a.line = k.line AND a.lot = k.lot",
);

/// All moves of one lot at one location in a batch, and what they needed of it before the batch.
#[derive(Debug, Clone, Copy)]
struct NetLot {
    change: LevelChange,
    /// Units that must not have been claimed.
    free: i64,
    /// The on hand that a count saw, counted back to before the batch.
    saw: Option<i64>,
    /// Whether units came in, so that there may be no row yet.
    may_be_new: bool,
}

impl NetLot {
    fn nothing() -> Self {
        Self {
            change: LevelChange::default(),
            free: i64::MIN,
            saw: None,
            may_be_new: false,
        }
    }

    fn add(&mut self, moved: &StockMove) {
        let step = &moved.change;
        if let Some(saw) = moved.saw_on_hand {
            self.saw = Some(saw - self.change.on_hand);
        }
        self.change.add(step);
        self.free = self.free.max(self.change.allocated - self.change.on_hand);
        let came = [
            step.on_hand,
            step.quarantined,
            step.damaged,
            step.in_transit,
        ];
        self.may_be_new |= came.iter().any(|units| *units > 0) || moved.saw_on_hand.is_some();
    }
}

/// Rows of a batch about lots.
#[derive(Debug, Default)]
pub(super) struct LotRows {
    pub new: Columns,
    pub ensured: Columns,
    pub levels: Columns,
    pub allocations: Columns,
    pub gone_allocations: Columns,
}

impl LotRows {
    pub(super) fn clear(&mut self) {
        let all = [
            &mut self.new,
            &mut self.ensured,
            &mut self.levels,
            &mut self.allocations,
            &mut self.gone_allocations,
        ];
        all.into_iter().for_each(Columns::clear);
    }

    /// Gathers new lots and the differences of levels, in the one order in which all committers take them.
    pub(super) fn gather(&mut self, batch: &Batch<'_>, partitions: u16) {
        let decisions = || batch.decisions.iter().map(|(_, decision)| decision);
        for known in decisions().flat_map(|decision| &decision.lots) {
            let row = self.new.row().int(known.item.bucket(partitions));
            let row = row.uuid(known.item.uuid()).text(known.lot.code.as_str());
            let (expires, made) = (known.lot.expires_on, known.made_on);
            let row = row.opt_text(expires.map(|day| day.to_string()).as_deref());
            let row = row.opt_text(made.map(|day| day.to_string()).as_deref());
            row.int(known.first_seen_at.0);
        }
        let mut net: FxHashMap<(ItemId, LocationId, &Lot), NetLot> = FxHashMap::default();
        for moved in decisions().flat_map(|decision| &decision.moves) {
            if let Some(lot) = &moved.lot {
                let place = (moved.item, moved.location, lot);
                net.entry(place).or_insert_with(NetLot::nothing).add(moved);
            }
        }
        let mut net: Vec<_> = net.into_iter().collect();
        net.sort_unstable_by_key(|((item, location, lot), _)| {
            (item.bucket(partitions), *item, *location, &lot.code)
        });
        for ((item, location, lot), net) in net {
            self.gather_level((item, location, lot), &net, partitions);
        }
    }

    fn gather_level(
        &mut self,
        (item, location, lot): (ItemId, LocationId, &Lot),
        net: &NetLot,
        partitions: u16,
    ) {
        let bucket = item.bucket(partitions);
        if net.may_be_new {
            let row = self.ensured.row().int(bucket).uuid(item.uuid());
            let row = row.int(location.0).text(lot.code.as_str());
            row.opt_text(lot.expires_on.map(|day| day.to_string()).as_deref());
        }
        let row = self.levels.row().int(bucket).uuid(item.uuid());
        let row = row.int(location.0).text(lot.code.as_str());
        let change = &net.change;
        let row = row.int(change.on_hand).int(change.allocated);
        let row = row.int(change.quarantined).int(change.damaged);
        row.int(change.in_transit).int(net.free).opt_int(net.saw);
    }

    /// Changes of what an order claims of lots.
    pub(super) fn gather_order(&mut self, revised: Revised<'_>, bucket: i32) {
        let before = revised.before.map(|order| lot_allocation_rows(order));
        let before = before.unwrap_or_default();
        let after = lot_allocation_rows(revised.after);
        let order = revised.after.id.uuid();
        for row in after.iter().filter(|row| !before.contains(row)) {
            let columns = self.allocations.row().int(bucket).uuid(order);
            let columns = columns.int(row.fulfilment.0).int(row.line.0);
            let columns = columns.text(row.lot.code.as_str()).uuid(row.item.uuid());
            columns.int(row.location.0).int(row.quantity);
        }
        let place = |row: &LotAllocationRow<'_>| (row.fulfilment, row.line, row.lot.code.clone());
        for row in &before {
            if !after.iter().any(|kept| place(kept) == place(row)) {
                let columns = self.gone_allocations.row().int(bucket).uuid(order);
                let columns = columns.int(row.fulfilment.0).int(row.line.0);
                columns.text(row.lot.code.as_str());
            }
        }
    }
}

/// Units of a lot that a fulfilment line claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LotAllocationRow<'a> {
    pub fulfilment: FulfilmentNo,
    pub line: LineNo,
    pub lot: &'a Lot,
    pub item: ItemId,
    pub location: LocationId,
    pub quantity: i64,
}

/// The rows of lots that the order claims: those of unshipped units.
pub(crate) fn lot_allocation_rows(order: &Order) -> SmallVec<[LotAllocationRow<'_>; 2]> {
    let mut rows = SmallVec::new();
    for fulfilment in &order.progress.fulfilments {
        let Some(location) = fulfilment.location.filter(|_| !fulfilment.lots.is_empty()) else {
            continue;
        };
        for lot in &fulfilment.lots {
            let item = order.placed.line(lot.line).and_then(|line| line.item);
            let units = fulfilment.units(lot.line);
            let Some(item) = item.filter(|_| units.is_some_and(|units| units.left() == 0)) else {
                continue;
            };
            rows.push(LotAllocationRow {
                fulfilment: fulfilment.no,
                line: lot.line,
                lot: &lot.lot,
                item,
                location,
                quantity: lot.unpicked + lot.picked,
            });
        }
    }
    rows
}
