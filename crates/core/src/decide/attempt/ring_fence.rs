//! Ring-fences within an attempt.

use super::Attempt;
use crate::decide::Stop;
use crate::id::ItemId;
use crate::inventory::{RevisedFence, RingFence, StockMove};
use crate::network::{ChannelId, LocationId};

impl Attempt<'_> {
    /// The ring-fences of an item as the attempt has made them.
    ///
    /// # Errors
    /// Stops when the stock was not loaded yet.
    pub fn fences(&self, item: ItemId) -> Result<Vec<RingFence>, Stop> {
        let mut stock = crate::facts::ItemStock {
            fences: self.stock(item)?.fences.clone(),
            ..Default::default()
        };
        let revised = self.decision.fences.iter().filter(|one| one.item == item);
        revised.for_each(|revised| stock.set_fence(revised.after));
        Ok(stock.fences)
    }

    /// Units at a location that only this channel may have.
    ///
    /// # Errors
    /// Stops when the stock was not loaded yet.
    pub fn fenced(
        &self,
        item: ItemId,
        location: LocationId,
        channel: ChannelId,
    ) -> Result<i64, Stop> {
        let place = (item, location, channel);
        let mut revised = self.decision.fences.iter().rev();
        let revised =
            revised.find(|one| (one.item, one.after.location, one.after.channel) == place);
        match revised {
            Some(revised) => Ok(revised.after.quantity),
            None => Ok(self.stock(item)?.fenced(location, channel)),
        }
    }

    /// Sets a ring-fence; the units are moved by whoever sets it.
    ///
    /// # Errors
    /// Stops when the stock was not loaded yet.
    pub fn set_fenced(
        &mut self,
        item: ItemId,
        location: LocationId,
        channel: ChannelId,
        quantity: i64,
    ) -> Result<(), Stop> {
        let was = self.fenced(item, location, channel)?;
        let after = RingFence {
            location,
            channel,
            quantity,
        };
        if was != quantity {
            let revised = RevisedFence { item, was, after };
            self.decision.fences.push(revised);
        }
        Ok(())
    }

    /// Units that an order of the channel is given are fenced ones first: they change hands without being free in
    /// between.
    pub(super) fn use_fenced(
        &mut self,
        channel: ChannelId,
        moved: &mut StockMove,
    ) -> Result<(), Stop> {
        let wanted = moved.change.allocated;
        if wanted <= 0 || moved.change.reserved != 0 {
            return Ok(());
        }
        let fenced = self.fenced(moved.item, moved.location, channel)?;
        let taken = fenced.min(wanted);
        if taken > 0 {
            moved.change.reserved -= taken;
            self.set_fenced(moved.item, moved.location, channel, fenced - taken)?;
        }
        Ok(())
    }
}
