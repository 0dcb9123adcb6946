//! Who waits is served as soon as that is possible, and nobody who comes later is served before.

use throughline_core::id::{ItemId, LineNo, OrderId};
use throughline_core::inventory::Waiting;
use throughline_core::network::{ChannelId, LocationId, LocationStatus};
use throughline_core::order::{FulfilmentLot, Order, RequestStatus, Violation};

use super::room::free_units;
use super::{is_held, queue, violation};
use crate::Snapshot;
use crate::lots::unfit;

/// Those who wait although they could be served, and units that are open although nothing keeps them from being sourced.
#[must_use]
pub fn stuck(snapshot: &Snapshot) -> Vec<Violation> {
    let mut found = Vec::new();
    for (item, known) in &snapshot.items {
        for row in queue_of(snapshot, *item) {
            let channel = snapshot.order(row.order).map(|order| order.placed.channel);
            let units = |location| {
                let unfit = unfit(snapshot, *item, location, channel);
                free_units(snapshot, *item, location) - unfit
            };
            let case = case_of(snapshot, &row);
            let free = usable(snapshot, &row).find(|location| units(*location) >= case);
            if let Some(location) = free {
                let units = units(location);
                let detail = format!(
                    "{} waits for {} × {}, {units} are free at {}",
                    name(snapshot, row.order),
                    row.quantity,
                    known.sku,
                    location.0
                );
                found.push(violation("waiting", detail));
            }
        }
    }
    for order in snapshot.orders() {
        if let Some(lot) = recalled_and_untouched(snapshot, order) {
            let detail = format!("order {} still claims the recalled lot {lot}", order.number);
            found.push(violation("recall", detail));
        }
        let lines = order.placed.lines.iter().zip(&order.progress.lines);
        let is_open = |line: &throughline_core::order::Line, open: i64| {
            let is_known = line.item.is_some() || !line.method.uses_stock();
            open > 0 && is_known && !is_held(order, line.no) && !sources_later(snapshot, order)
        };
        let mut open = lines.filter(|(line, state)| is_open(line, state.open));
        if let Some((line, state)) = open.next().filter(|_| !order.progress.draft) {
            let detail = format!(
                "order {}: {} × {} are open, and nobody looks for them",
                order.number, state.open, line.sku
            );
            found.push(violation("waiting", detail));
        }
    }
    found
}

/// A recalled lot that a fulfilment claims which nobody has begun.
fn recalled_and_untouched(snapshot: &Snapshot, order: &Order) -> Option<String> {
    let untouched = order.progress.fulfilments.iter().filter(|one| {
        let sum = one.total();
        let asked = matches!(
            one.request,
            RequestStatus::Unsubmitted | RequestStatus::Submitted
        );
        asked && one.picking_since.is_none() && sum.total() == sum.assigned
    });
    let recalls = &snapshot.network.recalls;
    let is_recalled = |lot: &&FulfilmentLot| {
        let line = order.placed.lines.iter().find(|line| line.no == lot.line);
        let item = line.and_then(|line| line.item);
        let mut of_item = recalls.iter().filter(|recall| Some(recall.item) == item);
        of_item.any(|recall| recall.lot.as_ref() == Some(&lot.lot.code))
    };
    let mut lots = untouched.flat_map(|one| &one.lots);
    lots.find(is_recalled).map(|lot| lot.lot.code.to_string())
}

/// An order of a channel that sources later is sourced when it is asked for; until then its units are open.
fn sources_later(snapshot: &Snapshot, order: &Order) -> bool {
    let channel = snapshot.network.channel(order.placed.channel);
    channel.is_some_and(|channel| !channel.source_on_placement)
}

/// Those who wait while somebody with a worse place was given units that they could have used. What an order gives back
/// of one line and takes again for another one was its own: it counts what the order has of the item in all.
#[must_use]
pub fn overtaken(before: &Snapshot, after: &Snapshot) -> Vec<Violation> {
    let mut found = Vec::new();
    for order in after.orders() {
        let old = before.order(order.id).map(AsRef::as_ref);
        let is_new = old.is_none_or(|old| old.progress.draft);
        if is_new && order.progress.reservation.is_some() {
            // What a reservation holds is its order's, whoever waits.
            continue;
        }
        for (line, state) in order.placed.lines.iter().zip(&order.progress.lines) {
            let Some(item) = line.item.filter(|_| line.method.uses_stock()) else {
                continue;
            };
            if given(order, line.no, None) <= old.map_or(0, |old| given(old, line.no, None)) {
                continue;
            }
            if let Some(location) = given_where_excluded(before, after, order, item) {
                let detail = format!(
                    "order {} was given {} at {}, where it is not offered",
                    order.number, line.sku, location.0
                );
                found.push(violation("exclusion", detail));
            }
            let more_at = |at: Option<LocationId>| {
                given_of(order, item, at) > old.map_or(0, |old| given_of(old, item, at))
            };
            if !more_at(None) {
                continue;
            }
            let since = old
                .and_then(|old| since(old, line.no))
                .or(state.waiting_since);
            let place = (
                order.progress.priority,
                since.is_none(),
                since,
                order.id,
                line.no,
            );
            let known = after.items.get(&item);
            let shares = known.is_some_and(|known| known.selling.fair_share)
                && old.is_some_and(|old| self::since(old, line.no).is_some());
            for row in queue_of(before, item) {
                // Who waits shares what comes with others of the same priority.
                if shares && row.priority == order.progress.priority {
                    continue;
                }
                // What somebody else was given may be of lots that the row's channel may not have.
                let channel = before.order(row.order).map(|order| order.placed.channel);
                let known = after.items.get(&item).is_some_and(|item| item.has_lots());
                if known && channel.is_some_and(|channel| asks_for_life(after, channel)) {
                    continue;
                }
                let ahead = (row.priority, false, Some(row.since), row.order, row.line) < place;
                let case = case_of(after, &row);
                let had = |at| old.map_or(0, |old| given_of(old, item, at));
                let has_use = usable(after, &row)
                    .map(Some)
                    .any(|at| more_at(at) && given_of(order, item, at) - had(at) >= case);
                if ahead && row.order != order.id && has_use && still_waits(after, item, &row) {
                    let detail = format!(
                        "order {} was given {}, for which {} has waited longer",
                        order.number,
                        line.sku,
                        name(after, row.order)
                    );
                    found.push(violation("waiting", detail));
                }
            }
        }
    }
    found
}

/// Where an order was given more of an item than before although it is not offered there.
fn given_where_excluded(
    before: &Snapshot,
    after: &Snapshot,
    order: &Order,
    item: ItemId,
) -> Option<LocationId> {
    let old = before.order(order.id).map(AsRef::as_ref);
    let excluded = before.exclusions.keys().filter(|place| place.0 == item);
    let mut excluded = excluded.filter(|place| after.exclusions.contains_key(place));
    let more = |at: LocationId| {
        given_of(order, item, Some(at)) > old.map_or(0, |old| given_of(old, item, Some(at)))
    };
    excluded.find(|place| more(place.1)).map(|place| place.1)
}

/// Whether a channel has only lots with much life left.
fn asks_for_life(snapshot: &Snapshot, channel: ChannelId) -> bool {
    let known = snapshot.network.channel(channel);
    known.is_some_and(|known| known.sells.min_life_days > 0)
}

/// Units of a case that is not broken for somebody who waits.
fn case_of(snapshot: &Snapshot, row: &Waiting) -> i64 {
    let order = snapshot.order(row.order);
    let mut lines = order.into_iter().flat_map(|order| &order.placed.lines);
    let line = lines.find(|line| line.no == row.line);
    line.and_then(|line| line.case_quantity).unwrap_or(1)
}

pub(super) fn queue_of(snapshot: &Snapshot, item: ItemId) -> Vec<Waiting> {
    queue(
        snapshot.orders.values().map(|told| told.order.as_ref()),
        item,
    )
}

fn still_waits(after: &Snapshot, item: ItemId, row: &Waiting) -> bool {
    let now = queue_of(after, item);
    now.iter()
        .any(|known| (known.order, known.line, known.since) == (row.order, row.line, row.since))
}

/// Units of a line that fulfilments have or had, at a location or anywhere.
fn given(order: &Order, line: LineNo, at: Option<LocationId>) -> i64 {
    let here = order
        .progress
        .fulfilments
        .iter()
        .filter(|one| at.is_none_or(|at| one.location == Some(at)));
    let lines = here
        .flat_map(|fulfilment| &fulfilment.lines)
        .filter(|entry| entry.line == line);
    lines.flat_map(|entry| entry.units.states()).sum()
}

/// The same of all lines of an item.
fn given_of(order: &Order, item: ItemId, at: Option<LocationId>) -> i64 {
    let lines = order.placed.lines.iter();
    let lines = lines.filter(|line| line.item == Some(item));
    lines.map(|line| given(order, line.no, at)).sum()
}

fn since(order: &Order, line: LineNo) -> Option<throughline_core::time::Millis> {
    let position = order
        .placed
        .lines
        .iter()
        .position(|known| known.no == line)?;
    order.progress.lines[position].waiting_since
}

/// The store whose till a line comes from that is sent: what is sent from there is not on its shelf.
fn till_of(snapshot: &Snapshot, row: &Waiting) -> Option<LocationId> {
    let order = snapshot.order(row.order)?;
    let mut lines = order.placed.lines.iter();
    let line = lines.find(|line| line.no == row.line)?;
    let is_sent = line.method == throughline_core::order::Method::Ship;
    let channel = snapshot.network.channel(order.placed.channel);
    channel.and_then(|channel| channel.till).filter(|_| is_sent)
}

/// Locations that may serve somebody who waits.
pub(super) fn usable(snapshot: &Snapshot, row: &Waiting) -> impl Iterator<Item = LocationId> {
    let excluded = snapshot
        .order(row.order)
        .map_or(&[][..], |order| &order.progress.excluded);
    let bound = row.location;
    let till = till_of(snapshot, row);
    let open = snapshot
        .network
        .locations
        .iter()
        .filter(|location| location.status == LocationStatus::Open);
    open.map(|location| location.id)
        .filter(move |id| bound.is_none_or(|bound| bound == *id) && !excluded.contains(id))
        .filter(move |id| till != Some(*id))
}

fn name(snapshot: &Snapshot, order: OrderId) -> String {
    snapshot.order(order).map_or_else(
        || order.to_string(),
        |order| format!("order {}", order.number),
    )
}
