//! What is promised of an order: the dates of each part, and of each line as a whole.

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::carrier::ServiceId;
use crate::id::LineNo;
use crate::order::{Awaited, Fulfilment, Method, Order, Route};

/// The dates that a customer was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// The local day on which the last part leaves, or on which it can be collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ships_on: Option<Date>,
    /// The day on which all of it is there as likely as not; none where no carrier's days are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likely_on: Option<Date>,
    /// The day by which all of it is there with 90 % confidence, if `proven`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps_on: Option<Date>,
    /// Whether enough parcels and a backtest stand behind that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proven: bool,
    /// The carrier service, where all parts go with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
}

impl Promised {
    /// Of a way from a location.
    #[must_use]
    pub fn of_route(route: &Route) -> Option<Self> {
        Some(Self {
            ships_on: Some(route.leaves_on?),
            likely_on: route.arrives_on,
            keeps_on: route.keeps_on,
            proven: route.proven,
            service: route.service,
        })
    }

    /// Of what a location does; nothing where nothing says when it does it.
    #[must_use]
    pub fn of_fulfilment(fulfilment: &Fulfilment) -> Option<Self> {
        let route = fulfilment.route.unwrap_or_default();
        let worked_on = || fulfilment.work_day.map(|day| day.date);
        let ships_on = Some(route.leaves_on.or_else(worked_on)?);
        match fulfilment.method {
            Method::Ship => Self::of_route(&Route {
                leaves_on: ships_on,
                ..route
            }),
            // It is there on the day that it is ready.
            Method::Pickup => Some(Self {
                ships_on,
                likely_on: ships_on,
                keeps_on: ships_on,
                ..Self::default()
            }),
            Method::Digital | Method::Service => None,
        }
    }

    /// Of a visit: the service is done on its day.
    #[must_use]
    pub fn of_visit(date: Date) -> Self {
        Self {
            ships_on: Some(date),
            likely_on: Some(date),
            keeps_on: Some(date),
            ..Self::default()
        }
    }

    /// When both parts are there: the later days, as far as those of both are known.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let later = |one: Option<Date>, other: Option<Date>| Some(one?.max(other?));
        Self {
            ships_on: self.ships_on.max(other.ships_on),
            likely_on: later(self.likely_on, other.likely_on),
            keeps_on: later(self.keeps_on, other.keeps_on),
            proven: self.proven && other.proven,
            service: self.service.filter(|one| Some(*one) == other.service),
        }
    }

    /// The day that it is measured by: the one that is kept, or else the day it leaves.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        self.keeps_on.or(self.ships_on)
    }
}

/// The parts of one line, put together.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    told: Option<Promised>,
    /// Whether nothing is known of one of the parts.
    is_open: bool,
    awaited: i64,
}

impl Parts {
    fn add(&mut self, part: Option<Promised>) {
        match (self.told, part) {
            (_, None) => self.is_open = true,
            (None, part) => self.told = part,
            (Some(told), Some(part)) => self.told = Some(told.and(part)),
        }
    }

    fn told(&self) -> Option<Promised> {
        self.told.filter(|_| !self.is_open)
    }
}

/// What is promised now of each line, in the order of the lines: the latest of its parts. Nothing is promised of a line
/// with units that no location and no named supply stands for. A kit is there when all of its components are.
#[must_use]
pub fn line_promises(order: &Order) -> Vec<Option<Promised>> {
    let placed = &order.placed.lines;
    let positions: FxHashMap<LineNo, usize> = placed
        .iter()
        .enumerate()
        .map(|(position, line)| (line.no, position))
        .collect();
    let mut lines = vec![Parts::default(); placed.len()];
    for fulfilment in &order.progress.fulfilments {
        let part = Promised::of_fulfilment(fulfilment);
        let units = fulfilment.lines.iter();
        for entry in units.filter(|entry| entry.units.total() > 0) {
            if let Some(position) = positions.get(&entry.line) {
                // What was lost or came back does not arrive any more.
                let is_gone = entry.units.lost + entry.units.returned_to_sender > 0;
                lines[*position].add(part.filter(|_| !is_gone));
            }
        }
    }
    for waiting in &order.progress.awaited {
        if let Some(position) = positions.get(&waiting.line) {
            lines[*position].add(Promised::of_route(&waiting.route));
            lines[*position].awaited += waiting.quantity;
        }
    }
    for made in order
        .progress
        .productions
        .iter()
        .filter(|one| one.is_open())
    {
        if let Some(position) = positions.get(&made.line) {
            lines[*position].add(Promised::of_route(&made.route));
            lines[*position].awaited += made.quantity;
        }
    }
    for (line, progress) in lines.iter_mut().zip(&order.progress.lines) {
        line.is_open |= progress.open + progress.backordered > line.awaited;
    }
    for visit in order.progress.visits.iter().filter(|one| one.is_booked()) {
        if let Some(position) = positions.get(&visit.line) {
            lines[*position] = Parts {
                told: Some(Promised::of_visit(visit.time.date)),
                ..Parts::default()
            };
        }
    }
    for (position, line) in placed.iter().enumerate() {
        if let Some(kit) = line.kit.and_then(|kit| positions.get(&kit)) {
            let part = lines[position];
            let is_cancelled = part.told.is_none() && !part.is_open;
            if !is_cancelled {
                lines[*kit].add(part.told());
            }
        }
    }
    lines.iter().map(Parts::told).collect()
}

/// What is promised of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePromise {
    /// What was promised first.
    pub first: Promised,
    /// What is promised now; nothing while nobody knows.
    pub now: Option<Promised>,
}

/// What is promised of each line, first and now; nothing of lines that nothing was ever promised of.
#[must_use]
pub fn promises(order: &Order) -> Vec<Option<LinePromise>> {
    let now = line_promises(order).into_iter();
    let told = now.zip(&order.progress.lines).map(|(now, progress)| {
        let first = progress.first_promise.or(now)?;
        Some(LinePromise { first, now })
    });
    told.collect()
}

/// The supply that is named for the waiting units of a line, the earliest first.
pub fn awaited_by(order: &Order, line: LineNo) -> impl Iterator<Item = &Awaited> {
    let named = order.progress.awaited.iter();
    named.filter(move |units| units.line == line)
}
