//! What waits for a committer, and which committer it waits for.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use throughline_core::{Command, Request};
use tokio::sync::oneshot;

use super::{Done, NotDone};

/// What a committer is asked to do.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are commits, and a box would cost each of them an allocation"
)]
pub(super) enum Work {
    /// Decide and commit.
    Commit(Queued),
    /// Bring the projections up to date with every commit so far, and tell who waits for it.
    Project(oneshot::Sender<()>),
}

/// A request with the caller who waits for its answer.
pub(super) struct Queued {
    pub(super) request: Request,
    pub(super) answer: oneshot::Sender<Result<Done, NotDone>>,
}

/// Requests that are likely to touch the same thing go the same way, so that committers of one
/// process rarely meet: an order's verbs by order, twins by their key or reference.
pub(super) fn lane_of(request: &Request, lanes: usize) -> usize {
    if lanes <= 1 {
        return 0;
    }
    let mut hasher = FxHasher::default();
    match (&request.key, &request.command) {
        (Some(key), _) => key.key.hash(&mut hasher),
        (None, Command::PlaceOrder(place)) => match &place.order.external_ref {
            Some(reference) => reference.hash(&mut hasher),
            None => place.id.hash(&mut hasher),
        },
        (None, command) => match order_of(command) {
            Some(order) => order.hash(&mut hasher),
            None => request.id.hash(&mut hasher),
        },
    }
    usize::try_from(hasher.finish() >> 32).unwrap_or_default() % lanes
}

fn order_of(command: &Command) -> Option<throughline_core::id::OrderId> {
    match command {
        Command::SaveDraft(c) => Some(c.id),
        Command::PlaceDraft(c) => Some(c.order),
        Command::AmendOrder(c) => Some(c.order),
        Command::CancelOrder(c) => Some(c.order),
        Command::HoldOrder(c) => Some(c.order),
        Command::ReleaseHold(c) => Some(c.order),
        Command::AddNote(c) => Some(c.order),
        Command::ChangeTags(c) => Some(c.order),
        Command::SetPriority(c) => Some(c.order),
        Command::SourceOrder(c) => Some(c.order),
        Command::RecordPayment(c) => Some(c.order),
        Command::RegisterReturn(c) => Some(c.order),
        Command::ReceiveReturn(c) => Some(c.order),
        Command::AcceptFulfilment(c) => Some(c.order),
        Command::RejectFulfilment(c) => Some(c.order),
        Command::PickFulfilment(c) => Some(c.order),
        Command::PackFulfilment(c) => Some(c.order),
        Command::ShipFulfilment(c) => Some(c.order),
        Command::RecordOutcome(c) => Some(c.order),
        Command::MarkReady(c) => Some(c.order),
        Command::CollectFulfilment(c) => Some(c.order),
        _ => None,
    }
}
