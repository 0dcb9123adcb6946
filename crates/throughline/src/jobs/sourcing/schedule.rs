//! Begins the runs of channels whose waiting orders are sourced on a schedule.

use throughline_core::command::Actor;
use throughline_core::network::{Channel, SourcingSchedule};
use throughline_core::order::queue::QueueRun;
use throughline_core::time::Millis;
use throughline_store::sourcing_runs::{self, Due};
use throughline_store::{Store, StoreError, views};

use super::queue::ranks;
use crate::execute::Executor;
use crate::wiring::{clock, ids};

/// Channels with a schedule at most.
const DUES_MAX: usize = 10_000;

/// Looks which channels are due.
pub(super) struct Clockwork {
    store: Store,
    executor: Executor,
}

impl Clockwork {
    pub(super) fn new(store: Store, executor: Executor) -> Self {
        Self { store, executor }
    }

    /// Begins a run for every channel whose time has come and for which orders wait. Of several processes one does so: each
    /// stores when the channel is next due on the condition that nobody has.
    pub(super) fn begin_due(&self) -> Result<(), StoreError> {
        let known = self.executor.network();
        let (network, dues) = self.store.read(|connection| {
            let network = views::network::reload(connection, &known)?;
            let is_asked = network
                .channels
                .iter()
                .any(|one| one.sourcing_schedule.is_some());
            let dues = match is_asked {
                true => sourcing_runs::dues(connection, DUES_MAX)?,
                false => Vec::new(),
            };
            Ok((network, dues))
        })?;
        for channel in &network.channels {
            if let Some(schedule) = &channel.sourcing_schedule {
                let due = dues.iter().find(|due| due.channel == channel.id);
                self.look_at(channel, schedule, due, clock::now())?;
            }
        }
        Ok(())
    }

    fn look_at(
        &self,
        channel: &Channel,
        schedule: &SourcingSchedule,
        due: Option<&Due>,
        now: Millis,
    ) -> Result<(), StoreError> {
        let known = due.map(|due| (&due.schedule, due.next_at));
        let Some((is_due, next_at)) = schedule.look(known, now) else {
            return Ok(());
        };
        let run = QueueRun::scheduled(channel.id);
        let begins = is_due
            && self.store.read(|connection| {
                let waiting = ranks(connection, &run, now, &[])?;
                Ok(!waiting.is_empty())
            })?;
        let due = Due {
            channel: channel.id,
            version: due.map_or(0, |due| due.version),
            schedule: schedule.clone(),
            next_at,
        };
        let run = begins.then(|| (ids::sourcing_run(), Actor::System, &run));
        self.store.put_sourcing_due(&due, run, now).map(drop)
    }
}
