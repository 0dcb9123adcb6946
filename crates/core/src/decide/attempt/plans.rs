//! Plans that were made ahead, and those that are kept for later.

use std::sync::Arc;

use super::Attempt;
use crate::order::source::{Found, IsTaken, Party, PlansAhead};
use crate::sourcing::policy::PolicyId;

/// Plans that the attempt was given, and keeps.
#[derive(Debug, Default)]
pub(super) struct Plans {
    given: Option<Arc<PlansAhead>>,
    kept: Option<PlansAhead>,
}

impl Attempt<'_> {
    /// Gives the attempt plans that were made before.
    pub(crate) fn bring_plans(&mut self, plans: Option<&Arc<PlansAhead>>) {
        self.plans.given = plans.cloned();
    }

    /// The plans that were made before.
    pub(crate) fn plans_ahead(&self) -> Option<&Arc<PlansAhead>> {
        self.plans.given.as_ref()
    }

    /// Says what became of one of them.
    pub(crate) fn note_plan(&mut self, is_taken: Option<IsTaken>) {
        let plans = &mut self.decision.plans;
        match is_taken {
            Some(IsTaken::Yes) => plans.taken += 1,
            Some(IsTaken::No) => plans.again += 1,
            None => {}
        }
    }

    /// Has the plans kept that the attempt makes, for a later one to take.
    pub(crate) fn keep_plans(&mut self) {
        self.plans.kept = Some(PlansAhead::on(self.network()));
    }

    /// Whether plans are kept.
    pub(crate) fn keeps_plans(&self) -> bool {
        self.plans.kept.is_some()
    }

    /// Keeps a plan, if plans are kept.
    pub(crate) fn keep_plan(&mut self, policy: PolicyId, party: &Party, found: &Found) {
        if let Some(kept) = &mut self.plans.kept {
            kept.keep(policy, party, found);
        }
    }

    /// The plans that were kept, if there are any.
    pub(crate) fn kept_plans(self) -> Option<PlansAhead> {
        self.plans.kept.filter(|plans| !plans.is_empty())
    }
}
