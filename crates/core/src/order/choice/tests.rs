//! Stories of promises that slip, and of what customers choose.

use crate::fixture::story;

#[test]
fn a_customer_whose_promise_slips_may_wait() {
    story(
        "
            put-channel S slips=2,48,refund
            channel S
            location L1 at=52.5,13.4
            carrier STD DE=3
                expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
                order A=4 to=1|DE|48.1,11.6 > order open; A 4 backordered
                change-supply S1 on=2026-01-13 because=storm > S1 open A@L1 0 of 5 by 2026-01-13 100%
                change-supply S1 on=2026-01-20 because=storm > C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:14:00Z; S1 open A@L1 0 of 5 by 2026-01-20 100%
                watch > nothing
                choose C1 split > invalid_field: /option was not offered; choose one of wait, refund
                link C1 abc > nothing changes
                choose C1 wait > C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:14:00Z; wait by customer
                choose C1 wait > nothing changes
                choose C1 refund > choice_ended: choice C1 cannot be made: wait was chosen already; read the order again to see what holds now
                link C1 abd > choice_ended: choice C1 cannot be made: wait was chosen already; read the order again to see what holds now
                change-supply S1 on=2026-01-21 because=storm > S1 open A@L1 0 of 5 by 2026-01-21 100%
                change-supply S1 on=2026-01-29 because=storm > C2 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:22:00Z; S1 open A@L1 0 of 5 by 2026-01-29 100%
                choose C2 refund > order cancelled; A 4 cancelled; C2 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:22:00Z; refund by customer
                choose C3 refund > not_found: there is no choice ?
        ",
    );
}

#[test]
fn the_default_is_done_at_the_deadline_and_a_customer_who_comes_later_is_told() {
    story(
        "
            put-channel S slips=0,48,refund
            channel S
            location L1 at=52.5,13.4
            carrier STD DE=3
                expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
                order A=4(100) pay:captured=400 to=1|DE|48.1,11.6 > order open; A 4 backordered; T1 card 400/400/0; payment paid
                change-supply S1 on=2026-01-20 because=storm > C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:13:00Z; S1 open A@L1 0 of 5 by 2026-01-20 100%
                renew > nothing changes
            wait 2880m
                choose C1 wait > choice_ended: choice C1 cannot be made: its deadline is over; read the order again to see what holds now
                renew > order cancelled; A 4 cancelled; C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:13:00Z; refund by deadline
                renew > nothing changes
                totals > goods 0 discount 0 charges 0 tax 0 total 0 paid 400 balance -400
        ",
    );
}

#[test]
fn nobody_is_asked_any_more_once_it_comes_in_time_after_all() {
    story(
        "
            put-channel S slips=0,48,refund
            channel S
            location L1 at=52.5,13.4
            carrier STD DE=3
                expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
                order A=4 to=1|DE|48.1,11.6 > order open; A 4 backordered
                change-supply S1 on=2026-01-20 because=storm > C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:13:00Z; S1 open A@L1 0 of 5 by 2026-01-20 100%
                stock A@L1=4 > F1@L1 open A:4 assigned leaves 2026-01-05; C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:13:00Z; wait by recovery; A@L1 4/4
            wait 2880m
                choose C1 refund > choice_ended: choice C1 cannot be made: wait was chosen already; read the order again to see what holds now
                renew > F1@L1 open A:4 assigned leaves 2026-01-07
        ",
    );
}

#[test]
fn days_that_slip_one_after_the_other_count_together() {
    story(
        "
            put-channel S slips=3,48,wait
            channel S
            location L1 at=52.5,13.4
            carrier STD DE=3
                expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
                order A=4 to=1|DE|48.1,11.6 > order open; A 4 backordered
                change-supply S1 on=2026-01-14 because=storm > S1 open A@L1 0 of 5 by 2026-01-14 100%
                change-supply S1 on=2026-01-16 because=storm > C1 A=4 for supply_late: wait, refund, else wait by 2026-01-07T08:14:00Z; S1 open A@L1 0 of 5 by 2026-01-16 100%
                choose C1 wait by=staff > C1 A=4 for supply_late: wait, refund, else wait by 2026-01-07T08:14:00Z; wait by staff
                change-supply S1 on=2026-01-18 because=storm > S1 open A@L1 0 of 5 by 2026-01-18 100%
        ",
    );
}

#[test]
fn something_else_comes_instead_at_the_price_of_before() {
    story(
        "
            put-channel S slips=0,48,wait
            channel S
            location L1 at=52.5,13.4
            carrier STD DE=3
            item B title=B
            item A instead=B
            stock A@L1=1
            stock B@L1=4
                expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
                order A=4(500~7+3) to=1|DE|48.1,11.6 > order open; A 3 backordered; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 1/1
                totals > goods 2000 discount 7 charges 0 tax 3 total 1996 paid 0 balance 1996
                change-supply S1 on=2026-01-20 because=storm > C1 A=4 for supply_late: wait, substitute, refund B, else wait by 2026-01-07T08:16:00Z; S1 open A@L1 0 of 5 by 2026-01-20 100%
                choose C1 substitute by=staff > F1@L1 cancelled leaves 2026-01-05; F2@L1 open B:4 assigned leaves 2026-01-05; C1 A=4 for supply_late: wait, substitute, refund B, else wait by 2026-01-07T08:16:00Z; substitute by staff; A@L1 1/0; B@L1 4/4
                totals > goods 2000 discount 7 charges 0 tax 3 total 1996 paid 0 balance 1996
                lines > A 0x500; B 4x500-7+3
                promise > A: unpromised (first ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD); B: ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD; lately supply_late
        ",
    );
}

#[test]
fn what_a_policy_keeps_together_can_be_sent_apart() {
    story(
        "
            put-channel S slips=0,48,split
            channel S
            policy P fewest keep=order
            location L1 at=52.5,13.4
            carrier STD DE=3
            stock B@L1=2
                expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
                order A=1 B=2 to=1|DE|48.1,11.6 > order open; A 1 backordered; B 2 backordered
                promise > A: ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD awaits S1=1 on 2026-01-12; B: unpromised
                change-supply S1 on=2026-01-20 because=storm > C1 A=1 for supply_late: wait, split, refund, else split by 2026-01-07T08:16:00Z; S1 open A@L1 0 of 5 by 2026-01-20 100%
                choose C1 split > F1@L1 open B:2 assigned leaves 2026-01-05; C1 A=1 for supply_late: wait, split, refund, else split by 2026-01-07T08:16:00Z; split by customer; B@L1 2/2
                promise > A: ships 2026-01-20 likely 2026-01-23 keeps 2026-01-25 by STD (first ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD) awaits S1=1 on 2026-01-20; B: ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD; lately supply_late
        ",
    );
}

#[test]
fn a_rejection_that_makes_it_later_opens_a_choice_and_one_that_does_not_opens_none() {
    story(
        "
            put-channel S slips=1,48,wait
            channel S
            location L1 at=52.5,13.4
            location L2 at=52.5,13.4
            location L3 at=52.5,13.4 handling=4
            carrier STD DE=3
            stock A@L1=1
            stock A@L2=1
            stock A@L3=1
                order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 1/1
                reject F1 broken > F1@L1 cancelled (rejected) leaves 2026-01-05; F2@L2 open A:1 assigned leaves 2026-01-05; A@L1 1/0; A@L2 1/1
                reject F2 broken > F2@L2 cancelled (rejected) leaves 2026-01-05; F3@L3 open A:1 assigned leaves 2026-01-09; C1 A=1 for rejected: wait, refund, else wait by 2026-01-07T08:18:00Z; A@L2 1/0; A@L3 1/1
                    reject F3 broken > order on_hold; A 1 open; F3@L3 cancelled (rejected) leaves 2026-01-09; H1 sourcing active A (no location was found; tried L1 (other), L2 (other), L3 (other)); A@L3 1/0
        ",
    );
}

#[test]
fn a_default_that_is_refused_means_waiting_and_the_journal_says_why() {
    story(
        "
            put-channel S slips=0,48,refund
            channel S
            location L1 at=52.5,13.4
            carrier STD DE=3
                expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
                order A=4(100) pay:captured=400 to=1|DE|48.1,11.6 > order open; A 4 backordered; T1 card 400/400/0; payment paid
                change-supply S1 on=2026-01-20 because=storm > C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:13:00Z; S1 open A@L1 0 of 5 by 2026-01-20 100%
                renew refused=too_early > nothing changes
            wait 2880m
                renew refused=nobody_may_cancel_it > C1 A=4 for supply_late: wait, refund, else refund by 2026-01-07T08:13:00Z; wait by deadline
                journal > choice_default_refused, choice_made
                renew refused=again > nothing changes
        ",
    );
}
