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
use super::pairs::cost_of_pair;
use super::prices::Prices;

/// Nodes that an assignment takes before its first.
const ASSIGNMENT_NODES: u64 = 3;
/// Steps of an assignment that take about as long as one node.
pub(super) const ASSIGNED_A_NODE: u64 = 4;

/// Rows that are looked at as the last one of a set in about the time of one node.
const LAST_A_NODE: u64 = 64;
/// Looks at a row that take about as long as the bound of a pair.
const LOOKS_A_PAIR: u64 = 8;

/// The state of the search.
pub(super) struct Search<'b, 'a> {
    board: &'b Board<'a>,
    cover: &'b Cover,
    prices: &'b Prices,
    met: &'b mut Met,
    /// Rows by what using them adds, at most wants that they may help with, and all.
    lists: Vec<Vec<usize>>,
    all: Vec<usize>,
    closed: Vec<bool>,
    chosen: Vec<usize>,
    given_up: Vec<bool>,
    most: usize,
    nodes: u64,
    /// Rows that were looked at as the last one of a set.
    looked_at: u64,
    budget: u64,
    /// Only plans below this are looked for, scaled.
    below: i128,
    /// Sets whose bound is below this have their best assignment already, scaled.
    finished: Option<i128>,
    /// The least bound of what was not looked at, scaled.
    open: Option<i128>,
}

/// How far a search goes.
pub(super) struct Reach {
    /// Only plans below this are looked for, scaled.
    pub(super) below: i128,
    /// If every set that is looked at shall have its best assignment, so that no later search has to look at it again:
    /// sets whose bound is below this, scaled, have it already.
    pub(super) finished: Option<i128>,
    /// Nodes that it may take.
    pub(super) budget: u64,
}

/// What a set of sources leaves, and costs.
#[derive(Clone)]
struct Node {
    /// By want, units that are still short.
    short: Vec<i64>,
    /// What every plan from here costs at least, before wants that are short; scaled.
    sum: i128,
}

impl<'b, 'a> Search<'b, 'a> {
    /// A search of these rows.
    pub(super) fn new(
        board: &'b Board<'a>,
        cover: &'b Cover,
        prices: &'b Prices,
        rows: &[usize],
        met: &'b mut Met,
        reach: Reach,
    ) -> Self {
        let mut all = rows.to_vec();
        all.sort_by_key(|row| (prices.reduced[*row], *row));
        let helping = |want: usize| {
            let helps = all.iter().filter(|row| board.row(**row).most[want] > 0);
            helps.copied().collect()
        };
        Self {
            lists: (0..board.wants()).map(helping).collect(),
            closed: vec![true; board.len()],
            given_up: vec![false; board.wants()],
            most: prices.class.most,
            chosen: Vec::new(),
            nodes: 0,
            looked_at: 0,
            open: None,
            board,
            cover,
            prices,
            met,
            all,
            below: reach.below,
            finished: reach.finished,
            budget: reach.budget,
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
            sum: self.prices.constant,
        };
        self.extend(&root);
        (self.nodes, self.open)
    }

    fn cutoff(&self) -> i128 {
        (i128::from(self.met.best()) * i128::from(SCALE)).min(self.below)
    }

    /// A node of a set: the set itself, then every larger one.
    fn visit(&mut self, node: &Node) {
        self.finish(node);
        self.extend(node);
    }

    /// The best assignment to the set as it is.
    fn finish(&mut self, node: &Node) {
        let bound = self.left_bound(node);
        if bound >= self.cutoff() || self.finished.is_some_and(|finished| bound < finished) {
            return;
        }
        let left = self.budget.saturating_sub(self.nodes) * ASSIGNED_A_NODE;
        let cutoff = self.cutoff().div_euclid(i128::from(SCALE));
        let cutoff = i64::try_from(cutoff).map_or(i64::MAX, |cutoff| cutoff.saturating_add(1));
        let cutoff = match self.finished {
            Some(_) => self.met.best(),
            None => self.met.best().min(cutoff),
        };
        if self.is_dear_pair(bound, cutoff) {
            return;
        }
        let assigned = assign(self.board, &self.chosen, cutoff, left);
        self.nodes += assigned.nodes / ASSIGNED_A_NODE + ASSIGNMENT_NODES;
        if let Some(found) = assigned.best {
            self.met.keep(found);
        }
        if !assigned.proven {
            self.leave(bound);
        }
    }

    /// Whether the set is a pair that costs as much as the cutoff (in minor units), however it is assigned: it may leave
    /// nothing beyond what it has not, since what it leaves adds to the bound, and costs too much if it leaves nothing.
    fn is_dear_pair(&mut self, bound: i128, cutoff: i64) -> bool {
        let &[one, other] = &self.chosen[..] else {
            return false;
        };
        // All costs are whole minor units.
        let dear = (i128::from(cutoff) - 1) * i128::from(SCALE);
        let left = self.prices.left.iter().min().copied().unwrap_or(0);
        if bound + i128::from(left) <= dear {
            return false;
        }
        self.look(LOOKS_A_PAIR);
        cost_of_pair(self.board, [one, other]) > dear
    }

    /// Charges looks at rows.
    fn look(&mut self, looks: u64) {
        let before = self.looked_at / LAST_A_NODE;
        self.looked_at += looks;
        self.nodes += self.looked_at / LAST_A_NODE - before;
    }

    /// What every plan costs at least that adds nobody: all that is short stays so.
    fn left_bound(&self, node: &Node) -> i128 {
        let wants = node.short.iter().enumerate();
        let left = wants
            .filter(|(want, _)| !self.given_up[*want])
            .map(|(want, short)| i128::from(self.prices.left[want]) * i128::from(*short));
        node.sum + left.sum::<i128>()
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
        let needed = self.needed(node);
        let mut tried = Vec::new();
        for nth in 0..self.lists[want].len() {
            let row = self.lists[want][nth];
            if self.closed[row] || self.cover.helps[row] & needed != needed {
                continue;
            }
            if self.nodes >= self.budget {
                self.leave(self.bound(node));
                break;
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
        node.sum + i128::from(self.prices.reduced[row]) >= self.cutoff()
    }

    fn add_any(&mut self, node: &Node) {
        let mut tried = Vec::new();
        for nth in 0..self.all.len() {
            let row = self.all[nth];
            if self.closed[row] {
                continue;
            }
            if self.nodes >= self.budget {
                self.leave(self.bound(node));
                break;
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
        if self.leaves_too_much(node, row) {
            return;
        }
        let sum = node.sum + i128::from(self.prices.reduced[row]);
        let most = self.board.row(row).most;
        let short = node.short.iter().zip(most);
        let bound = self.bound_of(sum, short.clone().map(|(short, most)| short - most));
        self.nodes += 1;
        if bound >= self.cutoff() {
            return;
        }
        if self.nodes >= self.budget {
            self.leave(bound);
            return;
        }
        let next = Node {
            short: short.map(|(short, most)| (short - most).max(0)).collect(),
            sum,
        };
        self.chosen.push(row);
        self.visit(&next);
        self.chosen.pop();
    }

    /// Bits of the wants that the next source has to help with, because it is the last one, and no unit of them may be
    /// left.
    fn needed(&mut self, node: &Node) -> u32 {
        if self.chosen.len() + 1 < self.most {
            return 0;
        }
        self.nodes += 1;
        let room = self.cutoff() - node.sum;
        let short = node.short.iter().enumerate();
        let short = short.filter(|(want, short)| **short > 0 && !self.given_up[*want]);
        let needed = short.filter(|(want, _)| i128::from(self.prices.left[*want]) >= room);
        needed.fold(0, |bits, (want, _)| bits | self.cover.bit[want])
    }

    /// Whether a row that would be the last one leaves more than may be left.
    fn leaves_too_much(&mut self, node: &Node, row: usize) -> bool {
        if self.chosen.len() + 1 < self.most {
            return false;
        }
        self.look(1);
        let room = self.cutoff() - node.sum - i128::from(self.prices.reduced[row]);
        let mut left: i128 = 0;
        let wants = node.short.iter().zip(self.board.row(row).most).enumerate();
        for (want, (short, most)) in wants {
            if short > most && !self.given_up[want] {
                left += i128::from(self.prices.left[want]) * i128::from(short - most);
                if left >= room {
                    return true;
                }
            }
        }
        false
    }

    /// Goes on without any more units of a want.
    fn give_up(&mut self, node: &Node, want: usize) {
        let mut next = node.clone();
        next.sum += i128::from(self.prices.left[want]) * i128::from(node.short[want]);
        self.given_up[want] = true;
        if self.bound(&next) < self.cutoff() {
            self.extend(&next);
        }
        self.given_up[want] = false;
    }

    /// What every plan with this set or a larger one costs at least.
    fn bound(&self, node: &Node) -> i128 {
        self.bound_of(node.sum, node.short.iter().copied())
    }

    /// The same of units by want that are short, if above zero.
    fn bound_of(&self, sum: i128, short: impl Iterator<Item = i64>) -> i128 {
        let short = short.enumerate();
        let short = short.filter(|(want, short)| *short > 0 && !self.given_up[*want]);
        let set = short.fold(0, |set, (want, _)| set | self.cover.bit[want]) as usize;
        sum + i128::from(self.prices.cover[set])
    }
}
