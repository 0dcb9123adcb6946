//! Exclusions within an attempt.

use super::Attempt;
use crate::decide::Stop;
use crate::id::ItemId;
use crate::inventory::{Exclusion, RevisedExclusion};
use crate::network::LocationId;

impl Attempt<'_> {
    /// Where an item is not offered now, as the attempt has made it.
    ///
    /// # Errors
    /// Stops when the stock was not loaded yet.
    pub fn exclusions(&self, item: ItemId) -> Result<Vec<Exclusion>, Stop> {
        let known = &self.stock(item)?.exclusions;
        let revised = self.decision.exclusions.iter();
        let revised: Vec<&RevisedExclusion> = revised.filter(|one| one.item == item).collect();
        let is_revised = |one: &&Exclusion| {
            let mut revised = revised.iter();
            !revised.any(|revised| revised.after.location == one.location)
        };
        let kept = known.iter().filter(is_revised).copied();
        let now = self.ctx.now;
        let all = kept.chain(revised.iter().map(|revised| revised.after));
        Ok(all.filter(|one| one.until > now).collect())
    }

    /// The exclusion of an item at a location, if there is one now.
    ///
    /// # Errors
    /// Stops when the stock was not loaded yet.
    pub fn exclusion(&self, item: ItemId, location: LocationId) -> Result<Option<Exclusion>, Stop> {
        let all = self.exclusions(item)?;
        Ok(all.into_iter().find(|one| one.location == location))
    }

    /// Writes an exclusion as it is now. Who waits for the item is served when it ends by itself.
    pub fn put_exclusion(&mut self, item: ItemId, after: Exclusion) {
        let place = (item, after.location);
        let revised = &mut self.decision.exclusions;
        revised.retain(|one| (one.item, one.after.location) != place);
        revised.push(RevisedExclusion { item, after });
        if after.until > self.ctx.now {
            self.decision.serve_at.push((item, after.until));
        }
    }
}
