//! Incoming supply within an attempt.

use std::sync::Arc;

use smallvec::smallvec;

use super::Attempt;
use crate::decide::Stop;
use crate::decision::RevisedSupply;
use crate::facts::{Need, put_supply};
use crate::id::{ItemId, SupplyId};
use crate::inventory::{
    Supply, SupplyEntry, SupplyRecord, Waited, crossings, evolve_supply, supply_moves,
    waited_changes,
};
use crate::refusal::Refusal;

/// Most entries of one supply's journal.
const ENTRIES_MAX: u64 = 1_000;

impl Attempt<'_> {
    /// Supply as the attempt has made it.
    ///
    /// # Errors
    /// Stops when it was not loaded yet; refuses when there is none.
    pub fn supply(&self, id: SupplyId) -> Result<Arc<Supply>, Stop> {
        let revised = self.decision.supplies.iter();
        if let Some(revised) = revised.rev().find(|revised| revised.after.id == id) {
            return Ok(Arc::clone(&revised.after));
        }
        match self.facts.supplies.get(&id) {
            Some(Some(supply)) => Ok(Arc::clone(supply)),
            Some(None) => Err(Refusal::NotFound {
                what: "supply",
                name: id.to_string(),
            }
            .into()),
            None => Err(Stop::Missing(vec![Need::Supply(id)])),
        }
    }

    /// The open supply of an item as the attempt has made it, in the order it is expected.
    ///
    /// # Errors
    /// Stops when it was not loaded yet.
    pub fn incoming(&self, item: ItemId) -> Result<Vec<Arc<Supply>>, Stop> {
        let known = self.facts.incoming.get(&item);
        let mut open = known
            .cloned()
            .ok_or_else(|| Stop::Missing(vec![Need::Incoming(item)]))?;
        let revised = self.decision.supplies.iter().map(|revised| &revised.after);
        revised
            .filter(|supply| supply.item == item)
            .for_each(|supply| put_supply(&mut open, supply));
        Ok(open)
    }

    /// The units of an item that are waited for as the attempt has made it.
    ///
    /// # Errors
    /// Stops when they were not added up yet.
    pub fn waited(&self, item: ItemId) -> Result<Waited, Stop> {
        let known = self.facts.waited.get(&item);
        let mut waited = known
            .cloned()
            .ok_or_else(|| Stop::Missing(vec![Need::Waited(item)]))?;
        for (before, now) in self.changed_orders() {
            waited_changes(before, now, |waits_for, location, units| {
                if waits_for == item {
                    waited.add(location, units);
                }
            });
        }
        Ok(waited)
    }

    /// How many units of an item are waited for, where that decides something: it must still be so in the commit.
    ///
    /// # Errors
    /// Stops when they were not added up yet.
    pub fn waited_that_decides(&mut self, item: ItemId) -> Result<i64, Stop> {
        let total = self.waited(item)?.total();
        let before = self.facts.waited.get(&item).map_or(0, Waited::total);
        let seen = &mut self.decision.waited_seen;
        if !seen.iter().any(|(known, _)| *known == item) {
            seen.push((item, before));
        }
        Ok(total)
    }

    /// Items whose stock has moved; one may come several times.
    pub(crate) fn moved_items(&self) -> impl Iterator<Item = ItemId> {
        self.decision.moves.iter().map(|moved| moved.item)
    }

    /// Writes down the thresholds that were crossed.
    ///
    /// # Errors
    /// Stops when facts are missing.
    pub fn tell_of_crossings(&mut self) -> Result<(), Stop> {
        self.decision.crossings = crossings(self)?;
        Ok(())
    }

    /// Writes the next entry of supply, or its first one, and moves the stock that it speaks of.
    ///
    /// # Errors
    /// Refuses when stock is missing for what the entry says, and more than 1,000 entries.
    pub fn record_supply(&mut self, id: SupplyId, record: SupplyRecord) -> Result<(), Stop> {
        let before = match record {
            SupplyRecord::Created { .. } => None,
            _ => Some(self.supply(id)?),
        };
        let was = before.as_ref().map_or(0, |supply| supply.version);
        if was >= ENTRIES_MAX {
            return Err(Refusal::TooMany {
                what: "changes of one supply",
                limit: ENTRIES_MAX,
            }
            .into());
        }
        let entry = SupplyEntry {
            seq: was + 1,
            at: self.ctx.now,
            actor: self.actor,
            record,
        };
        let Some(after) = evolve_supply(id, before.as_deref().cloned(), &entry) else {
            return Ok(());
        };
        if entry.record.changes_what_will_come() {
            self.renew_waiting_later(after.item);
        }
        for moved in supply_moves(before.as_deref(), &after, &entry) {
            self.move_stock(moved)?;
        }
        self.decision.supplies.push(RevisedSupply {
            was,
            after: Arc::new(after),
            entries: smallvec![entry],
        });
        Ok(())
    }
}
