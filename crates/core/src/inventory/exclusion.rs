//! Exclusions: an item that is not offered from a location for some days, because it could not be found there.
//!
//! One stands for all orders, not only for the one it was found out with. A count of the item at the location ends it,
//! a person may, and its last day does.

use serde::{Deserialize, Serialize};

use super::receive::place_of;
use super::serve_waiting::serve;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::ItemId;
use crate::network::LocationId;
use crate::refusal::Refusal;
use crate::time::Millis;

/// Most days of one exclusion.
pub const EXCLUDE_DAYS_MAX: u16 = 365;
const DAY_MS: i64 = 86_400_000;

/// Why a location could not do what it was asked for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The goods are not where they should be.
    NotFound,
    /// The goods cannot be sold.
    Damaged,
    /// The price there is another one.
    WrongPrice,
    /// The location is closed.
    Closed,
    /// The location has too much to do.
    TooBusy,
    /// Something else, in words.
    #[default]
    Other,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 6] = [
        Self::NotFound,
        Self::Damaged,
        Self::WrongPrice,
        Self::Closed,
        Self::TooBusy,
        Self::Other,
    ];

    /// The cause as the API and the database write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Damaged => "damaged",
            Self::WrongPrice => "wrong_price",
            Self::Closed => "closed",
            Self::TooBusy => "too_busy",
            Self::Other => "other",
        }
    }

    /// Reads what [`Cause::as_str`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == text)
    }

    /// Whether it says something of the goods, and not of the location alone.
    #[must_use]
    pub fn is_of_goods(self) -> bool {
        match self {
            Self::NotFound | Self::Damaged | Self::WrongPrice => true,
            Self::Closed | Self::TooBusy | Self::Other => false,
        }
    }
}

/// An item is not offered from a location until some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exclusion {
    /// Where.
    pub location: LocationId,
    /// From when on it is offered again.
    pub until: Millis,
    /// Since when it is not.
    pub since: Millis,
    /// Why.
    pub cause: Cause,
}

/// An exclusion as it is after a decision; it has ended where `until` is not later than the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevisedExclusion {
    /// The item.
    pub item: ItemId,
    /// The exclusion after.
    pub after: Exclusion,
}

/// Sets by hand for how many days an item is not offered from a location.
#[derive(Debug, Clone)]
pub struct ExcludeItem {
    /// The SKU.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Days from now on; 0 ends the exclusion.
    pub days: u16,
    /// Why.
    pub cause: Cause,
}

/// Excludes an item at a location for some days, or ends that. What may be offered again serves who waits.
///
/// # Errors
/// Refuses unknown SKUs and locations, kits, and more than 365 days.
pub fn exclude_item(attempt: &mut Attempt<'_>, command: &ExcludeItem) -> Result<Answer, Stop> {
    let (item, location) = place_of(attempt, &command.sku, "/location", &command.location)?;
    check_days("/days", command.days)?;
    attempt.require_fresh(item)?;
    if command.days > 0 {
        exclude(attempt, item, location, command.days, command.cause)?;
    } else if end_exclusion(attempt, item, location)? {
        serve(attempt, item)?;
    }
    Ok(Answer::ok(Resource::StockLevel(item, location)))
}

/// Refuses more days than an exclusion may have.
///
/// # Errors
/// Refuses more than 365 days.
pub fn check_days(field: &str, days: u16) -> Result<(), Refusal> {
    if days > EXCLUDE_DAYS_MAX {
        let problem = format!("must lie between 0 and {EXCLUDE_DAYS_MAX}");
        return Err(Refusal::invalid(field, problem));
    }
    Ok(())
}

/// Excludes an item at a location from now on. One that lasts longer already stays.
///
/// # Errors
/// Stops when the stock was not loaded yet.
pub fn exclude(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    location: LocationId,
    days: u16,
    cause: Cause,
) -> Result<(), Stop> {
    let now = attempt.now();
    let until = now.plus_ms(i64::from(days) * DAY_MS);
    let known = attempt.exclusion(item, location)?;
    if days == 0 || known.is_some_and(|known| known.until >= until) {
        return Ok(());
    }
    let since = known.map_or(now, |known| known.since);
    attempt.put_exclusion(
        item,
        Exclusion {
            location,
            until,
            since,
            cause,
        },
    );
    Ok(())
}

/// Ends an exclusion; whether there was one.
///
/// # Errors
/// Stops when the stock was not loaded yet.
pub(super) fn end_exclusion(
    attempt: &mut Attempt<'_>,
    item: ItemId,
    location: LocationId,
) -> Result<bool, Stop> {
    let Some(known) = attempt.exclusion(item, location)? else {
        return Ok(false);
    };
    let until = attempt.now();
    attempt.put_exclusion(item, Exclusion { until, ..known });
    Ok(true)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn what_was_not_found_is_offered_to_nobody_until_it_is_counted() {
        story(
            r#"
                location L1
                location L2
                stock A@L1=5
                stock A@L2=9
                order A=2                                > order open; F1@L1 open A:2 assigned; A@L1 5/2
                reject F1 code=not_found nowhere to be seen > F1@L1 cancelled (rejected); F2@L2 open A:2 assigned; A@L1 3/0 excluded until 2026-01-08 (not_found); A@L2 9/2
                ledger                                   > A@L1 short_picked on hand -2 allocated -2 (O1); A@L2 allocated allocated +2 (O1)
                order A=1                                > order open; F1@L2 open A:1 assigned; A@L2 9/3
                why                                      > A: chosen L2 item_excluded L1 barred A@L1 until 2026-01-08 (not_found)
                availability A                           > 2026-01-05 6: L1 0, L2 6
                reserve A=1 from=L1                      > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                order A=1:pickup@L1                      > order open; A 1 backordered
                count A@L1=3                             > F1@L1 open A:1 assigned; A@L1 3/1
                order A=1                                > order open; F1@L1 open A:1 assigned; A@L1 3/2
            "#,
        );
    }

    #[test]
    fn an_exclusion_ends_by_itself_by_hand_and_lasts_as_long_as_the_longest() {
        story(
            r#"
                location L1 exclude=2
                stock A@L1=5
                order A=2                         > order open; F1@L1 open A:2 assigned; A@L1 5/2
                reject F1 code=damaged wet        > A 2 backordered; F1@L1 cancelled (rejected); A@L1 3/0 damaged 2 excluded until 2026-01-07 (damaged)
                ledger                            > A@L1 found_damaged on hand -2 allocated -2 damaged +2 (O1)
                order A=1                         > order open; A 1 backordered
                exclude A@L1 days=1               > nothing changes
                exclude A@L1 days=9 code=damaged  > A@L1 3/0 damaged 2 excluded until 2026-01-14 (damaged)
                exclude A@L1 days=366             > invalid_field: /days must lie between 0 and 365
                exclude A@L9 days=1               > unknown_reference: /location names the unknown location "L9"; create it first or correct the name
                exclude A@L1 days=0               > F1@L1 open A:1 assigned; A@L1 3/1 damaged 2
                exclude A@L1 days=0               > nothing changes
                exclude A@L1 days=1               > A@L1 3/1 damaged 2 excluded until 2026-01-06 (other)
                order A=1                         > order open; A 1 backordered
                wait 1441m
                serve A                           > F1@L1 open A:1 assigned; A@L1 3/2 damaged 2
            "#,
        );
    }

    #[test]
    fn the_location_and_whoever_rejects_say_for_how_long_and_what_becomes_of_the_books() {
        story(
            "
                location L1 books-stay exclude=0
                stock A@L1=9
                stock B@L1=9
                order A=2 B=1                               > order open; F1@L1 open A:2 assigned B:1 assigned; A@L1 9/2; B@L1 9/1
                reject F1 A=1 code=not_found gone           > A 1 backordered; F1@L1 open A:1 assigned B:1 assigned; A@L1 9/1
                reject F1 A=9 code=not_found gone           > quantity_exceeded: reject: 9 asked for, 1 possible for line A; lower the quantity
                reject F1 A=0 code=not_found gone           > invalid_field: /lines/0/quantity must be at least 1
                reject F1 A=1 days=999 gone                 > invalid_field: /exclude_days must lie between 0 and 365
                reject F1 A=1 days=4 stock=quarantine odd   > A 2 backordered; F1@L1 open B:1 assigned; A@L1 8/0 quarantined 1 excluded until 2026-01-09 (other)
                reject F1 code=closed stock=missing a fire  > B 1 backordered; F1@L1 cancelled (rejected); B@L1 8/0
                journal                                     > units_released, fulfilment_rejected, lines_sourced
            ",
        );
    }

    #[test]
    fn units_that_were_only_promised_do_not_go_off_the_books() {
        story(
            "
                item A oversell=3
                location L1
                stock A@L1=2
                order A=4                     > order open; F1@L1 open A:4 assigned; A@L1 2/4
                reject F1 code=not_found gone > A 4 backordered; F1@L1 cancelled (rejected); A@L1 0/0 excluded until 2026-01-08 (not_found)
                ledger                        > A@L1 short_picked on hand -2 allocated -2 (O1); A@L1 deallocated allocated -2 (O1)
            ",
        );
    }
}
