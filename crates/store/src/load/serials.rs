//! Loading units with serial numbers: the last entries of their lives.

use throughline_core::Facts;
use throughline_core::id::{ItemId, LineNo, OrderId};
use throughline_core::inventory::{SerialEntry, SerialEvent, SerialNumber, SerialState};
use throughline_core::network::LocationId;
use throughline_core::time::Millis;

use crate::engine::{Columns, Row, Rows, Statement};
use crate::error::StoreError;

pub(super) const SERIALS: Statement = Statement::new(
    "load_serials",
    "SELECT ?1, seq, at, event, state, location, order_id, line, reference FROM serial_entry
     WHERE bucket = ?2 AND item_id = ?3 AND serial_number = ?4 ORDER BY seq DESC LIMIT 1",
    "SELECT k.position, s.seq, s.at, s.event, s.state, s.location, s.order_id, s.line, s.reference
     FROM unnest($1::bigint[], $2::integer[], $3::uuid[], $4::text[]) AS k (position, bucket, item_id, serial_number)
     CROSS JOIN LATERAL (SELECT seq, at, event, state, location, order_id, line, reference FROM serial_entry
         WHERE bucket = k.bucket AND item_id = k.item_id AND serial_number = k.serial_number ORDER BY seq DESC LIMIT 1) s
     ORDER BY k.position",
);

pub(super) fn keys(wanted: &[(ItemId, SerialNumber)], partitions: u16) -> Columns {
    let mut keys = Columns::default();
    for (position, (item, serial)) in wanted.iter().enumerate() {
        let row = keys.row().int(super::position(position));
        let row = row.int(item.bucket(partitions)).uuid(item.uuid());
        row.text(serial.as_str());
    }
    keys
}

pub(super) fn take(
    wanted: &[(ItemId, SerialNumber)],
    rows: &Rows,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    for key in wanted {
        facts.serials.insert(key.clone(), None);
    }
    for row in rows.iter() {
        let (_, key) = super::key_of(wanted, row)?;
        let entry = entry(row, key.0, key.1.clone())?;
        facts.serials.insert(key.clone(), Some(entry));
    }
    Ok(())
}

/// An entry, of which the sequence number is the second column.
pub(crate) fn entry(
    row: Row<'_>,
    item: ItemId,
    serial: SerialNumber,
) -> Result<SerialEntry, StoreError> {
    let event = row.text(3)?;
    let known = SerialEvent::ALL
        .into_iter()
        .find(|known| known.name() == event);
    let Some(event) = known else {
        return Err(StoreError::corrupt("what happened to a unit", event));
    };
    Ok(SerialEntry {
        item,
        serial,
        seq: row.int(1)?.cast_unsigned(),
        at: Millis(row.int(2)?),
        event,
        state: state(row)?,
        reference: row.opt_text(8)?.map(str::to_owned),
    })
}

fn state(row: Row<'_>) -> Result<SerialState, StoreError> {
    let location = LocationId(row.number(5)?);
    let order = row.opt_uuid(6)?.map(OrderId::from_uuid);
    let line = row.opt_int(7)?.map(u16::try_from).transpose();
    let line = line.map_err(|error| StoreError::corrupt("the line of a unit", error))?;
    let of_order = order.zip(line.map(LineNo));
    match (row.text(4)?, of_order) {
        ("in_stock", _) => Ok(SerialState::InStock { location }),
        ("gone", _) => Ok(SerialState::Gone { location }),
        ("picked", Some((order, line))) => Ok(SerialState::Picked {
            location,
            order,
            line,
        }),
        ("shipped", Some((order, line))) => Ok(SerialState::Shipped {
            location,
            order,
            line,
        }),
        (other, _) => Err(StoreError::corrupt("where a unit is", other)),
    }
}
