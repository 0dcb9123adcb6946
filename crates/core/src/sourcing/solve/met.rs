//! Plans that were met, the cheapest first, one for each set of sources.

/// Units by source position and part, and their cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Cost of everything, in minor units.
    pub(super) total: i64,
    /// Positions of the sources used, rising, with their units by part.
    pub(super) served: Vec<(usize, Vec<i64>)>,
}

/// As many of the cheapest plans as are asked for.
#[derive(Debug)]
pub(super) struct Met {
    plans: Vec<Found>,
    most: usize,
}

impl Found {
    /// Plans are compared by cost, then by how many sources they use, then by the sources' order.
    fn rank(&self) -> (i64, usize, Vec<usize>) {
        (self.total, self.served.len(), self.sources().collect())
    }

    fn sources(&self) -> impl Iterator<Item = usize> {
        self.served.iter().map(|served| served.0)
    }
}

impl Met {
    /// Nothing met yet but the plan in which nobody serves anything.
    pub(super) fn new(nothing_minor: i64, runners_up: usize) -> Self {
        Self {
            plans: vec![Found {
                total: nothing_minor,
                served: Vec::new(),
            }],
            most: runners_up.saturating_add(1),
        }
    }

    /// The cost of the cheapest plan, in minor units.
    pub(super) fn best(&self) -> i64 {
        self.plans[0].total
    }

    /// Positions of the sources of the cheapest plan.
    pub(super) fn best_sources(&self) -> Vec<usize> {
        self.plans[0].sources().collect()
    }

    /// All that were kept.
    pub(super) fn plans(self) -> Vec<Found> {
        self.plans
    }

    /// Keeps a plan if it is among the cheapest.
    pub(super) fn keep(&mut self, mut plan: Found) {
        plan.served.sort_by_key(|served| served.0);
        let full = self.plans.len() == self.most;
        if full
            && self
                .plans
                .last()
                .is_some_and(|last| last.total < plan.total)
        {
            return;
        }
        let twin = self
            .plans
            .iter()
            .position(|known| known.sources().eq(plan.sources()));
        if let Some(twin) = twin {
            if self.plans[twin].total <= plan.total {
                return;
            }
            self.plans.remove(twin);
        }
        let rank = plan.rank();
        let place = self.plans.partition_point(|known| known.rank() <= rank);
        self.plans.insert(place, plan);
        self.plans.truncate(self.most);
    }
}
