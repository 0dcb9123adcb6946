//! Walking along an index in the order of a list.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use throughline_core::id::{ItemId, OrderId};
use throughline_core::time::Millis;
use uuid::Uuid;

use super::candidates::{self, Narrow};
use super::statements as s;
use super::{Filter, Sort};
use crate::engine::{Cell, Connection, Row, Statement};
use crate::error::StoreError;
use crate::projection::volumes::{self, Span, Volume};
use crate::views::cell;

/// Rows looked at in one step when a row may not fit, and for one page at most.
const STEP: usize = 1000;
const LOOKED_AT: usize = 10_000;

/// The place of an order in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key {
    pub placed_at: i64,
    pub order: Uuid,
}

impl Key {
    /// The order.
    pub(crate) fn id(&self) -> OrderId {
        OrderId::from_uuid(self.order)
    }
}

/// Keys of one page and one more if more fit, and where to go on if the walk ended early.
pub(super) type Found = (Vec<Key>, Option<Key>);

/// Walks until the page is full, the index ends, or enough rows were looked at.
pub(super) fn page(
    connection: &mut Connection,
    filter: &Filter,
    sort: Sort,
    after: Option<Key>,
    limit: usize,
) -> Result<Found, StoreError> {
    let walk = Walk::choose(filter, sort, connection.partitions());
    let step = if filter.is_served_by(&walk) {
        limit + 1
    } else {
        STEP
    };
    let mut at = after.unwrap_or_else(|| sort.start(filter));
    let mut found = Vec::with_capacity(limit + 1);
    let mut looked_at = 0;
    loop {
        let walked = walk.step(connection, at, step)?;
        looked_at += walked.keys.len();
        let is_end = walked.keys.len() < step;
        for row in walked.rows {
            at = row.key;
            if filter.fits(&row) {
                found.push(row.key);
            }
            if found.len() > limit {
                return Ok((found, None));
            }
        }
        if is_end {
            return Ok((found, None));
        }
        at = walked.keys.last().copied().unwrap_or(at);
        if looked_at >= LOOKED_AT {
            return Ok((found, Some(at)));
        }
    }
}

/// What one step came along: the keys of the index, and the orders that are there.
struct Walked {
    keys: Vec<Key>,
    rows: Vec<Narrow>,
}

/// Which index, and where it ends.
struct Walk {
    statement: &'static Statement,
    bound: i64,
    newest: bool,
    by: By,
}

/// What the index leads with.
enum By {
    Placed,
    Value(Cell),
    Item(ItemId, i32),
}

impl Walk {
    /// Takes the index of the filter that fits the fewest orders as a rule.
    fn choose(filter: &Filter, sort: Sort, partitions: u16) -> Self {
        let newest = sort == Sort::NewestFirst;
        let pick = |desc, asc| if newest { desc } else { asc };
        let bound = match sort {
            Sort::NewestFirst => filter.placed_after.map_or(i64::MIN, |at| at.0),
            Sort::OldestFirst => filter.placed_before.map_or(i64::MAX, |at| at.0),
        };
        let (statement, by) = if let Some(customer) = filter.customer {
            (
                pick(&s::BY_CUSTOMER_DESC, &s::BY_CUSTOMER_ASC),
                By::Value(Cell::Uuid(customer.uuid())),
            )
        } else if let Some(item) = filter.item {
            (
                pick(&s::BY_ITEM_DESC, &s::BY_ITEM_ASC),
                By::Item(item, item.bucket(partitions)),
            )
        } else if let Some(status) = filter.status {
            (
                pick(&s::BY_STATUS_DESC, &s::BY_STATUS_ASC),
                By::Value(Cell::text(status.as_str())),
            )
        } else if let Some(channel) = filter.channel {
            (
                pick(&s::BY_CHANNEL_DESC, &s::BY_CHANNEL_ASC),
                By::Value(Cell::Integer(channel.0.into())),
            )
        } else {
            (pick(&s::BY_PLACED_DESC, &s::BY_PLACED_ASC), By::Placed)
        };
        Self {
            statement,
            bound,
            newest,
            by,
        }
    }

    fn step(
        &self,
        connection: &mut Connection,
        after: Key,
        step: usize,
    ) -> Result<Walked, StoreError> {
        let mut values = vec![
            Cell::Integer(after.placed_at),
            Cell::Uuid(after.order),
            Cell::Integer(self.bound),
            cell(step),
        ];
        match &self.by {
            By::Placed => {}
            By::Value(value) => values.push(value.clone()),
            By::Item(item, bucket) => {
                return self.step_of_item(connection, &values, *item, *bucket, step);
            }
        }
        let found = connection.list(self.statement, &values)?;
        let rows: Vec<Narrow> = found
            .iter()
            .map(candidates::narrow)
            .collect::<Result<_, _>>()?;
        let keys = rows.iter().map(|row| row.key).collect();
        Ok(Walked { keys, rows })
    }

    /// The open and the other orders of an item are two ranges in each volume of one index. Volumes that can hold
    /// nothing of this step are passed over.
    fn step_of_item(
        &self,
        connection: &mut Connection,
        values: &[Cell],
        item: ItemId,
        bucket: i32,
        step: usize,
    ) -> Result<Walked, StoreError> {
        let mut keys: Vec<Key> = Vec::new();
        for volume in self.volumes(connection, values)? {
            if keys.len() >= step && self.is_before(keys[step - 1].placed_at, volume.placed) {
                break;
            }
            for is_open in [0, 1] {
                let mut values = values.to_vec();
                values.extend([
                    Cell::Integer(bucket.into()),
                    Cell::Integer(volume.number.into()),
                    Cell::Uuid(item.uuid()),
                    Cell::Integer(is_open),
                ]);
                for row in connection.list(self.statement, &values)?.iter() {
                    keys.push(key(row)?);
                }
            }
            keys.sort_unstable();
            if self.newest {
                keys.reverse();
            }
            // An order that has just changed sides may be in both ranges.
            keys.dedup();
            keys.truncate(step);
        }
        let ids: Vec<OrderId> = keys.iter().map(Key::id).collect();
        let mut rows = candidates::load(connection, &ids)?;
        // The place that an order had as a draft may still be listed where a writer was killed.
        let listed: FxHashSet<(i64, Uuid)> =
            keys.iter().map(|key| (key.placed_at, key.order)).collect();
        rows.retain(|row| listed.contains(&(row.key.placed_at, row.key.order)));
        Ok(Walked { keys, rows })
    }

    /// The volumes with orders between the cursor and the bound, in the order in which the walk meets them.
    fn volumes(
        &self,
        connection: &mut Connection,
        values: &[Cell],
    ) -> Result<Vec<Volume>, StoreError> {
        let after = match values.first() {
            Some(Cell::Integer(after)) => *after,
            _ => return Err(StoreError::Misuse("a walk begins at a time")),
        };
        let mut volumes = volumes::load(connection)?;
        if self.newest {
            volumes.retain(|one| one.placed.from <= after && one.placed.to >= self.bound);
            volumes.sort_by_key(|one| std::cmp::Reverse(one.placed.to));
        } else {
            volumes.retain(|one| one.placed.to >= after && one.placed.from < self.bound);
            volumes.sort_by_key(|one| one.placed.from);
        }
        Ok(volumes)
    }

    /// Whether an order placed then comes before everything in the span.
    fn is_before(&self, placed_at: i64, span: Span) -> bool {
        if self.newest {
            placed_at > span.to
        } else {
            placed_at < span.from
        }
    }
}

impl Sort {
    /// The place before the first order that the filter's times allow.
    fn start(self, filter: &Filter) -> Key {
        match self {
            Self::NewestFirst => match filter.placed_before {
                Some(Millis(before)) => Key {
                    placed_at: before,
                    order: Uuid::nil(),
                },
                None => Key {
                    placed_at: i64::MAX,
                    order: Uuid::max(),
                },
            },
            Self::OldestFirst => {
                let after = filter
                    .placed_after
                    .map_or(i64::MIN, |at| at.0.saturating_sub(1));
                Key {
                    placed_at: after,
                    order: Uuid::max(),
                }
            }
        }
    }

    /// Whether a key comes after another in the list.
    pub(super) fn is_after(self, key: Key, other: Key) -> bool {
        match self {
            Self::NewestFirst => key < other,
            Self::OldestFirst => key > other,
        }
    }
}

impl Filter {
    /// Whether every row of the walk fits, so that no more rows are read than are given.
    fn is_served_by(&self, walk: &Walk) -> bool {
        let values = [
            self.status.is_some(),
            self.channel.is_some(),
            self.customer.is_some(),
            self.item.is_some(),
        ];
        let given = values.iter().filter(|given| **given).count();
        let others = self.payment_status.is_some() || self.fulfilment_status.is_some();
        !others && given == usize::from(!matches!(walk.by, By::Placed))
    }

    /// Whether an order fits, as far as its row tells; the item and the words are looked at elsewhere.
    pub(super) fn fits(&self, row: &Narrow) -> bool {
        self.status
            .is_none_or(|status| row.status == status.as_str())
            && self
                .payment_status
                .is_none_or(|status| row.payment_status == status.as_str())
            && self
                .fulfilment_status
                .is_none_or(|status| row.fulfilment_status == status.as_str())
            && self.channel.is_none_or(|channel| row.channel == channel)
            && self
                .customer
                .is_none_or(|customer| row.customer == Some(customer))
            && self
                .placed_after
                .is_none_or(|after| row.key.placed_at >= after.0)
            && self
                .placed_before
                .is_none_or(|before| row.key.placed_at < before.0)
    }
}

pub(super) fn key(row: Row<'_>) -> Result<Key, StoreError> {
    Ok(Key {
        placed_at: row.int(0)?,
        order: row.uuid(1)?,
    })
}
