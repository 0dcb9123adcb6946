use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{play, story};

#[test]
fn what_nobody_has_is_made_after_the_lead_time_as_far_as_days_have_room() {
    story(
        "
            location W
            item A makers=W:2:4
            order A=3    > order open; A 3 backordered; M1@W requested A:3 on 2026-01-07
            legs         > M1 production@W requested due 2026-01-07
            journal      > order_placed, lines_sourced
            order A=6    > order open; A 6 backordered; M1@W requested A:1 on 2026-01-07; M2@W requested A:4 on 2026-01-08; M3@W requested A:1 on 2026-01-09
            queue A      > nobody
            promise      > A: ships 2026-01-09
        ",
    );
}

#[test]
fn finished_units_on_hand_go_first_and_only_the_rest_is_made() {
    story(
        "
            location W
            item A makers=W:1:10
            stock A@W=2
            order A=5             > order open; A 3 backordered; F1@W open A:2 assigned; M1@W requested A:3 on 2026-01-06; A@W 2/2
            made accept M1 ref=P7 > M1@W accepted A:3 on 2026-01-06
            made start M1         > M1@W started A:3 on 2026-01-06
            legs                  > M1 production@W underway P7 due 2026-01-06
            made done M1          > F1@W open A:5 assigned; M1@W completed A:3 on 2026-01-06; A@W 5/5
            journal               > production_completed, lines_sourced
            ledger                > A@W received on hand +3 (O1); A@W allocated allocated +3 (O1)
            legs                  > M1 production@W done P7 due 2026-01-06
            made done M1          > illegal_transition: cannot complete now: it was completed before
            made start M1         > illegal_transition: cannot start now: it was completed before
            made reject M1 no     > illegal_transition: cannot reject now: it was completed before
            made accept M1        > illegal_transition: cannot accept now: it was completed before
        ",
    );
}

#[test]
fn what_is_short_is_made_again_and_what_is_rejected_by_others() {
    story(
        "
            location W
            location X priority=2
            item A makers=W:1:10,X:5:10
            order A=5                > order open; A 5 backordered; M1@W requested A:5 on 2026-01-06
            made done M1=3           > A 2 backordered; F1@W open A:3 assigned; M1@W completed A:5 on 2026-01-06; M2@W requested A:2 on 2026-01-06; A@W 3/3
            made done M1=0           > illegal_transition: cannot complete now: it was completed before
            made done M2=3           > invalid_field: /quantity must lie between 1 and 2, which were asked for; reject it if none is good, and take in what was made beyond as stock
            made reject M2           > invalid_field: /reason must not be empty
            made reject M2 no timber > M2@W rejected A:2 on 2026-01-06; M3@X requested A:2 on 2026-01-10
            made reject M3 no nails  > M3@X rejected A:2 on 2026-01-10
            queue A                  > O1 2
            made done M9             > not_found: there is no production order ?
        ",
    );
}

#[test]
fn cancelling_frees_what_has_not_begun_and_what_has_begun_goes_to_free_stock() {
    story(
        "
            location W
            item A makers=W:0:4
            order A=8      > order open; A 8 backordered; M1@W requested A:4 on 2026-01-05; M2@W requested A:4 on 2026-01-06
            made start M1  > M1@W started A:4 on 2026-01-05
            cancel A=6     > A 2 backordered; A 6 cancelled; M2@W cancelled A:4 on 2026-01-06
            legs           > M1 production@W underway due 2026-01-05; M2 production@W cancelled due 2026-01-06
            order A=4      > order open; A 4 backordered; M1@W requested A:4 on 2026-01-06
            on O1
            cancel         > order cancelled; A 8 cancelled
            made done M1   > M1@W completed A:4 on 2026-01-05; A@W 4/0
            on O2
            legs           > M1 production@W requested due 2026-01-06
        ",
    );
}

#[test]
fn made_units_are_for_their_line_whoever_waits() {
    story(
        "
            location W
            item A makers=W:0:0@2026-01-05=1
            order A=1                > order open; A 1 backordered; M1@W requested A:1 on 2026-01-05
            order A=2 priority=5     > order open; A 2 backordered; priority 5
            queue A                  > O2 2
            made done M1             > not_found: there is no production order ?
            on O1
            made done M1             > F1@W open A:1 assigned; M1@W completed A:1 on 2026-01-05; A@W 1/1
            stock A@W=5              > O2: F1@W open A:2 assigned; A@W 6/3
        ",
    );
}

#[test]
fn nobody_is_refused_or_held_for_what_can_be_made() {
    story(
        r#"
            location W
            item A backorder=none makers=W:0:2
            channel refuse
            order A=2     > order open; A 2 backordered; M1@W requested A:2 on 2026-01-05
            order A=121   > insufficient_stock: SKU "A" is short by 3; lower the quantity, receive stock, or, for an order, allow backorders on its channel
            channel hold
            order A=2     > order open; A 2 backordered; M1@W requested A:2 on 2026-01-06
            order A=121   > order on_hold; A 121 open; H1 stock active (not in stock: 5 × A)
            item A change makers=W:0:0
            channel backorder
            order A=2     > order open; A 2 backordered
        "#,
    );
}

#[test]
fn a_maker_who_is_late_has_it_promised_anew() {
    story(
        "
            location W handling=1
            carrier EXP DE=2
            item A makers=W:2:4
            order A=3 to=1                         > order open; A 3 backordered; M1@W requested A:3 on 2026-01-07
            promise                                > A: ships 2026-01-08 likely 2026-01-10 keeps 2026-01-12 by EXP
            watch                                  > O1 at 2026-01-08T00:00:00Z
            made accept M1 due=2026-01-04          > invalid_field: /due lies before 2026-01-05, which is today at the location
            made accept M1 due=2026-01-12          > M1@W accepted A:3 on 2026-01-12
            promise                                > A: ships 2026-01-13 likely 2026-01-15 keeps 2026-01-17 by EXP (first ships 2026-01-08 likely 2026-01-10 keeps 2026-01-12 by EXP); lately production_late
            made start M1 due=2026-01-08           > M1@W started A:3 on 2026-01-08
            promise                                > A: ships 2026-01-09 likely 2026-01-11 keeps 2026-01-13 by EXP (first ships 2026-01-08 likely 2026-01-10 keeps 2026-01-12 by EXP); lately production_sooner
            wait 7200m
            renew                                  > nothing changes
            promise                                > A: ships 2026-01-11 likely 2026-01-13 keeps 2026-01-15 by EXP (first ships 2026-01-08 likely 2026-01-10 keeps 2026-01-12 by EXP); lately production_late
            renew                                  > nothing changes
            made done M1                           > F1@W open A:3 assigned leaves 2026-01-11; M1@W completed A:3 on 2026-01-08; A@W 3/3
            promise                                > A: ships 2026-01-11 likely 2026-01-13 keeps 2026-01-15 by EXP (first ships 2026-01-08 likely 2026-01-10 keeps 2026-01-12 by EXP); lately production_late
        ",
    );
}

#[test]
fn a_hold_keeps_a_maker_from_beginning_but_not_from_finishing() {
    story(
        "
            location W
            item A makers=W:0:4
            order A=3           > order open; A 3 backordered; M1@W requested A:3 on 2026-01-05
            hold manual wait    > order on_hold; H1 manual active (wait)
            made accept M1      > on_hold: cannot accept while the manual hold H1 is active (wait); release it first
            made start M1       > on_hold: cannot start while the manual hold H1 is active (wait); release it first
            made done M1        > M1@W completed A:3 on 2026-01-05; A@W 3/0
            release H1          > order open; F1@W open A:3 assigned; H1 manual released (wait); A@W 3/3
        ",
    );
}

#[test]
fn impossible_makers_are_refused() {
    story(
        "
            location W
            item A makers=X:0:1           > invalid_field: /made_to_order/0/location must be one of the locations
            item A makers=W:366:1         > invalid_field: /made_to_order/0/lead_days must be at most 365
            item A makers=W:0:-1          > invalid_field: /made_to_order/0/capacity/per_day must not be negative
            item A makers=W:0:1,W:0:1     > invalid_field: /made_to_order/1/location must be named once
            item A B=1 makers=W:0:1       > invalid_field: /made_to_order is not for kits; make their components to order
        ",
    );
}

#[test]
fn days_are_those_of_the_makers_calendar_and_dated_limits_bind() {
    story(
        "
            calendar C mon-fri
            location W calendar=C cut-off=1
            item A makers=W:3:2@2026-01-09=1
            order A=4 > order open; A 4 backordered; M1@W requested A:1 on 2026-01-09; M2@W requested A:2 on 2026-01-12; M3@W requested A:1 on 2026-01-13
        ",
    );
}

/// One of many things that happen to orders of what is made.
fn step() -> impl Strategy<Value = String> {
    let sku = select(vec!["A", "B"]);
    let made = 1..5_usize;
    prop_oneof![
        6 => (sku.clone(), 1..7_i64).prop_map(|(sku, units)| format!("order {sku}={units}")),
        2 => (1..4_i64, 1..4_i64).prop_map(|(a, b)| format!("order A={a} B={b} priority=5")),
        3 => (1..6_usize).prop_map(|order| format!("on O{order}")),
        2 => (sku.clone(), 1..5_i64).prop_map(|(sku, units)| format!("cancel {sku}={units}")),
        1 => Just("cancel".to_owned()),
        1 => (sku.clone(), 1..9_i64).prop_map(|(sku, units)| format!("amend {sku}={units}")),
        1 => Just("hold manual wait".to_owned()),
        1 => Just("release H1".to_owned()),
        1 => Just("source again".to_owned()),
        2 => made.clone().prop_map(|no| format!("made accept M{no} due=2026-01-20")),
        3 => made.clone().prop_map(|no| format!("made start M{no}")),
        6 => (made.clone(), 1..4_i64).prop_map(|(no, units)| format!("made done M{no}={units}")),
        3 => made.clone().prop_map(|no| format!("made done M{no}")),
        2 => made.prop_map(|no| format!("made reject M{no} no")),
        2 => (sku.clone(), select(vec!["W", "X"]), 1..4_i64)
            .prop_map(|(sku, at, units)| format!("stock {sku}@{at}={units}")),
        1 => (sku.clone(), 0..3_i64).prop_map(|(sku, units)| format!("count {sku}@W={units}")),
        1 => (sku, 0..3_i64).prop_map(|(sku, units)| format!("safety {sku}@W={units}")),
        2 => select(vec![600, 2880]).prop_map(|minutes| format!("wait {minutes}m")),
        2 => Just("renew".to_owned()),
        1 => Just("pick F1".to_owned()),
        1 => Just("reject F1 no".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// After every step no day of a maker holds more than it can, I1 to I6 hold, and the journal tells of it all.
    #[test]
    fn no_day_is_overbooked_whatever_happens(steps in vec(step(), 5..40)) {
        let scene = [
            "location W",
            "location X priority=2",
            "item A makers=W:0:3@2026-01-06=1,X:2:2",
            "item B makers=X:1:2",
            "order A=4",
        ];
        let mut all: Vec<String> = scene.map(str::to_owned).to_vec();
        all.extend(steps);
        play(&all);
    }
}
