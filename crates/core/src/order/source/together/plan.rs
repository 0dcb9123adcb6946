//! From what many orders ask for to a plan for each of them.

use rustc_hash::FxHashMap;

use super::{Asking, PartyAsking, PlannedParty};
use crate::id::{ItemId, OrderId};
use crate::money::Currency;
use crate::network::{CapacityUnit, LocationId};
use crate::order::LocationDay;
use crate::sourcing::joint::{Contender, Given, Joint, Outcome, Room, Tally, plan_together};

/// Sources times demands that are weighed in all rounds of prices; it is counted, not timed.
const WEIGHED_MAX: usize = 1_000_000;
const ROUNDS_LEAST: usize = 2;
const ROUNDS_MOST: usize = 24;

/// An order that asks.
#[derive(Debug, Clone)]
pub struct Contending {
    /// Which.
    pub order: OrderId,
    /// Its place where one is served after the other.
    pub queued: usize,
    /// What it asks for.
    pub asking: Asking,
}

/// What was planned for all that ask.
#[derive(Debug, Clone, Default)]
pub struct PlannedTogether {
    /// By position of who asks.
    pub orders: Vec<PlannedOrder>,
    /// What it comes to, by currency.
    pub tallies: Vec<CurrencyTally>,
}

/// What was planned for one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlannedOrder {
    /// Its parties that want stock.
    pub parties: Vec<PlannedParty>,
    /// Units that it wants.
    pub wanted: i64,
    /// Units that it is to get.
    pub served: i64,
    /// What that costs, in minor units.
    pub cost_minor: i64,
    /// Units that it would have got one after the other.
    pub alone_served: i64,
    /// What that would have cost.
    pub alone_minor: i64,
}

/// What the plans of one currency come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrencyTally {
    /// Of all costs.
    pub currency: Currency,
    /// Together.
    pub together: Tally,
    /// One after the other.
    pub one_by_one: Tally,
    /// No plan that gives everybody the same units costs less.
    pub bound_minor: i64,
}

/// Plans for all who ask, the first ones first in rank. Costs in different currencies are not compared: the currency of the
/// first in rank is planned first, and the others on what that leaves.
#[must_use]
pub fn plan_contending(contending: &[Contending]) -> PlannedTogether {
    let mut planned = PlannedTogether {
        orders: vec![PlannedOrder::default(); contending.len()],
        tallies: Vec::new(),
    };
    let mut shared = Shared::default();
    let mut currencies: Vec<Currency> = Vec::new();
    for one in contending {
        if !currencies.contains(&one.asking.currency) {
            currencies.push(one.asking.currency);
        }
    }
    for currency in currencies {
        let of_it = contending.iter().enumerate();
        let of_it = of_it.filter(|(_, one)| one.asking.currency == currency);
        let parties: Vec<(usize, usize, &PartyAsking)> = of_it
            .flat_map(|(at, one)| {
                let parties = one.asking.parties.iter();
                parties.map(move |party| (at, one.queued, party))
            })
            .collect();
        let joint = shared.joint(&parties);
        let outcome = plan_together(&joint);
        shared.take(&joint, &outcome.given);
        for (number, (at, _, party)) in parties.iter().enumerate() {
            let contender = &joint.contenders[number];
            planned.orders[*at].add(party, contender, &outcome, number);
        }
        for (at, _, party) in &parties {
            planned.orders[*at].leave_to_later_days(party);
        }
        let firsts = |given: &[Given]| -> i64 {
            let parties = parties.iter().zip(given);
            parties
                .map(|((.., party), given)| first(party, given))
                .sum()
        };
        let (together, alone) = (firsts(&outcome.given), firsts(&outcome.alone));
        planned.tallies.push(CurrencyTally {
            currency,
            together: outcome.together.less(together),
            one_by_one: outcome.one_by_one.less(alone),
            bound_minor: outcome.bound_minor - together,
        });
    }
    planned
}

/// What is to be taken off a plan, because its first location is no split.
fn first(party: &PartyAsking, given: &Given) -> i64 {
    if given.is_empty() {
        0
    } else {
        party.first_minor
    }
}

/// What is shared by all currencies: units by item and location, and rooms.
#[derive(Debug, Default)]
struct Shared {
    stock: Vec<i64>,
    stock_of: FxHashMap<(ItemId, LocationId), usize>,
    rooms: Vec<Room>,
    room_of: FxHashMap<LocationDay, usize>,
    /// How much of each was planned away by currencies before.
    given: Vec<i64>,
    filled: Vec<i64>,
}

impl Shared {
    fn joint(&mut self, parties: &[(usize, usize, &PartyAsking)]) -> Joint {
        let contenders: Vec<Contender> = parties
            .iter()
            .map(|(_, queued, party)| self.contender(party, *queued))
            .collect();
        let weighed = |one: &Contender| one.problem.sources.len() * one.problem.demands.len();
        let weighed: usize = contenders.iter().map(weighed).sum();
        let rounds = (WEIGHED_MAX / weighed.max(1)).clamp(ROUNDS_LEAST, ROUNDS_MOST);
        let left = |(units, given): (&i64, &i64)| (units - given).max(0);
        let rooms = self.rooms.iter().zip(&self.filled);
        Joint {
            contenders,
            stock: self.stock.iter().zip(&self.given).map(left).collect(),
            rooms: rooms
                .map(|(room, filled)| Room {
                    unit: room.unit,
                    left: (room.left - filled).max(0),
                })
                .collect(),
            rounds: u32::try_from(rounds).unwrap_or(u32::MAX),
        }
    }

    fn contender(&mut self, party: &PartyAsking, queued: usize) -> Contender {
        let mut stock = Vec::with_capacity(party.places.len());
        let mut rooms = Vec::with_capacity(party.places.len());
        for place in &party.places {
            let pools = party.items.iter().zip(&place.available);
            let pools = pools.map(|(item, units)| self.pool(*item, place.location, *units));
            stock.push(pools.collect());
            let room = place.room;
            rooms.push(room.map(|(day, unit, left)| self.room(day, unit, left)));
        }
        Contender {
            problem: party.problem.clone(),
            stock,
            rooms,
            queued,
        }
    }

    /// Orders whose policies leave more there see less: the most that one of them sees is shared.
    fn pool(&mut self, item: ItemId, location: LocationId, units: i64) -> usize {
        let next = self.stock.len();
        let at = *self.stock_of.entry((item, location)).or_insert(next);
        if at == next {
            self.stock.push(units);
            self.given.push(0);
        }
        self.stock[at] = self.stock[at].max(units);
        at
    }

    fn room(&mut self, day: LocationDay, unit: CapacityUnit, left: i64) -> usize {
        let next = self.rooms.len();
        let at = *self.room_of.entry(day).or_insert(next);
        if at == next {
            self.rooms.push(Room { unit, left });
            self.filled.push(0);
        }
        at
    }

    fn take(&mut self, joint: &Joint, given: &[Given]) {
        for (contender, given) in joint.contenders.iter().zip(given) {
            for (source, units) in given {
                for (demand, units) in contender.problem.demands.iter().zip(units) {
                    self.given[contender.stock[*source][demand.pool]] += units;
                }
                if let Some(room) = contender.rooms[*source] {
                    let unit = self.rooms[room].unit;
                    self.filled[room] += Contender::load(unit, units);
                }
            }
        }
    }
}

impl PlannedOrder {
    /// Whether anything was planned for it; if not, it is sourced on its own when its turn comes.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        !self.parties.is_empty()
    }

    /// Only the first day that has room was weighed. Who found none, or less than is wanted, is served on a later day when
    /// its turn comes, if there is stock.
    fn leave_to_later_days(&mut self, party: &PartyAsking) {
        let counts_days = party.places.iter().any(|place| place.room.is_some());
        if counts_days && self.served < self.wanted {
            self.parties.clear();
        }
    }

    fn add(
        &mut self,
        party: &PartyAsking,
        contender: &Contender,
        outcome: &Outcome,
        number: usize,
    ) {
        let demands = &contender.problem.demands;
        let units = |given: &Given| -> i64 { given.iter().flat_map(|(_, units)| units).sum() };
        let given = &outcome.given[number];
        self.wanted += demands.iter().map(|demand| demand.quantity).sum::<i64>();
        self.served += units(given);
        self.cost_minor += outcome.costs_minor[number] - first(party, given);
        self.alone_served += units(&outcome.alone[number]);
        let alone = first(party, &outcome.alone[number]);
        self.alone_minor += outcome.alone_costs_minor[number] - alone;
        let at = given.iter().map(|(source, units)| {
            let mut of_item: Vec<(ItemId, i64)> = Vec::new();
            for (demand, units) in demands.iter().zip(units).filter(|(_, units)| **units > 0) {
                let item = party.items[demand.pool];
                match of_item.iter_mut().find(|(known, _)| *known == item) {
                    Some((_, sum)) => *sum += units,
                    None => of_item.push((item, *units)),
                }
            }
            (party.places[*source].location, of_item)
        });
        self.parties.push(PlannedParty {
            lines: party.lines.clone(),
            at: at.collect(),
            is_given: false,
        });
    }
}
