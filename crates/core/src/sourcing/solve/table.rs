//! The cheapest way to make an order of columns, state by state.
//!
//! A state is the units that are served or given up. From each state the first part that is not yet complete
//! gets a column, or is given up. States from which the best plan cannot be reached any more are left.

use super::SCALE;
use super::board::Board;
use super::columns::{Column, Columns, States};
use super::cover::Cover;
use super::met::Found;
use super::prices::Prices;

/// More than any cost.
const FAR: i64 = i64::MAX / 4;
/// No column: the part is given up.
const GIVEN_UP: u32 = u32::MAX;

/// The cheapest plan of columns.
pub(super) struct Cheapest {
    /// No plan of these columns costs less, in minor units.
    pub(super) bound: i64,
    /// Columns that make it.
    pub(super) columns: Vec<Column>,
    pub(super) steps: u64,
}

/// A column with what is needed to try it.
struct Piece {
    column: u32,
    state: usize,
    /// Units by part, each in a field of its own.
    packed: u64,
    cost: i64,
    /// Scaled.
    reduced: i64,
    helps: u32,
}

/// One way to a state.
#[derive(Clone, Copy)]
struct Step {
    cost: i64,
    from: u32,
    column: u32,
}

struct Table<'b, 'a> {
    board: &'b Board<'a>,
    cover: &'b Cover,
    prices: &'b Prices,
    /// By set of parts, what columns that help with them add at least, scaled.
    rest: Vec<i64>,
    states: &'b States,
    /// By part, the columns whose first part it is, by reduced cost.
    pieces: Vec<Vec<Piece>>,
    /// By part, where its field is.
    shift: Vec<u32>,
    /// The highest bit of each field.
    guards: u64,
    cutoff: i64,
    steps: u64,
    most_steps: u64,
}

/// The cheapest plan of columns below the cutoff (in minor units); none where there is none, or too much to try.
pub(super) fn cheapest(
    board: &Board<'_>,
    (cover, prices, states): (&Cover, &Prices, &States),
    columns: &Columns<'_, '_>,
    cutoff: i64,
    most_steps: u64,
) -> Result<Option<Cheapest>, TooMany> {
    let (shift, guards) = fields(states).ok_or(TooMany)?;
    let costs = columns.columns.iter();
    let costs = costs.map(|column| (column.helps, column.reduced.max(0)));
    let mut table = Table {
        rest: cover.table(costs, &prices.left),
        pieces: Vec::new(),
        steps: 0,
        board,
        cover,
        prices,
        states,
        shift,
        guards,
        cutoff,
        most_steps,
    };
    table.sort(&columns.columns);
    let most = board
        .problem
        .max_sources
        .map_or(usize::MAX, |most| most as usize);
    let counted = most
        < states
            .quantity
            .iter()
            .map(|units| usize::try_from(*units).unwrap_or(0))
            .sum();
    let layers = if counted { most + 1 } else { 1 };
    let mut ways = vec![
        vec![
            Step {
                cost: FAR,
                from: 0,
                column: GIVEN_UP
            };
            states.count
        ];
        layers
    ];
    ways[0][0].cost = 0;
    for layer in 0..layers {
        table.fill(&mut ways, layer, counted);
        if table.steps > most_steps {
            return Err(TooMany);
        }
    }
    Ok(table.plan(&ways, counted, &columns.columns))
}

/// The table would take too long.
pub(super) struct TooMany;

/// A field for each part's units, with a bit to spare.
fn fields(states: &States) -> Option<(Vec<u32>, u64)> {
    let (mut shift, mut guards, mut at) = (Vec::new(), 0_u64, 0_u32);
    for units in &states.quantity {
        let bits = 64 - u64::try_from(*units).ok()?.leading_zeros();
        shift.push(at);
        at += bits + 1;
        if at > 64 {
            return None;
        }
        guards |= 1 << (at - 1);
    }
    Some((shift, guards))
}

impl Table<'_, '_> {
    fn pack(&self, state: usize) -> u64 {
        let fields = self.shift.iter().enumerate();
        fields.fold(0, |packed, (part, shift)| {
            packed | u64::try_from(self.states.units(state, part)).unwrap_or(0) << shift
        })
    }

    fn sort(&mut self, columns: &[Column]) {
        let parts = self.states.quantity.len();
        let mut pieces: Vec<Vec<Piece>> = (0..parts).map(|_| Vec::new()).collect();
        for (nth, column) in columns.iter().enumerate() {
            let units = |part: usize| self.states.units(column.state, part);
            let Some(first) = (0..parts).find(|part| units(*part) > 0) else {
                continue;
            };
            pieces[first].push(Piece {
                column: u32::try_from(nth).unwrap_or(GIVEN_UP),
                state: column.state,
                packed: self.pack(column.state),
                cost: column.cost,
                reduced: column.reduced,
                helps: column.helps,
            });
        }
        for pieces in &mut pieces {
            pieces.sort_by_key(|piece| (piece.reduced, piece.state));
        }
        self.pieces = pieces;
    }

    /// Goes on from every state of a layer.
    fn fill(&mut self, ways: &mut [Vec<Step>], layer: usize, counted: bool) {
        let last = self.states.count - 1;
        let onto = if counted { layer + 1 } else { layer };
        for state in 0..last {
            if self.steps > self.most_steps {
                return;
            }
            let cost = ways[layer][state].cost;
            if cost == FAR {
                continue;
            }
            let rest = self.rest(state, cost);
            if self.rest[rest.set] >= rest.gap {
                continue;
            }
            let from = u32::try_from(state).unwrap_or(0);
            let left = self.states.quantity[rest.part] - self.states.units(state, rest.part);
            let given_up = cost.saturating_add(self.board.parts.parts[rest.part].unserved * left);
            let next = state + self.states.stride[rest.part] * usize::try_from(left).unwrap_or(0);
            better(
                &mut ways[layer][next],
                Step {
                    cost: given_up,
                    from,
                    column: GIVEN_UP,
                },
            );
            if onto < ways.len() {
                self.serve(ways, (layer, onto), state, &rest);
            }
        }
    }

    /// Tries the columns of the first part that is left.
    fn serve(&mut self, ways: &mut [Vec<Step>], layers: (usize, usize), state: usize, rest: &Left) {
        let cost = ways[layers.0][state].cost;
        let from = u32::try_from(state).unwrap_or(0);
        let full = self.pack(self.states.count - 1);
        let left = (full - self.pack(state)) | self.guards;
        for piece in &self.pieces[rest.part] {
            self.steps += 1;
            if piece.reduced >= rest.gap {
                break; // Those after it add no less.
            }
            if (left - piece.packed) & self.guards != self.guards {
                continue; // More units than are left.
            }
            let others = self.rest[rest.set & !(piece.helps as usize)];
            if piece.reduced.saturating_add(others) >= rest.gap {
                continue;
            }
            let next = &mut ways[layers.1][state + piece.state];
            better(
                next,
                Step {
                    cost: cost.saturating_add(piece.cost),
                    from,
                    column: piece.column,
                },
            );
        }
    }

    /// What is left after a state that was reached for a cost.
    fn rest(&self, state: usize, cost: i64) -> Left {
        let (mut set, mut part) = (0, usize::MAX);
        let mut worth = self.prices.credits;
        for (nth, quantity) in self.states.quantity.iter().enumerate() {
            let left = quantity - self.states.units(state, nth);
            if left > 0 {
                part = part.min(nth);
                set |= self.cover.bit[nth] as usize;
                worth += i128::from(self.prices.worth[nth]) * i128::from(left);
            }
        }
        let open = i128::from(self.cutoff - cost) * i128::from(SCALE) - worth;
        Left {
            part,
            set,
            gap: i64::try_from(open).unwrap_or(i64::MAX),
        }
    }

    fn plan(&self, ways: &[Vec<Step>], counted: bool, columns: &[Column]) -> Option<Cheapest> {
        let last = self.states.count - 1;
        let (mut layer, best) = ways
            .iter()
            .map(|way| way[last])
            .enumerate()
            .min_by_key(|(_, way)| way.cost)?;
        if best.cost >= self.cutoff {
            return None;
        }
        let (mut state, mut made) = (last, Vec::new());
        while state != 0 {
            let step = ways[layer][state];
            if step.column != GIVEN_UP {
                made.push(columns[step.column as usize]);
                layer -= usize::from(counted);
            }
            state = step.from as usize;
        }
        Some(Cheapest {
            bound: best.cost,
            columns: made,
            steps: self.steps,
        })
    }
}

struct Left {
    /// The first part of which units are left.
    part: usize,
    /// Bits of parts of which units are left.
    set: usize,
    /// Reduced costs from here on are of no use, scaled.
    gap: i64,
}

fn better(known: &mut Step, step: Step) {
    if step.cost < known.cost {
        *known = step;
    }
}

impl Cheapest {
    /// The plan, if no source is used twice.
    pub(super) fn found(&self, board: &Board<'_>, states: &States) -> Option<Found> {
        let mut rows: Vec<usize> = self.columns.iter().map(|column| column.row).collect();
        rows.sort_unstable();
        if rows.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        let units = |column: &Column| {
            let parts = 0..states.quantity.len();
            parts.map(|part| states.units(column.state, part)).collect()
        };
        let served = self
            .columns
            .iter()
            .map(|column| (board.sources[column.row], units(column)));
        Some(Found {
            total: self.bound,
            served: served.collect(),
        })
    }
}
