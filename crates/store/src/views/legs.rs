//! Legs of one kind in one state, those that wait for longest first.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::id::OrderId;
use throughline_core::network::LocationId;
use throughline_core::order::{LegKind, LegState};
use uuid::Uuid;

use super::orders::StoredOrder;
use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;

pub(super) const STATEMENTS: &[&Statement] = &[&LEGS_BY_STATE, &LEGS_DUE];

/// Rows read in one step, and steps for one page at most.
const STEP: usize = 500;
const STEPS_MAX: usize = 20;

const LEGS_BY_STATE: Statement = Statement::new(
    "legs_by_state",
    "SELECT since, order_id, fulfilment, location FROM order_leg
     WHERE kind = ?1 AND state = ?2 AND (since, order_id, fulfilment) > (?3, ?4, ?5)
     ORDER BY since, order_id, fulfilment LIMIT ?6",
    "SELECT since, order_id, fulfilment, location FROM order_leg
     WHERE kind = $1 AND state = $2 AND (since, order_id, fulfilment) > ($3, $4, $5)
     ORDER BY since, order_id, fulfilment LIMIT $6",
);

/// Which legs.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Of this kind.
    pub kind: LegKind,
    /// In this state.
    pub state: LegState,
    /// Only those that these locations have to do; all when empty.
    pub locations: Vec<LocationId>,
}

/// Where a leg is found: its part of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The order that it is for.
    pub order: OrderId,
    /// The number of its fulfilment, or of its production order.
    pub part: u16,
    location: LocationId,
    since: i64,
}

/// The place of a leg in the list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Position {
    since: i64,
    order: Uuid,
    fulfilment: u16,
}

/// A page of legs.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    filter: &Filter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Listed>, StoreError> {
    let limit = bounded(limit);
    let first = Position {
        since: i64::MIN,
        order: Uuid::nil(),
        fulfilment: 0,
    };
    let mut at = after.map(cursor::decode).transpose()?.unwrap_or(first);
    let mut found: Vec<Listed> = Vec::new();
    for _ in 0..STEPS_MAX {
        let step = after_position(connection, filter, at)?;
        let is_end = step.len() < STEP;
        if let Some(last) = step.last() {
            at = Position::of(last);
        }
        found.extend(step.into_iter().filter(|row| filter.fits(row)));
        if is_end || found.len() > limit {
            return Ok(Page::cut(found, limit, |row| {
                cursor::encode(&Position::of(row))
            }));
        }
    }
    Ok(Page {
        data: found,
        has_more: true,
        next_cursor: Some(cursor::encode(&at)),
    })
}

fn after_position(
    connection: &mut Connection,
    filter: &Filter,
    at: Position,
) -> Result<Vec<Listed>, StoreError> {
    let place = [
        Cell::text(filter.kind.as_str()),
        Cell::text(filter.state.as_str()),
        Cell::Integer(at.since),
        Cell::Uuid(at.order),
        Cell::Integer(i64::from(at.fulfilment)),
        cell(STEP),
    ];
    let rows = connection.list(&LEGS_BY_STATE, &place)?;
    let read = rows.iter().map(|row| {
        Ok(Listed {
            since: row.int(0)?,
            order: OrderId::from_uuid(row.uuid(1)?),
            part: row.number(2)?,
            location: LocationId(row.number(3)?),
        })
    });
    read.collect()
}

impl Position {
    fn of(listed: &Listed) -> Self {
        Self {
            since: listed.since,
            order: listed.order.uuid(),
            fulfilment: listed.part,
        }
    }
}

impl Filter {
    fn fits(&self, listed: &Listed) -> bool {
        self.locations.is_empty() || self.locations.contains(&listed.location)
    }
}

const LEGS_DUE: Statement = Statement::new(
    "legs_due",
    "SELECT due, order_id, fulfilment FROM order_leg
     WHERE kind = ?1 AND location = ?2 AND due IS NOT NULL AND due <= ?3 AND (due, order_id, fulfilment) > (?4, ?5, ?6)
       AND state IN ('requested', 'accepted', 'underway')
     ORDER BY due, order_id, fulfilment LIMIT ?7",
    "SELECT due, order_id, fulfilment FROM order_leg
     WHERE kind = $1 AND location = $2 AND due IS NOT NULL AND due <= $3 AND (due, order_id, fulfilment) > ($4, $5, $6)
       AND state IN ('requested', 'accepted', 'underway')
     ORDER BY due, order_id, fulfilment LIMIT $7",
);

/// Open legs of a kind that is listed by day.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// Of this kind.
    pub kind: LegKind,
    /// Who has to do them.
    pub location: LocationId,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// The order and the number of the part of each leg of a page, and the orders.
pub type DuePage = (Page<(OrderId, u16)>, Vec<StoredOrder>);

/// The place of a leg in the list by day.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct DuePosition {
    due: String,
    order: Uuid,
    part: u16,
}

/// A page of open legs by the day on which they are due: the order and the number of the part of each, with the orders.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn due(
    connection: &mut Connection,
    asked: &Due,
    after: Option<&str>,
    limit: usize,
) -> Result<DuePage, StoreError> {
    let limit = bounded(limit);
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    let first = DuePosition {
        due: day(asked.from),
        order: Uuid::nil(),
        part: 0,
    };
    let at: DuePosition = after.map(cursor::decode).transpose()?.unwrap_or(first);
    let last = asked.until.unwrap_or(Date::MAX).to_string();
    let place = [
        Cell::text(asked.kind.as_str()),
        Cell::Integer(i64::from(asked.location.0)),
        Cell::Text(last),
        Cell::Text(at.due),
        Cell::Uuid(at.order),
        Cell::Integer(i64::from(at.part)),
        cell(limit + 1),
    ];
    let rows = connection.list(&LEGS_DUE, &place)?;
    let read = rows.iter().map(|row| {
        Ok(DuePosition {
            due: row.text(0)?.to_owned(),
            order: row.uuid(1)?,
            part: row.number(2)?,
        })
    });
    let read = read.collect::<Result<Vec<_>, StoreError>>()?;
    let page = Page::cut(read, limit, |row: &DuePosition| cursor::encode(row));
    let rows = page.data.iter();
    let data: Vec<(OrderId, u16)> = rows
        .map(|row| (OrderId::from_uuid(row.order), row.part))
        .collect();
    let mut ids: Vec<OrderId> = data.iter().map(|(order, _)| *order).collect();
    ids.sort_unstable();
    ids.dedup();
    let orders = super::orders::load(connection, &ids)?;
    let page = Page {
        data,
        has_more: page.has_more,
        next_cursor: page.next_cursor,
    };
    Ok((page, orders))
}
