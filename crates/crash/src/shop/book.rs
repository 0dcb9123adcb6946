//! The clients' own book of what was acknowledged, kept without looking at the server's.

use std::collections::BTreeMap;

use serde_json::Value;

use super::facts::{Facts, list, number, text};
use super::request::{Change, Effect, Level, NewOrder, PickedLine};

/// What was acknowledged to one client.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// Orders, in the order of their placing.
    pub(crate) orders: Vec<KnownOrder>,
    /// Carts.
    pub(crate) reservations: Vec<KnownReservation>,
    /// What came to or left a level.
    pub(crate) on_hand: BTreeMap<Level, i64>,
}

/// An order of this client. Nobody else works on it.
#[derive(Debug)]
pub(crate) struct KnownOrder {
    /// What it must be.
    pub(crate) facts: Facts,
    /// The latest version that was seen; stock that comes in may raise it.
    pub(crate) version: i64,
    /// Whether it changed in this cycle.
    pub(crate) touched: bool,
}

/// A cart of this client.
#[derive(Debug)]
pub(crate) struct KnownReservation {
    /// Identity.
    pub(crate) id: String,
    /// Its state as the API writes it.
    pub(crate) status: &'static str,
    /// What it claims or claimed.
    pub(crate) lines: Vec<(Level, i64)>,
    /// Whether it changed in this cycle.
    pub(crate) touched: bool,
}

/// Where a unit is counted.
pub(crate) type Place = Level;

/// States of units of a fulfilment that have left.
const LEFT: [&str; 5] = [
    "shipped",
    "delivered",
    "refused",
    "lost",
    "returned_to_sender",
];

impl Book {
    /// Writes down what an acknowledged request did.
    ///
    /// # Errors
    /// When the answer does not say what it must.
    pub(crate) fn write(&mut self, effect: &Effect, answer: &Value) -> Result<(), String> {
        match effect {
            Effect::Place(order) => self.placed(order, answer),
            Effect::Batch(orders) => self.placed_many(orders, answer),
            Effect::Order(order, change) => self.changed(*order, change, answer),
            Effect::Pick(order, lines) => self.picked(*order, lines, answer),
            Effect::Fulfilment(order) => {
                self.touch(*order);
                text(answer, "status").map(drop)
            }
            Effect::Leave(order, tracking) => self.left(*order, tracking.as_ref(), answer),
            Effect::Return(order) => {
                let id = text(answer, "id")?;
                add(&mut self.touch(*order).facts.returns, id);
                Ok(())
            }
            Effect::Arrive(order, level) => {
                self.touch(*order).facts.arrived += 1;
                level.iter().for_each(|level| self.count(level.clone(), 1));
                text(answer, "status").map(drop)
            }
            Effect::Stock(moves) => {
                moves
                    .iter()
                    .for_each(|(level, units)| self.count(level.clone(), *units));
                number(answer, "on_hand").map(drop)
            }
            Effect::Reserve => self.reserved(answer),
            Effect::Release(position) => {
                let reservation = &mut self.reservations[*position];
                (reservation.status, reservation.touched) = ("released", true);
                expect(
                    "a released reservation",
                    reservation.status,
                    &text(answer, "status")?,
                )
            }
        }
    }

    /// Forgets what changed in this cycle.
    pub(crate) fn begin_cycle(&mut self) {
        self.orders
            .iter_mut()
            .for_each(|order| order.touched = false);
        self.reservations
            .iter_mut()
            .for_each(|reservation| reservation.touched = false);
    }

    fn touch(&mut self, order: usize) -> &mut KnownOrder {
        let order = &mut self.orders[order];
        order.touched = true;
        order
    }

    fn count(&mut self, level: Level, units: i64) {
        *self.on_hand.entry(level).or_default() += units;
    }

    fn placed(&mut self, order: &NewOrder, answer: &Value) -> Result<(), String> {
        let facts = facts(order, answer)?;
        let answered = Facts::read(answer)?;
        if answered != facts {
            return Err(format!(
                "an order was placed otherwise: {}",
                facts.differences(&answered)
            ));
        }
        if let Some(position) = order.reservation {
            let reservation = &mut self.reservations[position];
            (reservation.status, reservation.touched) = ("used", true);
            let used = answer["reservation_id"].as_str().unwrap_or("none");
            expect("the reservation", &reservation.id, used)?;
        }
        let version = number(answer, "version")?;
        self.orders.push(KnownOrder {
            facts,
            version,
            touched: true,
        });
        Ok(())
    }

    /// A row of a batch says no more of its order than id and number.
    fn placed_many(&mut self, orders: &[Effect], answer: &Value) -> Result<(), String> {
        let rows = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        if rows.len() != orders.len() {
            return Err(format!(
                "{} of {} rows are answered",
                rows.len(),
                orders.len()
            ));
        }
        for (order, row) in orders.iter().zip(rows) {
            let Effect::Place(order) = order else {
                continue;
            };
            if number(row, "status")? != 201 {
                return Err(format!("a row is answered {row}"));
            }
            let facts = facts(order, row)?;
            self.orders.push(KnownOrder {
                facts,
                version: 1,
                touched: true,
            });
        }
        Ok(())
    }

    fn changed(&mut self, order: usize, change: &Change, answer: &Value) -> Result<(), String> {
        let answered = Facts::read(answer)?;
        let order = self.touch(order);
        order.version = number(answer, "version")?;
        let facts = &mut order.facts;
        match change {
            Change::Note(text) => add(&mut facts.notes, text.clone()),
            Change::Capture(minor) => facts.captured += minor,
            Change::Pay(reference, minor) => {
                facts.captured += minor;
                add(&mut facts.payments, reference.clone());
            }
            Change::Refund(minor) => facts.refunded += minor,
            Change::CancelUnits(units) => facts.cancelled += units,
            Change::CancelRest => facts.cancelled = answered.cancelled,
            Change::Hold => facts.holds += 1,
            Change::ReleaseHold => {}
            Change::AddLine => facts.lines += 1,
        }
        if matches!(
            change,
            Change::CancelUnits(_) | Change::CancelRest | Change::AddLine
        ) {
            // Cancelled units may have been picked already, and amending may take them to another place.
            facts.handled = answered.handled;
        }
        if *facts != answered {
            return Err(format!(
                "{change:?} was answered otherwise: {}",
                facts.differences(&answered)
            ));
        }
        Ok(())
    }

    fn picked(&mut self, order: usize, lines: &[PickedLine], answer: &Value) -> Result<(), String> {
        let location = text(answer, "location")?;
        for line in lines {
            self.touch(order).facts.handled += line.found;
            self.count((line.sku.clone(), location.clone()), -line.short);
        }
        Ok(())
    }

    fn left(
        &mut self,
        order: usize,
        tracking: Option<&String>,
        answer: &Value,
    ) -> Result<(), String> {
        let location = text(answer, "location")?;
        let facts = &mut self.touch(order).facts;
        tracking
            .into_iter()
            .for_each(|number| add(&mut facts.shipments, number.clone()));
        for line in list(answer, "lines")? {
            let units: i64 = LEFT
                .iter()
                .map(|state| number(line, state))
                .sum::<Result<_, _>>()?;
            self.count((text(line, "sku")?, location.clone()), -units);
        }
        Ok(())
    }

    fn reserved(&mut self, answer: &Value) -> Result<(), String> {
        let mut lines = Vec::new();
        for line in list(answer, "lines")? {
            lines.push((
                (text(line, "sku")?, text(line, "location")?),
                number(line, "quantity")?,
            ));
        }
        let id = text(answer, "id")?;
        self.reservations.push(KnownReservation {
            id,
            status: "active",
            lines,
            touched: true,
        });
        Ok(())
    }
}

/// What an order must be that was placed just now.
fn facts(order: &NewOrder, answer: &Value) -> Result<Facts, String> {
    let mut facts = Facts {
        id: text(answer, "id")?,
        number: number(answer, "number")?,
        reference: order.reference.clone(),
        marker: order.marker.clone(),
        lines: order.lines,
        captured: order.payments.iter().map(|(_, captured)| captured).sum(),
        ..Facts::default()
    };
    for (reference, _) in &order.payments {
        add(&mut facts.payments, reference.clone());
    }
    Ok(facts)
}

fn add(list: &mut Vec<String>, text: String) {
    list.push(text);
    list.sort_unstable();
}

fn expect(what: &str, expected: &str, found: &str) -> Result<(), String> {
    if expected == found {
        Ok(())
    } else {
        Err(format!("{what} is {found} and not {expected}"))
    }
}
