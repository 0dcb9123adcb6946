//! Commands on their way: many at a time, so that they are committed together, answered in the order of their sending.

use std::collections::VecDeque;

use throughline_core::Request;
use throughline_core::command::{Actor, Command, IdempotencyKey};
use throughline_core::refusal::Refusal;
use tokio::sync::oneshot::Receiver;

use super::Failure;
use super::interrupt::Interrupt;
use crate::execute::{Done, Executor, NotDone};
use crate::wiring::ids;

/// Commands on their way at most.
const IN_FLIGHT_MAX: usize = 512;

/// What a command was for, and its answer: a refusal is an answer too.
pub(super) type Landed<T> = (T, Result<Done, Refusal>);

/// Commands on their way, each with what its answer is for.
pub(super) struct Flight<'e, T> {
    executor: &'e Executor,
    interrupt: Interrupt,
    sent: VecDeque<(Receiver<Result<Done, NotDone>>, T)>,
}

impl<'e, T> Flight<'e, T> {
    /// Nothing is on its way yet.
    pub(super) fn new(executor: &'e Executor) -> Self {
        Self {
            executor,
            interrupt: Interrupt::default(),
            sent: VecDeque::new(),
        }
    }

    /// Nothing more is sent when somebody wants the process to end.
    pub(super) fn until(mut self, interrupt: &Interrupt) -> Self {
        self.interrupt = interrupt.clone();
        self
    }

    /// Whether one has to land before the next is sent.
    pub(super) fn is_full(&self) -> bool {
        self.sent.len() >= IN_FLIGHT_MAX
    }

    /// Sends a command.
    ///
    /// # Errors
    /// When the executor takes no more, or somebody wants the process to end.
    pub(super) fn send(
        &mut self,
        command: Command,
        key: Option<IdempotencyKey>,
        what_for: T,
    ) -> Result<(), Failure> {
        self.interrupt.check()?;
        let request = Request {
            id: ids::request(),
            actor: Actor::Operator,
            key,
            command,
        };
        self.sent
            .push_back((self.executor.enqueue(request)?, what_for));
        Ok(())
    }

    /// Waits for the answer to the command that was sent first; `None` when nothing is on its way.
    ///
    /// # Errors
    /// When something broke; a refusal is an answer.
    pub(super) fn land(&mut self) -> Result<Option<Landed<T>>, Failure> {
        let Some((receiver, what_for)) = self.sent.pop_front() else {
            return Ok(None);
        };
        match receiver
            .blocking_recv()
            .unwrap_or(Err(NotDone::ShuttingDown))
        {
            Ok(done) => Ok(Some((what_for, Ok(done)))),
            Err(NotDone::Refused(refusal)) => Ok(Some((what_for, Err(refusal)))),
            Err(broken) => Err(broken.into()),
        }
    }
}
