//! Orders that wait for stock are served by priority, then age.

use super::Waiting;
use super::queue::{LOOKED_AT_MAX, LOOKED_AT_TOGETHER, load_all, may_use};
use super::recalled_lots::leave_recalled_lots;
use super::share_out::share_out;
use crate::decide::{Attempt, Stop};
use crate::decision::Answer;
use crate::id::ItemId;
use crate::network::{LocationId, Shortage};
use crate::order::source::{Scope, source};
use crate::refusal::Refusal;

/// Waiting rows served in one commit; the rest is continued by the next one.
pub const SERVED_PER_COMMIT: usize = 50;

/// Gives free stock of an item to the orders that wait for it, bounded; continued after the commit.
#[derive(Debug, Clone, Copy)]
pub struct ServeWaiting {
    /// The item.
    pub item: ItemId,
}

/// Gives free stock of an item to the orders that wait for it; first, what was allotted to others of lots that were
/// recalled since, and that nobody has begun to pick, is taken from other lots.
///
/// # Errors
/// Stops when facts are missing.
pub fn serve_waiting(attempt: &mut Attempt<'_>, command: &ServeWaiting) -> Result<Answer, Stop> {
    leave_recalled_lots(attempt, command.item)?;
    serve(attempt, command.item)?;
    Ok(Answer::default())
}

/// Serves up to [`SERVED_PER_COMMIT`] waiting rows in the order of the queue, as far as the stock reaches. Rows that
/// cannot use what is free are passed over, and do not count. If more could be served, that is asked for. Items that are
/// shared fairly go to all who wait, instead of the first ones.
///
/// # Errors
/// Stops when facts are missing.
pub fn serve(attempt: &mut Attempt<'_>, item: ItemId) -> Result<(), Stop> {
    if attempt.network().recall_of(item).is_some() {
        return Ok(());
    }
    let stock = attempt.require_fresh(item)?;
    let rows = attempt.waiting(item)?;
    let mut free = free_units(attempt, item)?;
    if attempt.item(item)?.selling.fair_share {
        return share_out(attempt, item);
    }
    let may_be_served = |row: &Waiting, free: &[(LocationId, i64)], attempt: &Attempt<'_>| {
        free.iter().any(|place| may_use(attempt, row, *place))
    };
    let rows: Vec<Waiting> = rows
        .into_iter()
        .filter(|row| may_be_served(row, &free, attempt))
        .take(LOOKED_AT_MAX)
        .collect();
    let mut served = 0;
    for some in rows.chunks(LOOKED_AT_TOGETHER) {
        load_all(attempt, &some.iter().collect::<Vec<_>>())?;
        for row in some {
            if !may_be_served(row, &free, attempt) {
                continue;
            }
            if served == SERVED_PER_COMMIT {
                attempt.serve_later(item);
                return Ok(());
            }
            if serve_row(attempt, row)? {
                served += 1;
                free = free_units(attempt, item)?;
            }
        }
    }
    if stock.more_waiting && !free.is_empty() {
        match served {
            // The first rows cannot use what is free; those behind them may.
            0 => drop(attempt.require_queue(item)?),
            _ => attempt.serve_later(item),
        }
    }
    Ok(())
}

/// Serves one row as far as possible; whether it was given anything.
pub(super) fn serve_row(attempt: &mut Attempt<'_>, row: &Waiting) -> Result<bool, Stop> {
    serve_in(attempt, row, Scope::NextWaiting(row.line))
}

/// Serves what the scope says of one row; whether it was given anything.
pub(super) fn serve_in(
    attempt: &mut Attempt<'_>,
    row: &Waiting,
    scope: Scope<'_>,
) -> Result<bool, Stop> {
    let before = attempt.look_at(row.order)?.version;
    match source(attempt, row.order, scope, Shortage::Backorder) {
        // An order that has no number left for a fulfilment goes on waiting; it is no reason to refuse the goods.
        Ok(()) | Err(Stop::Refused(Refusal::TooMany { .. })) => {
            Ok(attempt.look_at(row.order)?.version > before)
        }
        Err(stop) => Err(stop),
    }
}

/// Locations with units that may still be claimed.
pub(super) fn free_units(
    attempt: &Attempt<'_>,
    item: ItemId,
) -> Result<Vec<(LocationId, i64)>, Stop> {
    let levels = attempt.sellable_levels(item, None)?;
    let units = levels
        .iter()
        .map(|level| (level.location, level.claimable()));
    let exclusions = attempt.exclusions(item)?;
    let is_offered = |at| !exclusions.iter().any(|one| one.location == at);
    Ok(units
        .filter(|(at, units)| *units > 0 && is_offered(*at))
        .collect())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn goods_in_serve_those_who_wait_by_priority_then_age() {
        story(
            "
                location L1
                order A=2            > order open; A 2 backordered
                order A=2            > order open; A 2 backordered
                order A=2 priority=5 > order open; A 2 backordered; priority 5
                order A=2            > order open; A 2 backordered
                queue A              > O3 2, O1 2, O2 2, O4 2
                stock A@L1=3         > O1: A 1 backordered; O1: F1@L1 open A:1 assigned; O3: F1@L1 open A:2 assigned; A@L1 3/3
                journal              > lines_sourced, lines_sourced
                queue A              > O1 1, O2 2, O4 2
                on O4
                priority 0           > priority 0
                queue A              > O4 2, O1 1, O2 2
                stock A@L1=2         > F1@L1 open A:2 assigned; A@L1 5/5
                stock A@L1=9         > O1: F1@L1 open A:2 assigned; O2: F1@L1 open A:2 assigned; A@L1 14/8
                queue A              > nobody
            ",
        );
    }

    #[test]
    fn a_newcomer_does_not_overtake_but_one_with_higher_priority_does() {
        story(
            r#"
                location L1
                jobs by-hand
                stock A@L1=2
                order A=2             > order open; F1@L1 open A:2 assigned; A@L1 2/2
                order A=3             > order open; A 3 backordered
                on O1
                cancel                > order cancelled; A 2 cancelled; F1@L1 cancelled; A@L1 2/0
                order A=1             > order open; A 1 backordered
                order A=1 priority=99 > order open; F1@L1 open A:1 assigned; priority 99; A@L1 2/1
                queue A               > O2 3, O3 1
                reserve A=1           > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                jobs                  > O2: A 2 backordered; O2: F1@L1 open A:1 assigned; A@L1 2/2
                queue A               > O2 2, O3 1
            "#,
        );
    }

    #[test]
    fn those_who_wait_for_another_location_are_passed_over() {
        story(
            "
                location L1
                location L2 store
                order A=2:pickup@L2 > order open; A 2 backordered
                order A=2           > order open; A 2 backordered
                stock A@L1=5        > F1@L1 open A:2 assigned; A@L1 5/2
                queue A             > O1 2@L2
                order A=3           > order open; F1@L1 open A:3 assigned; A@L1 5/5
                order A=1           > order open; A 1 backordered
                stock A@L2=1        > O1: A 1 backordered; O1: F1@L2 open A:1 assigned; A@L2 1/1
                stock A@L2=1        > O1: F1@L2 open A:2 assigned; A@L2 2/2
                queue A             > O4 1
            ",
        );
    }

    #[test]
    fn those_whom_a_location_rejected_are_passed_over() {
        story(
            "
                location L1
                stock A@L1=1
                order A=1         > order open; F1@L1 open A:1 assigned; A@L1 1/1
                reject F1 damaged > A 1 backordered; F1@L1 cancelled (rejected); A@L1 1/0
                order A=2         > order open; A 1 backordered; F1@L1 open A:1 assigned; A@L1 1/1
                queue A           > O1 1, O2 1
                stock A@L1=3      > F1@L1 open A:2 assigned; A@L1 4/2
                queue A           > O1 1
            ",
        );
    }

    #[test]
    fn a_paused_location_serves_nobody_until_it_opens_and_somebody_comes() {
        story(
            "
                location L1 paused
                stock A@L1=5
                order A=2          > order open; A 2 backordered
                order A=1          > order open; A 1 backordered
                location L1
                order A=4          > O1: F1@L1 open A:2 assigned; O2: F1@L1 open A:1 assigned; order open; A 2 backordered; F1@L1 open A:2 assigned; A@L1 5/5
                queue A            > O3 2
            ",
        );
    }

    #[test]
    fn a_hold_takes_an_order_out_of_the_queue_and_keeps_its_age() {
        story(
            "
                location L1
                order A=2             > order open; A 2 backordered
                order A=2             > order open; A 2 backordered
                on O1
                hold manual call them > order on_hold; H1 manual active (call them)
                queue A               > O2 2
                stock A@L1=1          > O2: A 1 backordered; O2: F1@L1 open A:1 assigned; A@L1 1/1
                release H1            > order open; H1 manual released (call them)
                queue A               > O1 2, O2 1
                stock A@L1=1          > A 1 backordered; F1@L1 open A:1 assigned; A@L1 2/2
                hold payment not paid > order on_hold; F1@L1 on_hold A:1 assigned; H2 payment active (not paid)
                queue A               > O1 1, O2 1
                stock A@L1=1          > F1@L1 on_hold A:2 assigned; A@L1 3/3
            ",
        );
    }

    #[test]
    fn what_came_while_an_order_was_held_is_given_to_it_on_release() {
        story(
            "
                location L1
                order A=2 B=1             > order open; A 2 backordered; B 1 backordered
                hold manual call them : A > order on_hold; H1 manual active A (call them)
                stock A@L1=5              > A@L1 5/0
                queue A                   > nobody
                release H1                > order open; F1@L1 open A:2 assigned; H1 manual released A (call them); A@L1 5/2
                queue A                   > nobody
            ",
        );
    }

    #[test]
    fn a_cart_does_not_overtake_those_who_wait() {
        story(
            r#"
                location L1
                jobs by-hand
                stock A@L1=3
                order A=3              > order open; F1@L1 open A:3 assigned; A@L1 3/3
                order A=2 priority=900 > order open; A 2 backordered; priority 900
                on O1
                cancel                 > order cancelled; A 3 cancelled; F1@L1 cancelled; A@L1 3/0
                reserve A=2            > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                reserve A=1            > V2 active A@L1=1; A@L1 3/0 reserved 1
                jobs                   > O2: F1@L1 open A:2 assigned; A@L1 3/2 reserved 1
            "#,
        );
    }

    #[test]
    fn a_part_of_what_is_waited_for_is_given_too() {
        story(
            "
                location L1
                location L2
                order A=5 B=1 > order open; A 5 backordered; B 1 backordered
                stock A@L1=2  > A 3 backordered; F1@L1 open A:2 assigned; A@L1 2/2
                stock A@L2=2  > A 1 backordered; F2@L2 open A:2 assigned; A@L2 2/2
                stock B@L2=1  > F2@L2 open A:2 assigned B:1 assigned; B@L2 1/1
                stock A@L1=9  > F1@L1 open A:3 assigned; A@L1 11/3
                queue A       > nobody
            ",
        );
    }

    #[test]
    fn an_order_without_numbers_left_does_not_keep_goods_from_coming_in() {
        story(
            "
                location L1
                order A=1    > order open; A 1 backordered
                number 65535
                order A=2    > order open; A 2 backordered
                stock A@L1=2 > F1@L1 open A:2 assigned; A@L1 2/2
                queue A      > O1 1
            ",
        );
    }

    /// So many orders of one unit each.
    fn orders(count: usize, line: &str) -> String {
        (0..count)
            .map(|_| format!("order {line} > order open; A 1 backordered\n"))
            .collect()
    }

    fn served(from: usize, to: usize, levels: &str) -> String {
        let facts = (from..=to).map(|order| format!("O{order}: F1@L1 open A:1 assigned; "));
        facts.collect::<String>() + levels
    }

    #[test]
    fn fifty_are_served_in_one_commit_and_the_rest_after_it() {
        story(&format!(
            "
                location L1
                {}
                jobs by-hand
                order B=1     > order open; B 1 backordered
                stock A@L1=130 > {}
                jobs          > {}
                queue A       > nobody
            ",
            orders(130, "A=1"),
            served(1, 50, "A@L1 130/50"),
            served(51, 130, "A@L1 130/130"),
        ));
    }

    #[test]
    fn many_who_wait_elsewhere_do_not_block_those_behind_them() {
        story(&format!(
            "
                location L1
                location L2 store
                {}
                order A=1 > order open; A 1 backordered
                order B=1 > order open; B 1 backordered
                stock A@L1=3 > {}
                order A=2 > order open; F1@L1 open A:2 assigned; A@L1 3/3
            ",
            orders(70, "A=1:pickup@L2"),
            served(71, 71, "A@L1 3/1"),
        ));
    }

    #[test]
    fn many_whom_the_location_rejected_do_not_block_those_behind_them() {
        let rejected = "stock A@L1=1 > A@L1 COUNT\norder A=1 > order open; F1@L1 open A:1 assigned; A@L1 ALLOCATED\nreject F1 no > A 1 backordered; F1@L1 cancelled (rejected); A@L1 COUNT\nadjust A@L1=-1 > A@L1 0/0\n";
        let first = "stock A@L1=1\n".to_owned()
            + &rejected
                .split_once('\n')
                .expect("four steps")
                .1
                .replace("COUNT", "1/0")
                .replace("ALLOCATED", "1/1");
        let next = rejected.replace("COUNT", "1/0").replace("ALLOCATED", "1/1");
        story(&format!(
            "
                location L1
                {first}
                {}
                order A=1 > order open; A 1 backordered
                order B=1 > order open; B 1 backordered
                stock A@L1=3 > O71: F1@L1 open A:1 assigned; A@L1 3/1
                order A=2 > order open; F1@L1 open A:2 assigned; A@L1 3/3
            ",
            next.repeat(69),
        ));
    }
}
