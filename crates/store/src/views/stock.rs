//! Stock levels by SKU and location.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use throughline_core::Facts;
use throughline_core::catalog::Item;
use throughline_core::facts::Need;
use throughline_core::inventory::Level;
use throughline_core::network::LocationId;
use throughline_core::time::Millis;

use super::{Page, bounded, items};
use crate::cursor;
use crate::engine::{Connection, Statement};
use crate::error::StoreError;
use crate::load;

pub(super) const STATEMENTS: &[&Statement] = &[];

/// Items looked at in one step, and for one page at most.
const STEP: usize = 200;
const LOOKED_AT: usize = 4000;

/// What levels are filtered by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One SKU.
    pub sku: Option<String>,
    /// Only these locations; all when empty.
    pub locations: Vec<LocationId>,
}

/// A level with its item.
#[derive(Debug, Clone, PartialEq)]
pub struct StockRow {
    /// The item.
    pub item: Arc<Item>,
    /// Its stock at one location.
    pub level: Level,
}

/// The place of a level in the list.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Position {
    sku: String,
    /// Whether the levels of the SKU itself were given whole.
    location: Option<LocationId>,
}

/// A page of levels by SKU and location.
///
/// # Errors
/// [`StoreError::InvalidCursor`], and when the database cannot be read.
pub fn list(
    connection: &mut Connection,
    filter: &Filter,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<StockRow>, StoreError> {
    let after: Option<Position> = after.map(cursor::decode).transpose()?;
    let limit = bounded(limit);
    let mut found: Vec<StockRow> = Vec::new();
    let mut at = after
        .as_ref()
        .map(|position| position.sku.clone())
        .unwrap_or_default();
    if let Some(position) = &after {
        begun_item(connection, position, filter, &mut found)?;
    }
    if let Some(sku) = &filter.sku {
        if after.is_none() {
            let item = items::by_sku(connection, &[sku])?;
            found.extend(levels(connection, item, filter)?);
        }
        return Ok(cut(found, limit));
    }
    let mut looked_at = 0;
    while found.len() <= limit {
        let step: Vec<Item> = items::after_sku(connection, &at, STEP)?;
        let Some(last) = step.last() else {
            return Ok(cut(found, limit));
        };
        at.clone_from(&last.sku);
        looked_at += step.len();
        let is_end = step.len() < STEP;
        found.extend(levels(
            connection,
            step.into_iter().map(Arc::new).collect(),
            filter,
        )?);
        if is_end {
            return Ok(cut(found, limit));
        }
        if looked_at >= LOOKED_AT && found.len() <= limit {
            let next = cursor::encode(&Position {
                sku: at,
                location: None,
            });
            return Ok(Page {
                data: found,
                has_more: true,
                next_cursor: Some(next),
            });
        }
    }
    Ok(cut(found, limit))
}

fn cut(found: Vec<StockRow>, limit: usize) -> Page<StockRow> {
    Page::cut(found, limit, |row| {
        cursor::encode(&Position {
            sku: row.item.sku.clone(),
            location: Some(row.level.location),
        })
    })
}

/// What is left of the item that the last page ended in.
fn begun_item(
    connection: &mut Connection,
    position: &Position,
    filter: &Filter,
    found: &mut Vec<StockRow>,
) -> Result<(), StoreError> {
    let Some(location) = position.location else {
        return Ok(());
    };
    let item = items::by_sku(connection, &[&position.sku])?;
    let rows = levels(connection, item, filter)?;
    found.extend(rows.into_iter().filter(|row| row.level.location > location));
    Ok(())
}

fn levels(
    connection: &mut Connection,
    items: Vec<Arc<Item>>,
    filter: &Filter,
) -> Result<Vec<StockRow>, StoreError> {
    let needs: Vec<Need> = items.iter().map(|item| Need::Stock(item.id)).collect();
    let mut facts = Facts::default();
    load::load(connection, &needs, &mut facts, Millis(i64::MIN))?;
    let mut rows = Vec::new();
    for item in items {
        let stock = facts.stock.remove(&item.id).unwrap_or_default();
        let wanted = |level: &Level| {
            filter.locations.is_empty() || filter.locations.contains(&level.location)
        };
        rows.extend(
            stock
                .levels
                .into_iter()
                .filter(wanted)
                .map(|level| StockRow {
                    item: Arc::clone(&item),
                    level,
                }),
        );
    }
    Ok(rows)
}
