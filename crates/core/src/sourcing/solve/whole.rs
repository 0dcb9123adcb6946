//! The cheapest plan in which every part comes whole from one source, by a table over sets of parts.
//!
//! For each set of parts the cheapest source that can serve it is found by going through every source's sets.
//! The cheapest partition of everything into such sets is then the plan.

use smallvec::SmallVec;

use super::board::{Board, extra};
use super::met::Found;

/// Parts of which sets are made.
const MOST_PARTS: usize = 11;
/// Sets that take about as long as one node of the search.
const SETS_PER_NODE: u64 = 8;
/// More than any cost.
const FAR: i64 = i64::MAX / 4;

/// The cheapest plan of whole parts.
#[derive(Debug)]
pub(super) struct Whole {
    /// What every plan of whole parts costs at least, in minor units.
    pub(super) bound: i64,
    /// The plan, if it uses no source twice.
    pub(super) plan: Option<Found>,
    /// How much of the node budget it took.
    pub(super) nodes: u64,
}

/// The cheapest source of a set.
#[derive(Debug, Clone, Copy)]
struct Cheapest {
    cost: i64,
    row: usize,
}

/// What a source can serve whole, one part after the other.
struct Sets<'b, 'a> {
    board: &'b Board<'a>,
    row: usize,
    parts: SmallVec<[(usize, i64); MOST_PARTS]>,
    one: &'b mut [Cheapest],
}

/// What has been put into a set.
#[derive(Clone)]
struct Filled {
    set: usize,
    cost: i64,
    lines: i64,
    units: i64,
    weights_g: SmallVec<[i64; 2]>,
}

/// The cheapest plan of whole parts from these rows; none where parts share stock or are too many for the budget.
pub(super) fn cheapest(board: &Board<'_>, rows: &[usize], budget: u64) -> Option<Whole> {
    let count = board.parts.parts.len();
    if count > MOST_PARTS || board.parts.shared {
        return None;
    }
    let mut nodes = 1_u64 << count;
    let mut one = vec![
        Cheapest {
            cost: FAR,
            row: usize::MAX
        };
        1 << count
    ];
    for row in rows {
        let parts = whole_parts(board, *row);
        nodes += 1 << parts.len();
        if nodes / SETS_PER_NODE > budget {
            return None;
        }
        let mut sets = Sets {
            board,
            row: *row,
            parts,
            one: &mut one,
        };
        sets.extend(0, &Filled::nothing(board, *row));
    }
    let most = board
        .problem
        .max_sources
        .map_or(usize::MAX, |most| most as usize);
    let mut plan = Partition::new(board, &one, usize::MAX).plan();
    if plan.2.len() > most {
        plan = Partition::new(board, &one, most).plan();
    }
    let (bound, twice, sets) = plan;
    Some(Whole {
        bound,
        plan: (!twice).then(|| found(board, bound, &sets)),
        nodes: nodes / SETS_PER_NODE,
    })
}

/// Parts of which a row has all units, with what they cost before shipping.
fn whole_parts(board: &Board<'_>, row: usize) -> SmallVec<[(usize, i64); MOST_PARTS]> {
    let source = board.source(row);
    let numbers = board.row(row);
    let wants = board.parts.wants.iter().enumerate();
    wants
        .filter(|(want, value)| numbers.most[*want] == value.quantity)
        .map(|(_, value)| {
            let part = &board.parts.parts[value.parts[0]];
            let needs = part.needs.iter().map(|(pool, need)| {
                let units = need * part.quantity;
                (source.unit(*pool) * units).saturating_add(extra(source, *pool, units))
            });
            let lines = source.line() * part.lines;
            (value.parts[0], needs.fold(lines, i64::saturating_add))
        })
        .collect()
}

impl Filled {
    fn nothing(board: &Board<'_>, row: usize) -> Self {
        let source = board.source(row);
        Self {
            set: 0,
            cost: source.fixed(),
            lines: source.lines_max.unwrap_or(i64::MAX),
            units: source.units_max.unwrap_or(i64::MAX),
            weights_g: SmallVec::from_elem(0, board.parts.classes),
        }
    }
}

impl Sets<'_, '_> {
    /// Notes every set that adds some of the parts from this one on.
    fn extend(&mut self, from: usize, filled: &Filled) {
        for nth in from..self.parts.len() {
            let (position, cost) = self.parts[nth];
            let part = &self.board.parts.parts[position];
            let mut next = filled.clone();
            next.lines -= part.lines;
            next.units -= part.units * part.quantity;
            if next.lines < 0 || next.units < 0 {
                continue;
            }
            for (weight, own) in next.weights_g.iter_mut().zip(&part.weights_g) {
                *weight += own * part.quantity;
            }
            let freight = self.board.freight[self.row];
            let Some(price) = self.board.freights.price(freight, &next.weights_g) else {
                continue;
            };
            next.set |= 1 << position;
            next.cost = next.cost.saturating_add(cost);
            let total = next.cost.saturating_add(price);
            let least = &mut self.one[next.set];
            if total < least.cost {
                *least = Cheapest {
                    cost: total,
                    row: self.row,
                };
            }
            self.extend(nth + 1, &next);
        }
    }
}

/// By number of sources and set, the least cost and the set that the lowest part is in (none: unserved).
struct Partition<'b, 'a> {
    board: &'b Board<'a>,
    one: &'b [Cheapest],
    cost: Vec<Vec<i64>>,
    with_lowest: Vec<Vec<usize>>,
    /// Whether every source used counts.
    counted: bool,
}

impl<'b, 'a> Partition<'b, 'a> {
    fn new(board: &'b Board<'a>, one: &'b [Cheapest], most: usize) -> Self {
        let counted = most < board.parts.parts.len();
        let mut partition = Self {
            board,
            one,
            cost: Vec::new(),
            with_lowest: Vec::new(),
            counted,
        };
        if counted {
            for _ in 0..=most {
                partition.layer();
            }
        } else {
            partition.layer();
        }
        partition
    }

    fn layer(&mut self) {
        let mut cost = vec![0; self.one.len()];
        let mut with_lowest = vec![0; self.one.len()];
        let may_serve = !self.counted || !self.cost.is_empty();
        for set in 1..cost.len() {
            let lowest = set & set.wrapping_neg();
            let part = &self.board.parts.parts[lowest.trailing_zeros() as usize];
            let unserved = part.unserved * part.quantity;
            let nobody = (unserved.saturating_add(cost[set ^ lowest]), 0);
            let before = if self.counted { self.cost.last() } else { None };
            let before = before.map_or(&cost[..], Vec::as_slice);
            let somebody = may_serve.then(|| self.served(set, before));
            (cost[set], with_lowest[set]) =
                somebody.filter(|one| one.0 < nobody.0).unwrap_or(nobody);
        }
        self.cost.push(cost);
        self.with_lowest.push(with_lowest);
    }

    /// The least cost of a set if its lowest part is served, and the set that this part is in.
    fn served(&self, set: usize, before: &[i64]) -> (i64, usize) {
        let lowest = set & set.wrapping_neg();
        let rest = set ^ lowest;
        let mut least = (FAR, 0);
        let mut others = rest;
        loop {
            let one = self.one[others | lowest].cost;
            let cost = one.saturating_add(before[rest ^ others]);
            if cost < least.0 {
                least = (cost, others | lowest);
            }
            if others == 0 {
                return least;
            }
            others = (others - 1) & rest;
        }
    }

    /// The least cost, whether a source is used twice, and rows with their sets.
    fn plan(&self) -> (i64, bool, Vec<(usize, usize)>) {
        let mut layer = self.cost.len() - 1;
        let mut set = self.one.len() - 1;
        let total = self.cost[layer][set];
        let mut sets: Vec<(usize, usize)> = Vec::new();
        while set != 0 {
            match self.with_lowest[layer][set] {
                0 => set &= set - 1,
                chosen => {
                    sets.push((self.one[chosen].row, chosen));
                    set ^= chosen;
                    layer -= usize::from(self.counted);
                }
            }
        }
        let mut rows: Vec<usize> = sets.iter().map(|(row, _)| *row).collect();
        rows.sort_unstable();
        let twice = rows.windows(2).any(|pair| pair[0] == pair[1]);
        (total, twice, sets)
    }
}

fn found(board: &Board<'_>, total: i64, sets: &[(usize, usize)]) -> Found {
    let units = |set: usize| {
        let parts = board.parts.parts.iter().enumerate();
        parts
            .map(|(nth, part)| {
                if set & (1 << nth) == 0 {
                    0
                } else {
                    part.quantity
                }
            })
            .collect()
    };
    Found {
        total,
        served: sets
            .iter()
            .map(|(row, set)| (board.sources[*row], units(*set)))
            .collect(),
    }
}
