//! Stories that once broke something, each with what comes of its steps now.

use throughline_stories::{Memory, replay};

/// Tells a story to one process, and compares every step with what it says.
#[track_caller]
fn story(text: &str) {
    let lines = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.filter(|line| !line.is_empty()).collect()
    };
    let told = replay(text, &mut Memory::new(1));
    assert_eq!(
        lines(&told),
        lines(text),
        "the story went differently:\n\n{told}\n"
    );
    // Without expectations, as several processes see it.
    replay(text, &mut Memory::new(2));
}

#[test]
fn what_a_batch_has_claimed_is_not_free_when_the_committed_rows_are_read_in_it() {
    story(
        "
            receive 4×B@W                            > ok
            together 3 commit
            place shop 3×B to DE unpaid              > ok
            reserve 2×B 1m                           > insufficient_stock: SKU \"B\" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
            place shop 2×B to DE unpaid              > ok
        ",
    );
}

#[test]
fn a_count_finds_the_claims_that_its_own_batch_has_made() {
    story(
        "
            receive 6×A@W                 > ok
            together 4 commit
            place shop 2×A to DE unpaid   > ok
            reserve 2×A 60m               > ok
            count 1×A@W                   > ok
            count 0×A@W                   > ok
        ",
    );
}

#[test]
fn a_digital_unit_does_not_come_back_to_a_shelf() {
    story(
        "
            receive 2×A@W                    > ok
            place shop 1×A:digital unpaid    > ok
            outcome #0 delivered all         > ok
            return #0                        > ok
            take-back #0 @W all restock      > ok
        ",
    );
}

#[test]
fn those_who_wait_are_served_when_more_may_be_oversold() {
    story(
        "
            receive 1×A@W                    > ok
            place shop 3×A to DE unpaid      > ok
            oversell 2×A                     > ok
        ",
    );
}

#[test]
fn units_that_nobody_ahead_may_have_are_not_kept_from_others() {
    story(
        "
            receive 5×A@S                    > ok
            place shop 5×A to DE unpaid      > ok
            reject #0                        > ok
            reserve 2×A 10m                  > ok
            place till 3×A to DE unpaid      > ok
        ",
    );
}

#[test]
fn an_order_that_frees_units_for_another_line_of_its_own_is_served() {
    story(
        "
            receive 2×A@W                            > ok
            place shop 2×A 2×A:pickup@W to DE unpaid > ok
            cancel #0 l1=all                         > ok
        ",
    );
}

#[test]
fn what_may_be_oversold_helps_where_other_locations_cannot() {
    story(
        "
            receive 1×A@S                    > ok
            receive 3×A@P                    > ok
            place shop 2×A to DE unpaid      > ok
            oversell 1×A                     > ok
            reject #0                        > ok
        ",
    );
}

#[test]
fn lines_bound_to_a_location_are_served_before_those_that_can_go_elsewhere() {
    story(
        "
            receive 2×A@W                            > ok
            receive 2×A@S                            > ok
            place till 2×A 2×A:pickup@W to DE unpaid > ok
        ",
    );
}

#[test]
fn a_removed_kit_costs_nothing_whatever_was_cancelled_of_its_components() {
    story(
        "
            receive 1×A@W                    > ok
            place shop 1×K 1×A to DE unpaid  > ok
            cancel #0 l2=all l1=some0        > ok
            amend #0 -l0                     > ok
        ",
    );
}

#[test]
fn a_removed_kit_does_not_come_back_without_its_components() {
    story(
        "
            receive 1×A@W                    > ok
            place shop 1×K 1×A to DE unpaid  > ok
            amend #0 -l0                     > ok
            amend #0 l0=1                    > invalid_field: /change_lines/0/quantity is of a kit that was removed; add the kit again as a new line
            cancel #0                        > ok
        ",
    );
}

#[test]
fn reserved_units_become_allocations_whatever_safety_stock_says_by_then() {
    story(
        "
            receive 3×A@S                       > ok
            reserve 3×A 10m                     > ok
            safety 2×A@S                        > ok
            place till 3×A to DE from=#0 unpaid > ok
        ",
    );
}

#[test]
fn the_order_that_a_reference_leads_to_is_answered_with_its_version() {
    story(
        "
            receive 1×A@W                       > ok
            together 2 commit
            place shop 1×A to DE ref=0 unpaid   > ok
            again 1                             > ok
        ",
    );
}

#[test]
fn a_repeated_key_gets_the_first_answer_again_and_nothing_happens() {
    story(
        "
            receive 5×A@W key=1                 > ok
            again 0                             > ok
            place till 1×A to DE unpaid key=2   > ok
            again 2                             > ok
            together 2 unheard
            place till 4×A to DE unpaid         > ok
            receive 3×A@W key=3                 > ok
            place till 4×A to DE unpaid key=2   > idempotency_key_reused: Idempotency-Key \"key-2\" was used with another request; use a new key for a new request
        ",
    );
}

#[test]
fn an_order_waits_again_after_its_hold_and_is_served_from_what_came_meanwhile() {
    story(
        "
            place shop 2×A to DE unpaid      > ok
            hold #0 manual                   > ok
            receive 5×A@W                    > ok
            release #0                       > ok
        ",
    );
}

#[test]
fn what_an_order_gives_back_of_one_line_it_may_take_again_for_another() {
    story(
        "
            place shop 4×A@P 4×A@P to DE unpaid > ok
            place shop 5×A to DE unpaid         > ok
            receive 5×A@P                       > ok
            adjust -1×A@P                       > ok
            source-again #2                     > ok
        ",
    );
}
