//! Effects of verbs on stock, carts, settings and new orders. What lies on the shelves is the matter of another check.

use std::collections::BTreeMap;

use throughline_core::Command;
use throughline_core::id::ReservationId;
use throughline_core::inventory::{CreateReservation, ReservationState};
use throughline_core::order::place::NewOrder;
use throughline_core::order::{Line, Order};
use throughline_core::time::Millis;

use super::{Missing, unless};
use crate::Snapshot;

pub(super) fn missing(command: &Command, before: &Snapshot, after: &Snapshot) -> Missing {
    match command {
        Command::SetSafetyStock(c) => {
            let (item, location) = (
                after.item(&c.sku)?,
                after.network.location_by_code(&c.location)?,
            );
            let safety = after.level(item.id, location.id).safety;
            unless(safety == c.quantity, || {
                format!("safety stock is {safety}, not {}", c.quantity)
            })
        }
        Command::PutItem(c) => {
            let item = after.item(&c.sku)?;
            let right = item.oversell_limit == c.oversell_limit
                && item.components.len() == c.components.len();
            unless(right, || format!("{item:?} is not as it was put"))
        }
        Command::PutLocation(c) => {
            let location = after.network.location_by_code(&c.location.code)?;
            unless(location.status == c.location.status, || {
                format!("{location:?} is not as it was put")
            })
        }
        Command::ReceiveSupply(c) => {
            let (old, new) = (
                before.supplies.get(&c.supply)?,
                after.supplies.get(&c.supply)?,
            );
            let came = new.supply.received - old.supply.received;
            let lost = new.supply.lost - old.supply.lost;
            unless((came, lost) == (c.what.quantity, c.what.lost), || {
                format!("{came} came and {lost} are lost, not as {:?}", c.what)
            })
        }
        Command::ChangeSupply(c) => {
            let supply = &after.supplies.get(&c.supply)?.supply;
            let day = c.what.expected?;
            unless(supply.expected == day, || {
                format!("{supply:?} is not expected on {day}")
            })
        }
        Command::CancelSupply(c) => {
            let supply = &after.supplies.get(&c.supply)?.supply;
            unless(supply.outstanding() == 0, || {
                format!("{supply:?} is expected nevertheless")
            })
        }
        Command::CreateReservation(c) => reserved(c, before, after),
        Command::EndReservation(c) => ended(c.id, c.expired, before, after),
        Command::PlaceOrder(c) => placed(c.history, &c.order, after.order(c.id)),
        Command::SaveDraft(c) => {
            let order = after.order(c.id);
            let is_draft = order.is_some_and(|order| order.progress.draft);
            unless(is_draft, || "the draft is not there".to_owned())
                .or_else(|| ordered(&c.order, order?))
        }
        _ => None,
    }
}

fn reserved(command: &CreateReservation, before: &Snapshot, after: &Snapshot) -> Missing {
    let reservation = after.reservations.get(&command.id);
    let mut asked: BTreeMap<&str, i64> = BTreeMap::new();
    for (sku, units) in &command.lines {
        let item = before.item(sku)?;
        for part in &item.components {
            *asked.entry(&part.sku).or_default() += part.quantity * units;
        }
        if !item.is_kit() {
            *asked.entry(sku).or_default() += units;
        }
    }
    let mut held: BTreeMap<&str, i64> = BTreeMap::new();
    for line in reservation.iter().flat_map(|one| &one.lines) {
        *held.entry(&line.sku).or_default() += line.quantity;
    }
    unless(asked == held, || {
        format!("{held:?} are reserved, not {asked:?}")
    })
}

fn ended(id: ReservationId, expired: bool, before: &Snapshot, after: &Snapshot) -> Missing {
    let (was, now) = (before.reservations.get(&id)?, after.reservations.get(&id)?);
    let must_stay = was.state != ReservationState::Active;
    let right = if must_stay {
        was == now
    } else if expired {
        now.state == ReservationState::Expired || now == was
    } else {
        now.state == ReservationState::Released
    };
    unless(right, || format!("the reservation is {:?}", now.state))
}

fn placed(
    history: Option<Millis>,
    asked: &NewOrder,
    order: Option<&std::sync::Arc<Order>>,
) -> Missing {
    let Some(order) = order else {
        return Some("the order is not there".to_owned());
    };
    if order.progress.draft || order.placed.history != history.is_some() {
        return Some("the order is not placed as it was asked for".to_owned());
    }
    let priority = asked.priority.unwrap_or(100);
    if order.progress.priority != priority || order.placed.external_ref != asked.external_ref {
        return Some("the order has another priority or reference".to_owned());
    }
    ordered(asked, order)
}

/// The lines are as they were asked for; kits are followed by their components.
fn ordered(asked: &NewOrder, order: &Order) -> Missing {
    let lines: Vec<&Line> = order
        .placed
        .lines
        .iter()
        .filter(|line| line.kit.is_none() && line.instead_of.is_none())
        .collect();
    let same = lines.len() == asked.lines.len()
        && lines.iter().zip(&asked.lines).all(|(line, asked)| {
            let units = super::asked_of(None, order, line);
            (&line.sku, units, line.method) == (&asked.sku, asked.quantity, asked.method)
        });
    unless(same, || format!("order {} has other lines", order.number))
}
