//! What must come of a request, as far as that follows from what was asked before (I7, versions) or from a simple count.

use std::collections::HashMap;

use throughline_core::command::OnOrder;
use throughline_core::decision::Resource;
use throughline_core::facts::ClaimKey;
use throughline_core::id::{OrderId, SupplyId};
use throughline_core::inventory::{LotLevel, NamedLot, ReservationState};
use throughline_core::network::LocationId;
use throughline_core::order::place::{self, PlaceOrder};
use throughline_core::time::Millis;
use throughline_core::{Answer, Command, Refusal, Request};

use crate::Snapshot;
use crate::check::{Wish, has_room};
use crate::lots::lots_at;

/// What must come of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Whatever fits the state.
    Anything,
    /// The answer that was given before; nothing happens.
    Replay(Answer),
    /// The order that exists; nothing happens.
    Existing(OrderId),
    /// A refusal with this code.
    Refused(&'static str),
}

/// A channel's code and its own reference of an order.
type Name = (String, String);

/// What was accepted before.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    keys: HashMap<ClaimKey, ([u8; 16], Answer)>,
    references: HashMap<Name, (Option<[u8; 16]>, OrderId)>,
}

impl Known {
    /// What must come of a request on this state.
    pub(crate) fn expect(&self, request: &Request, before: &Snapshot) -> Expected {
        let (key, hash) = request.claim();
        match self.keys.get(&key) {
            Some((known, answer)) if *known == hash => return Expected::Replay(*answer),
            Some(_) => return Expected::Refused("idempotency_key_reused"),
            None => {}
        }
        if let Command::PlaceOrder(c) = &request.command {
            return self.expect_reference(c);
        }
        if let Some((supply, Some(version))) = supply_target(&request.command)
            && let Some(known) = before.supplies.get(&supply)
            && known.supply.version != version
        {
            return Expected::Refused("stale_version");
        }
        match target(&request.command) {
            Some((order, Some(version))) => match before.order(order) {
                Some(known) if known.version != version => Expected::Refused("stale_version"),
                _ => Expected::Anything,
            },
            _ => Expected::Anything,
        }
    }

    fn expect_reference(&self, placed: &PlaceOrder) -> Expected {
        let known = name(&placed.order).and_then(|name| self.references.get(&name));
        match known {
            Some((Some(hash), order)) if *hash == placed.body_hash => Expected::Existing(*order),
            Some(_) => Expected::Refused("duplicate_reference"),
            None => Expected::Anything,
        }
    }

    /// Remembers what was accepted.
    pub(crate) fn accepted(&mut self, request: &Request, answer: Answer, after: &Snapshot) {
        let (key, hash) = request.claim();
        self.keys.entry(key).or_insert((hash, answer));
        let Resource::Order(id) = answer.resource else {
            return;
        };
        match &request.command {
            Command::PlaceOrder(c) => {
                if let Some(name) = name(&c.order) {
                    self.references
                        .entry(name)
                        .or_insert((Some(c.body_hash), id));
                }
            }
            Command::PlaceDraft(_) => {
                let order = after.order(id);
                let channel = order.and_then(|order| after.network.channel(order.placed.channel));
                let reference = order.and_then(|order| order.placed.external_ref.clone());
                if let Some((channel, reference)) = channel.zip(reference) {
                    self.references
                        .entry((channel.code.clone(), reference))
                        .or_insert((None, id));
                }
            }
            _ => {}
        }
    }
}

fn name(order: &place::NewOrder) -> Option<Name> {
    Some((order.channel.clone(), order.external_ref.clone()?))
}

/// Why the stock refusal of a request is wrong, if an independent count says so.
pub(crate) fn wrong_no(
    request: &Request,
    refusal: &Refusal,
    before: &Snapshot,
    now: Millis,
) -> Option<String> {
    let Refusal::InsufficientStock { .. } = refusal else {
        return None;
    };
    let had_room = match &request.command {
        Command::PlaceOrder(c) => has_room(before, &order_wishes(before, &c.order, now), now),
        Command::CreateReservation(c) => {
            let from = c
                .location
                .as_ref()
                .and_then(|code| before.network.location_by_code(code));
            let lines = c
                .lines
                .iter()
                .map(|(sku, units)| (sku.as_str(), *units, from.map(|from| from.id)));
            has_room(
                before,
                &lines
                    .flat_map(|line| wishes(before, line))
                    .collect::<Vec<_>>(),
                now,
            )
        }
        Command::AdjustStock(c) => {
            let lot = c.lot.as_ref();
            let enough = of_lot(before, &c.sku, &c.location, lot, |lot| lot.on_hand);
            on_hand(before, &c.sku, &c.location) >= -c.quantity && enough >= -c.quantity
        }
        Command::ShipTransfer(c) => {
            let free = of_lot(before, &c.sku, &c.from, c.lot.as_ref(), LotLevel::free);
            available(before, &c.sku, &c.from) >= c.quantity && free >= c.quantity
        }
        // What arrives, and what turns round, is there.
        Command::ReceiveSupply(_) | Command::CancelSupply(_) => true,
        // Whatever is counted, and whatever a picker does not find, is as it is.
        Command::CountStock(_) | Command::PickFulfilment(_) => true,
        _ => false,
    };
    had_room.then(|| format!("refused for want of stock ({refusal}), but there was enough"))
}

/// Units of the lot that is named, at a location; no limit where none is.
fn of_lot(
    before: &Snapshot,
    sku: &str,
    code: &str,
    lot: Option<&NamedLot>,
    count: impl Fn(&LotLevel) -> i64,
) -> i64 {
    let Some(lot) = lot else { return i64::MAX };
    let place = before.item(sku).zip(before.network.location_by_code(code));
    let lots = place
        .into_iter()
        .flat_map(|(item, location)| lots_at(before, item.id, location.id));
    let known = lots.filter(|known| known.lot.code.as_str() == lot.code);
    known.map(count).sum()
}

fn available(before: &Snapshot, sku: &str, code: &str) -> i64 {
    let place = before.item(sku).zip(before.network.location_by_code(code));
    let level = place.map(|(item, location)| before.level(item.id, location.id));
    level.map_or(0, |level| {
        level.on_hand - level.allocated - level.reserved - level.safety
    })
}

fn on_hand(before: &Snapshot, sku: &str, code: &str) -> i64 {
    let place = before.item(sku).zip(before.network.location_by_code(code));
    place.map_or(0, |(item, location)| {
        before.level(item.id, location.id).on_hand
    })
}

/// What an order wants beyond what its reservation holds for it.
fn order_wishes(before: &Snapshot, order: &place::NewOrder, now: Millis) -> Vec<Wish> {
    let lines = order.lines.iter().filter(|line| line.method.uses_stock());
    let lines = lines.map(|line| {
        let from = line
            .location
            .as_ref()
            .and_then(|code| before.network.location_by_code(code));
        (line.sku.as_str(), line.quantity, from.map(|from| from.id))
    });
    let mut all: Vec<Wish> = lines.flat_map(|line| wishes(before, line)).collect();
    let reservation = order
        .reservation
        .and_then(|id| before.reservations.get(&id));
    let live =
        reservation.filter(|one| one.state == ReservationState::Active && one.expires_at > now);
    for held in live.iter().flat_map(|one| &one.lines) {
        let mut units = held.quantity;
        for wish in all.iter_mut().filter(|wish| {
            wish.item == held.item && wish.from.is_none_or(|from| from == held.location)
        }) {
            let taken = units.min(wish.units);
            wish.units -= taken;
            units -= taken;
        }
    }
    all
}

fn wishes(before: &Snapshot, (sku, units, from): (&str, i64, Option<LocationId>)) -> Vec<Wish> {
    match before.item(sku) {
        Some(item) if item.is_kit() => {
            let parts = item.components.iter();
            parts
                .map(|part| Wish {
                    item: part.item,
                    units: part.quantity * units,
                    from,
                })
                .collect()
        }
        Some(item) => vec![Wish {
            item: item.id,
            units,
            from,
        }],
        None => Vec::new(),
    }
}

/// The order that a command is about, and the version that its caller has seen.
pub(crate) fn target(command: &Command) -> Option<(OrderId, Option<u64>)> {
    fn of<T>(on: &OnOrder<T>) -> Option<(OrderId, Option<u64>)> {
        Some((on.order, on.expected_version))
    }
    match command {
        Command::PlaceDraft(c) => of(c),
        Command::AmendOrder(c) => of(c),
        Command::CancelOrder(c) => of(c),
        Command::HoldOrder(c) => of(c),
        Command::ReleaseHold(c) => of(c),
        Command::AddNote(c) => of(c),
        Command::ChangeTags(c) => of(c),
        Command::SetPriority(c) => of(c),
        Command::SourceOrder(c) => of(c),
        Command::RenewPromise(c) => of(c),
        Command::IssueChoiceLink(c) => of(c),
        Command::ChooseOption(c) => of(c),
        Command::DecideApproval(c) => of(c),
        Command::ReviewHolds(c) => of(c),
        Command::RecordScore(c) => of(c),
        Command::ReleaseScheduled(c) => of(c),
        Command::RecordPayment(c) => of(c),
        Command::RegisterReturn(c) => of(c),
        Command::ReceiveReturn(c) => of(c),
        Command::AcceptFulfilment(c) => of(c),
        Command::RejectFulfilment(c) => of(c),
        Command::MoveFulfilment(c) => of(c),
        Command::SplitFulfilment(c) => of(c),
        Command::MergeFulfilments(c) => of(c),
        Command::PickFulfilment(c) => of(c),
        Command::PackFulfilment(c) => of(c),
        Command::ShipFulfilment(c) => of(c),
        Command::RecordOutcome(c) => of(c),
        Command::MarkReady(c) => of(c),
        Command::CollectFulfilment(c) => of(c),
        Command::BookVisit(c) => of(c),
        Command::RebookVisit(c) => of(c),
        Command::CompleteVisit(c) => of(c),
        Command::MissVisit(c) => of(c),
        Command::AcceptProduction(c) => of(c),
        Command::StartProduction(c) => of(c),
        Command::CompleteProduction(c) => of(c),
        Command::RejectProduction(c) => of(c),
        Command::PutItem(_)
        | Command::PutListPrices(_)
        | Command::PutLocation(_)
        | Command::PutLocationGroup(_)
        | Command::PutCalendar(_)
        | Command::PutPolicy(_)
        | Command::PutScreeningRules(_)
        | Command::CreateAgreement(_)
        | Command::CloseAgreement(_)
        | Command::PutAccount(_)
        | Command::RecallItem(_)
        | Command::LiftRecall(_)
        | Command::PutService(_)
        | Command::PutClosure(_)
        | Command::EndClosure(_)
        | Command::PutChannel(_)
        | Command::PutCustomer(_)
        | Command::ReceiveStock(_)
        | Command::AdjustStock(_)
        | Command::CountStock(_)
        | Command::CreateCountTask(_)
        | Command::RecordCount(_)
        | Command::DecideCount(_)
        | Command::TransferStock(_)
        | Command::SetSafetyStock(_)
        | Command::SetRingFence(_)
        | Command::ExcludeItem(_)
        | Command::CreateSupply(_)
        | Command::ShipTransfer(_)
        | Command::ChangeSupply(_)
        | Command::ReceiveSupply(_)
        | Command::CancelSupply(_)
        | Command::CreateReservation(_)
        | Command::EndReservation(_)
        | Command::ServeWaiting(_)
        | Command::SaveDraft(_)
        | Command::PlaceOrder(_) => None,
    }
}

/// The supply that a command is about, and the version that its caller has seen.
fn supply_target(command: &Command) -> Option<(SupplyId, Option<u64>)> {
    match command {
        Command::ChangeSupply(c) => Some((c.supply, c.expected_version)),
        Command::ReceiveSupply(c) => Some((c.supply, c.expected_version)),
        Command::CancelSupply(c) => Some((c.supply, c.expected_version)),
        _ => None,
    }
}
