//! Orders that were fulfilled before they came here: told as they happened, stock untouched.

use super::NewOrder;
use crate::decide::{Attempt, Stop};
use crate::id::{FulfilmentNo, OrderId};
use crate::order::{Allotment, LineUnits, Method, Outcome, Record, RequestStatus, checks};
use crate::refusal::Refusal;
use crate::time::Millis;

/// Checks what is said of an order that was delivered at this time.
///
/// # Errors
/// Refuses a delivery in the future or before the placing, and a reservation: no stock is touched.
pub(super) fn check(order: &NewOrder, delivered_at: Millis, now: Millis) -> Result<(), Refusal> {
    checks::happened_at("/delivered_at", Some(delivered_at), now)?;
    if order
        .placed_at
        .is_some_and(|placed_at| delivered_at < placed_at)
    {
        let problem = "lies before the time the order was placed";
        return Err(Refusal::invalid("/delivered_at", problem));
    }
    match order.reservation {
        Some(_) => Err(Refusal::invalid(
            "/reservation_id",
            "has no meaning for an order that was delivered before; leave it out",
        )),
        None => Ok(()),
    }
}

/// One fulfilment without a location, delivered.
pub(super) fn deliver(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    delivered_at: Millis,
) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    let fulfilment = FulfilmentNo(checks::next_children(order, 1)?);
    let leaves = order.placed.lines.iter().filter(|line| !line.is_kit);
    let lines: Vec<LineUnits> = leaves
        .map(|line| LineUnits {
            line: line.no,
            quantity: line.quantity,
        })
        .collect();
    let placed_at = order.placed.placed_at;
    let allotment = Allotment {
        fulfilment,
        location: None,
        method: Method::Ship,
        ship_to: None,
        request: RequestStatus::Unsubmitted,
        work_day: None,
        route: None,
        collect_at: None,
        bought: false,
        lines: lines.clone(),
        lots: Vec::new(),
    };
    let sourced = Record::LinesSourced {
        allotments: vec![allotment],
        backordered: Vec::new(),
        awaited: Vec::new(),
        productions: Vec::new(),
    };
    attempt.record_at(id, sourced, placed_at)?;
    let delivered = Record::OutcomeRecorded {
        fulfilment,
        outcome: Outcome::Delivered,
        lines,
        packages: Vec::new(),
        outcome_at: delivered_at,
    };
    attempt.record_at(id, delivered, delivered_at)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn history_is_told_as_it_happened_and_touches_no_stock() {
        story(
            "
                location L1
                item K kit A=2
                stock A@L1=5
                history K=2 B=1:digital placed=-90m delivered=-30m pay:captured=3000 > order delivered; F1 delivered A:4 delivered B:1 delivered; T1 card 3000/3000/0; payment paid
                journal                                                              > order_placed, payment_recorded, payment_recorded, lines_sourced, outcome_recorded
                statuses                                                             > order delivered, payment paid, fulfilment fulfilled, returns none
                totals                                                               > goods 3000 discount 0 charges 0 tax 0 total 3000 paid 3000 balance 0
                history A=1                                                          > order delivered; F1 delivered A:1 delivered
                history A=1 placed=-30m delivered=-90m                               > invalid_field: /delivered_at lies before the time the order was placed
                history A=1 delivered=+6m                                            > invalid_field: /delivered_at lies in the future; record it once it has happened
                history A=1 placed=-90m delivered=-90m                               > order delivered; F1 delivered A:1 delivered
                reserve A=1                                                          > V1 active A@L1=1; A@L1 5/0 reserved 1
                history A=1 with=V1                                                  > invalid_field: /reservation_id has no meaning for an order that was delivered before; leave it out
            ",
        );
    }

    #[test]
    fn history_needs_no_whole_address_and_is_never_held() {
        story(
            "
                history A=1 to=none      > order delivered; F1 delivered A:1 delivered
                history A=1 to=no-street > order delivered; F1 delivered A:1 delivered
                history A=1 to=LONG      > invalid_field: /ship_to/line1 is 10001 bytes long; at most 255 are allowed
                channel exceptions
                history A=1 ?X=1 to=LONG > order delivered; F1 delivered A:1 delivered ?X:1 delivered
                actions                  > note, tag, priority, pay, return
            ",
        );
    }
}
