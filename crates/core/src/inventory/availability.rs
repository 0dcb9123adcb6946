//! What can be promised of one item: to a channel, from its locations, by day.

use std::sync::Arc;

use super::atp::{Atp, Dated, Position, atp, counted_supply};
use super::{Exclusion, ItemLots, Level, LotRule, RingFence, Supply, Waited};
use crate::catalog::Item;
use crate::network::{Channel, Location, LocationId, LocationStatus, Network};
use crate::time::Millis;

/// What somebody asks with.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Locations and channels.
    pub network: &'a Network,
    /// For this channel; for nobody in particular, if there is none.
    pub channel: Option<&'a Channel>,
    /// When.
    pub now: Millis,
    /// Supply that is less sure does not count.
    pub min_confidence_percent: u8,
}

/// What is known of an item.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its levels.
    pub levels: &'a [Level],
    /// The item and its lots, where its units belong to lots: what the channel may not have of them is not promised.
    pub lots: Option<(&'a Item, &'a ItemLots)>,
    /// Its open supply.
    pub incoming: &'a [Arc<Supply>],
    /// What is waited for.
    pub waited: &'a Waited,
    /// Units that only one channel may have.
    pub fences: &'a [RingFence],
    /// Where it is not offered for now.
    pub exclusions: &'a [Exclusion],
}

/// What can be promised of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Availability {
    /// By day, in all and by location.
    pub atp: Atp,
    /// Units that orders wait for.
    pub waited: i64,
    /// Units that will come and count.
    pub incoming: i64,
    /// Units that should have come before today: without a new day they do not count.
    pub overdue: i64,
}

impl Availability {
    /// How many of something can be promised that needs so many of these.
    #[must_use]
    pub fn in_multiples_of(self, units: i64) -> Self {
        let each = |count: i64| count.checked_div(units).unwrap_or(0);
        let locations = self.atp.locations.into_iter();
        let locations = locations.map(|(id, curve)| (id, curve.in_multiples_of(units)));
        Self {
            atp: Atp {
                network: self.atp.network.in_multiples_of(units),
                locations: locations.collect(),
            },
            waited: each(self.waited),
            incoming: each(self.incoming),
            overdue: each(self.overdue),
        }
    }

    /// What can be promised of two things together. Both were asked for with the same network and channel. Of what is
    /// waited for, more counts; of what comes, less.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let pairs = self.atp.locations.into_iter().zip(other.atp.locations);
        let locations = pairs.map(|((id, one), (_, other))| (id, one.and(&other)));
        Self {
            atp: Atp {
                network: self.atp.network.and(&other.atp.network),
                locations: locations.collect(),
            },
            waited: self.waited.max(other.waited),
            incoming: self.incoming.min(other.incoming),
            overdue: self.overdue.min(other.overdue),
        }
    }
}

/// What can be promised now and later. Locations that take no fulfilments promise nothing.
#[must_use]
pub fn availability(asked: Asked<'_>, known: Known<'_>) -> Availability {
    let open = asked.network.locations.iter();
    let open = open.filter(|location| location.status == LocationStatus::Open);
    let counted = counted_supply(
        known.incoming.iter().map(AsRef::as_ref),
        asked.min_confidence_percent,
    );
    let today = asked.now.local_date("UTC");
    let (mut incoming, mut overdue) = (0, 0);
    let levels = sellable(asked, known);
    let known = Known {
        levels: &levels,
        ..known
    };
    let positions: Vec<Position> = open
        .map(|location| {
            let here = counted.iter().filter(|(at, _)| *at == location.id);
            let here: Vec<Dated> = here.map(|(_, dated)| *dated).collect();
            let local = asked.now.local_date(&location.time_zone);
            let (late, supply): (Vec<Dated>, Vec<Dated>) =
                here.into_iter().partition(|dated| dated.date < local);
            overdue += late.iter().map(|dated| dated.units).sum::<i64>();
            incoming += supply.iter().map(|dated| dated.units).sum::<i64>();
            // Somewhere it may still be yesterday; what comes there today comes today.
            let supply = supply.into_iter().map(|dated| Dated {
                date: dated.date.max(today),
                ..dated
            });
            position(location, known, supply.collect(), asked.now)
        })
        .collect();
    let anywhere = Dated {
        date: today,
        units: known.waited.anywhere,
    };
    let share = |location: LocationId, units: i64| match asked.channel {
        Some(channel) => channel.sells.share(location, units),
        None => units,
    };
    let mut atp = atp(today, &positions, &[anywhere], share);
    if let Some(channel) = asked.channel {
        atp.locations
            .retain(|(location, _)| channel.sells.includes(*location));
        add_fenced(&mut atp, channel, known, asked.now);
    }
    Availability {
        atp,
        waited: known.waited.total(),
        incoming,
        overdue,
    }
}

/// The levels without what the channel may not have of the lots.
fn sellable(asked: Asked<'_>, known: Known<'_>) -> Vec<Level> {
    let mut levels = known.levels.to_vec();
    if let Some((item, lots)) = known.lots {
        let rule = LotRule::new(item, asked.network, asked.channel, asked.now);
        rule.leave_unfit(lots, &mut levels);
    }
    levels
}

/// What is set aside for the channel, and counts as reserved, it may have on top.
fn add_fenced(atp: &mut Atp, channel: &Channel, known: Known<'_>, now: Millis) {
    let fences = known.fences.iter();
    let theirs = fences.filter(|fence| fence.channel == channel.id);
    for fence in theirs.filter(|fence| !is_excluded(known, fence.location, now)) {
        let mut places = atp.locations.iter_mut();
        if let Some((_, curve)) = places.find(|(location, _)| *location == fence.location) {
            *curve = curve.plus(fence.quantity);
            atp.network = atp.network.plus(fence.quantity);
        }
    }
}

/// Whether an item is not offered from a location at this time.
fn is_excluded(known: Known<'_>, location: LocationId, now: Millis) -> bool {
    let mut exclusions = known.exclusions.iter();
    exclusions.any(|one| one.location == location && one.until > now)
}

fn position(location: &Location, known: Known<'_>, supply: Vec<Dated>, now: Millis) -> Position {
    let level = known
        .levels
        .iter()
        .find(|level| level.location == location.id);
    let is_excluded = is_excluded(known, location.id, now);
    let wanted = Dated {
        date: now.local_date("UTC"),
        units: known.waited.bound_to(location.id),
    };
    Position {
        location: location.id,
        available: match is_excluded {
            true => 0,
            false => level.map_or(0, Level::available),
        },
        supply,
        demand: vec![wanted],
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn what_can_be_promised_follows_stock_supply_and_those_who_wait() {
        story(
            "
                location L1
                location L2 store
                availability A                              > unknown
                stock A@L1=5
                availability A                              > 2026-01-05 5: L1 5, L2 0
                expect A@L2=4 on=2026-01-20 sure=80         > S1 open A@L2 0 of 4 by 2026-01-20 80%
                availability A                              > 2026-01-05 5, 2026-01-20 9: L1 5, L2 0 4 (incoming 4)
                availability A sure=90                      > 2026-01-05 5: L1 5, L2 0
                order A=7                                   > order open; A 2 backordered; F1@L1 open A:5 assigned; A@L1 5/5
                availability A                              > 2026-01-05 0, 2026-01-20 2: L1 0, L2 0 2 (incoming 4, waited 2)
                order A=1:pickup@L1                         > order open; A 1 backordered
                availability A                              > 2026-01-05 0, 2026-01-20 2: L1 0, L2 0 2 (incoming 4, waited 3)
                location L2 store paused
                availability A                              > 2026-01-05 0: L1 0 (waited 3)
            ",
        );
    }

    #[test]
    fn supply_that_is_late_does_not_count_until_it_has_a_new_day() {
        story(
            "
                location L1
                expect A@L1=4 on=2026-01-06               > S1 open A@L1 0 of 4 by 2026-01-06 100%
                wait 2880m
                availability A                            > 2026-01-07 0: L1 0 (overdue 4)
                change-supply S1 on=2026-01-09 because=x  > S1 open A@L1 0 of 4 by 2026-01-09 100%
                availability A                            > 2026-01-07 0, 2026-01-09 4: L1 0 4 (incoming 4)
            ",
        );
    }

    #[test]
    fn a_channel_is_promised_what_it_may_sell() {
        story(
            "
                location L1
                location L2 store
                put-channel web sells=L1 buffer=1
                put-channel app buffer=25%
                stock A@L1=5
                stock A@L2=6
                availability A             > 2026-01-05 11: L1 5, L2 6
                availability A channel=web > 2026-01-05 4: L1 4
                availability A channel=app > 2026-01-05 7: L1 3, L2 4
            ",
        );
    }
}
