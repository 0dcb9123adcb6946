//! One run: orders come when they came, locations work what they were given on its day, carriers deliver.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};
use throughline_core::Decision;
use throughline_core::carrier::{Shipment, offers};
use throughline_core::command::{Command, OnOrder};
use throughline_core::fulfilment::{
    OutcomeScope, PackFulfilment, PickFulfilment, RecordOutcome, RejectFulfilment, ShipFulfilment,
};
use throughline_core::id::{FulfilmentNo, OrderId};
use throughline_core::network::LocationId;
use throughline_core::order::{Fulfilment, FulfilmentState, Order, Outcome};
use throughline_core::promise::{Promised, line_promises};
use throughline_core::time::Millis;

use super::network::Rules;
use super::orders::{DAY_MS, Data};
use super::shop::{open, place};
use super::stock::{Sold, choice};
use super::world::World;
use crate::progress::say;

/// Hour of the local day at which a location has worked what it was given.
const WORKED_AT: i8 = 17;
/// Days of the storm, and before and after it, that are told apart.
const STORM_DAYS: i64 = 7;
const AROUND_DAYS: i64 = 28;
/// Of a hundred parcels so many come one day late, and so many two.
const LATE: [u64; 2] = [5, 2];
/// The locations that the storm strikes: those that keep most.
const STRUCK: [&str; 3] = ["DAVENTRY", "DONCASTER", "AVONMOUTH"];

/// Whether and when locations turn down what they are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storm {
    /// Never.
    Never,
    /// For a week, half way.
    Half,
}

/// What came of the orders that were placed in some time.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    pub(super) orders: u64,
    pub(super) units: i64,
    /// Units that were allocated when their order was placed.
    pub(super) at_once: i64,
    /// Units that were delivered in the end.
    pub(super) delivered: i64,
    /// Parcels: fulfilments that were shipped.
    pub(super) parcels: u64,
    /// What carriers and labour cost, in minor units.
    pub(super) cost_minor: i64,
    /// Orders that were promised a day when they were placed, and those of which all came by then.
    pub(super) promised: Kept,
    /// Those of them whose promise was proven.
    pub(super) proven: Kept,
    /// Fulfilments that a location turned down.
    pub(super) rejected: u64,
}

/// Promises, and how many of them were kept.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Kept {
    pub(super) made: u64,
    pub(super) kept: u64,
}

impl Kept {
    fn count(&mut self, was_kept: bool) {
        self.made += 1;
        self.kept += u64::from(was_kept);
    }
}

/// What came of a run.
pub(super) struct RunOutcome {
    /// In all, before the storm's week, in it, and after it.
    pub(super) tallies: [Tally; 4],
    pub(super) placing: Duration,
    pub(super) placed: u64,
    pub(super) decided: u64,
    pub(super) deciding: Duration,
    /// Plans that were proven to be the best, of all that were weighed.
    pub(super) proven: u64,
    pub(super) weighed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A week of the stock has ended.
    Restock(usize),
    Work(OrderId, FulfilmentNo),
    Deliver(OrderId, FulfilmentNo),
    Place(usize),
}

struct Run<'d> {
    data: &'d Data,
    world: World,
    events: BinaryHeap<Reverse<(Millis, Event)>>,
    known: FxHashSet<(OrderId, FulfilmentNo)>,
    orders: FxHashMap<OrderId, Promise>,
    storm: Option<(Millis, Millis)>,
    struck: Vec<LocationId>,
    outcome: RunOutcome,
}

/// An order, when it was placed, and by when it was promised.
#[derive(Debug, Clone, Copy)]
struct Promise {
    at: Millis,
    units: i64,
    by: Option<Date>,
    is_proven: bool,
    last: Option<Date>,
    delivered: i64,
}

/// Runs the data through a network with rules.
pub(super) fn simulate(data: &Data, rules: Rules, storm: Storm) -> Result<RunOutcome> {
    let mut run = Run::begin(data, rules, storm)?;
    let sold = Sold::new(data);
    let (mut done, total) = (0, data.orders.len());
    while let Some(Reverse((at, event))) = run.events.pop() {
        run.world.now = run.world.now.max(at);
        match event {
            Event::Place(position) => {
                run.place(position)?;
                done += 1;
                if done % 2_000 == 0 {
                    say(&format!(
                        "history: {}: {done} of {total} orders",
                        rules.name()
                    ));
                }
            }
            Event::Restock(week) => {
                for command in sold.after(week) {
                    run.run(command)?;
                }
            }
            Event::Work(order, fulfilment) => run.work(order, fulfilment)?,
            Event::Deliver(order, fulfilment) => run.deliver(order, fulfilment)?,
        }
    }
    let violations = run.world.violations();
    ensure!(
        violations.is_empty(),
        "invariants are broken: {violations:?}"
    );
    Ok(run.end())
}

impl<'d> Run<'d> {
    fn begin(data: &'d Data, rules: Rules, storm: Storm) -> Result<Self> {
        let world = open(data, rules)?;
        let network = &world.facts.network;
        let struck = STRUCK
            .iter()
            .filter_map(|code| network.location_by_code(code));
        let struck = struck.map(|location| location.id).collect();
        let begins = data.begins();
        let middle = begins.plus_ms(data.days() / 2 * DAY_MS);
        let mut events = BinaryHeap::new();
        for (position, order) in data.orders.iter().enumerate() {
            events.push(Reverse((order.at, Event::Place(position))));
        }
        for week in 0..Sold::new(data).weeks() {
            let at = i64::try_from(week + 1).unwrap_or(0) * 7 * DAY_MS;
            events.push(Reverse((begins.plus_ms(at), Event::Restock(week))));
        }
        let span = (middle, middle.plus_ms(STORM_DAYS * DAY_MS));
        Ok(Self {
            data,
            world,
            events,
            known: FxHashSet::default(),
            orders: FxHashMap::default(),
            storm: (storm == Storm::Half).then_some(span),
            struck,
            outcome: RunOutcome {
                tallies: Default::default(),
                placing: Duration::ZERO,
                placed: 0,
                decided: 0,
                deciding: Duration::ZERO,
                proven: 0,
                weighed: 0,
            },
        })
    }

    fn end(mut self) -> RunOutcome {
        for promised in self.orders.values() {
            for tally in tallies(self.data, &mut self.outcome.tallies, promised.at) {
                tally.delivered += promised.delivered;
                let is_whole = promised.delivered == promised.units;
                let Some(by) = promised.by else { continue };
                let in_time = promised.last.is_some_and(|last| last <= by);
                tally.promised.count(is_whole && in_time);
                if promised.is_proven {
                    tally.proven.count(is_whole && in_time);
                }
            }
        }
        self.outcome.decided = self.world.decided;
        self.outcome.deciding = self.world.deciding;
        self.outcome
    }

    fn place(&mut self, position: usize) -> Result<()> {
        let wanted = &self.data.orders[position];
        let (id, command) = place(&mut self.world, wanted);
        let before = self.world.deciding;
        self.run(command)?;
        self.outcome.placing += self.world.deciding - before;
        self.outcome.placed += 1;
        let Some(Some(order)) = self.world.facts.orders.get(&id).cloned() else {
            return Ok(());
        };
        let ordered: i64 = order.placed.lines.iter().map(|line| line.quantity).sum();
        let waits: i64 = order
            .progress
            .lines
            .iter()
            .map(|line| line.open + line.backordered)
            .sum();
        let lines = line_promises(&order).into_iter();
        let told = lines.collect::<Option<Vec<_>>>().unwrap_or_default();
        let told = told.into_iter().reduce(Promised::and);
        let promise = Promise {
            at: wanted.at,
            units: ordered,
            by: told.and_then(|told| told.keeps_on),
            is_proven: told.is_some_and(|told| told.proven),
            last: None,
            delivered: 0,
        };
        self.orders.insert(id, promise);
        for tally in tallies(self.data, &mut self.outcome.tallies, wanted.at) {
            tally.orders += 1;
            tally.units += ordered;
            tally.at_once += ordered - waits;
        }
        Ok(())
    }

    /// Decides a command, and notes what locations are given by it.
    fn run(&mut self, command: Command) -> Result<()> {
        let mut revised: Vec<OrderId> = Vec::new();
        let (mut proven, mut weighed) = (0, 0);
        self.world.run(command, &mut |decision: &Decision| {
            revised.extend(decision.orders.iter().map(|one| one.after.id));
            let groups = decision
                .explanations
                .iter()
                .flat_map(|(.., one)| &one.groups);
            for weighing in groups.filter_map(|group| group.weighing.as_ref()) {
                weighed += 1;
                proven += u64::from(weighing.proven);
            }
        })?;
        self.outcome.proven += proven;
        self.outcome.weighed += weighed;
        for id in revised {
            if let Some(Some(order)) = self.world.facts.orders.get(&id) {
                for one in &order.progress.fulfilments {
                    let is_open = matches!(one.state(order), FulfilmentState::Open);
                    if is_open && self.known.insert((id, one.no)) {
                        let at = worked_at(one).max(self.world.now.plus_ms(1));
                        self.events.push(Reverse((at, Event::Work(id, one.no))));
                    }
                }
            }
        }
        Ok(())
    }

    /// A location has worked what it was given, or turns it down.
    fn work(&mut self, id: OrderId, fulfilment: FulfilmentNo) -> Result<()> {
        let Some((order, one)) = self.open(id, fulfilment) else {
            return Ok(());
        };
        if self.turns_down(&one) {
            for tally in tallies(self.data, &mut self.outcome.tallies, order.placed.placed_at) {
                tally.rejected += 1;
            }
            let reason = "the roads are closed".to_owned();
            return self.run(Command::RejectFulfilment(on(
                id,
                RejectFulfilment::whole(fulfilment, reason),
            )));
        }
        self.note_cost(&order, &one);
        self.run(Command::PickFulfilment(on(
            id,
            PickFulfilment {
                fulfilment,
                start_only: false,
                lines: None,
            },
        )))?;
        let route = one.route.unwrap_or_default();
        let network = &self.world.facts.network;
        let service = route.service.and_then(|id| network.service(id));
        let service = service.map(|service| (service.carrier.clone(), service.code.clone()));
        let (carrier, service) = service.unzip();
        let packages = Vec::new();
        self.run(Command::PackFulfilment(on(
            id,
            PackFulfilment {
                fulfilment,
                packages,
            },
        )))?;
        self.run(Command::ShipFulfilment(on(
            id,
            ShipFulfilment {
                fulfilment,
                carrier: carrier.unwrap_or_default(),
                service,
                tracking_number: None,
                packages: None,
                serials: Vec::new(),
                shipped_at: None,
            },
        )))?;
        let late = lateness(id, fulfilment);
        let at = self
            .carried_until(&order, &one)
            .map_or(self.world.now.plus_ms(2 * DAY_MS), |date| local(date, 12));
        let at = at.plus_ms(late * DAY_MS).max(self.world.now.plus_ms(1));
        self.events
            .push(Reverse((at, Event::Deliver(id, fulfilment))));
        Ok(())
    }

    /// The day on which the carrier's own table has a parcel arrive: what was promised is judged by it, not made from it.
    fn carried_until(&self, order: &Order, one: &Fulfilment) -> Option<Date> {
        let network = &self.world.facts.network;
        let route = one.route?;
        let location = network.location(one.location?)?;
        let line = order.placed.line(one.lines.first()?.line)?;
        let shipment = Shipment {
            origin: &network.origin_of(location),
            destination: order.placed.destination_of(line),
            units: &[],
            ready: route.leaves_on?,
            ordered: location.local_time(order.placed.placed_at),
        };
        let mut offers = offers(network, shipment, route.service);
        offers.next().map(|(_, offer)| offer.transit.delivery)
    }

    fn open(&self, id: OrderId, fulfilment: FulfilmentNo) -> Option<(Order, Fulfilment)> {
        let order = self.world.facts.orders.get(&id)?.as_ref()?;
        let one = order
            .progress
            .fulfilments
            .iter()
            .find(|one| one.no == fulfilment)?;
        let is_open = matches!(one.state(order), FulfilmentState::Open);
        is_open.then(|| (order.as_ref().clone(), one.clone()))
    }

    fn turns_down(&self, one: &Fulfilment) -> bool {
        let now = self.world.now;
        let in_storm = self.storm.is_some_and(|(from, to)| from <= now && now < to);
        in_storm
            && one
                .location
                .is_some_and(|location| self.struck.contains(&location))
    }

    fn note_cost(&mut self, order: &Order, one: &Fulfilment) {
        let network = &self.world.facts.network;
        let location = one.location.and_then(|location| network.location(location));
        let labour = location.map(|location| location.labour).unwrap_or_default();
        let units: i64 = one.lines.iter().map(|line| line.units.assigned).sum();
        let lines = i64::try_from(one.lines.len()).unwrap_or(0);
        let carrier = one.route.and_then(|route| route.carrier_minor).unwrap_or(0);
        let cost =
            carrier + labour.order_minor + lines * labour.line_minor + units * labour.unit_minor;
        for tally in tallies(self.data, &mut self.outcome.tallies, order.placed.placed_at) {
            tally.cost_minor += cost;
            tally.parcels += 1;
        }
    }

    fn deliver(&mut self, id: OrderId, fulfilment: FulfilmentNo) -> Result<()> {
        self.run(Command::RecordOutcome(on(
            id,
            RecordOutcome {
                fulfilment,
                outcome: Outcome::Delivered,
                at: None,
                scope: OutcomeScope::All,
            },
        )))?;
        let today = self.world.now.local_date("Europe/London");
        let order = self.world.facts.orders.get(&id).and_then(Option::as_ref);
        let delivered = order.map_or(0, |order| {
            let lines = order.progress.fulfilments.iter().flat_map(|one| &one.lines);
            lines.map(|line| line.units.delivered).sum()
        });
        if let Some(promised) = self.orders.get_mut(&id) {
            promised.delivered = delivered;
            promised.last = promised.last.max(Some(today));
        }
        Ok(())
    }
}

/// The tallies that count an order of this time: all, and that of its time around the middle.
fn tallies<'t>(
    data: &Data,
    tallies: &'t mut [Tally; 4],
    at: Millis,
) -> impl Iterator<Item = &'t mut Tally> {
    let middle = data.days() / 2;
    let day = (at.0 - data.begins().0) / DAY_MS;
    let position = if (middle - AROUND_DAYS..middle).contains(&day) {
        1
    } else if (middle..middle + STORM_DAYS).contains(&day) {
        2
    } else if (middle + STORM_DAYS..middle + STORM_DAYS + AROUND_DAYS).contains(&day) {
        3
    } else {
        0
    };
    let counted = tallies.iter_mut().enumerate();
    counted
        .filter(move |(one, _)| *one == 0 || *one == position)
        .map(|(_, tally)| tally)
}

fn worked_at(one: &Fulfilment) -> Millis {
    one.work_day
        .map_or(one.created_at, |day| local(day.date, WORKED_AT))
}

/// An hour of a local day.
fn local(date: Date, hour: i8) -> Millis {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let at = date.at(hour, 0, 0, 0).to_zoned(zone);
    Millis(at.map_or(0, |at| at.timestamp().as_millisecond()))
}

fn lateness(id: OrderId, fulfilment: FulfilmentNo) -> i64 {
    let drawn = choice(&fulfilment.of(id).to_string()) % 100;
    match drawn {
        drawn if drawn < LATE[1] => 2,
        drawn if drawn < LATE[0] + LATE[1] => 1,
        _ => 0,
    }
}

fn on<T>(order: OrderId, what: T) -> OnOrder<T> {
    OnOrder {
        order,
        expected_version: None,
        what,
    }
}
