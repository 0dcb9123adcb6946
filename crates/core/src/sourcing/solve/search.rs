//! The search over sets of sources.
//!
//! Every set is reached once: the sources that may help with a want that is still short are tried one after
//! the other, each closed once it has been tried, and at last the want is given up. If nothing is short, any
//! source may be added. A set is left as soon as no plan that uses all of it can cost less than the best.

use super::SCALE;
use super::assign::assign;
use super::board::Board;
use super::cover::Cover;
use super::met::Met;
use super::prices::Prices;

/// The state of the search.
pub(super) struct Search<'b, 'a> {
    board: &'b Board<'a>,
    cover: &'b Cover,
    prices: &'b [Prices],
    met: &'b mut Met,
    /// Rows by what using them adds, at most wants that they may help with, and all.
    lists: Vec<Vec<usize>>,
    all: Vec<usize>,
    closed: Vec<bool>,
    chosen: Vec<usize>,
    given_up: Vec<bool>,
    most: usize,
    nodes: u64,
    budget: u64,
    /// The least bound of what was not looked at, scaled.
    open: Option<i128>,
}

/// What a set of sources leaves, and costs.
#[derive(Clone)]
struct Node {
    /// By want, units that are still short.
    short: Vec<i64>,
    /// By prices, the sum so far, scaled.
    sums: Vec<i128>,
}

impl<'b, 'a> Search<'b, 'a> {
    /// A search of these rows.
    pub(super) fn new(
        board: &'b Board<'a>,
        cover: &'b Cover,
        prices: &'b [Prices],
        rows: &[usize],
        met: &'b mut Met,
        budget: u64,
    ) -> Self {
        let mut all = rows.to_vec();
        all.sort_by_key(|row| (prices[0].reduced[*row], *row));
        let helping = |want: usize| {
            let helps = all.iter().filter(|row| board.row(**row).most[want] > 0);
            helps.copied().collect()
        };
        Self {
            lists: (0..board.wants()).map(helping).collect(),
            closed: vec![true; board.len()],
            given_up: vec![false; board.wants()],
            most: board
                .problem
                .max_sources
                .map_or(usize::MAX, |most| most as usize),
            chosen: Vec::new(),
            nodes: 0,
            open: None,
            board,
            cover,
            prices,
            met,
            all,
            budget,
        }
    }

    /// Goes through all sets. Says how many nodes it took, and what plans that were not looked at cost at least.
    pub(super) fn run(mut self) -> (u64, Option<i128>) {
        for row in &self.all {
            self.closed[*row] = false;
        }
        let root = Node {
            short: (0..self.board.wants())
                .map(|want| self.board.servable(want))
                .collect(),
            sums: self.prices.iter().map(|prices| prices.constant).collect(),
        };
        self.extend(&root);
        (self.nodes, self.open)
    }

    fn cutoff(&self) -> i128 {
        i128::from(self.met.best()) * i128::from(SCALE)
    }

    /// A node of a set: the set itself, then every larger one.
    fn visit(&mut self, node: &Node) {
        self.finish(node);
        self.extend(node);
    }

    /// The best assignment to the set as it is.
    fn finish(&mut self, node: &Node) {
        let bound = self.left_bound(node);
        if bound >= self.cutoff() {
            return;
        }
        let left = self.budget.saturating_sub(self.nodes);
        let assigned = assign(self.board, &self.chosen, self.met.best(), left);
        self.nodes += assigned.nodes;
        if let Some(found) = assigned.best {
            self.met.keep(found);
        }
        if !assigned.proven {
            self.leave(bound);
        }
    }

    /// What every plan costs at least that adds nobody: all that is short stays so.
    fn left_bound(&self, node: &Node) -> i128 {
        let bounds = self.prices.iter().zip(&node.sums).map(|(prices, sum)| {
            let wants = node.short.iter().enumerate();
            let left = wants
                .filter(|(want, _)| !self.given_up[*want])
                .map(|(want, short)| i128::from(prices.left[want]) * i128::from(*short));
            sum + left.sum::<i128>()
        });
        bounds.max().unwrap_or(0)
    }

    fn leave(&mut self, bound: i128) {
        self.open = Some(self.open.map_or(bound, |open| open.min(bound)));
    }

    fn extend(&mut self, node: &Node) {
        if self.chosen.len() >= self.most {
            return;
        }
        let short = node.short.iter().enumerate();
        let short = short.filter(|(want, short)| **short > 0 && !self.given_up[*want]);
        let scarcest = short
            .map(|(want, _)| want)
            .min_by_key(|want| self.lists[*want].len());
        match scarcest {
            Some(want) => self.help(node, want),
            None => self.add_any(node),
        }
    }

    /// Tries everybody who may help with a want, then nobody.
    fn help(&mut self, node: &Node, want: usize) {
        let mut tried = Vec::new();
        for nth in 0..self.lists[want].len() {
            let row = self.lists[want][nth];
            if self.closed[row] {
                continue;
            }
            if self.too_dear(node, row) {
                // Those after it cost no less; all of them count as tried.
                let rest = &self.lists[want][nth..];
                tried.extend(rest.iter().copied().filter(|row| !self.closed[*row]));
                break;
            }
            tried.push(row);
            self.closed[row] = true;
            self.choose(node, row);
        }
        for row in &tried {
            self.closed[*row] = true;
        }
        self.give_up(node, want);
        for row in tried {
            self.closed[row] = false;
        }
    }

    /// Whether the first prices alone rule out this row and all that add no less.
    fn too_dear(&self, node: &Node, row: usize) -> bool {
        node.sums[0] + i128::from(self.prices[0].reduced[row]) >= self.cutoff()
    }

    fn add_any(&mut self, node: &Node) {
        let mut tried = Vec::new();
        for nth in 0..self.all.len() {
            let row = self.all[nth];
            if self.closed[row] {
                continue;
            }
            if self.too_dear(node, row) {
                break;
            }
            tried.push(row);
            self.closed[row] = true;
            self.choose(node, row);
        }
        for row in tried {
            self.closed[row] = false;
        }
    }

    /// Adds a row to the set, unless that costs too much.
    fn choose(&mut self, node: &Node, row: usize) {
        let mut next = node.clone();
        for (short, most) in next.short.iter_mut().zip(self.board.row(row).most) {
            *short = (*short - most).max(0);
        }
        for (sum, prices) in next.sums.iter_mut().zip(self.prices) {
            *sum += i128::from(prices.reduced[row]);
        }
        let bound = self.bound(&next);
        if bound >= self.cutoff() {
            return;
        }
        self.nodes += 1;
        if self.nodes >= self.budget {
            self.leave(bound);
            return;
        }
        self.chosen.push(row);
        self.visit(&next);
        self.chosen.pop();
    }

    /// Goes on without any more units of a want.
    fn give_up(&mut self, node: &Node, want: usize) {
        let mut next = node.clone();
        for (sum, prices) in next.sums.iter_mut().zip(self.prices) {
            *sum += i128::from(prices.left[want]) * i128::from(node.short[want]);
        }
        self.given_up[want] = true;
        if self.bound(&next) < self.cutoff() {
            self.extend(&next);
        }
        self.given_up[want] = false;
    }

    /// What every plan with this set or a larger one costs at least.
    fn bound(&self, node: &Node) -> i128 {
        let short = node.short.iter().enumerate();
        let short = short.filter(|(want, short)| **short > 0 && !self.given_up[*want]);
        let set = short.fold(0, |set, (want, _)| set | self.cover.bit[want]) as usize;
        let bounds = self.prices.iter().zip(&node.sums);
        bounds
            .map(|(prices, sum)| sum + i128::from(prices.cover[set]))
            .max()
            .unwrap_or(0)
    }
}
