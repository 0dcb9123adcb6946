//! Orders with an active hold of one kind: those on hold, judged by what is in them.

use throughline_core::order::{HoldKind, OrderStatus};

use super::scan::Key;
use super::{Filter, Sort, StoredOrder, page as rows};
use crate::cursor;
use crate::engine::Connection;
use crate::error::StoreError;
use crate::views::Page;

/// Orders looked at in one step, and steps for one page at most.
const STEP: usize = 200;
const STEPS_MAX: usize = 25;

/// A page of the orders that fit and have an active hold of the kind.
pub(super) fn page(
    connection: &mut Connection,
    filter: &Filter,
    (kind, sort): (HoldKind, Sort),
    mut after: Option<Key>,
    limit: usize,
) -> Result<Page<StoredOrder>, StoreError> {
    let filter = Filter {
        hold: None,
        status: filter.status.or(Some(OrderStatus::OnHold)),
        ..filter.clone()
    };
    let mut found: Vec<StoredOrder> = Vec::new();
    for _ in 0..STEPS_MAX {
        let (step, more) = rows(connection, &filter, sort, after, STEP)?;
        found.extend(step.into_iter().filter(|stored| has(stored, kind)));
        if more.is_none() || found.len() > limit {
            return Ok(Page::cut(found, limit, |stored| {
                cursor::encode(&place(stored))
            }));
        }
        after = more;
    }
    Ok(Page {
        data: found,
        has_more: true,
        next_cursor: after.map(|key| cursor::encode(&key)),
    })
}

fn has(stored: &StoredOrder, kind: HoldKind) -> bool {
    let mut holds = stored.order.progress.active_holds();
    holds.any(|hold| hold.kind == kind)
}

fn place(stored: &StoredOrder) -> Key {
    Key {
        placed_at: stored.order.placed.placed_at.0,
        order: stored.order.id.uuid(),
    }
}
