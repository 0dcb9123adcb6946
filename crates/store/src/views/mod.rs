//! Reading. Every list is ordered, bounded and continued by a cursor; none of it needs a command.

pub mod agreements;
pub mod availability;
pub mod bookings;
pub mod contacts;
pub mod counts;
pub mod customers;
pub mod days;
pub mod exclusions;
pub mod facts;
pub mod geo;
pub mod items;
pub mod journal;
pub mod ledger;
pub mod legs;
pub mod lots;
pub mod network;
pub mod orders;
pub mod projected;
pub mod promises;
pub mod reservations;
pub mod search;
pub mod serials;
pub mod stock;
pub mod supply;
pub mod waiting;

use crate::engine::Statement;

/// Statements of this module.
pub(crate) const STATEMENTS: &[&[&Statement]] = &[
    agreements::STATEMENTS,
    contacts::STATEMENTS,
    counts::STATEMENTS,
    customers::STATEMENTS,
    days::STATEMENTS,
    bookings::STATEMENTS,
    exclusions::STATEMENTS,
    geo::STATEMENTS,
    items::STATEMENTS,
    journal::STATEMENTS,
    ledger::STATEMENTS,
    legs::STATEMENTS,
    lots::STATEMENTS,
    orders::STATEMENTS,
    projected::STATEMENTS,
    promises::STATEMENTS,
    reservations::STATEMENTS,
    search::STATEMENTS,
    serials::STATEMENTS,
    stock::STATEMENTS,
    supply::STATEMENTS,
    waiting::STATEMENTS,
];

/// Rows on a page at most.
pub const PAGE_MAX: usize = 200;

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows. Where a filter fits few of many rows, a page may have fewer than were asked for although more follow.
    pub data: Vec<T>,
    /// Whether more follow.
    pub has_more: bool,
    /// Where they follow.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of rows read with one more than asked for; `cursor` names the place after a row.
    pub(crate) fn cut(mut data: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let has_more = data.len() > limit;
        data.truncate(limit);
        let next_cursor = if has_more {
            data.last().map(cursor)
        } else {
            None
        };
        Self {
            data,
            has_more,
            next_cursor,
        }
    }

    /// An empty last page.
    fn empty() -> Self {
        Self {
            data: Vec::new(),
            has_more: false,
            next_cursor: None,
        }
    }
}

/// Keeps a limit between 1 and [`PAGE_MAX`].
pub(crate) fn bounded(limit: usize) -> usize {
    limit.clamp(1, PAGE_MAX)
}

pub(crate) fn cell(number: usize) -> crate::engine::Cell {
    crate::engine::Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
