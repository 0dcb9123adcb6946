//! Pieces: a party of more parts than are weighed together is weighed piece by piece.
//!
//! Whoever serves an earlier piece serves a later one without being counted as another location, and what goes the same way on the
//! same day goes together. Each piece is the cheapest there is after those before it; together they need not be, so that they are
//! never said to be proven.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::candidates::Place;
use super::free::FreeStock;
use super::weigh::PARTS_MAX;
use super::{Party, Sourced, Want};
use crate::id::{FulfilmentNo, ItemId, LineNo};
use crate::network::{Load, LocationId};
use crate::order::entry::{Allotment, Route};
use crate::sourcing::policy::KeepTogether;

/// What a piece is of.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Piece {
    /// Units of each item that one location has to have for all pieces; empty where they need not come from one.
    whole: Vec<(ItemId, i64)>,
    /// What all pieces are for whoever has to serve them all; nothing where none has to.
    pub(super) load: Option<Load>,
}

/// Divides those parties that have more parts than are weighed together.
pub(super) fn in_pieces(parties: Vec<Party>, keep: KeepTogether) -> Vec<Party> {
    let mut divided = Vec::with_capacity(parties.len());
    for party in parties {
        if party.wants.len() <= PARTS_MAX || !party.method.uses_stock() {
            divided.push(party);
        } else {
            divide(party, keep, &mut divided);
        }
    }
    divided
}

/// Divides those parties that want an item in cases of several sizes (a line of it, and a component of a kit): one size is
/// planned after the other, the largest first.
pub(super) fn by_case(parties: Vec<Party>, keep: KeepTogether) -> Vec<Party> {
    let mut divided = Vec::with_capacity(parties.len());
    for party in parties {
        if party.wants.iter().all(|want| want.case == 1) || !mixes_cases(&party.wants) {
            divided.push(party);
            continue;
        }
        let mut sizes: Vec<i64> = party.wants.iter().map(|want| want.case).collect();
        sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
        sizes.dedup();
        let piece = piece(&party, keep);
        for size in sizes {
            let wants = party.wants.iter().filter(|want| want.case == size);
            divided.push(Party {
                wants: wants.cloned().collect(),
                piece: Some(piece.clone()),
                ..party.clone()
            });
        }
    }
    divided
}

fn mixes_cases(wants: &[Want]) -> bool {
    let mut sizes: FxHashMap<ItemId, i64> = FxHashMap::default();
    let mut items = wants
        .iter()
        .filter_map(|want| Some((want.item?, want.case)));
    items.any(|(item, case)| *sizes.entry(item).or_insert(case) != case)
}

/// What a part of a party is a piece of.
fn piece(party: &Party, keep: KeepTogether) -> Piece {
    match keep {
        KeepTogether::Order => Piece {
            whole: whole(&party.wants),
            load: Some(party.load()),
        },
        KeepTogether::Nothing | KeepTogether::Lines | KeepTogether::Kits => Piece::default(),
    }
}

fn divide(party: Party, keep: KeepTogether, into: &mut Vec<Party>) {
    let groups = groups(&party.wants, keep);
    let parts: FxHashSet<_> = groups.iter().flatten().map(|(key, _)| *key).collect();
    if parts.len() <= PARTS_MAX {
        into.push(party);
        return;
    }
    let piece = piece(&party, keep);
    let mut push = |wants: Vec<Want>| {
        into.push(Party {
            wants,
            piece: Some(piece.clone()),
            ..party.clone()
        });
    };
    let mut wants = Vec::new();
    let mut parts: FxHashSet<Key> = FxHashSet::default();
    for group in groups {
        let more = group.iter().filter(|(key, _)| !parts.contains(key)).count();
        if !wants.is_empty() && parts.len() + more > PARTS_MAX {
            push(std::mem::take(&mut wants));
            parts.clear();
        }
        for (key, want) in group {
            parts.insert(key);
            wants.push(want.clone());
        }
    }
    push(wants);
}

/// What makes units one part: the item, and the bundle that they have to come with.
type Key = (ItemId, Option<LineNo>);

/// Wants that are not parted: the components of a kit that is kept together, else each alone.
fn groups(wants: &[Want], keep: KeepTogether) -> Vec<Vec<(Key, &Want)>> {
    let mut groups: Vec<Vec<(Key, &Want)>> = Vec::new();
    let mut kits: FxHashMap<LineNo, usize> = FxHashMap::default();
    for want in wants {
        let Some(item) = want.item else { continue };
        let kit = want.kit.filter(|_| keep == KeepTogether::Kits);
        let bundle = match keep {
            KeepTogether::Lines => Some(want.line),
            KeepTogether::Kits => kit,
            KeepTogether::Nothing | KeepTogether::Order => None,
        };
        let known = kit.and_then(|kit| kits.get(&kit).copied());
        let position = known.unwrap_or(groups.len());
        if position == groups.len() {
            groups.push(Vec::new());
        }
        if let Some(kit) = kit {
            kits.insert(kit, position);
        }
        groups[position].push(((item, bundle), want));
    }
    groups
}

fn whole(wants: &[Want]) -> Vec<(ItemId, i64)> {
    let mut units: Vec<(ItemId, i64)> = Vec::new();
    let mut positions: FxHashMap<ItemId, usize> = FxHashMap::default();
    for want in wants {
        let Some(item) = want.item else { continue };
        let position = *positions.entry(item).or_insert(units.len());
        match units.get_mut(position) {
            Some((_, known)) => *known += want.quantity,
            None => units.push((item, want.quantity)),
        }
    }
    units
}

impl Sourced {
    /// The fulfilment of an earlier piece that goes the same way from the same place.
    pub(super) fn joined(
        &self,
        party: &Party,
        place: Place,
        route: Option<&Route>,
    ) -> Option<FulfilmentNo> {
        party.piece.as_ref()?;
        let mut given = self.allotments.iter();
        let known = given.find(|one| {
            let known = one
                .location
                .map(|at| (at, one.method, one.ship_to, one.work_day, one.collect_at));
            known == Some(place) && Route::joins(one.route.as_ref(), route)
        });
        known.map(|one| one.fulfilment)
    }

    /// Adds what a location is given; what goes together is one.
    pub(super) fn add(&mut self, more: Allotment) {
        let mut given = self.allotments.iter_mut();
        match given.find(|one| one.fulfilment == more.fulfilment) {
            Some(known) => {
                known.lines.extend(more.lines);
                if let Some((route, more)) = known.route.as_mut().zip(more.route) {
                    let prices = route.carrier_minor.into_iter().chain(more.carrier_minor);
                    route.carrier_minor = prices.reduce(i64::saturating_add);
                }
            }
            None => self.allotments.push(more),
        }
    }
}

impl Party {
    /// Items that have to be looked up beside those of the piece.
    pub(super) fn items_of_whole(&self) -> impl Iterator<Item = ItemId> + '_ {
        let whole = self.piece.iter().flat_map(|piece| &piece.whole);
        whole.map(|(item, _)| *item)
    }

    /// The locations that serve pieces before this one.
    pub(super) fn serving_before(&self, given: &[Allotment]) -> SmallVec<[LocationId; 4]> {
        let mut before = SmallVec::new();
        if self.piece.is_some() {
            let same = |one: &&Allotment| (one.method, one.ship_to) == (self.method, self.ship_to);
            let locations = given.iter().filter(same).filter_map(|one| one.location);
            locations.for_each(|location| {
                if !before.contains(&location) {
                    before.push(location);
                }
            });
        }
        before
    }

    /// Whether a location may serve this piece, where all of them have to come from one: the first one that has everything, and
    /// then the same.
    pub(super) fn may_come_from(
        &self,
        location: LocationId,
        before: &[LocationId],
        free: &FreeStock,
    ) -> bool {
        let whole = self.piece.as_ref().map(|piece| &piece.whole);
        match whole.filter(|whole| !whole.is_empty()) {
            None => true,
            Some(_) if !before.is_empty() => before.contains(&location),
            Some(whole) => whole.iter().all(|(item, units)| {
                let levels = free.units(*item, false);
                let known = levels.binary_search_by_key(&location, |(at, _)| *at);
                known.is_ok_and(|at| levels[at].1 >= *units)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::fixture::story;

    /// More items than are weighed together.
    const ITEMS: usize = 150;

    fn stocked(text: &mut String, location: &str, items: impl Iterator<Item = usize>) {
        for item in items {
            let _ = writeln!(text, "stock A{item:03}@{location}=1");
        }
    }

    fn ordered() -> String {
        (0..ITEMS).map(|item| format!(" A{item:03}=1")).collect()
    }

    fn assigned(items: impl Iterator<Item = usize>) -> String {
        items
            .map(|item| format!(" A{item:03}:1 assigned"))
            .collect()
    }

    fn taken(location: &str, items: impl Iterator<Item = usize>) -> String {
        items.fold(String::new(), |mut text, item| {
            let _ = write!(text, "; A{item:03}@{location} 1/1");
            text
        })
    }

    #[test]
    fn whoever_serves_a_piece_serves_the_next_one_too() {
        // The second has what the first lacks. The third would be cheaper for later pieces alone, and is another location.
        let mut text = "
            location L1 labour=100,0,0
            location L2 labour=100,0,0
            location L3 labour=50,0,0
            policy P cost split=30
        "
        .to_owned();
        let (first, second) = (|| 0..ITEMS - 1, || ITEMS - 1..ITEMS);
        stocked(&mut text, "L1", first());
        stocked(&mut text, "L2", second());
        stocked(&mut text, "L3", 100..ITEMS - 1);
        let _ = writeln!(
            text,
            "order{} > order open; F1@L1 open{} leaves 2026-01-05; F2@L2 open{} leaves 2026-01-05{}{}",
            ordered(),
            assigned(first()),
            assigned(second()),
            taken("L1", first()),
            taken("L2", second()),
        );
        story(&text);
    }

    #[test]
    fn an_order_that_is_kept_together_comes_from_where_all_of_it_is() {
        let mut text = "
            location L1 labour=1,0,0
            location L2 labour=100,0,0
            policy P cost keep=order
        "
        .to_owned();
        stocked(&mut text, "L1", 0..ITEMS - 1);
        stocked(&mut text, "L2", 0..ITEMS);
        let _ = writeln!(
            text,
            "order{} > order open; F1@L2 open{} leaves 2026-01-05{}",
            ordered(),
            assigned(0..ITEMS),
            taken("L2", 0..ITEMS),
        );
        story(&text);
    }

    #[test]
    fn pieces_use_no_more_locations_than_the_policy_allows() {
        let mut text = "
            location L1
            location L2
            policy P fewest max=1
        "
        .to_owned();
        stocked(&mut text, "L1", 0..100);
        stocked(&mut text, "L2", 60..ITEMS);
        let waiting = (100..ITEMS).fold(String::new(), |mut text, item| {
            let _ = write!(text, "; A{item:03} 1 backordered");
            text
        });
        let _ = writeln!(
            text,
            "order{} > order open{waiting}; F1@L1 open{} leaves 2026-01-05{}",
            ordered(),
            assigned(0..100),
            taken("L1", 0..100),
        );
        story(&text);
    }
}
