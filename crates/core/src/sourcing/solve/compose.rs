//! The cheapest way to make an order of columns: a search over quantities, the most promising first.
//!
//! A point is the units that are served or given up by now, and which of the followed sources serve. From each point
//! the first part that is not yet complete gets a column, or is given up. What is left costs at least what it is
//! worth, and the sources that may help with it; points from which that is too much are left. Points with the
//! same units are one: the cheaper way to them is kept.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::SCALE;
use super::board::Board;
use super::columns::Columns;
use super::cover::Cover;
use super::digits::Digits;
use super::finder::Column;
use super::met::Found;
use super::prices::Prices;

/// No column: the part is given up.
const GIVEN_UP: u32 = u32::MAX;
/// Steps for keeping a point, beside those for trying a column.
const STEPS_OF_POINT: u64 = 16;

/// What came of putting columns together.
pub(super) struct Composed {
    pub(super) end: End,
    pub(super) steps: u64,
}

/// How it ended.
pub(super) enum End {
    /// No plan of these columns costs less.
    Cheapest(Cheapest),
    /// No plan costs less than what was asked for.
    Nothing,
    /// It took too long; plans that were not looked at cost at least this, scaled.
    TooMany(i128),
}

/// The cheapest plan of columns.
pub(super) struct Cheapest {
    /// What it costs, in minor units.
    pub(super) total: i64,
    columns: Vec<Column>,
}

/// A column with what is needed to try it.
struct Piece {
    column: u32,
    units: u128,
    cost: i64,
    /// Scaled.
    reduced: i64,
    /// The part of the reduced cost that is not in the credits, as nobody follows whether its source serves; scaled.
    again: i64,
    helps: u32,
    /// The bit of its source, if that is followed.
    follow: u32,
}

/// What tells points apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    units: u128,
    followed: u32,
    sources: u32,
}

/// One way to a point.
struct Point {
    key: Key,
    cost: i64,
    /// What plans that go on from here cost at least, without what sources add that help with what is left; scaled.
    base: i128,
    from: u32,
    column: u32,
}

struct Search<'b, 'a> {
    board: &'b Board<'a>,
    cover: &'b Cover,
    prices: &'b Prices,
    digits: &'b Digits,
    /// By set of parts, what columns that help with them add at least, scaled.
    rest: Vec<i64>,
    /// By part, the columns whose first part it is, by reduced cost.
    pieces: Vec<Vec<Piece>>,
    points: Vec<Point>,
    known: FxHashMap<Key, u32>,
    open: BinaryHeap<Reverse<(i128, Reverse<u32>)>>,
    below: i128,
    /// The most sources that a plan may use, where that binds.
    most: Option<u32>,
    steps: u64,
}

/// Looks for the cheapest plan of columns that costs less than `below` (scaled).
pub(super) fn cheapest(
    board: &Board<'_>,
    (cover, prices, digits): (&Cover, &Prices, &Digits),
    columns: &Columns,
    below: i128,
    most_steps: u64,
) -> Composed {
    let costs = columns.columns.iter();
    let costs = costs.map(|column| (column.helps, column.reduced.max(0)));
    let mut search = Search {
        rest: cover.table(costs, &prices.left),
        pieces: pieces(board, prices, columns, digits),
        points: Vec::new(),
        known: FxHashMap::default(),
        open: BinaryHeap::new(),
        most: board
            .problem
            .max_sources
            .filter(|most| (*most as usize) < board.most_units()),
        steps: 0,
        board,
        cover,
        prices,
        digits,
        below,
    };
    let start = Point {
        key: Key {
            units: 0,
            followed: 0,
            sources: 0,
        },
        cost: i64::try_from(board.lacking_minor).unwrap_or(i64::MAX),
        base: prices.constant,
        from: 0,
        column: GIVEN_UP,
    };
    search.keep(start);
    let end = search.run(&columns.columns, most_steps);
    Composed {
        end,
        steps: search.steps,
    }
}

fn pieces(
    board: &Board<'_>,
    prices: &Prices,
    columns: &Columns,
    digits: &Digits,
) -> Vec<Vec<Piece>> {
    let mut pieces: Vec<Vec<Piece>> = (0..board.parts.parts.len()).map(|_| Vec::new()).collect();
    for (nth, column) in columns.columns.iter().enumerate() {
        let Some(first) = digits.first(column.units) else {
            continue;
        };
        let follow = columns.follow_bit(column.row);
        pieces[first].push(Piece {
            column: u32::try_from(nth).unwrap_or(GIVEN_UP),
            units: column.units,
            cost: column.cost,
            reduced: column.reduced,
            again: if follow == 0 {
                prices.credit[column.row]
            } else {
                0
            },
            helps: column.helps,
            follow,
        });
    }
    for pieces in &mut pieces {
        pieces.sort_by_key(|piece| (piece.reduced, piece.column));
    }
    pieces
}

impl Search<'_, '_> {
    fn run(&mut self, columns: &[Column], most_steps: u64) -> End {
        while let Some(Reverse((least, Reverse(at)))) = self.open.pop() {
            let key = self.points[at as usize].key;
            if self.known.get(&key) != Some(&at) {
                continue; // A cheaper way was found meanwhile.
            }
            if key.units == self.digits.full {
                return End::Cheapest(self.plan(at, columns));
            }
            if self.steps > most_steps {
                return End::TooMany(least);
            }
            self.go_on(at);
        }
        End::Nothing
    }

    /// Goes on from a point: its first part that is not complete gets a column, or is given up.
    fn go_on(&mut self, at: u32) {
        let Point {
            key, cost, base, ..
        } = self.points[at as usize];
        let left = self.digits.full - key.units;
        let Some(part) = self.digits.first(left) else {
            return;
        };
        let set = self.open_bits(left);
        let units = self.digits.units(left, part);
        let unserved = self.board.parts.parts[part].unserved;
        self.keep(Point {
            key: Key {
                units: key.units + self.digits.of_part(part, units),
                ..key
            },
            cost: cost.saturating_add(unserved.saturating_mul(units)),
            base: base + i128::from(self.prices.left[part]) * i128::from(units),
            from: at,
            column: GIVEN_UP,
        });
        if self.most.is_some_and(|most| key.sources >= most) {
            return;
        }
        let gap = i64::try_from(self.below - base).unwrap_or(i64::MAX);
        let guarded = left | self.digits.guards;
        let pieces = std::mem::take(&mut self.pieces[part]);
        for piece in &pieces {
            self.steps += 1;
            if piece.reduced >= gap {
                break; // Those after it add no less.
            }
            if (guarded - piece.units) & self.digits.guards != self.digits.guards
                || piece.follow & key.followed != 0
            {
                continue; // More units than are left, or by a source that serves already.
            }
            let others = self.rest[set & !(piece.helps as usize)];
            if piece.reduced.saturating_add(others) >= gap {
                continue;
            }
            self.keep(Point {
                key: Key {
                    units: key.units + piece.units,
                    followed: key.followed | piece.follow,
                    sources: key.sources + u32::from(self.most.is_some()),
                },
                cost: cost.saturating_add(piece.cost),
                base: base + i128::from(piece.reduced + piece.again),
                from: at,
                column: piece.column,
            });
        }
        self.pieces[part] = pieces;
    }

    /// Keeps a way to a point if it is the cheapest.
    fn keep(&mut self, point: Point) {
        self.steps += STEPS_OF_POINT;
        let rest = self.rest[self.open_bits(self.digits.full - point.key.units)];
        let least = if point.key.units == self.digits.full {
            i128::from(point.cost) * i128::from(SCALE)
        } else {
            point.base + i128::from(rest)
        };
        if least >= self.below {
            return;
        }
        let at = u32::try_from(self.points.len()).unwrap_or(u32::MAX);
        match self.known.entry(point.key) {
            Entry::Occupied(mut known) => {
                if self.points[*known.get() as usize].cost <= point.cost {
                    return;
                }
                known.insert(at);
            }
            Entry::Vacant(place) => {
                place.insert(at);
            }
        }
        self.points.push(point);
        self.open.push(Reverse((least, Reverse(at))));
    }

    /// Bits of the parts of which units are left.
    fn open_bits(&self, left: u128) -> usize {
        let mut nonzero = self.digits.nonzero(left);
        let mut set = 0;
        while nonzero != 0 {
            let part = self.digits.part_of_guard(nonzero.trailing_zeros());
            set |= self.cover.bit[part] as usize;
            nonzero &= nonzero - 1;
        }
        set
    }

    fn plan(&self, at: u32, columns: &[Column]) -> Cheapest {
        let total = self.points[at as usize].cost;
        let (mut at, mut made) = (at, Vec::new());
        while at != 0 {
            let point = &self.points[at as usize];
            if point.column != GIVEN_UP {
                made.push(columns[point.column as usize]);
            }
            at = point.from;
        }
        Cheapest {
            total,
            columns: made,
        }
    }
}

impl Cheapest {
    /// Rows that it uses more than once.
    pub(super) fn used_twice(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = self.columns.iter().map(|column| column.row).collect();
        rows.sort_unstable();
        let pairs = rows.windows(2).filter(|pair| pair[0] == pair[1]);
        let mut twice: Vec<usize> = pairs.map(|pair| pair[0]).collect();
        twice.dedup();
        twice
    }

    /// The plan, if no source is used twice.
    pub(super) fn found(&self, board: &Board<'_>, digits: &Digits) -> Found {
        let served = self.columns.iter().map(|column| {
            let parts = 0..board.parts.parts.len();
            let units = parts.map(|part| digits.units(column.units, part)).collect();
            (board.sources[column.row], units)
        });
        Found {
            total: self.total,
            served: served.collect(),
        }
    }
}
