//! The legs of an order: what others do for it that has a life of its own, chained to the order that it is for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::progress::{Fulfilment, RequestStatus};
use super::{LineUnits, Method, Order, Production, ProductionState, Visit, VisitState};
use crate::network::LocationId;
use crate::time::Millis;

/// What a leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegKind {
    /// A supplier is asked to send goods to the customer (or to a store) from what he has.
    PurchaseRequest,
    /// Goods are sent to the store where the customer collects them.
    StoreTransfer,
    /// Units are made to order.
    Production,
    /// Somebody comes and does a service.
    Visit,
}

impl LegKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::PurchaseRequest,
        Self::StoreTransfer,
        Self::Production,
        Self::Visit,
    ];

    /// Whether legs of this kind are listed by the day on which they are due, location by location.
    #[must_use]
    pub fn is_listed_by_day(self) -> bool {
        match self {
            Self::PurchaseRequest | Self::StoreTransfer => false,
            Self::Production | Self::Visit => true,
        }
    }

    /// The kind as the API and the database write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PurchaseRequest => "purchase_request",
            Self::StoreTransfer => "store_transfer",
            Self::Production => "production",
            Self::Visit => "visit",
        }
    }
}

/// How far a leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// Somebody was asked for it, and has not answered.
    Requested,
    /// Somebody said yes, or has begun.
    Accepted,
    /// It is on its way.
    Underway,
    /// Its part of the order is done.
    Done,
    /// Somebody said no; what it was for is sourced elsewhere.
    Rejected,
    /// It is not wanted any more.
    Cancelled,
}

impl LegState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Requested,
        Self::Accepted,
        Self::Underway,
        Self::Done,
        Self::Rejected,
        Self::Cancelled,
    ];

    /// The state as the API and the database write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Underway => "underway",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A leg of an order. Its identity is the part of the order that it is of, and its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// The number of its fulfilment, its production order, or its visit.
    pub part: u16,
    /// What it is.
    pub kind: LegKind,
    /// Who has to do it: the supplier, or whoever sends goods to the store.
    pub location: LocationId,
    /// Where it goes, where that is a store.
    pub to: Option<LocationId>,
    /// How far it is.
    pub state: LegState,
    /// Since when it is there.
    pub since: Millis,
    /// The name that whoever does it has for it.
    pub reference: Option<String>,
    /// The day on which it is to be done, as whoever does it said, or as it was planned.
    pub due: Option<Date>,
    /// What.
    pub lines: Vec<LineUnits>,
}

/// The legs of an order, in the order of their fulfilments; then what is made for it, and who comes for its services.
#[must_use]
pub fn legs(order: &Order) -> Vec<Leg> {
    let mut legs = Vec::new();
    for fulfilment in &order.progress.fulfilments {
        legs.extend(purchase(fulfilment));
        legs.extend(transfer(fulfilment));
    }
    legs.extend(order.progress.productions.iter().map(production));
    let visits = order.progress.visits.iter();
    legs.extend(visits.map(|one| visit(order, one)));
    legs
}

fn purchase(fulfilment: &Fulfilment) -> Option<Leg> {
    let location = fulfilment.location.filter(|_| fulfilment.bought)?;
    let sum = fulfilment.total();
    let state = if sum.total() == 0 {
        ended(fulfilment)
    } else if sum.shipped > 0 && sum.unshipped() == 0 {
        LegState::Underway
    } else if sum.unshipped() == 0 {
        LegState::Done
    } else if fulfilment.request == RequestStatus::Accepted {
        LegState::Accepted
    } else {
        LegState::Requested
    };
    Some(leg(fulfilment, LegKind::PurchaseRequest, location, state))
}

/// A transfer ends when the goods are in the store; that the customer collects them is another thing.
fn transfer(fulfilment: &Fulfilment) -> Option<Leg> {
    let location = fulfilment.location.filter(|_| fulfilment.goes_to_store())?;
    let sum = fulfilment.total();
    let has_begun = fulfilment.picking_since.is_some() || sum.picked + sum.packed > 0;
    let state = if sum.total() == 0 {
        ended(fulfilment)
    } else if sum.unshipped() > 0 && has_begun {
        LegState::Accepted
    } else if sum.unshipped() > 0 {
        LegState::Requested
    } else if sum.shipped > 0 && fulfilment.ready_at.is_none() {
        LegState::Underway
    } else {
        LegState::Done
    };
    Some(leg(fulfilment, LegKind::StoreTransfer, location, state))
}

fn production(made: &Production) -> Leg {
    let (state, quantity) = match made.state {
        ProductionState::Requested => (LegState::Requested, made.quantity),
        ProductionState::Accepted => (LegState::Accepted, made.quantity),
        ProductionState::Started { .. } => (LegState::Underway, made.quantity),
        ProductionState::Completed { made, .. } => (LegState::Done, made),
        ProductionState::Rejected { .. } => (LegState::Rejected, made.quantity),
        ProductionState::Cancelled { .. } => (LegState::Cancelled, made.quantity),
    };
    Leg {
        part: made.no.0,
        kind: LegKind::Production,
        location: made.location,
        to: None,
        state,
        since: made.since,
        reference: made.reference.clone(),
        due: Some(made.expected_on()),
        lines: vec![LineUnits {
            line: made.line,
            quantity,
        }],
    }
}

fn visit(order: &Order, visit: &Visit) -> Leg {
    let state = match visit.state {
        VisitState::Booked => LegState::Accepted,
        VisitState::Completed { .. } => LegState::Done,
        VisitState::Missed { .. } => LegState::Rejected,
        VisitState::Cancelled { .. } => LegState::Cancelled,
    };
    let line = order.placed.line(visit.line);
    Leg {
        part: visit.no.0,
        kind: LegKind::Visit,
        location: visit.time.location,
        to: None,
        state,
        since: visit.since,
        reference: None,
        due: Some(visit.time.date),
        lines: vec![LineUnits {
            line: visit.line,
            quantity: line.map_or(0, |line| line.quantity),
        }],
    }
}

fn ended(fulfilment: &Fulfilment) -> LegState {
    match fulfilment.request {
        RequestStatus::Rejected => LegState::Rejected,
        _ => LegState::Cancelled,
    }
}

fn leg(fulfilment: &Fulfilment, kind: LegKind, location: LocationId, state: LegState) -> Leg {
    let planned = fulfilment.route.and_then(|route| route.leaves_on);
    let worked = fulfilment.work_day.map(|day| day.date);
    let lines = fulfilment.lines.iter().map(|entry| LineUnits {
        line: entry.line,
        quantity: entry.units.total(),
    });
    debug_assert!(fulfilment.method.uses_stock() || fulfilment.method == Method::Service);
    Leg {
        part: fulfilment.no.0,
        kind,
        location,
        to: fulfilment.collect_at,
        state,
        since: fulfilment.created_at,
        reference: fulfilment.their_reference.clone(),
        due: fulfilment.ships_on.or(planned).or(worked),
        lines: lines.filter(|units| units.quantity > 0).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_supplier_who_accepts_names_his_own_number_and_day() {
        story(
            r#"
                location S1 supplier
                location W
                stock A@S1=5
                order A=3                           > order open; F1@S1 open (submitted) A:3 assigned; A@S1 5/3
                legs                                > F1 purchase_request@S1 requested due 2026-01-05
                accept F1 ref=PO-7 ships=2026-01-02 > invalid_field: /ships_on lies before 2026-01-05, which is today at the location
                accept F1 ref=PO-7 ships=2026-01-09 > order in_progress; F1@S1 open (accepted) A:3 assigned
                legs                                > F1 purchase_request@S1 accepted PO-7 due 2026-01-09
                split F1 A=1                        > F1@S1 open (accepted) A:2 assigned; F2@S1 open (accepted) A:1 assigned
                legs                                > F1 purchase_request@S1 accepted PO-7 due 2026-01-09; F2 purchase_request@S1 accepted PO-7 due 2026-01-09
                pick F2                             > F2@S1 picked (accepted) A:1 picked
                pack F2                             > F2@S1 packed (accepted) A:1 packed; F2 P1 A=1
                ship F2                             > F2@S1 shipped (accepted) A:1 shipped; F2 left with post; A@S1 4/2
                deliver F2                          > F2@S1 delivered (accepted) A:1 delivered; F2 P1 A=1 delivered
                legs                                > F1 purchase_request@S1 accepted PO-7 due 2026-01-09; F2 purchase_request@S1 done PO-7 due 2026-01-09
                cancel A=2                          > order delivered; A 2 cancelled; F1@S1 cancelled (accepted); A@S1 4/0
                legs                                > F1 purchase_request@S1 cancelled PO-7 due 2026-01-09; F2 purchase_request@S1 done PO-7 due 2026-01-09
            "#,
        );
    }

    #[test]
    fn a_request_that_is_turned_down_is_sourced_elsewhere() {
        story(
            "
                location S1 supplier
                location S2 supplier priority=2
                stock A@S1=5
                stock A@S2=5
                order A=3            > order open; F1@S1 open (submitted) A:3 assigned; A@S1 5/3
                reject F1 sold out   > F1@S1 cancelled (rejected); F2@S2 open (submitted) A:3 assigned; A@S1 5/0; A@S2 5/3
                legs                 > F1 purchase_request@S1 rejected due 2026-01-05; F2 purchase_request@S2 requested due 2026-01-05
                accept F2            > order in_progress; F2@S2 open (accepted) A:3 assigned
                reject F2 burnt down > order open; A 3 backordered; F2@S2 cancelled (rejected); A@S2 5/0
                legs                 > F1 purchase_request@S1 rejected due 2026-01-05; F2 purchase_request@S2 rejected due 2026-01-05
            ",
        );
    }

    #[test]
    fn what_is_sent_to_a_store_is_a_leg_until_it_is_there() {
        story(
            "
                location W
                location T store methods=pickup,store
                stock A@W=5
                order A=3:pickup@T > order open; F1@W open A:3 assigned for@T; A@W 5/3
                legs               > F1 store_transfer@W requested for@T due 2026-01-05
                pick F1            > order in_progress; F1@W picked A:3 picked for@T
                legs               > F1 store_transfer@W accepted for@T due 2026-01-05
                pack F1            > F1@W packed A:3 packed for@T; F1 P1 A=3
                ship F1            > order shipped; F1@W shipped A:3 shipped for@T; F1 left with post; A@W 2/0
                legs               > F1 store_transfer@W underway for@T due 2026-01-05
                ready F1           > F1@W ready_for_pickup A:3 shipped for@T
                legs               > F1 store_transfer@W done for@T due 2026-01-05
                collect F1         > order delivered; F1@W picked_up A:3 delivered for@T
                legs               > F1 store_transfer@W done for@T due 2026-01-05
            ",
        );
    }

    #[test]
    fn a_supplier_may_send_to_the_store_too() {
        story(
            "
                location S1 supplier
                location T store methods=pickup,store
                stock A@S1=5
                order A=3:pickup@T > order open; F1@S1 open (submitted) A:3 assigned for@T; A@S1 5/3
                legs               > F1 purchase_request@S1 requested for@T due 2026-01-05; F1 store_transfer@S1 requested for@T due 2026-01-05
                cancel             > order cancelled; A 3 cancelled; F1@S1 cancelled (submitted) for@T; A@S1 5/0
                legs               > F1 purchase_request@S1 cancelled for@T due 2026-01-05; F1 store_transfer@S1 cancelled for@T due 2026-01-05
            ",
        );
    }
}
