//! Items that are not offered from a location for now.

use serde::{Deserialize, Serialize};
use throughline_core::id::ItemId;
use throughline_core::inventory::Exclusion;
use throughline_core::network::LocationId;
use throughline_core::time::Millis;
use uuid::Uuid;

use super::{Page, bounded, cell};
use crate::cursor;
use crate::engine::{Cell, Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[&BY_END];

/// Rows read in one step, and steps for one page at most.
const STEP: usize = 500;
const STEPS_MAX: usize = 20;

const BY_END: Statement = Statement::new(
    "exclusions_by_end",
    "SELECT location, until, since, cause, item_id FROM exclusion
     WHERE (until, item_id, location) > (?1, ?2, ?3) ORDER BY until, item_id, location LIMIT ?4",
    "SELECT location, until, since, cause, item_id FROM exclusion
     WHERE (until, item_id, location) > ($1, $2, $3) ORDER BY until, item_id, location LIMIT $4",
);

/// What exclusions are filtered by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One item.
    pub item: Option<ItemId>,
    /// Only these locations; all when empty.
    pub locations: Vec<LocationId>,
}

/// The place of an exclusion in the list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Position {
    until: Millis,
    item: Uuid,
    location: u16,
}

/// A page of the exclusions in force at a time, those that end first before the others.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    filter: &Filter,
    now: Millis,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<(ItemId, Exclusion)>, StoreError> {
    let limit = bounded(limit);
    let first = Position {
        until: now,
        item: Uuid::max(),
        location: u16::MAX,
    };
    let after: Option<Position> = after.map(cursor::decode).transpose()?;
    // What has ended since the page before is not in force any more.
    let mut at = after.filter(|at| at.until > now).unwrap_or(first);
    let mut found: Vec<(ItemId, Exclusion)> = Vec::new();
    for _ in 0..STEPS_MAX {
        let step = after_position(connection, at)?;
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
    at: Position,
) -> Result<Vec<(ItemId, Exclusion)>, StoreError> {
    let place = [
        Cell::Integer(at.until.0),
        Cell::Uuid(at.item),
        Cell::Integer(i64::from(at.location)),
        cell(STEP),
    ];
    let rows = connection.list(&BY_END, &place)?;
    let read = rows.iter().map(|row| {
        let item = ItemId::from_uuid(row.uuid(4)?);
        Ok((item, load::exclusion(row)?))
    });
    read.collect()
}

impl Position {
    fn of((item, exclusion): &(ItemId, Exclusion)) -> Self {
        Self {
            until: exclusion.until,
            item: item.uuid(),
            location: exclusion.location.0,
        }
    }
}

impl Filter {
    fn fits(&self, (item, exclusion): &(ItemId, Exclusion)) -> bool {
        self.item.is_none_or(|known| known == *item)
            && (self.locations.is_empty() || self.locations.contains(&exclusion.location))
    }
}
