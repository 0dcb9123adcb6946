//! Stories of promises: what is promised when an order is placed, and whether it was kept.

use crate::fixture::story;

#[test]
fn each_line_is_promised_when_its_order_is_placed() {
    story(
        "
            location L1 at=52.5,13.4
            location L2 at=52.5,13.4 handling=2
            carrier STD DE=3
            carrier EXP DE=1 price=900
            stock A@L1=5
            stock B@L2=5
            order A=2 B=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; F2@L2 open B:1 assigned leaves 2026-01-07; A@L1 5/2; B@L2 5/1
            promise > A: ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD; B: ships 2026-01-07 likely 2026-01-10 keeps 2026-01-12 by STD
            order A=2:ship@L1^1!2026-01-06 to=1|DE|48.1,11.6 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 5/4
            promise > A: ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by EXP
            order A=1:pickup@L1 C=1 to=1|DE|48.1,11.6 > order open; C 1 backordered; F1@L1 open A:1 assigned; A@L1 5/5
            promise > A: ships 2026-01-05 likely 2026-01-05 keeps 2026-01-05; C: unpromised
        ",
    );
}

#[test]
fn without_carriers_it_is_promised_when_it_leaves() {
    story(
        "
            location L1
            location L2 handling=2
            stock A@L1=5
            stock B@L2=5
            order A=2 B=1 > order open; F1@L1 open A:2 assigned; F2@L2 open B:1 assigned leaves 2026-01-07; A@L1 5/2; B@L2 5/1
            promise > A: ships 2026-01-05; B: ships 2026-01-07
        ",
    );
}

#[test]
fn what_waits_is_promised_from_named_supply() {
    story(
        "
            location L1 at=52.5,13.4
            location L2 at=52.5,13.4
            carrier STD DE=3
            stock A@L1=1
            expect A@L1=3 on=2026-01-20 > S1 open A@L1 0 of 3 by 2026-01-20 100%
            expect A@L2=9 on=2026-01-12 > S2 open A@L2 0 of 9 by 2026-01-12 100%
            expect A@L2=9 on=2026-01-08 sure=40 > S3 open A@L2 0 of 9 by 2026-01-08 40%
            order A=4 to=1|DE|48.1,11.6 > order open; A 3 backordered; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 1/1
            promise > A: ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD awaits S2=3 on 2026-01-12
            order A=8 to=1|DE|48.1,11.6 > order open; A 8 backordered
            promise > A: ships 2026-01-20 likely 2026-01-23 keeps 2026-01-25 by STD awaits S2=6 on 2026-01-12 awaits S1=2 on 2026-01-20
            order A=8 to=1|DE|48.1,11.6 > order open; A 8 backordered
            promise > A: unpromised awaits S1=1 on 2026-01-20
            order A=1 priority=1 to=1|DE|48.1,11.6 > order open; A 1 backordered; priority 1
            promise > A: ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD awaits S2=1 on 2026-01-12
            on O2
            cancel A=3 > A 5 backordered; A 3 cancelled
            promise > A: ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD awaits S2=5 on 2026-01-12
            arrive S2=2 > O1: A 2 backordered; O1: F2@L2 open A:1 assigned leaves 2026-01-05; O4: F1@L2 open A:1 assigned leaves 2026-01-05; S2 open A@L2 2 of 9 by 2026-01-12 100%; A@L2 2/2
            on O1
            promise > A: ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD awaits S2=2 on 2026-01-12
            arrive S2=7 > F2@L2 open A:3 assigned leaves 2026-01-05; O2: F1@L2 open A:5 assigned leaves 2026-01-05; S2 received A@L2 9 of 9 by 2026-01-12 100%; A@L2 9/9
            promise > A: ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD (first ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD)
        ",
    );
}

#[test]
fn the_first_promise_stays_beside_the_one_in_force_and_both_are_scored() {
    story(
        "
            location L1 at=52.5,13.4
            location L2 at=52.5,13.4
            carrier STD DE=1
            stock A@L1=1
            stock A@L2=1
            order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 1/1
            promise > A: ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by STD
            wait 4320m
            reject F1 broken > F1@L1 cancelled (rejected) leaves 2026-01-05; F2@L2 open A:1 assigned leaves 2026-01-08; A@L1 1/0; A@L2 1/1
            promise > A: ships 2026-01-08 likely 2026-01-09 keeps 2026-01-11 by STD (first ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by STD)
            pick F2 > order in_progress; F2@L2 picked A:1 picked leaves 2026-01-08
            pack F2 > F2@L2 packed A:1 packed leaves 2026-01-08; F2 P1 A=1
            ship F2 carrier=STD service=STD > order shipped; F2@L2 shipped A:1 shipped leaves 2026-01-08; F2 left with STD STD; A@L2 0/0
            wait 4320m
            deliver F2 > order delivered; F2@L2 delivered A:1 delivered leaves 2026-01-08; F2 P1 A=1 delivered
            scores > std std@L2 last 0 late; std std@L2 first 3 late
            order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-11; A@L1 1/1
        ",
    );
}

#[test]
fn supply_that_slips_is_promised_anew_to_everybody_who_waits() {
    story(
        "
            location L1 at=52.5,13.4
            carrier STD DE=3
            expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
            order A=4 to=1|DE|48.1,11.6 > order open; A 4 backordered
            watch > O1 at 2026-01-13T00:00:00Z
            order A=2 to=1|DE|48.1,11.6 > order open; A 2 backordered
            promise > A: unpromised awaits S1=1 on 2026-01-12
            change-supply S1 on=2026-01-20 because=storm > S1 open A@L1 0 of 5 by 2026-01-20 100%
            promise > A: unpromised awaits S1=1 on 2026-01-20; lately supply_late
            on O1
            promise > A: ships 2026-01-20 likely 2026-01-23 keeps 2026-01-25 by STD (first ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD) awaits S1=4 on 2026-01-20; lately supply_late
            expect A@L1=4 on=2026-01-15 > S2 open A@L1 0 of 4 by 2026-01-15 100%
            promise > A: ships 2026-01-15 likely 2026-01-18 keeps 2026-01-20 by STD (first ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD) awaits S2=4 on 2026-01-15; lately supply_found
            on O2
            promise > A: ships 2026-01-20 likely 2026-01-23 keeps 2026-01-25 by STD awaits S1=2 on 2026-01-20; lately supply_found
            cancel-supply S2 because=gone > S2 cancelled A@L1 0 of 4 by 2026-01-15 100% cancelled 4
            cancel-supply S1 because=gone > S1 cancelled A@L1 0 of 5 by 2026-01-20 100% cancelled 5
            promise > A: unpromised (first ships 2026-01-20 likely 2026-01-23 keeps 2026-01-25 by STD); lately supply_gone
            on O1
            promise > A: unpromised (first ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD); lately supply_gone
        ",
    );
}

#[test]
fn supply_that_does_not_come_on_its_day_is_not_counted_on_any_more() {
    story(
        "
            location L1 at=52.5,13.4
            carrier STD DE=3
            expect A@L1=5 on=2026-01-12 > S1 open A@L1 0 of 5 by 2026-01-12 100%
            expect A@L1=5 on=2026-01-30 > S2 open A@L1 0 of 5 by 2026-01-30 100%
            order A=4 to=1|DE|48.1,11.6 > order open; A 4 backordered
            watch > O1 at 2026-01-13T00:00:00Z
            promise > A: ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD awaits S1=4 on 2026-01-12
            renew > nothing changes
            wait 11520m
            renew > nothing changes
            watch > O1 at 2026-01-31T00:00:00Z
            promise > A: ships 2026-01-30 likely 2026-02-02 keeps 2026-02-04 by STD (first ships 2026-01-12 likely 2026-01-15 keeps 2026-01-17 by STD) awaits S2=4 on 2026-01-30; lately supply_late
            renew > nothing changes
        ",
    );
}

#[test]
fn what_does_not_leave_on_its_day_is_promised_anew_with_the_reason() {
    story(
        "
            location L1 at=52.5,13.4
            carrier STD DE=3
            stock A@L1=9
            order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/1
            watch > O1 at 2026-01-06T00:00:00Z
            order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/2
            pick F1 start > order in_progress; F1@L1 picking A:1 assigned leaves 2026-01-05
            order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/3
            hold manual call > order on_hold; F1@L1 on_hold A:1 assigned leaves 2026-01-05; H1 manual active (call)
            wait 1440m
            renew > F1@L1 on_hold A:1 assigned leaves 2026-01-06
            promise > A: ships 2026-01-06 likely 2026-01-09 keeps 2026-01-11 by STD (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately on_hold
            on O2
            renew > F1@L1 picking A:1 assigned leaves 2026-01-06
            promise > A: ships 2026-01-06 likely 2026-01-09 keeps 2026-01-11 by STD (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately stuck_fulfilment
            on O1
            renew > F1@L1 open A:1 assigned leaves 2026-01-06
            watch > O1 at 2026-01-07T00:00:00Z
            promise > A: ships 2026-01-06 likely 2026-01-09 keeps 2026-01-11 by STD (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately missed_cut_off
            renew > nothing changes
        ",
    );
}

#[test]
fn what_nobody_has_begun_goes_to_who_is_sooner() {
    story(
        "
            calendar C mon-mon
            location L1 at=52.5,13.4 calendar=C
            location L2 at=52.5,13.4 priority=2
            carrier STD DE=3
            stock A@L1=1
            stock A@L2=1
            order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 1/1
            promise > A: ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD
            wait 1440m
            renew > F1@L1 cancelled leaves 2026-01-05; F2@L2 open A:1 assigned leaves 2026-01-06; A@L1 1/0; A@L2 1/1
            promise > A: ships 2026-01-06 likely 2026-01-09 keeps 2026-01-11 by STD (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately missed_cut_off
            journal > units_released, lines_sourced, promise_changed
        ",
    );
}

#[test]
fn a_parcel_that_does_not_arrive_is_looked_for_until_it_is_given_up() {
    story(
        "
            location L1 at=52.5,13.4
            carrier STD DE=1
            stock A@L1=9
            order A=2 to=1|DE|48.1,11.6 > order open; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 9/2
            pick F1 > order in_progress; F1@L1 picked A:2 picked leaves 2026-01-05
            pack F1 > F1@L1 packed A:2 packed leaves 2026-01-05; F1 P1 A=2
            ship F1 carrier=STD service=STD > order shipped; F1@L1 shipped A:2 shipped leaves 2026-01-05; F1 left with STD STD; A@L1 7/0
            watch > O1 at 2026-01-09T12:00:00Z
            promise > A: ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by STD
            wait 5760m
            renew > nothing changes
            watch > O1 at 2026-01-13T12:00:00Z
            promise > A: ships 2026-01-05 likely 2026-01-10 keeps 2026-01-12 by STD (first ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by STD); lately carrier_late
            wait 57600m
            renew > nothing changes
            watch > nothing
            deliver F1 lost A=1 > F1@L1 shipped A:1 shipped+1 lost leaves 2026-01-05
            promise > A: unpromised (first ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by STD); lately carrier_exception
        ",
    );
}

#[test]
fn what_a_closure_touches_goes_another_way_or_from_elsewhere_and_the_rest_stays() {
    story(
        "
            location L1 at=52.5,13.4
            location L2 at=52.5,13.4
            carrier STD DE=3 price=400
            carrier EXP DE=1 price=900
            stock A@L1=9
                order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/1
                promise > A: ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD
                renew closed > nothing changes
                close EXP 2026-01-05..2026-01-09 > nothing changes
                renew closed > nothing changes
                close STD 2026-01-12..2026-01-14 > nothing changes
                renew closed > nothing changes
                close STD 2026-01-05..2026-01-08 > nothing changes
                renew closed > nothing changes
                promise > A: ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by EXP (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately closure
                renew closed > nothing changes
                close * 2026-01-05..2026-01-08 > nothing changes
                renew closed > nothing changes
                promise > A: ships 2026-01-05 likely 2026-01-10 keeps 2026-01-12 by EXP (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately closure
                reopen > nothing changes
                renew closed > nothing changes
                promise > A: ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD; lately closure
        ",
    );
}

#[test]
fn a_delay_is_told_and_no_other_day_is_made_up_where_nothing_goes() {
    story(
        "
            location L1 at=52.5,13.4
            carrier STD DE=3
            stock A@L1=9
                order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/1
                close STD 2026-01-05..2026-01-08 delay=5 > nothing changes
                renew closed > nothing changes
                promise > A: ships 2026-01-05 likely 2026-01-13 keeps 2026-01-15 by STD (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately closure
                close STD 2026-01-05..2026-12-08 > nothing changes
                renew closed > nothing changes
                promise > A: ships 2026-01-05 likely 2026-12-12 keeps 2026-12-14 by STD (first ships 2026-01-05 likely 2026-01-08 keeps 2026-01-10 by STD); lately closure
        ",
    );
}

#[test]
fn what_is_ordered_after_a_services_cut_off_misses_the_pickup_of_that_service_alone() {
    story(
        "
            location L1 at=52.5,13.4
            carrier EXP DE=1 price=400 cut-off=540
            carrier STD DE=3 price=900
            stock A@L1=9
                order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-05; A@L1 9/1
                promise > A: ships 2026-01-05 likely 2026-01-06 keeps 2026-01-08 by EXP
            wait 60m
                order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-06; A@L1 9/2
                promise > A: ships 2026-01-06 likely 2026-01-07 keeps 2026-01-09 by EXP
                order A=1!2026-01-08 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-06; A@L1 9/3
                promise > A: ships 2026-01-06 likely 2026-01-07 keeps 2026-01-09 by EXP
            policy P cost
                order A=1 to=1|DE|48.1,11.6 > order open; F1@L1 open A:1 assigned leaves 2026-01-06; A@L1 9/4
                promise > A: ships 2026-01-06 likely 2026-01-07 keeps 2026-01-09 by EXP
        ",
    );
}
