//! SKUs that were unknown when an order was taken.

use crate::decide::{Attempt, Stop};
use crate::id::OrderId;
use crate::order::Record;

/// Looks again for SKUs that were unknown when the order was taken; found ones become part of the order.
///
/// # Errors
/// Stops when items are not loaded yet.
pub fn resolve_items(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    if order.placed.lines.iter().all(|line| line.item.is_some()) {
        return Ok(());
    }
    let mut placed = order.placed.as_ref().clone();
    let next_child = order.progress.next_child;
    let whole_cases = placed.whole_cases;
    for line in placed.lines.iter_mut().filter(|line| line.item.is_none()) {
        // A kit cannot be exploded after the fact: such a line is removed and added again by an amendment.
        if let Some(item) = attempt
            .item_by_sku(&line.sku)?
            .filter(|item| !item.is_kit())
        {
            line.item = Some(item.id);
            if whole_cases {
                line.case_quantity = item.case_quantity;
            }
        }
    }
    let order = attempt.order(id)?;
    if placed == *order.placed {
        return Ok(());
    }
    let reason = Some("SKUs that were unknown are known now".to_owned());
    attempt.record(
        id,
        Record::OrderAmended {
            placed: placed.into(),
            next_child,
            reason,
        },
    )
}
