//! Agreements within an attempt, and what is called off them.

use std::sync::Arc;

use super::Attempt;
use crate::decide::Stop;
use crate::facts::Need;
use crate::id::AgreementId;
use crate::party::{Agreement, Call};

impl Attempt<'_> {
    /// An agreement as the attempt has made it; none if there is none.
    ///
    /// # Errors
    /// Stops when it was not loaded yet.
    pub fn agreement(&self, id: AgreementId) -> Result<Option<Arc<Agreement>>, Stop> {
        let mut changed = self.decision.agreements.iter();
        if let Some(changed) = changed.find(|changed| changed.id == id) {
            return Ok(Some(Arc::clone(changed)));
        }
        match self.facts.agreements.get(&id) {
            Some(known) => Ok(known.clone()),
            None => Err(Stop::Missing(vec![Need::Agreement(id)])),
        }
    }

    /// Writes the next version of an agreement; an attempt makes one version, however often it changes it.
    pub(crate) fn put_agreement(&mut self, agreement: Agreement) {
        let stored = self.facts.agreements.get(&agreement.id);
        let stored = stored.and_then(Option::as_ref);
        let agreement = Agreement {
            version: stored.map_or(0, |known| known.version) + 1,
            ..agreement
        };
        let changed = &mut self.decision.agreements;
        changed.retain(|known| known.id != agreement.id);
        changed.push(Arc::new(agreement));
    }

    /// Tells what orders have called off.
    pub(crate) fn put_calls(&mut self, calls: Vec<Call>) {
        self.decision.calls.extend(calls);
    }
}
