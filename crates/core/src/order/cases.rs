//! Whole cases: units of a line that are ordered and given in multiples, where its customer or channel demands it.

use super::{Line, LineUnits, Order};
use crate::refusal::Refusal;

/// Whether the lines of an order are served in whole cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cases {
    /// Those of items that have a case quantity are.
    Whole,
    /// Any number of units is given.
    Broken,
}

impl Cases {
    pub(crate) fn of(whole: bool) -> Self {
        if whole { Self::Whole } else { Self::Broken }
    }
}

/// Refuses to order a quantity that breaks a case of the line.
pub(crate) fn check_ordered(
    field: impl Into<String>,
    line: &Line,
    quantity: i64,
) -> Result<(), Refusal> {
    if quantity % line.case() == 0 {
        return Ok(());
    }
    Err(broken(field, line, quantity, None))
}

/// Refuses to take units of a line that break a case; all that are left of it may be taken, whatever they are.
pub(crate) fn check_taken(
    order: &Order,
    field: impl Into<String>,
    units: LineUnits,
    all: i64,
) -> Result<(), Refusal> {
    let Some(line) = order.placed.line(units.line) else {
        return Ok(());
    };
    if units.quantity == all || units.quantity % line.case() == 0 {
        return Ok(());
    }
    Err(broken(field, line, units.quantity, Some(all)))
}

fn broken(field: impl Into<String>, line: &Line, quantity: i64, most: Option<i64>) -> Refusal {
    let case = line.case();
    let below = quantity - quantity % case;
    Refusal::BrokenCase {
        field: field.into(),
        sku: line.sku.clone(),
        quantity,
        case,
        below,
        above: (below + case).min(most.unwrap_or(i64::MAX)),
    }
}

/// Units of whole cases that so many units reach for: a case is broken by none that are taken.
pub(crate) fn rounded_up(units: i64, case: i64) -> i64 {
    match units.rem_euclid(case.max(1)) {
        0 => units,
        broken => units.saturating_add(case - broken),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_line_that_breaks_a_case_is_refused_when_it_is_placed_and_when_it_is_amended() {
        story(
            r#"
                location L1
                customer email=ann@example.org
                account email=ann@example.org whole-cases
                item A case=12
                item B
                item K case=4 kit B=3
                item C case=1     > invalid_field: /case_quantity must lie between 2 and 10000
                item C case=10001 > invalid_field: /case_quantity must lie between 2 and 10000
                stock A@L1=99
                stock B@L1=99
                order A=30 email=ann@example.org > broken_case: /lines/0/quantity is 30, which breaks a case of SKU "A"; name 24 or 36, as 12 units are one case
                order B=1 A=5 email=ann@example.org > broken_case: /lines/1/quantity is 5, which breaks a case of SKU "A"; name 12, as 12 units are one case
                order K=2 email=ann@example.org > broken_case: /lines/0/quantity is 2, which breaks a case of SKU "K"; name 4, as 4 units are one case
                order A=30 email=bob@example.org > order open; F1@L1 open A:30 assigned; A@L1 99/30
                order A=24 B=5 email=ann@example.org > order open; F1@L1 open A:24 assigned B:5 assigned; A@L1 99/54; B@L1 99/5
                amend A=25   > broken_case: /change_lines/0/quantity is 25, which breaks a case of SKU "A"; name 24 or 36, as 12 units are one case
                amend +A=7   > broken_case: /add_lines/0/quantity is 7, which breaks a case of SKU "A"; name 12, as 12 units are one case
                amend A=36   > F1@L1 open A:36 assigned B:5 assigned; A@L1 99/66
                cancel A=5   > broken_case: /lines/0/quantity is 5, which breaks a case of SKU "A"; name 12, as 12 units are one case
                cancel A=12  > A 12 cancelled; F1@L1 open A:24 assigned B:5 assigned; A@L1 99/54
                amend A=12   > F1@L1 open B:5 assigned; A@L1 99/30
            "#,
        );
    }

    #[test]
    fn a_channel_may_demand_whole_cases_of_everybody() {
        story(
            r#"
                location L1
                put-channel edi whole-cases
                item A case=6
                stock A@L1=10
                order A=7 channel=edi > broken_case: /lines/0/quantity is 7, which breaks a case of SKU "A"; name 6 or 12, as 6 units are one case
                order A=12 channel=edi > order open; A 6 backordered; F1@L1 open A:6 assigned; A@L1 10/6
                order A=3 > order open; F1@L1 open A:3 assigned; A@L1 10/9
            "#,
        );
    }

    #[test]
    fn no_location_gives_a_part_of_a_case() {
        story(
            "
                location L1
                location L2
                location L3
                put-channel edi whole-cases
                item A case=12
                stock A@L1=11
                stock A@L2=30
                stock A@L3=13
                order A=48 channel=edi > order open; A 12 backordered; F1@L2 open A:24 assigned; F2@L3 open A:12 assigned; A@L2 30/24; A@L3 13/12
                why > A: chosen L2,L3 no_whole_case L1 missing A=12
                stock A@L1=12 > F3@L1 open A:12 assigned; A@L1 23/12
                stock A@L2=9 > A@L2 39/24
            ",
        );
    }

    #[test]
    fn policies_weigh_whole_cases() {
        story(
            "
                location L1 labour=10,0,0
                location L2 labour=100,0,0
                location L3 labour=100,0,0
                policy P cost split=50
                put-channel edi whole-cases
                item A case=12
                stock A@L1=23
                stock A@L2=24
                stock A@L3=11
                order A=36 channel=edi > order open; F1@L1 open A:12 assigned leaves 2026-01-05; F2@L2 open A:24 assigned leaves 2026-01-05; A@L1 23/12; A@L2 24/24
                why > A: chosen L1,L2 no_whole_case L3 = 160 (L1: labour 10) (L2: labour 100, split 50)
                order A=20 > order open; F1@L1 open A:11 assigned leaves 2026-01-05; F2@L3 open A:9 assigned leaves 2026-01-05; A@L1 23/23; A@L3 11/9
            ",
        );
    }

    #[test]
    fn who_waits_is_served_by_whole_cases_and_those_behind_may_have_the_rest() {
        story(
            "
                location L1
                put-channel edi whole-cases
                item A case=10
                order A=20 channel=edi > order open; A 20 backordered
                order A=4              > order open; A 4 backordered
                stock A@L1=13 > O1: A 10 backordered; O1: F1@L1 open A:10 assigned; A 1 backordered; F1@L1 open A:3 assigned; A@L1 13/13
                stock A@L1=11 > O1: F1@L1 open A:20 assigned; F1@L1 open A:4 assigned; A@L1 24/24
            ",
        );
    }

    #[test]
    fn hands_keep_cases_whole() {
        story(
            r#"
                location L1
                location L2
                put-channel edi whole-cases
                item A case=10
                stock A@L1=40
                stock A@L2=15
                order A=40 channel=edi > order open; F1@L1 open A:40 assigned; A@L1 40/40
                pick F1 A=5          > broken_case: /lines/0/quantity is 5, which breaks a case of SKU "A"; name 10, as 10 units are one case
                pick F1 A=10~3       > broken_case: /lines/0/short is 3, which breaks a case of SKU "A"; name 10, as 10 units are one case
                split F1 A=15        > broken_case: /lines/0/quantity is 15, which breaks a case of SKU "A"; name 10 or 20, as 10 units are one case
                move F1 to=L2 A=15      > broken_case: /lines/0/quantity is 15, which breaks a case of SKU "A"; name 10 or 20, as 10 units are one case
                move F1 to=L2 A=20      > insufficient_stock: SKU "A" is short by 10; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                move F1 to=L2 A=10      > F1@L1 open A:30 assigned; F2@L2 open A:10 assigned; A@L1 40/30; A@L2 15/10
                pick F1 A=10~10      > order in_progress; A 10 backordered; F1@L1 picking A:10 assigned+10 picked; A@L1 30/20 excluded until 2026-01-08 (not_found)
            "#,
        );
    }

    #[test]
    fn a_count_that_finds_less_takes_whole_cases_back() {
        story(
            "
                location L1
                put-channel edi whole-cases
                item A case=10
                stock A@L1=40
                order A=30 channel=edi > order open; F1@L1 open A:30 assigned; A@L1 40/30
                count A@L1=27 > A 10 backordered; F1@L1 open A:20 assigned; A@L1 27/20
            ",
        );
    }

    #[test]
    fn a_reservation_is_used_by_whole_cases() {
        story(
            "
                location L1
                location L2
                put-channel edi whole-cases
                item A case=10
                stock A@L1=15
                stock A@L2=15
                reserve A=30 > V1 active A@L1=15 A@L2=15; A@L1 15/0 reserved 15; A@L2 15/0 reserved 15
                order A=30 channel=edi with=V1 > order open; A 10 backordered; F1@L1 open A:10 assigned; F2@L2 open A:10 assigned; V1 used by O1 A@L1=15 A@L2=15; A@L1 15/10; A@L2 15/10
            ",
        );
    }

    #[test]
    fn an_item_that_is_also_a_component_of_a_kit_keeps_the_cases_of_its_own_line() {
        story(
            "
                location L1
                location L2
                put-channel edi whole-cases
                item A case=10
                item K kit A=3
                stock A@L1=12
                stock A@L2=12
                order K=1 A=20 channel=edi > order open; F1@L1 open A#2:10 assigned A:2 assigned; F2@L2 open A#2:10 assigned A:1 assigned; A@L1 12/12; A@L2 12/11
            ",
        );
    }
}
