//! What is free: levels of stock, less what is set aside for those who wait ahead.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Scope, Together};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, OrderId};
use crate::inventory::{Exclusion, Level, set_aside};
use crate::network::{Channel, ChannelId, LocationId, Sells};
use crate::order::Order;
use crate::time::Millis;

/// Free units by item and location, less what was allotted by this decision already.
#[derive(Debug, Default)]
pub(in crate::order) struct FreeStock {
    pub(super) items: FxHashMap<ItemId, Free>,
    /// Whether a person has said where units are to come from, although they may be excluded there.
    pub(super) by_hand: bool,
}

type Units = Vec<(LocationId, i64)>;

/// Free units of one item.
#[derive(Debug)]
pub(super) struct Free {
    /// What is available.
    available: Units,
    /// That, and what may be oversold; absent where nothing may.
    claimable: Option<Units>,
}

impl FreeStock {
    /// Looks up what is free; tells whether units were set aside for others who wait.
    pub(super) fn load(
        &mut self,
        attempt: &Attempt<'_>,
        item: ItemId,
        ahead: &Ahead,
    ) -> Result<bool, Stop> {
        if let Entry::Vacant(place) = self.items.entry(item) {
            let levels = attempt.sellable_levels(item, Some(ahead.channel))?;
            let fences = attempt.fences(item)?;
            let exclusions = match self.by_hand {
                true => Vec::new(),
                false => attempt.exclusions(item)?,
            };
            let mut set_aside = false;
            let channel = attempt.network().channel(ahead.channel);
            let mut free = |units: fn(&Level) -> i64| -> Result<Units, Stop> {
                let units = |level: &Level| (level.location, units(level).max(0));
                let mut free: Units = levels.iter().map(units).collect();
                leave_excluded(&exclusions, &mut free);
                if let Some(channel) = channel {
                    keep_back(channel, &levels, &mut free);
                }
                set_aside |= ahead.subtract(attempt, item, &mut free)?;
                for fence in fences.iter().filter(|fence| fence.channel == ahead.channel) {
                    let is_offered = |at| !is_excluded(&exclusions, at);
                    let here = free
                        .iter_mut()
                        .filter(|(at, _)| *at == fence.location && is_offered(*at));
                    here.for_each(|(_, units)| *units += fence.quantity);
                }
                Ok(free)
            };
            let may_oversell = levels.iter().any(|level| level.oversell_limit > 0);
            let claimable = may_oversell.then(|| free(Level::claimable)).transpose()?;
            let available = free(Level::available)?;
            place.insert(Free {
                available,
                claimable,
            });
            return Ok(set_aside);
        }
        Ok(false)
    }

    /// Whether more than what is available may be claimed.
    pub(super) fn may_oversell(&self, item: ItemId) -> bool {
        let free = self.items.get(&item);
        free.is_some_and(|free| free.claimable.is_some())
    }

    /// What is available; or what may be oversold too.
    pub(super) fn units(&self, item: ItemId, oversold: bool) -> &[(LocationId, i64)] {
        let free = self.items.get(&item);
        free.map_or(&[], |free| match &free.claimable {
            Some(claimable) if oversold => claimable,
            _ => &free.available,
        })
    }

    pub(super) fn take(&mut self, item: ItemId, location: LocationId, taken: i64) {
        let Some(free) = self.items.get_mut(&item) else {
            return;
        };
        let levels = free.available.iter_mut();
        levels
            .chain(free.claimable.iter_mut().flatten())
            .filter(|(known, _)| *known == location)
            .for_each(|(_, units)| *units = (*units - taken).max(0));
    }
}

/// Leaves nothing where the item is not offered for now.
fn leave_excluded(exclusions: &[Exclusion], free: &mut [(LocationId, i64)]) {
    if !exclusions.is_empty() {
        let here = free
            .iter_mut()
            .filter(|(at, _)| is_excluded(exclusions, *at));
        here.for_each(|(_, units)| *units = 0);
    }
}

fn is_excluded(exclusions: &[Exclusion], location: LocationId) -> bool {
    exclusions.iter().any(|one| one.location == location)
}

/// Leaves what the channel may have: nothing where it does not sell from, and less what is kept back from it.
fn keep_back(channel: &Channel, levels: &[Level], free: &mut [(LocationId, i64)]) {
    if channel.sells == Sells::default() {
        return;
    }
    for ((location, units), level) in free.iter_mut().zip(levels) {
        let available = level.available().max(0);
        let kept_back = available - channel.sells.share(*location, available);
        *units = match channel.sells.includes(*location) {
            true => (*units).min(level.claimable() - kept_back).max(0),
            false => 0,
        };
    }
}

/// Orders that wait and must not be overtaken.
pub(super) struct Ahead {
    order: OrderId,
    channel: ChannelId,
    priority: i32,
    /// Since when the order waits, by item; absent where it comes new.
    since: Vec<(ItemId, Millis)>,
    /// The item that it is the next one to get.
    next_for: Option<ItemId>,
    /// Orders that are planned together with it: who of them gets what is planned already.
    together: Option<Arc<FxHashSet<OrderId>>>,
}

impl Ahead {
    pub(super) fn of(order: &Order, scope: Scope<'_>, together: Option<&Together>) -> Self {
        let lines = order.placed.lines.iter().zip(&order.progress.lines);
        let waiting = lines.filter_map(|(line, state)| Some((line.item?, state.waiting_since?)));
        let since = match scope {
            Scope::OpenAndWaiting | Scope::NextWaiting(_) | Scope::Share(_) => waiting.collect(),
            Scope::Open | Scope::Again(_) | Scope::These(_) | Scope::Elsewhere(_) => Vec::new(),
        };
        let next = scope.next_waiting().and_then(|no| order.placed.line(no));
        let next_for = next.and_then(|line| line.item);
        Self {
            order: order.id,
            channel: order.placed.channel,
            priority: order.progress.priority,
            since,
            next_for,
            together: together.map(|together| Arc::clone(&together.orders)),
        }
    }

    fn plans_for(&self, order: OrderId) -> bool {
        let together = self.together.as_ref();
        together.is_some_and(|together| together.contains(&order))
    }

    /// Sets the units aside that those ahead wait for; tells whether there were any. What the order has just given
    /// back, it may take again first.
    fn subtract(
        &self,
        attempt: &Attempt<'_>,
        item: ItemId,
        free: &mut [(LocationId, i64)],
    ) -> Result<bool, Stop> {
        if self.next_for == Some(item) {
            return Ok(false);
        }
        let mut own: Units = Vec::with_capacity(free.len());
        for (location, units) in free.iter_mut() {
            let given_back = attempt.given_back(self.order, item, *location).min(*units);
            *units -= given_back;
            own.push((*location, given_back));
        }
        let since = self.since.iter().filter(|(known, _)| *known == item);
        let place = since
            .map(|(_, since)| (self.priority, *since, self.order))
            .min();
        let any = set_aside(attempt, item, free, |row| match place {
            _ if row.order == self.order => false,
            _ if self.plans_for(row.order) => false,
            Some(place) => (row.priority, row.since, row.order) < place,
            None => row.priority <= self.priority,
        })?;
        let both = free.iter_mut().zip(own);
        both.for_each(|((_, units), (_, own))| *units += own);
        Ok(any)
    }
}
