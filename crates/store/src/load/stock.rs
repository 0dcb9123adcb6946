//! Loading the stock of items: levels, what waits, what is reserved.

use throughline_core::Facts;
use throughline_core::facts::{ItemStock, QUEUE_LOADED, WAITING_LOADED};
use throughline_core::id::{ItemId, LineNo, OrderId, ReservationId};
use throughline_core::inventory::{Cause, Exclusion, Level, RingFence, Waiting};
use throughline_core::network::{ChannelId, LocationId};
use throughline_core::time::Millis;

use crate::engine::{Columns, Row, Rows, Statement};
use crate::error::StoreError;

pub(super) const LEVELS: Statement = Statement::new(
    "load_levels",
    "SELECT ?1, location, on_hand, allocated, reserved, safety, oversell_limit, quarantined, damaged, in_transit
     FROM stock_level INDEXED BY stock_level_item WHERE bucket = ?2 AND item_id = ?3 ORDER BY location",
    "SELECT k.position, s.location, s.on_hand, s.allocated, s.reserved, s.safety, s.oversell_limit,
            s.quarantined, s.damaged, s.in_transit
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, item_id)
     CROSS JOIN LATERAL (SELECT location, on_hand, allocated, reserved, safety, oversell_limit, quarantined, damaged, in_transit
         FROM stock_level s WHERE s.bucket = k.bucket AND s.item_id = k.item_id OFFSET 0) s
     ORDER BY k.position, s.location",
);

pub(super) const WAITING: Statement = Statement::new(
    "load_waiting",
    "SELECT ?1, priority, since, order_id, line, quantity, location
     FROM waiting WHERE bucket = ?2 AND item_id = ?3 ORDER BY priority, since, order_id, line LIMIT ?4",
    "SELECT k.position, w.priority, w.since, w.order_id, w.line, w.quantity, w.location
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::bigint[]) AS k (position, bucket, item_id, most)
     CROSS JOIN LATERAL (
         SELECT priority, since, order_id, line, quantity, location FROM waiting
         WHERE bucket = k.bucket AND item_id = k.item_id ORDER BY priority, since, order_id, line LIMIT k.most
     ) w
     ORDER BY k.position, w.priority, w.since, w.order_id, w.line",
);

pub(super) const RESERVED: Statement = Statement::new(
    "load_reserved",
    "SELECT ?1, reservation_id, expires_at FROM reservation_line
     WHERE bucket = ?2 AND item_id = ?3 AND expires_at <= ?4 ORDER BY expires_at, reservation_id LIMIT 1000",
    "SELECT k.position, r.reservation_id, r.expires_at
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::bigint[]) AS k (position, bucket, item_id, until)
     CROSS JOIN LATERAL (
         SELECT reservation_id, expires_at FROM reservation_line
         WHERE bucket = k.bucket AND item_id = k.item_id AND expires_at <= k.until
         ORDER BY expires_at, reservation_id LIMIT 1000
     ) r
     ORDER BY k.position, r.expires_at, r.reservation_id",
);

pub(super) const FENCES: Statement = Statement::new(
    "load_fences",
    "SELECT ?1, location, channel, quantity FROM ring_fence
     WHERE bucket = ?2 AND item_id = ?3 AND quantity > 0 ORDER BY location, channel",
    "SELECT k.position, f.location, f.channel, f.quantity
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, item_id)
     CROSS JOIN LATERAL (SELECT location, channel, quantity
         FROM ring_fence f WHERE f.bucket = k.bucket AND f.item_id = k.item_id AND f.quantity > 0 OFFSET 0) f
     ORDER BY k.position, f.location, f.channel",
);

pub(super) const EXCLUSIONS: Statement = Statement::new(
    "load_exclusions",
    "SELECT location, until, since, cause, ?1 FROM exclusion WHERE bucket = ?2 AND item_id = ?3 ORDER BY location",
    "SELECT e.location, e.until, e.since, e.cause, k.position
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[]) AS k (position, bucket, item_id)
     CROSS JOIN LATERAL (SELECT location, until, since, cause
         FROM exclusion e WHERE e.bucket = k.bucket AND e.item_id = k.item_id OFFSET 0) e
     ORDER BY k.position, e.location",
);

/// How much of the stock of an item is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// What may be cached from now on.
    Hint,
    /// What this batch decides on.
    Fresh,
    /// The same, with those who wait far down the queue.
    Queue,
}

impl Depth {
    fn waiting_max(self) -> usize {
        match self {
            Self::Hint | Self::Fresh => WAITING_LOADED,
            Self::Queue => QUEUE_LOADED,
        }
    }
}

pub(super) fn keys(wanted: &[(ItemId, Depth)], partitions: u16) -> Columns {
    super::id_keys(wanted.iter().map(|(item, _)| item.uuid()), partitions)
}

/// The rows of queues: one more than is kept, to see whether there are more.
pub(super) fn queue_keys(wanted: &[(ItemId, Depth)], partitions: u16) -> Columns {
    let mut keys = Columns::default();
    for (position, (item, depth)) in wanted.iter().enumerate() {
        keys.row()
            .int(super::position(position))
            .int(item.bucket(partitions))
            .uuid(item.uuid())
            .int(super::position(depth.waiting_max() + 1));
    }
    keys
}

/// Where the committed rows are asked for, all active reservations are; else those that have expired.
pub(super) fn reserved_keys(wanted: &[(ItemId, Depth)], partitions: u16, now: Millis) -> Columns {
    let mut keys = Columns::default();
    for (position, (item, depth)) in wanted.iter().enumerate() {
        let until = match depth {
            Depth::Hint => now.0,
            Depth::Fresh | Depth::Queue => i64::MAX,
        };
        keys.row()
            .int(super::position(position))
            .int(item.bucket(partitions))
            .uuid(item.uuid())
            .int(until);
    }
    keys
}

pub(super) fn take(
    wanted: &[(ItemId, Depth)],
    [levels, waiting, reserved, fences, exclusions]: [&Rows; 5],
    now: Millis,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    let mut stocks: Vec<ItemStock> = wanted
        .iter()
        .map(|(_, depth)| ItemStock {
            is_fresh: *depth != Depth::Hint,
            whole_queue: *depth == Depth::Queue,
            ..ItemStock::default()
        })
        .collect();
    for row in levels.iter() {
        let (position, _) = super::key_of(wanted, row)?;
        stocks[position].levels.push(level(row)?);
    }
    for row in waiting.iter() {
        let (position, (_, depth)) = super::key_of(wanted, row)?;
        let stock = &mut stocks[position];
        if stock.waiting.len() == depth.waiting_max() {
            stock.more_waiting = true;
        } else {
            stock.waiting.push(read_waiting(row)?);
        }
    }
    for row in reserved.iter() {
        let (position, _) = super::key_of(wanted, row)?;
        take_reserved(&mut stocks[position], row, now)?;
    }
    for row in fences.iter() {
        let (position, _) = super::key_of(wanted, row)?;
        stocks[position].fences.push(RingFence {
            location: LocationId(row.number(1)?),
            channel: ChannelId(row.number(2)?),
            quantity: row.int(3)?,
        });
    }
    for row in exclusions.iter() {
        let position: usize = row.number(4)?;
        let stock = stocks.get_mut(position);
        let stock = stock.ok_or_else(|| StoreError::corrupt("an echoed position", position))?;
        let exclusion = read_exclusion(row)?;
        stock
            .exclusions
            .extend((exclusion.until > now).then_some(exclusion));
    }
    facts
        .stock
        .extend(wanted.iter().map(|(item, _)| *item).zip(stocks));
    Ok(())
}

fn level(row: Row<'_>) -> Result<Level, StoreError> {
    Ok(Level {
        location: LocationId(row.number(1)?),
        on_hand: row.int(2)?,
        allocated: row.int(3)?,
        reserved: row.int(4)?,
        safety: row.int(5)?,
        oversell_limit: row.int(6)?,
        quarantined: row.int(7)?,
        damaged: row.int(8)?,
        in_transit: row.int(9)?,
    })
}

/// Reads an exclusion from the first four columns.
pub(crate) fn read_exclusion(row: Row<'_>) -> Result<Exclusion, StoreError> {
    let cause = row.text(3)?;
    Ok(Exclusion {
        location: LocationId(row.number(0)?),
        until: Millis(row.int(1)?),
        since: Millis(row.int(2)?),
        cause: Cause::parse(cause)
            .ok_or_else(|| StoreError::corrupt("the cause of an exclusion", cause))?,
    })
}

pub(crate) fn read_waiting(row: Row<'_>) -> Result<Waiting, StoreError> {
    let location = match row.opt_int(6)? {
        Some(_) => Some(LocationId(row.number(6)?)),
        None => None,
    };
    Ok(Waiting {
        priority: row.number(1)?,
        since: Millis(row.int(2)?),
        order: OrderId::from_uuid(row.uuid(3)?),
        line: LineNo(row.number(4)?),
        quantity: row.int(5)?,
        location,
    })
}

/// A reservation with several lines of the item comes several times; its lines lie beside each other.
fn take_reserved(stock: &mut ItemStock, row: Row<'_>, now: Millis) -> Result<(), StoreError> {
    let reservation = ReservationId::from_uuid(row.uuid(1)?);
    if row.int(2)? <= now.0 && stock.expired.last() != Some(&reservation) {
        stock.expired.push(reservation);
    }
    if stock.is_fresh && stock.reserved_by.last() != Some(&reservation) {
        stock.reserved_by.push(reservation);
    }
    Ok(())
}
