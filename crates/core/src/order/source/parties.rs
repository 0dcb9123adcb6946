//! What wants a location: lines that travel together, in the scope that is asked for.

use jiff::civil::Date;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::{Scope, pieces};
use crate::carrier::ServiceId;
use crate::id::{ContactNo, ItemId, LineNo};
use crate::network::{LocationId, Network};
use crate::order::{Hold, Line, Method, Order, Verb, waits_for_stock};
use crate::party::Destination;
use crate::sourcing::policy::KeepTogether;

/// Units of one line that want a location.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Want {
    pub(in crate::order) line: LineNo,
    pub(in crate::order) item: Option<ItemId>,
    pub(in crate::order) quantity: i64,
    /// Units that are given together.
    pub(in crate::order) case: i64,
    /// The kit that the line is a component of.
    pub(in crate::order) kit: Option<LineNo>,
}

/// Lines that travel together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Party {
    pub(in crate::order) method: Method,
    pub(in crate::order) bound_to: Option<LocationId>,
    pub(in crate::order) ship_to: Option<ContactNo>,
    pub(in crate::order) destination: Destination,
    /// The carrier service that the customer chose.
    pub(in crate::order) service: Option<ServiceId>,
    /// The store that it is sent to first, where the customer collects it.
    pub(in crate::order) collect_at: Option<LocationId>,
    /// The earliest day that the customer wants one of the lines.
    pub(in crate::order) due: Option<Date>,
    pub(in crate::order) wants: Vec<Want>,
    /// What it is a piece of, if there is too much to weigh it as one.
    pub(super) piece: Option<pieces::Piece>,
}

impl Party {
    /// Whether a carrier brings it: to the customer, or to the store where it is collected.
    pub(in crate::order) fn is_carried(&self) -> bool {
        self.method == Method::Ship || self.collect_at.is_some()
    }
}

/// Units in the scope that no hold blocks, by what travels together; those bound to a location first, where others want the same.
pub(super) fn parties(order: &Order, scope: Scope<'_>, keep: KeepTogether) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    let is_held = held_lines(order);
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    for (position, (line, progress)) in lines.enumerate() {
        let quantity = match scope {
            Scope::Elsewhere(_) if is_held(line) => 0,
            Scope::Elsewhere(units) => {
                let of_line = units.iter().filter(|units| units.line == line.no);
                of_line.map(|units| units.quantity).sum()
            }
            Scope::Again(units) if is_held(line) => {
                let of_line = units.iter().filter(|units| units.line == line.no);
                of_line.map(|units| units.quantity).sum()
            }
            Scope::Again(_) => 0,
            _ if is_held(line) => 0,
            Scope::These(units) => {
                let of_line = units.iter().filter(|units| units.line == line.no);
                of_line.map(|units| units.quantity).sum()
            }
            Scope::Open => progress.open,
            Scope::OpenAndWaiting => progress.open + waits_for_stock(order, position),
            Scope::NextWaiting(next) if goes_with(order, next, line, keep) => {
                waits_for_stock(order, position)
            }
            Scope::Share(shared) if shared.line == line.no => {
                waits_for_stock(order, position).min(shared.share)
            }
            Scope::Share(shared) if goes_with(order, shared.line, line, keep) => {
                waits_for_stock(order, position)
            }
            Scope::NextWaiting(_) | Scope::Share(_) => 0,
        };
        let is_unknown = line.item.is_none() && line.method.uses_stock();
        if quantity == 0 || line.is_kit || is_unknown {
            continue;
        }
        let want = Want {
            line: line.no,
            item: line.item,
            quantity,
            case: line.case(),
            kit: line.kit,
        };
        let known = parties.iter_mut().find(|p| {
            (p.method, p.bound_to, p.ship_to, p.service)
                == (line.method, line.location, line.ship_to, line.service)
        });
        match known {
            Some(party) => {
                party.due = party.due.into_iter().chain(line.requested_date).min();
                party.wants.push(want);
            }
            None => parties.push(Party {
                method: line.method,
                bound_to: line.location,
                ship_to: line.ship_to,
                destination: order.placed.destination_of(line).clone(),
                service: line.service,
                collect_at: None,
                due: line.requested_date,
                wants: vec![want],
                piece: None,
            }),
        }
    }
    if compete(&parties) {
        parties.sort_by_key(|party| party.bound_to.is_none());
    }
    parties
}

/// Tells of a line whether a hold keeps it from being sourced: one on the order, on the line, or on its kit.
pub fn held_lines(order: &Order) -> impl Fn(&Line) -> bool {
    let holds = order.progress.active_holds();
    let blocking: SmallVec<[&Hold; 2]> = holds
        .filter(|hold| hold.kind.blocks(Verb::Source))
        .collect();
    let all = blocking.iter().any(|hold| hold.lines.is_empty());
    let lines: FxHashSet<LineNo> = blocking
        .iter()
        .flat_map(|hold| hold.lines.iter().copied())
        .collect();
    move |line| all || lines.contains(&line.no) || line.kit.is_some_and(|kit| lines.contains(&kit))
}

/// Whether a line is served with the next one that waits.
fn goes_with(order: &Order, next: LineNo, line: &Line, keep: KeepTogether) -> bool {
    let is_next = line.no == next;
    match keep {
        KeepTogether::Nothing | KeepTogether::Lines => is_next,
        KeepTogether::Kits => {
            let kit = order.placed.line(next).and_then(|next| next.kit);
            is_next || kit.is_some() && line.kit == kit
        }
        KeepTogether::Order => {
            let place = |line: &Line| (line.method, line.location, line.ship_to);
            let next = order.placed.line(next).map(place);
            next == Some(place(line))
        }
    }
}

/// Whether lines bound to a location want an item that others want too, which can go elsewhere.
fn compete(parties: &[Party]) -> bool {
    let items = |party: &Party| -> SmallVec<[ItemId; 4]> {
        party.wants.iter().filter_map(|want| want.item).collect()
    };
    let (bound, free): (Vec<&Party>, Vec<&Party>) =
        parties.iter().partition(|party| party.bound_to.is_some());
    let wanted: SmallVec<[ItemId; 4]> = bound.iter().flat_map(|party| items(party)).collect();
    free.iter()
        .flat_map(|party| items(party))
        .any(|item| wanted.contains(&item))
}

/// Units under a recall stay where they are.
pub(super) fn leave_recalled(parties: &mut Vec<Party>, order: &Order, network: &Network) {
    if network.recalls.is_empty() {
        return;
    }
    let is_recalled = |want: &Want| {
        let line = order.placed.line(want.line);
        line.is_some_and(|line| network.recall_of_line(order, line).is_some())
    };
    for party in parties.iter_mut() {
        party.wants.retain(|want| !is_recalled(want));
    }
    parties.retain(|party| !party.wants.is_empty());
}
