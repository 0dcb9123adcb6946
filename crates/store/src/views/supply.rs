//! Incoming supply, and its journal.

use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_core::Facts;
use throughline_core::command::Actor;
use throughline_core::facts::Need;
use throughline_core::id::{ItemId, SupplyId};
use throughline_core::inventory::{Supply, SupplyEntry, SupplyStatus};
use throughline_core::network::LocationId;
use throughline_core::time::Millis;
use uuid::Uuid;

use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&BY_DATE, &BY_ITEM, &ENTRIES];

/// Rows looked at in one step, and for one page at most.
const STEP: usize = 500;
const LOOKED_AT: usize = 10_000;

const BY_DATE: Statement = Statement::new(
    "supply_by_date",
    "SELECT body FROM supply WHERE (expected, supply_id) > (?1, ?2) ORDER BY expected, supply_id LIMIT ?3",
    "SELECT body FROM supply WHERE (expected, supply_id) > ($1, $2) ORDER BY expected, supply_id LIMIT $3",
);

const BY_ITEM: Statement = Statement::new(
    "supply_by_item",
    "SELECT body FROM supply INDEXED BY supply_item WHERE bucket = ?4 AND item_id = ?5 AND (expected, supply_id) > (?1, ?2)
     ORDER BY expected, supply_id LIMIT ?3",
    "SELECT body FROM supply WHERE bucket = $4 AND item_id = $5 AND (expected, supply_id) > ($1, $2)
     ORDER BY expected, supply_id LIMIT $3",
);

const ENTRIES: Statement = Statement::new(
    "supply_entries",
    "SELECT seq, at, actor, body FROM supply_entry WHERE bucket = ?1 AND supply_id = ?2 ORDER BY seq LIMIT 1000",
    "SELECT seq, at, actor, body FROM supply_entry WHERE bucket = $1 AND supply_id = $2 ORDER BY seq LIMIT 1000",
);

/// What supply is filtered by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One item.
    pub item: Option<ItemId>,
    /// Only to these locations; all when empty.
    pub locations: Vec<LocationId>,
    /// Only with this status.
    pub status: Option<SupplyStatus>,
    /// Expected on this day or later.
    pub from: Option<Date>,
    /// Expected on this day or earlier.
    pub to: Option<Date>,
}

/// The place of supply in a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Position {
    expected: String,
    supply: Uuid,
}

impl Position {
    fn of(supply: &Supply) -> Self {
        Self {
            expected: supply.expected.to_string(),
            supply: supply.id.uuid(),
        }
    }
}

/// One supply.
///
/// # Errors
/// When the database cannot be read.
pub fn get(connection: &mut Connection, id: SupplyId) -> Result<Option<Arc<Supply>>, StoreError> {
    let mut facts = Facts::default();
    load::load(
        connection,
        &[Need::Supply(id)],
        &mut facts,
        Millis::default(),
    )?;
    Ok(facts.supplies.remove(&id).flatten())
}

/// What happened to supply, oldest first; it is bounded by the number of changes that supply may have.
///
/// # Errors
/// When the database cannot be read.
pub fn entries(connection: &mut Connection, id: SupplyId) -> Result<Vec<SupplyEntry>, StoreError> {
    let bucket = id.bucket(connection.partitions());
    let values = [Cell::Integer(bucket.into()), Cell::Uuid(id.uuid())];
    let rows = connection.list(&ENTRIES, &values)?;
    let read = rows.iter().map(|row| {
        let actor = Actor::from_str(row.text(2)?)
            .map_err(|error| StoreError::corrupt("the actor of an entry of supply", error))?;
        Ok(SupplyEntry {
            seq: row.number(0)?,
            at: Millis(row.int(1)?),
            actor,
            record: row.json(3)?,
        })
    });
    read.collect()
}

/// A page of supply by the day it is expected on.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    filter: &Filter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Supply>, StoreError> {
    let limit = bounded(limit);
    let first = filter.from.map_or(Date::MIN, |day| day);
    let mut at = match after {
        Some(cursor) => cursor::decode(cursor)?,
        None => Position {
            expected: first.to_string(),
            supply: Uuid::nil(),
        },
    };
    let mut found: Vec<Supply> = Vec::new();
    let mut looked_at = 0;
    loop {
        let step = after_position(connection, filter.item, &at)?;
        looked_at += step.len();
        let is_end = step.len() < STEP;
        if let Some(last) = step.last() {
            at = Position::of(last);
        }
        let is_over = step.iter().any(|supply| filter.is_beyond(supply));
        found.extend(step.into_iter().filter(|supply| filter.fits(supply)));
        if is_end || is_over || found.len() > limit {
            return Ok(Page::cut(found, limit, |supply| {
                cursor::encode(&Position::of(supply))
            }));
        }
        if looked_at >= LOOKED_AT {
            return Ok(Page {
                data: found,
                has_more: true,
                next_cursor: Some(cursor::encode(&at)),
            });
        }
    }
}

fn after_position(
    connection: &mut Connection,
    item: Option<ItemId>,
    at: &Position,
) -> Result<Vec<Supply>, StoreError> {
    let mut values = vec![
        Cell::text(at.expected.as_str()),
        Cell::Uuid(at.supply),
        cell(STEP),
    ];
    let statement = match item {
        None => &BY_DATE,
        Some(item) => {
            let bucket = item.bucket(connection.partitions());
            values.extend([Cell::Integer(bucket.into()), Cell::Uuid(item.uuid())]);
            &BY_ITEM
        }
    };
    let rows = connection.list(statement, &values)?;
    rows.iter().map(|row| row.json(0)).collect()
}

impl Filter {
    fn fits(&self, supply: &Supply) -> bool {
        (self.locations.is_empty() || self.locations.contains(&supply.location))
            && self.status.is_none_or(|status| supply.status() == status)
            && !self.is_beyond(supply)
    }

    fn is_beyond(&self, supply: &Supply) -> bool {
        self.to.is_some_and(|day| supply.expected > day)
    }
}
