//! Loading lots: those of an item that have units, and single ones by their codes.

use std::str::FromStr;

use jiff::civil::Date;
use throughline_core::Facts;
use throughline_core::id::ItemId;
use throughline_core::inventory::{ItemLots, KnownLot, Lot, LotCode, LotLevel};
use throughline_core::network::LocationId;
use throughline_core::time::Millis;

use crate::engine::{Columns, Row, Rows, Statement};
use crate::error::StoreError;

/// Every lot may lie at several locations; new ones are refused long before.
pub(super) const LOTS: Statement = Statement::new(
    "load_lots",
    "SELECT ?1, location, lot, expires_on, on_hand, allocated, quarantined, damaged, in_transit
     FROM lot_level INDEXED BY lot_level_used
     WHERE bucket = ?2 AND item_id = ?3 AND on_hand + quarantined + damaged + in_transit > 0 ORDER BY location, lot LIMIT 10000",
    "SELECT k.position, l.location, l.lot, l.expires_on, l.on_hand, l.allocated, l.quarantined, l.damaged, l.in_transit
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, item_id)
     CROSS JOIN LATERAL (SELECT location, lot, expires_on, on_hand, allocated, quarantined, damaged, in_transit FROM lot_level
         WHERE bucket = k.bucket AND item_id = k.item_id AND on_hand + quarantined + damaged + in_transit > 0
         ORDER BY location, lot LIMIT 10000) l
     ORDER BY k.position, l.location, l.lot",
);

pub(super) const KNOWN_LOTS: Statement = Statement::new(
    "load_known_lots",
    "SELECT ?1, expires_on, made_on, first_seen_at FROM lot WHERE bucket = ?2 AND item_id = ?3 AND lot = ?4",
    "SELECT k.position, l.expires_on, l.made_on, l.first_seen_at
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::text[]) AS k (position, bucket, item_id, lot)
     CROSS JOIN LATERAL (SELECT expires_on, made_on, first_seen_at
         FROM lot l WHERE l.bucket = k.bucket AND l.item_id = k.item_id AND l.lot = k.lot OFFSET 0) l
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[ItemId], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|item| item.uuid()), partitions)
}

pub(super) fn known_keys(wanted: &[(ItemId, LotCode)], partitions: u16) -> Columns {
    let mut keys = Columns::default();
    for (position, (item, lot)) in wanted.iter().enumerate() {
        let row = keys.row().int(super::position(position));
        let row = row.int(item.bucket(partitions)).uuid(item.uuid());
        row.text(lot.as_str());
    }
    keys
}

pub(super) fn take(wanted: &[ItemId], rows: &Rows, facts: &mut Facts) -> Result<(), StoreError> {
    let mut levels: Vec<Vec<LotLevel>> = vec![Vec::new(); wanted.len()];
    for row in rows.iter() {
        let (position, _) = super::key_of(wanted, row)?;
        levels[position].push(level(row)?);
    }
    let levels = levels.into_iter().map(ItemLots::of);
    facts.lots.extend(wanted.iter().copied().zip(levels));
    Ok(())
}

pub(super) fn take_known(
    wanted: &[(ItemId, LotCode)],
    rows: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for key in wanted {
        facts.known_lots.insert(key.clone(), None);
    }
    for row in rows.iter() {
        let (_, key) = super::key_of(wanted, row)?;
        let known = KnownLot {
            item: key.0,
            lot: Lot {
                code: key.1.clone(),
                expires_on: day(row, 1)?,
            },
            made_on: day(row, 2)?,
            first_seen_at: Millis(row.int(3)?),
        };
        facts.known_lots.insert(key.clone(), Some(known));
    }
    Ok(())
}

fn level(row: Row<'_>) -> Result<LotLevel, StoreError> {
    Ok(LotLevel {
        location: LocationId(row.number(1)?),
        lot: Lot {
            code: LotCode::new(row.text(2)?),
            expires_on: day(row, 3)?,
        },
        on_hand: row.int(4)?,
        allocated: row.int(5)?,
        quarantined: row.int(6)?,
        damaged: row.int(7)?,
        in_transit: row.int(8)?,
    })
}

/// A day as lots have it.
pub(crate) fn day(row: Row<'_>, column: usize) -> Result<Option<Date>, StoreError> {
    let text = row.opt_text(column)?;
    let day = text.map(Date::from_str).transpose();
    day.map_err(|error| StoreError::corrupt("the day of a lot", error))
}
