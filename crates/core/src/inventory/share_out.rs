//! Scarce stock of an item that is shared fairly goes to all who wait, in proportion to what each of them waits for.
//!
//! Classes of priority come one after the other; within the one that runs short, units are shared among its customers. The
//! shares of a class that runs short are given in one commit, so that they do not drift: what is free after it, nobody of the
//! class can use. They are computed over the first [`LOOKED_AT_MAX`] rows that may use what is free; those behind take part
//! when these are served.

use rustc_hash::FxHashSet;

use super::fair_share::{Claim, shares};
use super::queue::{LOOKED_AT_MAX, can_use, load_all, may_use};
use super::serve_waiting::{SERVED_PER_COMMIT, free_units, serve_in, serve_row};
use super::{UNITS_MAX, Waiting};
use crate::decide::{Attempt, Stop};
use crate::id::{CustomerId, ItemId, OrderId};
use crate::network::LocationId;
use crate::order::source::{Scope, is_whole, waiting_rows};
use crate::sourcing::Shared;

/// How often units are shared: what some cannot take of their shares is shared among the others, before it goes by place in
/// the queue.
const ROUNDS: usize = 3;

/// Whose share units are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Claimant {
    /// All orders of a customer.
    Customer(CustomerId),
    /// An order of nobody known.
    Order(OrderId),
}

/// A row that claims a share.
#[derive(Debug, Clone, Copy)]
struct Row {
    waiting: Waiting,
    claim: Claim<Claimant>,
}

/// Gives what is free of an item to those who wait, by their shares; if more could be served, that is asked for.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn share_out(attempt: &mut Attempt<'_>, item: ItemId) -> Result<(), Stop> {
    let free = free_units(attempt, item)?;
    if free.is_empty() {
        return Ok(());
    }
    let stock = attempt.require_queue(item)?;
    let rows = attempt.waiting(item)?;
    let has_use = |row: &&Waiting| free.iter().any(|place| may_use(attempt, row, *place));
    let mut able = rows.iter().filter(has_use);
    let looked_at: Vec<Waiting> = able.by_ref().take(LOOKED_AT_MAX).copied().collect();
    let are_more = able.next().is_some() || stock.more_waiting;
    load_all(attempt, &looked_at.iter().collect::<Vec<_>>())?;
    let mut served = 0;
    for class in looked_at.chunk_by(|one, next| one.priority == next.priority) {
        if !serve_class(attempt, item, class, &mut served)? {
            attempt.serve_later(item);
            return Ok(());
        }
    }
    if are_more && served > 0 && !free_units(attempt, item)?.is_empty() {
        attempt.serve_later(item);
    }
    Ok(())
}

/// Serves those of one priority; whether that is done, or has to go on after the commit.
fn serve_class(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    class: &[Waiting],
    served: &mut usize,
) -> Result<bool, Stop> {
    let mut able = class.to_vec();
    for round in 0..ROUNDS {
        let shared = shared_out(attempt, item, &able)?;
        let is_short = shared.iter().any(|(_, one)| one.share < one.wanted);
        let units: Vec<&(Waiting, Shared)> =
            shared.iter().filter(|(_, one)| one.share > 0).collect();
        let room = SERVED_PER_COMMIT.saturating_sub(*served);
        if round == 0 && is_short && *served > 0 && units.len() > room {
            return Ok(false);
        }
        let mut gave = false;
        for (row, shared) in units {
            if !is_short && *served >= SERVED_PER_COMMIT {
                return Ok(false);
            }
            if serve_in(attempt, row, Scope::Share(*shared))? {
                *served += 1;
                gave = true;
            } else {
                able.retain(|one| (one.order, one.line) != (row.order, row.line));
            }
        }
        if !gave {
            break;
        }
    }
    serve_rest(attempt, item, class, served)?;
    Ok(true)
}

/// What nobody can take as a share goes to whoever comes first and can use it.
fn serve_rest(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    class: &[Waiting],
    served: &mut usize,
) -> Result<(), Stop> {
    let mut free = free_units(attempt, item)?;
    for row in class {
        let Some(row) = waits_now(attempt, item, row)? else {
            continue;
        };
        if free.iter().any(|place| may_use(attempt, &row, *place)) && serve_row(attempt, &row)? {
            *served += 1;
            free = free_units(attempt, item)?;
        }
    }
    Ok(())
}

/// The shares of those of a class that wait now and can use what is free: first of those whom only one location may serve.
fn shared_out(
    attempt: &Attempt<'_>,
    item: ItemId,
    class: &[Waiting],
) -> Result<Vec<(Waiting, Shared)>, Stop> {
    let mut free = free_units(attempt, item)?;
    let mut rows = Vec::with_capacity(class.len());
    for row in class {
        if let Some(row) = waits_now(attempt, item, row)? {
            rows.extend(claiming(attempt, row, &free)?);
        }
    }
    let mut shared = Vec::with_capacity(rows.len());
    while let Some(location) = tightest(&rows, &free) {
        let is_here = |row: &Row| row.waiting.location == Some(location);
        let (here, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(is_here);
        let (own, rest): (Vec<_>, Vec<_>) = free.into_iter().partition(|(at, _)| *at == location);
        shared.extend(divided(&own, &here));
        (rows, free) = (others, rest);
    }
    shared.extend(divided(&free, &rows));
    // Who may be served from anywhere leaves the others what only they may have.
    shared.sort_by_key(|(row, _)| (row.location.is_none(), *row));
    Ok(shared)
}

/// The location, if there is one, that has less for those bound to it than the share which they would have of everything.
fn tightest(rows: &[Row], free: &[(LocationId, i64)]) -> Option<LocationId> {
    let wanted = |at: Option<LocationId>| -> i128 {
        let those = rows
            .iter()
            .filter(|row| at.is_none() || row.waiting.location == at);
        those.map(|row| i128::from(row.claim.in_cases())).sum()
    };
    let (all_free, all_wanted) = (sum(free), wanted(None));
    let tight = free.iter().filter_map(|(at, units)| {
        let wanted_here = wanted(Some(*at));
        let is_tight = i128::from(*units) * all_wanted < all_free.min(all_wanted) * wanted_here;
        is_tight.then_some((*at, i128::from(*units), wanted_here))
    });
    let least = tight.min_by(|one, other| (one.1 * other.2).cmp(&(other.1 * one.2)));
    least.map(|(at, ..)| at)
}

fn sum(free: &[(LocationId, i64)]) -> i128 {
    free.iter().map(|(_, units)| i128::from(*units)).sum()
}

/// Divides units among rows.
fn divided(free: &[(LocationId, i64)], rows: &[Row]) -> Vec<(Waiting, Shared)> {
    let free = i64::try_from(sum(free)).unwrap_or(UNITS_MAX);
    let claims: Vec<Claim<Claimant>> = rows.iter().map(|row| row.claim).collect();
    let customers: FxHashSet<Claimant> = claims.iter().map(|claim| claim.customer).collect();
    let customers = u32::try_from(customers.len()).unwrap_or(u32::MAX);
    let waited = claims.iter().map(Claim::in_cases).sum();
    let shares = shares(free, &claims);
    let shared = rows.iter().zip(shares).map(|(row, share)| {
        let shared = Shared {
            line: row.waiting.line,
            wanted: row.claim.in_cases(),
            free,
            waited,
            customers,
            share,
        };
        (row.waiting, shared)
    });
    shared.collect()
}

/// The row as it is after what the attempt has given it; none if it waits no more.
fn waits_now(attempt: &Attempt<'_>, item: ItemId, row: &Waiting) -> Result<Option<Waiting>, Stop> {
    let mut rows = waiting_rows(attempt.look_at(row.order)?).into_iter();
    let now = rows.find(|(of, known)| *of == item && known.line == row.line);
    Ok(now.map(|(_, row)| row))
}

/// What a row claims, if it can use what is free somewhere. What has to stay together is claimed as one case.
fn claiming(
    attempt: &Attempt<'_>,
    row: Waiting,
    free: &[(LocationId, i64)],
) -> Result<Option<Row>, Stop> {
    let order = attempt.look_at(row.order)?;
    let (Some(line), channel) = (order.placed.line(row.line), order.placed.channel) else {
        return Ok(None);
    };
    let channel = attempt.network().channel(channel);
    let mut has_use = false;
    for place in free {
        let is_sold = channel.is_none_or(|channel| channel.sells.includes(place.0));
        has_use |= is_sold && can_use(attempt, &row, *place)?;
    }
    let customer = order.placed.customer;
    let claim = Claim {
        customer: customer.map_or(Claimant::Order(row.order), Claimant::Customer),
        quantity: row.quantity,
        case: match is_whole(attempt, order, line)? {
            true => row.quantity,
            false => line.case(),
        },
    };
    Ok(has_use.then_some(Row {
        waiting: row,
        claim,
    }))
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn goods_in_are_shared_among_customers_in_proportion_to_what_they_wait_for() {
        story(
            "
                location L1
                item A fair
                order A=60 email=ann@example.org > order open; A 60 backordered
                order A=20 email=bob@example.org > order open; A 20 backordered
                order A=10 email=cid@example.org > order open; A 10 backordered
                order A=10 email=bob@example.org > order open; A 10 backordered
                stock A@L1=10 > O1: A 54 backordered; O1: F1@L1 open A:6 assigned; O2: A 17 backordered; O2: F1@L1 open A:3 assigned; O3: A 9 backordered; O3: F1@L1 open A:1 assigned; A@L1 10/10
                why           > A 6 of 60 share 10 of 100 among 3; A: chosen L1; A 3 of 20 share 10 of 100 among 3; A: chosen L1; A 1 of 10 share 10 of 100 among 3; A: chosen L1
                queue A       > O1 54, O2 17, O3 9, O4 10
                stock A@L1=80 > O1: A 6 backordered; O1: F1@L1 open A:54 assigned; O2: F1@L1 open A:20 assigned; O3: A 1 backordered; O3: F1@L1 open A:9 assigned; A 3 backordered; F1@L1 open A:7 assigned; A@L1 90/90
                stock A@L1=50 > O1: F1@L1 open A:60 assigned; O3: F1@L1 open A:10 assigned; F1@L1 open A:10 assigned; A@L1 140/100
                queue A       > nobody
            ",
        );
    }

    #[test]
    fn an_item_that_is_not_shared_goes_to_the_first_one() {
        story(
            "
                location L1
                order A=60 email=ann@example.org > order open; A 60 backordered
                order A=20 email=bob@example.org > order open; A 20 backordered
                stock A@L1=10 > O1: A 50 backordered; O1: F1@L1 open A:10 assigned; A@L1 10/10
            ",
        );
    }

    #[test]
    fn orders_of_nobody_known_count_as_a_customer_each() {
        story(
            "
                location L1
                item A fair
                order A=6 > order open; A 6 backordered
                order A=3 > order open; A 3 backordered
                order A=3 > order open; A 3 backordered
                stock A@L1=4 > O1: A 4 backordered; O1: F1@L1 open A:2 assigned; O2: A 2 backordered; O2: F1@L1 open A:1 assigned; A 2 backordered; F1@L1 open A:1 assigned; A@L1 4/4
            ",
        );
    }

    #[test]
    fn classes_of_priority_are_served_in_full_and_the_one_that_runs_short_shares() {
        story(
            "
                location L1
                item A fair
                order A=8 email=ann@example.org            > order open; A 8 backordered
                order A=4 email=bob@example.org priority=5 > order open; A 4 backordered; priority 5
                order A=4 email=cid@example.org            > order open; A 4 backordered
                order A=9 email=dan@example.org priority=900 > order open; A 9 backordered; priority 900
                stock A@L1=10 > O1: A 4 backordered; O1: F1@L1 open A:4 assigned; O2: F1@L1 open A:4 assigned; O3: A 2 backordered; O3: F1@L1 open A:2 assigned; A@L1 10/10
                queue A       > O1 4, O3 2, O4 9
            ",
        );
    }

    #[test]
    fn whole_cases_are_shared_and_what_they_leave_goes_to_those_who_take_single_units() {
        story(
            "
                location L1
                put-channel edi whole-cases
                item A case=10 fair
                order A=40 channel=edi email=ann@example.org > order open; A 40 backordered
                order A=40 channel=edi email=bob@example.org > order open; A 40 backordered
                stock A@L1=35 > O1: A 20 backordered; O1: F1@L1 open A:20 assigned; A 30 backordered; F1@L1 open A:10 assigned; A@L1 35/30
                order A=13 email=cid@example.org > order open; A 8 backordered; F1@L1 open A:5 assigned; A@L1 35/35
                queue A       > O1 20, O2 30, O3 8
                stock A@L1=15 > O2: A 20 backordered; O2: F1@L1 open A:20 assigned; A 3 backordered; F1@L1 open A:10 assigned; A@L1 50/50
            ",
        );
    }

    #[test]
    fn who_is_bound_to_a_location_shares_what_is_there_and_leaves_the_rest_to_others() {
        story(
            "
                location L1
                location L2
                item A fair
                order A=10           email=ann@example.org > order open; A 10 backordered
                order A=10:pickup@L2 email=bob@example.org > order open; A 10 backordered
                order A=10:pickup@L2 email=cid@example.org > order open; A 10 backordered
                location L1 paused
                location L2 paused
                stock A@L1=9 > A@L1 9/0
                stock A@L2=4 > A@L2 4/0
                location L1
                location L2
                serve A > O1: A 1 backordered; O1: F1@L1 open A:9 assigned; O2: A 8 backordered; O2: F1@L2 open A:2 assigned; A 8 backordered; F1@L2 open A:2 assigned; A@L1 9/9; A@L2 4/4
                why     > A 2 of 10 share 4 of 20 among 2; A: chosen L2 not_the_pickup_location L1; A 2 of 10 share 4 of 20 among 2; A: chosen L2 not_the_pickup_location L1; A 9 of 10 share 9 of 10 among 1; A: chosen L1 no_stock L2
            ",
        );
    }

    #[test]
    fn what_has_to_stay_together_is_given_whole_or_not_at_all() {
        story(
            "
                location L1
                policy P fewest keep=lines
                item A fair
                order A=6 email=ann@example.org > order open; A 6 backordered
                order A=3 email=bob@example.org > order open; A 3 backordered
                stock A@L1=4 > F1@L1 open A:3 assigned leaves 2026-01-05; A@L1 4/3
                why          > A 3 of 3 share 4 of 9 among 2; A: chosen L1
                stock A@L1=5 > O1: F1@L1 open A:6 assigned leaves 2026-01-05; A@L1 9/9
            ",
        );
    }

    #[test]
    fn a_share_that_cannot_be_taken_is_shared_among_the_others() {
        story(
            "
                location L1
                policy P fewest keep=order
                item A fair
                order A=6 B=1 email=ann@example.org > order open; A 6 backordered; B 1 backordered
                order A=6 email=bob@example.org     > order open; A 6 backordered
                order A=6 email=cid@example.org     > order open; A 6 backordered
                stock A@L1=8 > O2: F1@L1 open A:6 assigned leaves 2026-01-05; A@L1 8/6
                stock A@L1=4 > F1@L1 open A:6 assigned leaves 2026-01-05; A@L1 12/12
            ",
        );
        story(
            "
                location L1
                put-channel web sells=L1 buffer=3
                item A fair
                order A=10 email=bob@example.org             > order open; A 10 backordered
                order A=10 email=ann@example.org channel=web > order open; A 10 backordered
                stock A@L1=6 > O1: A 4 backordered; O1: F1@L1 open A:6 assigned; A@L1 6/6
            ",
        );
    }

    #[test]
    fn those_whom_a_location_rejected_have_no_share_of_what_it_has() {
        story(
            "
                location L1
                item A fair
                stock A@L1=1
                order A=1 email=ann@example.org > order open; F1@L1 open A:1 assigned; A@L1 1/1
                reject F1 damaged > A 1 backordered; F1@L1 cancelled (rejected); A@L1 1/0
                order A=9 email=bob@example.org > order open; A 8 backordered; F1@L1 open A:1 assigned; A@L1 1/1
                order A=4 email=cid@example.org > order open; A 4 backordered
                stock A@L1=6 > O2: A 4 backordered; O2: F1@L1 open A:5 assigned; A 2 backordered; F1@L1 open A:2 assigned; A@L1 7/7
            ",
        );
    }

    #[test]
    fn a_share_of_a_kit_goes_to_its_components() {
        story(
            r#"
                location L1
                item A fair
                item K kit A=3 fair > invalid_field: /fair_share is not for kits, which hold no stock; share their components fairly
                item K kit A=3
                order K=2 email=ann@example.org > order open; A 6 backordered
                order A=6 email=bob@example.org > order open; A 6 backordered
                stock A@L1=6 > O1: A 3 backordered; O1: F1@L1 open A:3 assigned; A 3 backordered; F1@L1 open A:3 assigned; A@L1 6/6
            "#,
        );
    }

    #[test]
    fn supply_is_named_for_what_goes_on_waiting() {
        story(
            "
                location L1
                item A fair
                expect A@L1=9 on=2026-01-20 > S1 open A@L1 0 of 9 by 2026-01-20 100%
                order A=6 email=ann@example.org > order open; A 6 backordered
                promise      > A: ships 2026-01-20 awaits S1=6 on 2026-01-20
                order A=3 email=bob@example.org > order open; A 3 backordered
                stock A@L1=3 > O1: A 4 backordered; O1: F1@L1 open A:2 assigned; A 2 backordered; F1@L1 open A:1 assigned; A@L1 3/3
                promise      > A: ships 2026-01-20 awaits S1=2 on 2026-01-20
                on O1
                promise      > A: ships 2026-01-20 awaits S1=4 on 2026-01-20
                arrive S1=9 > F1@L1 open A:6 assigned; O2: F1@L1 open A:3 assigned; S1 received A@L1 9 of 9 by 2026-01-20 100%; A@L1 12/9
            ",
        );
    }

    #[test]
    fn more_than_fifty_share_in_one_commit_and_those_who_are_served_in_full_before_them_in_others()
    {
        let orders = |count: usize, first: bool| -> String {
            let (priority, shown) = match first {
                true => (" priority=5", "; priority 5"),
                false => ("", ""),
            };
            let one = format!("order A=2{priority} > order open; A 2 backordered{shown}\n");
            one.repeat(count)
        };
        let served = |numbers: std::ops::RangeInclusive<i32>| -> String {
            let one = |number| format!("O{number}: F1@L1 open A:2 assigned; ");
            numbers.map(one).collect()
        };
        let halves = |numbers: std::ops::RangeInclusive<i32>| -> String {
            let one = |no| format!("O{no}: A 1 backordered; O{no}: F1@L1 open A:1 assigned; ");
            numbers.map(one).collect()
        };
        let queue: Vec<String> = (61..=140).map(|no| format!("O{no} 1")).collect();
        story(&format!(
            "
                location L1
                item A fair
                {}
                {}
                order B=1      > order open; B 1 backordered
                jobs by-hand
                stock A@L1=200 > {}A@L1 200/100
                jobs           > {}{}A@L1 200/200
                queue A        > {}
            ",
            orders(60, true),
            orders(80, false),
            served(1..=50),
            served(51..=60),
            halves(61..=140),
            queue.join(", "),
        ));
    }
}
