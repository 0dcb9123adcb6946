//! What an attempt asks to be done after its commit.

use super::Attempt;
use crate::id::{HoldNo, ItemId, OrderId};
use crate::time::Millis;

impl Attempt<'_> {
    /// Asks for the approvals of an order to be looked at again at this time.
    pub fn review_later(&mut self, order: OrderId, at: Millis) {
        self.decision.review_later.retain(|(id, _)| *id != order);
        self.decision.review_later.push((order, at));
    }

    /// Asks a scorer outside about a held order after the commit.
    pub fn score_later(&mut self, order: OrderId, hold: HoldNo) {
        if !self.decision.score_later.contains(&(order, hold)) {
            self.decision.score_later.push((order, hold));
        }
    }

    /// Asks for the scheduled fulfilments of an order to be looked at again at this time.
    pub fn release_later(&mut self, order: OrderId, at: Millis) {
        self.decision.release_later.retain(|(id, _)| *id != order);
        self.decision.release_later.push((order, at));
    }

    /// Asks for the promises of an order to be looked at again at this time.
    pub fn watch_later(&mut self, order: OrderId, at: Millis) {
        self.decision.watch_later.retain(|(id, _)| *id != order);
        self.decision.watch_later.push((order, at));
    }

    /// Asks for the promises of those who wait for an item to be looked at after the commit: what will come has changed.
    pub fn renew_waiting_later(&mut self, item: ItemId) {
        if !self.decision.renew_later.contains(&item) {
            self.decision.renew_later.push(item);
        }
    }

    /// Asks for the item's waiting orders to be served after the commit.
    pub fn serve_later(&mut self, item: ItemId) {
        if !self.decision.serve_later.contains(&item) {
            self.decision.serve_later.push(item);
        }
    }
}
