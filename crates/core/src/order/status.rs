//! Statuses, derived from quantities and payments by one function.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::progress::{Fulfilment, HoldKind, RequestStatus, Return, Units};
use super::{Method, Order, Totals, Verb, totals};
use crate::payment::PaymentState;

macro_rules! status {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }
        impl $name {
            /// All statuses.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The status as the API and the database write it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

status! {
    /// The status of an order as a whole.
    OrderStatus {
        /// Not yet placed.
        Draft = "draft",
        /// Placed; nobody has begun.
        Open = "open",
        /// Something must be settled first.
        OnHold = "on_hold",
        /// Being picked, packed, or partly on its way.
        InProgress = "in_progress",
        /// Everything left, not everything has arrived.
        Shipped = "shipped",
        /// Everything has arrived.
        Delivered = "delivered",
        /// Everything was cancelled.
        Cancelled = "cancelled",
    }
}
status! {
    /// The status of an order's money.
    PaymentStatus {
        /// Nothing is sure yet.
        Pending = "pending",
        /// The money is set aside.
        Authorized = "authorized",
        /// A part was captured.
        PartiallyPaid = "partially_paid",
        /// Everything was captured, or there is nothing to pay.
        Paid = "paid",
        /// A part was given back.
        PartiallyRefunded = "partially_refunded",
        /// Everything captured was given back.
        Refunded = "refunded",
        /// All authorisations were given up.
        Voided = "voided",
        /// No tender worked.
        Failed = "failed",
    }
}
status! {
    /// The roll-up of an order's fulfilments.
    FulfilmentStatus {
        /// Nobody has begun.
        Unfulfilled = "unfulfilled",
        /// To be begun later.
        Scheduled = "scheduled",
        /// Something must be settled first.
        OnHold = "on_hold",
        /// Being picked or packed.
        InProgress = "in_progress",
        /// A part left.
        PartiallyFulfilled = "partially_fulfilled",
        /// Everything left.
        Fulfilled = "fulfilled",
    }
}
status! {
    /// The roll-up of an order's returns.
    ReturnsStatus {
        /// None.
        None = "none",
        /// Announced.
        Requested = "requested",
        /// Some arrived, some are expected.
        InProgress = "in_progress",
        /// Some of what was delivered came back.
        PartiallyReturned = "partially_returned",
        /// All that was delivered came back.
        Returned = "returned",
    }
}
status! {
    /// The status of one fulfilment.
    FulfilmentState {
        /// To be begun later.
        Scheduled = "scheduled",
        /// Nobody has begun.
        Open = "open",
        /// Something must be settled first.
        OnHold = "on_hold",
        /// Being picked.
        Picking = "picking",
        /// All picked.
        Picked = "picked",
        /// All packed.
        Packed = "packed",
        /// The customer may come.
        ReadyForPickup = "ready_for_pickup",
        /// On its way.
        Shipped = "shipped",
        /// With the customer.
        Delivered = "delivered",
        /// The customer came.
        PickedUp = "picked_up",
        /// Ended, but not everything arrived.
        Incomplete = "incomplete",
        /// Nothing is left to do.
        Cancelled = "cancelled",
    }
}
status! {
    /// The status of one return.
    ReturnStatus {
        /// Announced.
        Requested = "requested",
        /// Agreed to.
        Approved = "approved",
        /// Not agreed to.
        Declined = "declined",
        /// On its way back.
        InTransit = "in_transit",
        /// All arrived.
        Received = "received",
        /// Looked at.
        Inspected = "inspected",
        /// Done.
        Closed = "closed",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// All statuses of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statuses {
    /// As a whole.
    pub order: OrderStatus,
    /// Its money.
    pub payment: PaymentStatus,
    /// Its fulfilments.
    pub fulfilment: FulfilmentStatus,
    /// Its returns.
    pub returns: ReturnsStatus,
}

/// Derives all statuses of an order.
#[must_use]
pub fn statuses(order: &Order) -> Statuses {
    let sum = Sum::of(order);
    Statuses {
        order: order_status(order, &sum),
        payment: payment_status(order, &sum),
        fulfilment: fulfilment_status(order, &sum),
        returns: returns_status(order, &sum),
    }
}

/// Units of all leaf lines.
struct Sum {
    ordered: i64,
    cancelled: i64,
    returned: i64,
    units: Units,
}

impl Sum {
    fn of(order: &Order) -> Self {
        let mut sum = Self {
            ordered: 0,
            cancelled: 0,
            returned: 0,
            units: Units::default(),
        };
        for (line, progress) in order
            .placed
            .lines
            .iter()
            .zip(&order.progress.lines)
            .filter(|(line, _)| !line.is_kit)
        {
            sum.ordered += line.quantity;
            sum.cancelled += progress.cancelled;
            sum.returned += progress.returned;
        }
        order
            .progress
            .fulfilments
            .iter()
            .for_each(|fulfilment| sum.units.add(&fulfilment.total()));
        sum
    }

    fn live(&self) -> i64 {
        self.ordered - self.cancelled
    }
}

fn order_status(order: &Order, sum: &Sum) -> OrderStatus {
    if order.progress.draft {
        OrderStatus::Draft
    } else if sum.live() == 0 {
        OrderStatus::Cancelled
    } else if sum.units.delivered == sum.live() {
        OrderStatus::Delivered
    } else if sum.units.left() == sum.live() {
        OrderStatus::Shipped
    } else if order.progress.active_holds().next().is_some() {
        OrderStatus::OnHold
    } else if sum.units.left() + sum.units.picked + sum.units.packed > 0 || anything_begun(order) {
        OrderStatus::InProgress
    } else {
        OrderStatus::Open
    }
}

fn anything_begun(order: &Order) -> bool {
    let begun = |f: &Fulfilment| f.picking_since.is_some() || f.request == RequestStatus::Accepted;
    order
        .progress
        .fulfilments
        .iter()
        .any(|f| begun(f) && f.total().unshipped() > 0)
}

fn fulfilment_status(order: &Order, sum: &Sum) -> FulfilmentStatus {
    if sum.live() > 0 && sum.units.left() == sum.live() {
        FulfilmentStatus::Fulfilled
    } else if sum.units.left() > 0 {
        FulfilmentStatus::PartiallyFulfilled
    } else if sum.live() > 0 && order.progress.active_holds().next().is_some() {
        FulfilmentStatus::OnHold
    } else if sum.units.picked + sum.units.packed > 0 || anything_begun(order) {
        FulfilmentStatus::InProgress
    } else if all_scheduled(order) {
        FulfilmentStatus::Scheduled
    } else {
        FulfilmentStatus::Unfulfilled
    }
}

/// Whether there is something to do, and all of it is to be begun later. What waits for stock is not with anybody yet.
fn all_scheduled(order: &Order) -> bool {
    let fulfilments = order.progress.fulfilments.iter();
    let mut unshipped = fulfilments.filter(|f| f.total().unshipped() > 0).peekable();
    unshipped.peek().is_some() && unshipped.all(|f| f.schedule.is_some())
}

fn payment_status(order: &Order, sum: &Sum) -> PaymentStatus {
    let money = totals(order);
    let payments = &order.progress.payments;
    let all_ended = |states: &[PaymentState]| {
        !payments.is_empty()
            && payments
                .iter()
                .all(|payment| payment.ended.is_some_and(|ended| states.contains(&ended)))
    };
    if money.captured_minor > 0 && money.refunded_minor >= money.captured_minor {
        PaymentStatus::Refunded
    } else if money.refunded_minor > 0 {
        PaymentStatus::PartiallyRefunded
    } else if money.captured_minor > 0 && money.captured_minor >= money.total_minor {
        PaymentStatus::Paid
    } else if money.captured_minor > 0 {
        PaymentStatus::PartiallyPaid
    } else if money.authorized_minor > 0 {
        PaymentStatus::Authorized
    } else if is_gift(order, sum, &money) {
        PaymentStatus::Paid
    } else if all_ended(&[PaymentState::Failed, PaymentState::Expired]) {
        PaymentStatus::Failed
    } else if all_ended(&[
        PaymentState::Voided,
        PaymentState::Failed,
        PaymentState::Expired,
    ]) {
        PaymentStatus::Voided
    } else {
        PaymentStatus::Pending
    }
}

/// Whether something was ordered that costs nothing, and no payment is under way.
fn is_gift(order: &Order, sum: &Sum, money: &Totals) -> bool {
    let under_way = order.progress.payments.iter().any(|p| p.ended.is_none());
    !order.progress.draft && sum.live() > 0 && money.total_minor <= 0 && !under_way
}

fn returns_status(order: &Order, sum: &Sum) -> ReturnsStatus {
    let lines = || order.progress.returns.iter().flat_map(|one| &one.lines);
    let expected = lines().any(|line| line.received_total() < line.quantity);
    let arrived = lines().any(|line| line.received_total() > 0);
    if lines().next().is_none() {
        ReturnsStatus::None
    } else if sum.returned > 0 && sum.returned == sum.units.delivered {
        ReturnsStatus::Returned
    } else if expected && arrived {
        ReturnsStatus::InProgress
    } else if expected {
        ReturnsStatus::Requested
    } else if sum.returned > 0 {
        ReturnsStatus::PartiallyReturned
    } else {
        ReturnsStatus::None
    }
}

impl Fulfilment {
    /// Derives the status of the fulfilment within its order.
    #[must_use]
    pub fn state(&self, order: &Order) -> FulfilmentState {
        let sum = self.total();
        if sum.total() == 0 {
            FulfilmentState::Cancelled
        } else if sum.unshipped() == 0 && sum.shipped == 0 {
            self.ended(&sum)
        } else if self.left_for_store() && self.ready_at.is_some() {
            FulfilmentState::ReadyForPickup
        } else if sum.unshipped() == 0 {
            FulfilmentState::Shipped
        } else if self.is_held(order) {
            FulfilmentState::OnHold
        } else if self.ready_at.is_some() {
            FulfilmentState::ReadyForPickup
        } else if sum.packed == sum.unshipped() {
            FulfilmentState::Packed
        } else if sum.assigned == 0 {
            FulfilmentState::Picked
        } else if self.picking_since.is_some() {
            FulfilmentState::Picking
        } else if self.schedule.is_some() {
            FulfilmentState::Scheduled
        } else {
            FulfilmentState::Open
        }
    }

    fn ended(&self, sum: &Units) -> FulfilmentState {
        match self.method {
            _ if sum.delivered < sum.total() => FulfilmentState::Incomplete,
            Method::Pickup => FulfilmentState::PickedUp,
            Method::Ship | Method::Digital | Method::Service => FulfilmentState::Delivered,
        }
    }

    /// Whether a hold keeps it from being picked.
    #[must_use]
    pub fn is_held(&self, order: &Order) -> bool {
        order
            .progress
            .active_holds()
            .any(|hold| hold.kind.blocks(Verb::Pick) && self.is_bound_by(&hold.lines))
    }

    /// Whether a hold on these lines (none: the whole order) concerns the fulfilment.
    #[must_use]
    pub fn is_bound_by(&self, lines: &[crate::id::LineNo]) -> bool {
        lines.is_empty()
            || self
                .lines
                .iter()
                .any(|line| line.units.unshipped() > 0 && lines.contains(&line.line))
    }
}

impl Return {
    /// Derives the status of the return.
    #[must_use]
    pub fn state(&self) -> ReturnStatus {
        let arrived: i64 = self
            .lines
            .iter()
            .map(super::ReturnLine::received_total)
            .sum();
        let announced: i64 = self.lines.iter().map(|line| line.quantity).sum();
        if arrived == announced {
            ReturnStatus::Received
        } else {
            ReturnStatus::Requested
        }
    }
}

impl HoldKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Payment,
        Self::Credit,
        Self::Fraud,
        Self::Address,
        Self::Stock,
        Self::Approval,
        Self::Manual,
        Self::Duplicate,
        Self::Price,
        Self::Sourcing,
    ];

    /// The table of what each hold blocks. Money holds let stock be claimed, but nothing may be
    /// picked; one for want of a location lets everything go on that has one; all others stop sourcing too. Cancelling, notes, payments and releasing are never blocked.
    #[must_use]
    pub fn blocks(self, verb: Verb) -> bool {
        match verb {
            Verb::Pick
            | Verb::Pack
            | Verb::Ship
            | Verb::Ready
            | Verb::Pickup
            | Verb::Accept
            | Verb::Start => self != Self::Sourcing,
            Verb::Source | Verb::Move => !matches!(self, Self::Payment | Self::Credit),
            Verb::Place
            | Verb::Amend
            | Verb::Cancel
            | Verb::Hold
            | Verb::ReleaseHold
            | Verb::Release
            | Verb::Approve
            | Verb::Disapprove
            | Verb::Score
            | Verb::Note
            | Verb::Tag
            | Verb::Priority
            | Verb::Pay
            | Verb::Return
            | Verb::ReceiveReturn
            | Verb::Reject
            | Verb::Split
            | Verb::Merge
            | Verb::Complete
            | Verb::Book
            | Verb::Deliver => false,
        }
    }
}
