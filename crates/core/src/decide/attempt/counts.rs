//! Tasks to count within an attempt.

use std::sync::Arc;

use super::Attempt;
use crate::command::Actor;
use crate::decide::Stop;
use crate::decision::RevisedCountTask;
use crate::facts::Need;
use crate::id::CountTaskId;
use crate::inventory::CountTask;
use crate::refusal::Refusal;

impl Attempt<'_> {
    /// Who decides.
    pub(crate) fn actor(&self) -> Actor {
        self.actor
    }

    /// A task to count as the attempt has made it.
    ///
    /// # Errors
    /// Stops when it was not loaded yet; refuses when there is none.
    pub(crate) fn count_task(&self, id: CountTaskId) -> Result<Arc<CountTask>, Stop> {
        let mut revised = self.decision.count_tasks.iter().rev();
        if let Some(revised) = revised.find(|revised| revised.after.id == id) {
            return Ok(Arc::clone(&revised.after));
        }
        match self.facts.count_tasks.get(&id) {
            Some(Some(task)) => Ok(Arc::clone(task)),
            Some(None) => Err(Refusal::NotFound {
                what: "count task",
                name: id.to_string(),
            }
            .into()),
            None => Err(Stop::Missing(vec![Need::CountTask(id)])),
        }
    }

    /// Writes the next version of a task to count.
    pub(crate) fn put_count_task(&mut self, task: CountTask) {
        let was = task.version;
        self.decision.count_tasks.push(RevisedCountTask {
            was,
            after: Arc::new(CountTask {
                version: was + 1,
                updated_at: self.ctx.now,
                ..task
            }),
        });
    }
}
