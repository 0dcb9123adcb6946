//! Orders that wait for stock are served by priority, then age.

use crate::id::ItemId;

/// Waiting rows served in one commit; the rest is continued by the next one.
pub const SERVED_PER_COMMIT: usize = 50;

/// Gives free stock of an item to the orders that wait for it, bounded; continued after the commit.
#[derive(Debug, Clone, Copy)]
pub struct ServeWaiting {
    /// The item.
    pub item: ItemId,
}
