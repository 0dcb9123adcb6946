//! Amending, as stories.

use crate::fixture::story;

#[test]
fn one_commit_adds_changes_and_removes_lines_and_settles_the_balance() {
    story(
        "
            location L1
            stock A@L1=9
            stock B@L1=9
            stock C@L1=9
            order A=3 B=2 pay:captured=5000      > order open; F1@L1 open A:3 assigned B:2 assigned; T1 card 5000/5000/0; payment paid; A@L1 9/3; B@L1 9/2
            totals                               > goods 5000 discount 0 charges 0 tax 0 total 5000 paid 5000 balance 0
            amend A=5 -B +C=1(250) because=phone > F1@L1 open A:5 assigned C:1 assigned; payment partially_paid; A@L1 9/5; B@L1 9/0; C@L1 9/1
            journal                              > units_released, order_amended, lines_sourced
            lines                                > A 5x1000; B 0x1000; C 1x250
            totals                               > goods 5250 discount 0 charges 0 tax 0 total 5250 paid 5000 balance 250
            amend A(900) charge=shipping:500:95  > nothing changes
            totals                               > goods 4750 discount 0 charges 500 tax 95 total 5345 paid 5000 balance 345
            amend charge=none po=7               > payment paid
            totals                               > goods 4750 discount 0 charges 0 tax 0 total 4750 paid 5000 balance -250
        ",
    );
}

#[test]
fn a_discount_is_never_more_than_its_line_costs() {
    story(
        "
            location L1
            stock A@L1=9
            order A=3(100~150)  > order open; F1@L1 open A:3 assigned; A@L1 9/3
            amend A=1           > invalid_field: /change_lines/0/discount_minor must not be more than the line costs, which is 100
            amend A(40)         > invalid_field: /change_lines/0/discount_minor must not be more than the line costs, which is 120
            amend A=2           > F1@L1 open A:2 assigned; A@L1 9/2
            amend date=1969-01-01  > invalid_field: /requested_date must lie between 1970-01-01 and 9999-12-31
        ",
    );
}

#[test]
fn a_change_set_is_for_the_version_that_was_seen() {
    story(
        "
            location L1
            stock A@L1=9
            order A=3      > order open; F1@L1 open A:3 assigned; A@L1 9/3
            amend A=4 if=1 > stale_version: order order is at version 2, not 1; read it again and repeat
            amend A=4 if=2 > F1@L1 open A:4 assigned; A@L1 9/4
            amend A=4 if=2 > stale_version: order order is at version 4, not 2; read it again and repeat
        ",
    );
}

#[test]
fn impossible_changes_are_refused() {
    story(
        r#"
            location L1
            stock A@L1=9
            item K kit B=2
            order A=3 K=1             > order open; B 2 backordered; F1@L1 open A:3 assigned; A@L1 9/3
            amend                     > illegal_transition: cannot amend now: nothing would change; name what is to be different
            amend A=3                 > illegal_transition: cannot amend now: nothing would change; name what is to be different
            amend A(1000)             > illegal_transition: cannot amend now: nothing would change; name what is to be different
            amend A=0                 > invalid_field: /change_lines/0/quantity must lie between 1 and 1000000000; to take the line away, remove it
            amend A=1000000001        > invalid_field: /change_lines/0/quantity must lie between 1 and 1000000000; to take the line away, remove it
            amend A(-1)               > invalid_field: /change_lines/0/unit_price_minor must not be negative, nor beyond 2^53 - 1
            amend A(1/0)              > invalid_field: /change_lines/0/price_quantity must lie between 1 and 1000000000
            amend A~-1                > invalid_field: /change_lines/0/discount_minor must not be negative, nor beyond 2^53 - 1
            amend A+9007199254740992  > invalid_field: /change_lines/0/tax_minor must not be negative, nor beyond 2^53 - 1
            amend A=2 A(900)          > invalid_field: /change_lines/1/id names a line a second time; say all of it once
            amend A=2 -A              > invalid_field: /remove_lines/0 names a line a second time; say all of it once
            amend -A -A               > invalid_field: /remove_lines/1 names a line a second time; say all of it once
            amend X=2                 > unknown_reference: /change_lines/0/id names the unknown line "?"; look at the order's lines for their ids
            amend -X                  > unknown_reference: /remove_lines/0 names the unknown line "?"; look at the order's lines for their ids
            amend B=4                 > invalid_field: /change_lines/0/id names a component; change the kit line it belongs to
            amend -B                  > invalid_field: /remove_lines/0 names a component; remove the kit line it belongs to
            amend K=1000000000        > invalid_field: /change_lines/0/quantity makes too many units of a component
            amend +A=0                > invalid_field: /add_lines/0/quantity must lie between 1 and 1000000000
            amend +?X=1               > unknown_reference: /add_lines/0/sku names the unknown SKU "?X"; create it first or correct the name
            amend +A=1@L9             > unknown_reference: /add_lines/0/location names the unknown location "L9"; create it first or correct the name
            amend +A=1:pickup         > invalid_field: /add_lines/0/location is needed for pickup: name the location's code
            amend to=no-street        > invalid_field: /ship_to/line1 must not be empty
            amend bill=no-code        > invalid_field: /bill_to/postal_code must not be empty
            amend A^XX                > invalid_field: /change_lines/0/ship_to/country must be an ISO 3166-1 alpha-2 country code such as DE
            amend A(9007199254740991) > invalid_field: /lines add up to a total beyond 2^53 - 1 minor units
            amend charge=:1           > invalid_field: /charges/0/kind must not be empty
            amend po=LONG             > invalid_field: /po_number is 10001 bytes long; at most 255 are allowed
            amend A=2 because=LONG    > invalid_field: /reason is 10001 bytes long; at most 500 are allowed
            amend -A -K               > illegal_transition: cannot amend now: nothing would be left of the order; cancel it instead
        "#,
    );
}

#[test]
fn a_line_that_is_shipped_needs_an_address() {
    story(
        "
            location L1 store
            order A=1:pickup@L1 to=none > order open; A 1 backordered
            amend +B=1                  > invalid_field: /add_lines/0/ship_to is needed: the order has no address
            amend +B=1:digital +C=1^2   > C 1 backordered; F1 open B:1 assigned
            amend to=2 +B=1             > B#2 1 backordered
        ",
    );
}

#[test]
fn a_smaller_quantity_takes_open_then_waiting_then_assigned_units() {
    story(
        "
            location L1
            stock A@L1=3
            order A=5    > order open; A 2 backordered; F1@L1 open A:3 assigned; A@L1 3/3
            amend A=4    > A 1 backordered
            amend A=2    > F1@L1 open A:2 assigned; A@L1 3/2
            pick F1 A=1  > order in_progress; F1@L1 picking A:1 assigned+1 picked
            amend A=1    > F1@L1 picked A:1 picked; A@L1 3/1
            pick F1      > illegal_transition: cannot pick now: all of its units are picked; pack, ship or hand them over
            amend A=1    > illegal_transition: cannot amend now: nothing would change; name what is to be different
        ",
    );
}

#[test]
fn units_already_picked_refuse_to_be_taken_away() {
    story(
        "
            location L1
            stock A@L1=9
            stock B@L1=9
            order A=3 B=1  > order open; F1@L1 open A:3 assigned B:1 assigned; A@L1 9/3; B@L1 9/1
            pick F1 A=2    > order in_progress; F1@L1 picking A:1 assigned+2 picked B:1 assigned
            amend A=1      > quantity_exceeded: take away: 2 asked for, 1 possible for line A; lower the quantity
            amend -A       > quantity_exceeded: take away: 3 asked for, 1 possible for line A; lower the quantity
            amend -B       > F1@L1 picking A:1 assigned+2 picked; B@L1 9/0
            amend A=2      > F1@L1 picked A:2 picked; A@L1 9/2
            pack F1        > F1@L1 packed A:2 packed; F1 P1 A=2
            ship F1        > order shipped; F1@L1 shipped A:2 shipped; F1 left with post; A@L1 7/0
            amend A=1      > illegal_transition: cannot amend now: every unit has left or is cancelled; place a new order instead
            amend A=3 +C=1 > illegal_transition: cannot amend now: every unit has left or is cancelled; place a new order instead
            amend A=1      > illegal_transition: cannot amend now: every unit has left or is cancelled; place a new order instead
        ",
    );
}

#[test]
fn a_removed_line_keeps_what_was_cancelled() {
    story(
        "
            location L1
            stock A@L1=9
            order A=3(1000~30+60) B=1 > order open; B 1 backordered; F1@L1 open A:3 assigned; A@L1 9/3
            cancel A=1                > A 1 cancelled; F1@L1 open A:2 assigned; A@L1 9/2
            totals                    > goods 3000 discount 20 charges 0 tax 40 total 3020 paid 0 balance 3020
            amend -A                  > F1@L1 cancelled; A@L1 9/0
            lines                     > A 1x1000-30+60; B 1x1000
            totals                    > goods 1000 discount 0 charges 0 tax 0 total 1000 paid 0 balance 1000
            amend A=3                 > F2@L1 open A:2 assigned; A@L1 9/2
            totals                    > goods 3000 discount 20 charges 0 tax 40 total 3020 paid 0 balance 3020
            amend -B                  > nothing changes
            cancel                    > order cancelled; A 3 cancelled; F2@L1 cancelled; A@L1 9/0
            amend A=4                 > illegal_transition: cannot amend now: every unit has left or is cancelled; place a new order instead
        ",
    );
}

#[test]
fn what_would_leave_nothing_is_a_cancellation() {
    story(
        "
            location L1
            stock A@L1=9
            order A=3 B=1    > order open; B 1 backordered; F1@L1 open A:3 assigned; A@L1 9/3
            cancel B=1       > B 1 cancelled
            amend -A         > illegal_transition: cannot amend now: nothing would be left of the order; cancel it instead
            amend -A -B      > illegal_transition: cannot amend now: nothing would be left of the order; cancel it instead
            amend -A -B +C=1 > C 1 backordered; F1@L1 cancelled; A@L1 9/0
            totals           > goods 1000 discount 0 charges 0 tax 0 total 1000 paid 0 balance 1000
        ",
    );
}

#[test]
fn a_new_address_takes_units_back_and_sources_them_again() {
    story(
        "
            location L1 at=48.1,11.6
            location L2 at=52.5,13.4
            stock A@L1=9
            stock A@L2=9
            stock B@L1=9
            order A=3 B=1:pickup@L1 to=48.1,11.5 > order open; F1@L1 open A:3 assigned; F2@L1 open B:1 assigned; A@L1 9/3; B@L1 9/1
            amend to=52.5,13.5                   > F1@L1 cancelled; F3@L2 open A:3 assigned; A@L1 9/0; A@L2 9/3
            journal                              > units_released, order_amended, lines_sourced
            pick F3 A=1                          > order in_progress; F3@L2 picking A:2 assigned+1 picked
            amend to=48.1,11.5                   > illegal_transition: cannot amend now: 1 units of line A are picked for the old address
            amend A^48.1,11.5                    > illegal_transition: cannot amend now: 1 units of line A are picked for the old address
            amend B^48.1,11.5                    > nothing changes
            amend bill=FR                        > nothing changes
        ",
    );
}

#[test]
fn a_line_may_get_an_address_of_its_own() {
    story(
        "
            location L1
            stock A@L1=9
            stock B@L1=9
            order A=3 B=1 > order open; F1@L1 open A:3 assigned B:1 assigned; A@L1 9/3; B@L1 9/1
            amend B^FR    > F1@L1 open A:3 assigned; F2@L1 open B:1 assigned
            lines         > A 3x1000; B 1x1000 to FR
            amend to=2    > F1@L1 cancelled; F3@L1 open A:3 assigned
        ",
    );
}

#[test]
fn units_already_picked_keep_their_price() {
    story(
        "
            location L1
            item K kit B=2
            stock A@L1=9
            stock B@L1=9
            order A=3 K=2       > order open; F1@L1 open A:3 assigned B:4 assigned; A@L1 9/3; B@L1 9/4
            amend A(900)        > nothing changes
            pick F1 A=1 B=1     > order in_progress; F1@L1 picking A:2 assigned+1 picked B:3 assigned+1 picked
            amend A(800)        > illegal_transition: cannot amend now: 1 units of line A are picked at the old price; leave it, take the rest off the line, and add them as a new line
            amend A(900/10)     > illegal_transition: cannot amend now: 1 units of line A are picked at the old price; leave it, take the rest off the line, and add them as a new line
            amend K(800)        > illegal_transition: cannot amend now: 1 units of line K are picked at the old price; leave it, take the rest off the line, and add them as a new line
            amend A=2(900)      > F1@L1 picking A:1 assigned+1 picked B:3 assigned+1 picked; A@L1 9/2
            amend A~5           > nothing changes
            amend A=1 +A=1(800) > F1@L1 picking A:1 picked B:3 assigned+1 picked; F2@L1 open A#2:1 assigned
        ",
    );
}

#[test]
fn a_parcel_that_left_went_where_it_went() {
    story(
        "
            location L1
            stock A@L1=9
            order A=3    > order open; F1@L1 open A:3 assigned; A@L1 9/3
            pick F1 A=1  > order in_progress; F1@L1 picking A:2 assigned+1 picked
            pack F1      > F1@L1 picking A:2 assigned+1 packed; F1 P1 A=1
            ship F1      > F1@L1 shipped A:1 shipped; F1 left with post; F2@L1 picking A:2 assigned; A@L1 8/2
            amend to=2   > F2@L1 cancelled; F3@L1 open A:2 assigned
            journal      > units_released, order_amended, lines_sourced
        ",
    );
}

#[test]
fn a_changed_address_does_not_lose_its_units_to_those_who_wait() {
    story(
        "
            location L1
            stock A@L1=3
            order A=3    > order open; F1@L1 open A:3 assigned; A@L1 3/3
            order A=2    > order open; A 2 backordered
            on O1
            amend to=2   > F1@L1 cancelled; F2@L1 open A:3 assigned
            queue A      > O2 2
        ",
    );
}

#[test]
fn what_a_change_adds_does_not_overtake_those_who_wait() {
    story(
        "
            location L1
            location L2
            stock A@L1=1
            stock B@L1=9
            order B=1           > order open; F1@L1 open B:1 assigned; B@L1 9/1
            order A=2:pickup@L1 > order open; A 1 backordered; F1@L1 open A:1 assigned; A@L1 1/1
            order A=3:pickup@L1 > order open; A 3 backordered
            on O1
            amend +A=1          > A 1 backordered
            queue A             > O2 1@L1, O3 3@L1, O1 1
        ",
    );
}

#[test]
fn a_requested_date_is_changed_for_what_has_not_left() {
    story(
        "
            location L1
            item K kit C=1
            stock A@L1=9
            order A=1 B=1 K=1               > order open; B 1 backordered; C 1 backordered; F1@L1 open A:1 assigned; A@L1 9/1
            pick F1                         > order in_progress; F1@L1 picked A:1 picked
            pack F1                         > F1@L1 packed A:1 packed; F1 P1 A=1
            ship F1                         > F1@L1 shipped A:1 shipped; F1 left with post; A@L1 8/0
            amend date=2026-02-01           > nothing changes
            lines                           > A 1x1000; B 1x1000 by 2026-02-01; K 1x1000 by 2026-02-01; C 1 by 2026-02-01
            amend B!2026-03-01 K!2026-04-01 > nothing changes
            lines                           > A 1x1000; B 1x1000 by 2026-03-01; K 1x1000 by 2026-04-01; C 1 by 2026-04-01
        ",
    );
}

#[test]
fn a_kit_is_changed_with_its_components() {
    story(
        "
            location L1
            item K kit A=2 B=1
            stock A@L1=9
            stock B@L1=9
            order K=2(1500)    > order open; F1@L1 open A:4 assigned B:2 assigned; A@L1 9/4; B@L1 9/2
            amend K=3          > F1@L1 open A:6 assigned B:3 assigned; A@L1 9/6; B@L1 9/3
            lines              > K 3x1500; A 6; B 3
            totals             > goods 4500 discount 0 charges 0 tax 0 total 4500 paid 0 balance 4500
            cancel K=1         > A 2 cancelled; B 1 cancelled; F1@L1 open A:4 assigned B:2 assigned; A@L1 9/4; B@L1 9/2
            totals             > goods 3000 discount 0 charges 0 tax 0 total 3000 paid 0 balance 3000
            amend K=2          > F1@L1 open A:2 assigned B:1 assigned; A@L1 9/2; B@L1 9/1
            lines              > K 2x1500; A 4; B 2
            totals             > goods 1500 discount 0 charges 0 tax 0 total 1500 paid 0 balance 1500
            amend K^FR         > F1@L1 cancelled; F2@L1 open A:2 assigned B:1 assigned
            lines              > K 2x1500 to FR; A 4 to FR; B 2 to FR
            pick F2 A=1        > order in_progress; F2@L1 picking A:1 assigned+1 picked B:1 assigned
            amend K=1          > illegal_transition: cannot amend now: nothing would be left of the order; cancel it instead
            amend -K +C=1      > quantity_exceeded: take away: 2 asked for, 1 possible for line A; lower the quantity
            pick F2 A=0~1      > A 1 backordered; F2@L1 picking A:1 picked B:1 assigned; A@L1 8/1 excluded until 2026-01-08 (not_found)
            totals             > goods 1500 discount 0 charges 0 tax 0 total 1500 paid 0 balance 1500
        ",
    );
}

#[test]
fn a_removed_kit_is_gone_with_what_was_cancelled_of_it() {
    story(
        "
            item K kit A=2 B=1
            order K=2(1500) C=1 > order open; A 4 backordered; B 2 backordered; C 1 backordered
            cancel K=1          > A 2 backordered; A 2 cancelled; B 1 backordered; B 1 cancelled
            amend -K            > nothing changes
            lines               > K 0x1500; A 2; B 1; C 1x1000
            totals              > goods 1000 discount 0 charges 0 tax 0 total 1000 paid 0 balance 1000
            amend K=2           > invalid_field: /change_lines/0/quantity is of a kit that was removed; add the kit again as a new line
            amend +K=1(1500)    > A#2 2 backordered; B#2 1 backordered
            lines               > K 0x1500; A 2; B 1; C 1x1000; K#2 1x1500; A#2 2; B#2 1
            totals              > goods 2500 discount 0 charges 0 tax 0 total 2500 paid 0 balance 2500
        ",
    );
}

#[test]
fn a_shortage_of_what_a_change_adds_goes_by_the_channel() {
    story(
        r#"
            location L1
            stock A@L1=3
            channel refuse
            order A=3         > order open; F1@L1 open A:3 assigned; A@L1 3/3
            amend A=4         > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
            channel hold
            order B=1         > order on_hold; B 1 open; H1 stock active (not in stock: 1 × B)
            amend +A=1        > A 1 open
            channel backorder
            order B=1         > order open; B 1 backordered
            amend +A=1        > A 1 backordered
        "#,
    );
}

#[test]
fn a_channel_that_sources_later_does_so_after_a_change_too() {
    story(
        "
            location L1
            stock A@L1=3
            channel later
            order A=1     > order open; A 1 open
            amend A=2     > A 2 open
            source        > F1@L1 open A:2 assigned; A@L1 3/2
            amend A=3     > F1@L1 open A:3 assigned; A@L1 3/3
        ",
    );
}

#[test]
fn a_change_of_a_held_order_is_sourced_on_release() {
    story(
        "
            location L1
            stock A@L1=9
            order A=1        > order open; F1@L1 open A:1 assigned; A@L1 9/1
            hold manual wait > order on_hold; F1@L1 on_hold A:1 assigned; H1 manual active (wait)
            amend A=2        > A 1 open
            amend to=2       > F1@L1 cancelled; F2@L1 on_hold A:1 assigned
            release H1       > order open; F2@L1 open A:2 assigned; H1 manual released (wait); A@L1 9/2
        ",
    );
}

#[test]
fn drafts_and_finished_orders_are_not_amended() {
    story(
        "
            location L1
            stock A@L1=9
            draft A=1    > order draft; A 1 open
            amend A=2    > illegal_transition: cannot amend now: the order is a draft; save the draft again instead
            order A=1    > order open; F1@L1 open A:1 assigned; A@L1 9/1
            cancel       > order cancelled; A 1 cancelled; F1@L1 cancelled; A@L1 9/0
            amend A=2    > illegal_transition: cannot amend now: every unit has left or is cancelled; place a new order instead
            order A=1    > order open; F1@L1 open A:1 assigned; A@L1 9/1
            pick F1      > order in_progress; F1@L1 picked A:1 picked
            pack F1      > F1@L1 packed A:1 packed; F1 P1 A=1
            ship F1      > order shipped; F1@L1 shipped A:1 shipped; F1 left with post; A@L1 8/0
            amend A=2    > illegal_transition: cannot amend now: every unit has left or is cancelled; place a new order instead
        ",
    );
}

#[test]
fn a_line_with_an_unknown_sku_is_amended_away() {
    story(
        r#"
            location L1
            stock A@L1=9
            channel marketplace
            order ?X=2 B=1      > order on_hold; ?X 2 open; B 1 open; H1 stock active (/lines/0/sku names the unknown SKU "?X"; create it first or correct the name; not in stock: 1 × B)
            amend -?X +A=2      > A 2 open
            release H1          > order open; B 1 backordered; F1@L1 open A:2 assigned; H1 stock released (/lines/0/sku names the unknown SKU "?X"; create it first or correct the name; not in stock: 1 × B); A@L1 9/2
        "#,
    );
}

#[test]
fn a_change_needs_numbers_for_its_parts() {
    story(
        "
            location L1
            stock A@L1=9
            order A=1       > order open; F1@L1 open A:1 assigned; A@L1 9/1
            number 65534
            amend +A=1 +A=1 > limit_reached: too many parts of one order: at most 65534 are allowed
            amend to=2 +A=1 > limit_reached: too many parts of one order: at most 65534 are allowed
            amend A=2       > F1@L1 open A:2 assigned; A@L1 9/2
            amend to=2      > limit_reached: too many parts of one order: at most 65534 are allowed
        ",
    );
}
