//! Steps of cycle counts: a task, what is counted, and who agrees.

use throughline_core::Command;
use throughline_core::id::CountTaskId;
use throughline_core::inventory::{
    CountDecision, CountState, CountTask, CreateCountTask, DecideCount, RecordCount, Tolerance,
};

use crate::stage::{Scene, choose};
use crate::step::{AgreeWord, Pick, What};

impl Scene<'_> {
    pub(crate) fn count_command(&mut self, what: &What) -> Option<Command> {
        match what {
            What::Task(units, sku, place) => Some(Command::CreateCountTask(CreateCountTask {
                id: CountTaskId::new(self.now, self.stage.bits()),
                sku: sku.to_string(),
                location: place.to_string(),
                lot: None,
                note: None,
                tolerance: Tolerance {
                    units: (*units > 0).then_some(i64::from(*units)),
                    ..Tolerance::default()
                },
            })),
            What::Counted(pick, difference) => {
                let task = self.task(*pick, CountState::Open)?;
                let on_hand = self.snapshot.level(task.item, task.location).on_hand;
                Some(Command::RecordCount(RecordCount {
                    task: task.id,
                    quantity: (on_hand + i64::from(*difference)).max(0),
                    note: None,
                }))
            }
            What::Agree(pick, word) => {
                let task = self.task(*pick, CountState::Waiting)?;
                Some(Command::DecideCount(DecideCount {
                    task: task.id,
                    decision: match word {
                        AgreeWord::Approve => CountDecision::Approve,
                        AgreeWord::Reject => CountDecision::Reject,
                        AgreeWord::Cancel => CountDecision::Cancel,
                    },
                    reason: Some("as I think".to_owned()),
                }))
            }
            _ => None,
        }
    }

    fn task(&self, pick: Pick, state: CountState) -> Option<CountTask> {
        let all = self.snapshot.count_tasks.values().cloned().collect();
        choose(pick, all, |task: &CountTask| task.state == state)
    }
}
