//! What single sources may usefully serve.
//!
//! A column is what one source may serve: units by part, with its exact cost. Under given prices only columns are of
//! use whose reduced cost is below the gap between the plans that are looked for and the bound. They are enumerated
//! source by source, and of those with the same units the cheapest is kept. What the whole order is made of is
//! found in [`super::compose`].

use rustc_hash::FxHashMap;

use super::board::Board;
use super::cover::Cover;
use super::digits::Digits;
use super::finder::{Column, Finder};
use super::prices::Prices;

/// The cheapest columns by their units.
pub(super) struct Columns {
    pub(super) columns: Vec<Column>,
    pub(super) steps: u64,
    followed: Vec<usize>,
    /// Where the column of some units is, by the row's bit if it is followed.
    place: FxHashMap<(u128, u32), u32>,
}

impl Columns {
    /// The columns of these rows whose reduced cost is below the gap (scaled); none where that takes too many steps. Of
    /// rows that are followed all are kept, so that it can be told whether they are used.
    pub(super) fn enumerate(
        board: &Board<'_>,
        (cover, prices, digits): (&Cover, &Prices, &Digits),
        (rows, followed): (&[usize], &[usize]),
        gap: i64,
        most_steps: u64,
    ) -> Option<Self> {
        let mut kept = Self {
            columns: Vec::new(),
            steps: 0,
            followed: followed.to_vec(),
            place: FxHashMap::default(),
        };
        let mut finder = Finder {
            board,
            digits,
            bit: &cover.bit,
            worth: &prices.worth,
            credit: 0,
            gap,
            keep: |column: Column, whole: u32| {
                let others = prices.cover[cover.all() & !(whole as usize)];
                if column.reduced.saturating_add(others) < gap {
                    kept.keep(column);
                }
                gap
            },
            steps: 0,
            most_steps,
        };
        for row in rows {
            finder.credit = prices.credit[*row];
            finder.find(*row);
            if finder.steps > most_steps {
                return None;
            }
        }
        let steps = finder.steps;
        kept.steps = steps;
        Some(kept)
    }

    fn keep(&mut self, column: Column) {
        let next = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        let place = (column.units, self.follow_bit(column.row));
        let place = *self.place.entry(place).or_insert(next);
        match self.columns.get_mut(place as usize) {
            Some(known) if column.cost < known.cost => *known = column,
            Some(_) => {}
            None => self.columns.push(column),
        }
    }

    /// The bit of a row that is followed.
    pub(super) fn follow_bit(&self, row: usize) -> u32 {
        let place = self.followed.iter().position(|followed| *followed == row);
        place.map_or(0, |place| 1 << place)
    }
}
