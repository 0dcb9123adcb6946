//! Statuses, as stories.

use super::*;
use crate::fixture::story;

#[test]
fn an_order_goes_from_draft_to_delivered() {
    story(
        "
            location L1
            stock A@L1=9
            draft A=2        > order draft; A 2 open
            statuses         > order draft, payment pending, fulfilment unfulfilled, returns none
            place            > order open; F1@L1 open A:2 assigned; A@L1 9/2
            statuses         > order open, payment pending, fulfilment unfulfilled, returns none
            hold manual wait > order on_hold; F1@L1 on_hold A:2 assigned; H1 manual active (wait)
            statuses         > order on_hold, payment pending, fulfilment on_hold, returns none
            release H1       > order open; F1@L1 open A:2 assigned; H1 manual released (wait)
            pick F1 start    > order in_progress; F1@L1 picking A:2 assigned
            statuses         > order in_progress, payment pending, fulfilment in_progress, returns none
            pick F1 A=1      > F1@L1 picking A:1 assigned+1 picked
            pack F1          > F1@L1 picking A:1 assigned+1 packed; F1 P1 A=1
            statuses         > order in_progress, payment pending, fulfilment in_progress, returns none
            ship F1          > F1@L1 shipped A:1 shipped; F1 left with post; F2@L1 picking A:1 assigned; A@L1 8/1
            statuses         > order in_progress, payment pending, fulfilment partially_fulfilled, returns none
            hold manual wait > order on_hold; F2@L1 on_hold A:1 assigned; H2 manual active (wait)
            statuses         > order on_hold, payment pending, fulfilment partially_fulfilled, returns none
            release H2       > order in_progress; F2@L1 picking A:1 assigned; H2 manual released (wait)
            pick F2          > F2@L1 picked A:1 picked
            pack F2          > F2@L1 packed A:1 packed; F2 P2 A=1
            ship F2          > order shipped; F2@L1 shipped A:1 shipped; F2 left with post; A@L1 7/0
            statuses         > order shipped, payment pending, fulfilment fulfilled, returns none
            deliver F1       > F1@L1 delivered A:1 delivered; F1 P1 A=1 delivered
            statuses         > order shipped, payment pending, fulfilment fulfilled, returns none
            deliver F2       > order delivered; F2@L1 delivered A:1 delivered; F2 P2 A=1 delivered
            statuses         > order delivered, payment pending, fulfilment fulfilled, returns none
        ",
    );
}

#[test]
fn an_order_of_which_something_did_not_arrive_is_not_delivered() {
    story(
        "
            location L1
            stock A@L1=9
            order A=4                        > order open; F1@L1 open A:4 assigned; A@L1 9/4
            pick F1                          > order in_progress; F1@L1 picked A:4 picked
            pack F1 A=1 | A=1 | A=1 | A=1    > F1@L1 packed A:4 packed; F1 P1 A=1; F1 P2 A=1; F1 P3 A=1; F1 P4 A=1
            ship F1                          > order shipped; F1@L1 shipped A:4 shipped; F1 left with post; A@L1 5/0
            deliver F1 P1                    > F1@L1 shipped A:3 shipped+1 delivered; F1 P1 A=1 delivered
            statuses                         > order shipped, payment pending, fulfilment fulfilled, returns none
            deliver F1 refused P2            > F1@L1 shipped A:2 shipped+1 delivered+1 refused; F1 P2 A=1 refused
            deliver F1 lost P3               > F1@L1 shipped A:1 shipped+1 delivered+1 refused+1 lost; F1 P3 A=1 lost
            deliver F1 returned_to_sender P4 > F1@L1 incomplete A:1 delivered+1 refused+1 lost+1 returned_to_sender; F1 P4 A=1 returnedtosender
            statuses                         > order shipped, payment pending, fulfilment fulfilled, returns none
        ",
    );
}

#[test]
fn what_is_cancelled_does_not_count() {
    story(
        "
            location L1
            stock A@L1=9
            order A=2 B=1 > order open; B 1 backordered; F1@L1 open A:2 assigned; A@L1 9/2
            pick F1       > order in_progress; F1@L1 picked A:2 picked
            pack F1       > F1@L1 packed A:2 packed; F1 P1 A=2
            ship F1       > F1@L1 shipped A:2 shipped; F1 left with post; A@L1 7/0
            statuses      > order in_progress, payment pending, fulfilment partially_fulfilled, returns none
            cancel B=1    > order shipped; B 1 cancelled
            statuses      > order shipped, payment pending, fulfilment fulfilled, returns none
            deliver F1    > order delivered; F1@L1 delivered A:2 delivered; F1 P1 A=2 delivered
            statuses      > order delivered, payment pending, fulfilment fulfilled, returns none
            order A=1 B=1 > order open; B 1 backordered; F1@L1 open A:1 assigned; A@L1 7/1
            cancel B=1    > B 1 cancelled
            cancel A=1    > order cancelled; A 1 cancelled; F1@L1 cancelled; A@L1 7/0
            statuses      > order cancelled, payment pending, fulfilment unfulfilled, returns none
            draft A=1     > order draft; A 1 open
            cancel        > order cancelled; A 1 cancelled
            statuses      > order cancelled, payment pending, fulfilment unfulfilled, returns none
        ",
    );
}

#[test]
fn what_costs_nothing_is_paid() {
    story(
        "
            draft A=1(0)       > order draft; A 1 open
            statuses           > order draft, payment pending, fulfilment unfulfilled, returns none
            order A=1(0)       > order open; A 1 backordered
            statuses           > order open, payment paid, fulfilment unfulfilled, returns none
            pay pending 500    > T1 manual 0/0/0; payment pending
            pay failed T1      > T1 manual 0/0/0 failed; payment paid
            pay authorized 500 > T2 manual 500/0/0; payment authorized
            pay voided T2      > T2 manual 500/0/0 voided; payment paid
            cancel             > order cancelled; A 1 cancelled; payment voided
        ",
    );
}

#[test]
fn a_location_that_accepted_has_begun() {
    story(
        "
            location L1 3pl
            stock A@L1=9
            order A=2        > order open; F1@L1 open (submitted) A:2 assigned; A@L1 9/2
            statuses         > order open, payment pending, fulfilment unfulfilled, returns none
            accept F1        > order in_progress; F1@L1 open (accepted) A:2 assigned
            statuses         > order in_progress, payment pending, fulfilment in_progress, returns none
            reject F1 closed > order open; A 2 backordered; F1@L1 cancelled (rejected); A@L1 9/0
            statuses         > order open, payment pending, fulfilment unfulfilled, returns none
        ",
    );
}

#[test]
fn digital_units_and_pickups_are_done_without_a_parcel() {
    story(
        "
            location L1 store
            stock A@L1=9
            order A=1:pickup@L1 B=1:digital > order open; F1@L1 open A:1 assigned; F2 open B:1 assigned; A@L1 9/1
            deliver F2                      > order in_progress; F2 delivered B:1 delivered
            statuses                        > order in_progress, payment pending, fulfilment partially_fulfilled, returns none
            pick F1                         > F1@L1 picked A:1 picked
            ready F1                        > F1@L1 ready_for_pickup A:1 picked
            statuses                        > order in_progress, payment pending, fulfilment partially_fulfilled, returns none
            collect F1                      > order delivered; F1@L1 picked_up A:1 delivered; A@L1 8/0
            statuses                        > order delivered, payment pending, fulfilment fulfilled, returns none
        ",
    );
}

#[test]
fn the_status_of_the_money_follows_the_tenders() {
    story(
        "
            order A=3            > order open; A 3 backordered
            statuses             > order open, payment pending, fulfilment unfulfilled, returns none
            pay pending 3000     > T1 manual 0/0/0; payment pending
            statuses             > order open, payment pending, fulfilment unfulfilled, returns none
            pay failed T1        > T1 manual 0/0/0 failed; payment failed
            statuses             > order open, payment failed, fulfilment unfulfilled, returns none
            pay authorized 1000  > T2 manual 1000/0/0; payment authorized
            statuses             > order open, payment authorized, fulfilment unfulfilled, returns none
            pay authorized 2000  > T3 manual 2000/0/0
            pay voided T2        > T2 manual 1000/0/0 voided
            statuses             > order open, payment authorized, fulfilment unfulfilled, returns none
            pay captured 500 T3  > T3 manual 2000/500/0; payment partially_paid
            statuses             > order open, payment partially_paid, fulfilment unfulfilled, returns none
            pay captured 1500 T3 > T3 manual 2000/2000/0
            pay captured 999     > T4 manual 999/999/0
            statuses             > order open, payment partially_paid, fulfilment unfulfilled, returns none
            pay captured 1       > T5 manual 1/1/0; payment paid
            statuses             > order open, payment paid, fulfilment unfulfilled, returns none
            pay refunded 1       > T3 manual 2000/2000/1; payment partially_refunded
            statuses             > order open, payment partially_refunded, fulfilment unfulfilled, returns none
            pay refunded 2999    > T3 manual 2000/2000/2000; T4 manual 999/999/999; T5 manual 1/1/1; payment refunded
            statuses             > order open, payment refunded, fulfilment unfulfilled, returns none
            order A=3            > order open; A 3 backordered
            pay authorized 1000  > T1 manual 1000/0/0; payment authorized
            pay expired T1       > T1 manual 1000/0/0 expired; payment failed
            statuses             > order open, payment failed, fulfilment unfulfilled, returns none
            pay authorized 1000  > T2 manual 1000/0/0; payment authorized
            pay voided T2        > T2 manual 1000/0/0 voided; payment voided
            statuses             > order open, payment voided, fulfilment unfulfilled, returns none
        ",
    );
}

#[test]
fn the_returns_of_an_order_are_rolled_up() {
    story(
        "
            location L1
            stock A@L1=9
            order A=4                     > order open; F1@L1 open A:4 assigned; A@L1 9/4
            pick F1                       > order in_progress; F1@L1 picked A:4 picked
            pack F1                       > F1@L1 packed A:4 packed; F1 P1 A=4
            ship F1                       > order shipped; F1@L1 shipped A:4 shipped; F1 left with post; A@L1 5/0
            deliver F1                    > order delivered; F1@L1 delivered A:4 delivered; F1 P1 A=4 delivered
            return A=2                    > R1 requested RL1:A=2
            statuses                      > order delivered, payment pending, fulfilment fulfilled, returns requested
            receive R1 @L1 A=1:restock    > A 1 returned; R1 requested RL1:A=2 1 restock; A@L1 6/0
            statuses                      > order delivered, payment pending, fulfilment fulfilled, returns in_progress
            receive R1 @L1 A=1:scrap      > A 2 returned; R1 received RL1:A=2 1 restock 1 scrap
            statuses                      > order delivered, payment pending, fulfilment fulfilled, returns partially_returned
            return A=2                    > R2 requested RL2:A=2
            statuses                      > order delivered, payment pending, fulfilment fulfilled, returns in_progress
            receive R2 @L1 A=1:restock    > A 3 returned; R2 requested RL2:A=2 1 restock; A@L1 7/0
            receive R2 @L1 A=1:missing    > R2 received RL2:A=2 1 restock 1 missing
            statuses                      > order delivered, payment pending, fulfilment fulfilled, returns partially_returned
            return A=1                    > R3 requested RL3:A=1
            receive R3 @L1 A=1:quarantine > A 4 returned; R3 received RL3:A=1 1 quarantine; A@L1 7/0 quarantined 1
            statuses                      > order delivered, payment pending, fulfilment fulfilled, returns returned
        ",
    );
}

#[test]
fn every_status_is_written_as_it_is_read() {
    fn check<S: Copy + PartialEq + std::fmt::Debug + Serialize + for<'a> Deserialize<'a>>(
        all: &[S],
        text: fn(S) -> &'static str,
        written: &str,
    ) {
        let texts: Vec<&str> = all.iter().copied().map(text).collect();
        assert_eq!(texts.join(" "), written);
        for status in all {
            let stored = serde_json::to_string(status).expect("a status can be written");
            assert_eq!(stored, format!("{:?}", text(*status)));
            let read: S = serde_json::from_str(&stored).expect("a status can be read");
            assert_eq!(read, *status);
        }
    }
    check(
        OrderStatus::ALL,
        OrderStatus::as_str,
        "draft open on_hold in_progress shipped delivered cancelled",
    );
    check(
        PaymentStatus::ALL,
        PaymentStatus::as_str,
        "pending authorized partially_paid paid partially_refunded refunded voided failed",
    );
    check(
        FulfilmentStatus::ALL,
        FulfilmentStatus::as_str,
        "unfulfilled scheduled on_hold in_progress partially_fulfilled fulfilled",
    );
    check(
        ReturnsStatus::ALL,
        ReturnsStatus::as_str,
        "none requested in_progress partially_returned returned",
    );
    check(
        FulfilmentState::ALL,
        FulfilmentState::as_str,
        "scheduled open on_hold picking picked packed ready_for_pickup shipped delivered picked_up incomplete cancelled",
    );
    check(
        ReturnStatus::ALL,
        ReturnStatus::as_str,
        "requested approved declined in_transit received inspected closed cancelled",
    );
}

#[test]
fn the_table_of_holds_says_what_each_kind_blocks() {
    let work = [
        Verb::Accept,
        Verb::Pick,
        Verb::Pack,
        Verb::Ship,
        Verb::Ready,
        Verb::Pickup,
    ];
    let free = [
        Verb::Place,
        Verb::Amend,
        Verb::Cancel,
        Verb::Hold,
        Verb::ReleaseHold,
        Verb::Note,
        Verb::Tag,
        Verb::Priority,
        Verb::Pay,
        Verb::Return,
        Verb::ReceiveReturn,
        Verb::Reject,
        Verb::Deliver,
    ];
    for kind in HoldKind::ALL {
        // What has a location may go on there while somebody looks for one for the rest.
        let for_the_rest = kind == HoldKind::Sourcing;
        assert!(
            work.iter().all(|verb| kind.blocks(*verb) != for_the_rest),
            "{kind:?}"
        );
        assert!(!free.iter().any(|verb| kind.blocks(*verb)), "{kind:?}");
        let about_money = matches!(kind, HoldKind::Payment | HoldKind::Credit);
        assert_eq!(kind.blocks(Verb::Source), !about_money, "{kind:?}");
    }
}
