//! What may be done to an order and to its fulfilments now.

use serde::{Deserialize, Serialize};

use super::progress::{Fulfilment, RequestStatus};
use super::{Method, Order};
use crate::fulfilment::{can_merge, can_move, can_split};

/// What can be done to an order or a fulfilment, as support staff would say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Place a draft.
    Place,
    /// Change what was ordered.
    Amend,
    /// Cancel lines or the order.
    Cancel,
    /// Put on hold.
    Hold,
    /// Release a hold.
    ReleaseHold,
    /// Let scheduled fulfilments be begun now.
    Release,
    /// Grant an approval.
    Approve,
    /// Refuse an approval, which cancels the order.
    Disapprove,
    /// Say what a scorer outside said.
    Score,
    /// Write a note.
    Note,
    /// Change labels.
    Tag,
    /// Set the priority.
    Priority,
    /// Choose locations.
    Source,
    /// Record a payment.
    Pay,
    /// Announce goods coming back.
    Return,
    /// Record goods that came back.
    ReceiveReturn,
    /// The location says yes.
    Accept,
    /// The location says no.
    Reject,
    /// Pick.
    Pick,
    /// Pack.
    Pack,
    /// Ship.
    Ship,
    /// Record what became of a shipment.
    Deliver,
    /// Ready to be collected.
    Ready,
    /// Collected.
    Pickup,
    /// Have another location do it.
    Move,
    /// Part it in two.
    Split,
    /// Put it together with another one.
    Merge,
    /// Begin to make units.
    Start,
    /// Finish making units.
    Complete,
    /// Book a visit, or another time for one.
    Book,
}

impl Verb {
    /// All verbs, in the order of an order's life.
    pub const ALL: [Self; 30] = [
        Self::Place,
        Self::Amend,
        Self::Cancel,
        Self::Hold,
        Self::ReleaseHold,
        Self::Release,
        Self::Approve,
        Self::Disapprove,
        Self::Score,
        Self::Note,
        Self::Tag,
        Self::Priority,
        Self::Source,
        Self::Pay,
        Self::Return,
        Self::ReceiveReturn,
        Self::Accept,
        Self::Reject,
        Self::Pick,
        Self::Pack,
        Self::Ship,
        Self::Deliver,
        Self::Ready,
        Self::Pickup,
        Self::Move,
        Self::Split,
        Self::Merge,
        Self::Start,
        Self::Complete,
        Self::Book,
    ];

    /// The verb as the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Amend => "amend",
            Self::Cancel => "cancel",
            Self::Hold => "hold",
            Self::ReleaseHold => "release_hold",
            Self::Release => "release",
            Self::Approve => "approve",
            Self::Disapprove => "disapprove",
            Self::Score => "score",
            Self::Note => "note",
            Self::Tag => "tag",
            Self::Priority => "priority",
            Self::Source => "source",
            Self::Pay => "pay",
            Self::Return => "return",
            Self::ReceiveReturn => "receive_return",
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Pick => "pick",
            Self::Pack => "pack",
            Self::Ship => "ship",
            Self::Deliver => "deliver",
            Self::Ready => "ready",
            Self::Pickup => "pickup",
            Self::Move => "move",
            Self::Split => "split",
            Self::Merge => "merge",
            Self::Start => "start",
            Self::Complete => "complete",
            Self::Book => "book",
        }
    }
}

/// The verbs that an order allows now.
#[must_use]
pub fn available_actions(order: &Order) -> Vec<Verb> {
    let mut verbs = Vec::with_capacity(10);
    let progress = &order.progress;
    if progress.draft {
        return vec![
            Verb::Place,
            Verb::Cancel,
            Verb::Note,
            Verb::Tag,
            Verb::Priority,
        ];
    }
    let waiting = progress
        .lines
        .iter()
        .any(|line| line.open + line.backordered > 0);
    let unshipped = waiting
        || progress
            .fulfilments
            .iter()
            .any(|fulfilment| fulfilment.total().unshipped() > 0);
    let delivered: i64 = progress
        .fulfilments
        .iter()
        .map(|fulfilment| fulfilment.total().delivered)
        .sum();
    let announced: i64 = progress
        .returns
        .iter()
        .flat_map(|one| &one.lines)
        .map(|line| line.quantity)
        .sum();
    let expected = progress
        .returns
        .iter()
        .flat_map(|one| &one.lines)
        .any(|line| line.received_total() < line.quantity);
    let source = waiting
        && !progress
            .active_holds()
            .any(|hold| hold.lines.is_empty() && hold.kind.blocks(Verb::Source));
    let asks_for_approval = progress.cancelled.is_none()
        && progress.active_holds().any(|hold| {
            let approval = hold.approval.as_ref();
            approval.is_some_and(|approval| approval.verdict.is_none())
        });
    let offers = [
        (unshipped, Verb::Amend),
        (unshipped, Verb::Cancel),
        (unshipped, Verb::Hold),
        (
            progress.active_holds().any(|hold| hold.approval.is_none()),
            Verb::ReleaseHold,
        ),
        (!super::schedule::scheduled(order).is_empty(), Verb::Release),
        (asks_for_approval, Verb::Approve),
        (asks_for_approval, Verb::Disapprove),
        (true, Verb::Note),
        (true, Verb::Tag),
        (true, Verb::Priority),
        (source, Verb::Source),
        (true, Verb::Pay),
        (delivered > announced, Verb::Return),
        (expected, Verb::ReceiveReturn),
    ];
    verbs.extend(
        offers
            .into_iter()
            .filter(|(offered, _)| *offered)
            .map(|(_, verb)| verb),
    );
    verbs
}

impl Fulfilment {
    /// The verbs that the fulfilment allows now. Recalls stand beside the order, and are not told here.
    #[must_use]
    pub fn available_actions(&self, order: &Order) -> Vec<Verb> {
        let sum = self.total();
        let held = self.is_held(order);
        let asked = self.request == RequestStatus::Submitted;
        let later = self.schedule.is_some();
        let ready_to_work = !held && !asked && !later && self.method.uses_stock();
        let pickup = self.method == Method::Pickup;
        let offers = [
            (
                asked && !later && sum.unshipped() > 0 && !held,
                Verb::Accept,
            ),
            (
                sum.unshipped() > 0 && sum.left() == 0 && self.location.is_some(),
                Verb::Reject,
            ),
            (ready_to_work && sum.assigned > 0, Verb::Pick),
            (ready_to_work && sum.picked > 0, Verb::Pack),
            (
                ready_to_work && (!pickup || self.goes_to_store()) && sum.packed > 0,
                Verb::Ship,
            ),
            (
                ready_to_work
                    && pickup
                    && sum.assigned == 0
                    && self.ready_at.is_none()
                    && match self.goes_to_store() {
                        true => self.left_for_store(),
                        false => sum.unshipped() > 0,
                    },
                Verb::Ready,
            ),
            (
                ready_to_work
                    && pickup
                    && self.ready_at.is_some()
                    && (sum.unshipped() > 0 || self.left_for_store()),
                Verb::Pickup,
            ),
            (
                sum.shipped > 0
                    || (!self.method.uses_stock() && !held && !later && sum.assigned > 0),
                Verb::Deliver,
            ),
            (can_move(self, order), Verb::Move),
            (can_split(order, self), Verb::Split),
            (can_merge(self, order), Verb::Merge),
        ];
        offers
            .into_iter()
            .filter(|(offered, _)| *offered)
            .map(|(_, verb)| verb)
            .collect()
    }
}
