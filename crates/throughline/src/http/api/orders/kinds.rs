//! The enums of an order, as the OpenAPI document describes them.

use utoipa::ToSchema;

/// The status of an order as a whole.
#[derive(Debug, ToSchema)]
#[schema(as = OrderStatus, rename_all = "snake_case")]
pub enum OrderStatusShape {
    /// Not yet placed.
    Draft,
    /// Placed; nobody has begun.
    Open,
    /// Something must be settled first.
    OnHold,
    /// Being picked, packed, or partly on its way.
    InProgress,
    /// Everything left, not everything has arrived.
    Shipped,
    /// Everything has arrived.
    Delivered,
    /// Everything was cancelled.
    Cancelled,
}

/// The status of an order's money.
#[derive(Debug, ToSchema)]
#[schema(as = PaymentStatus, rename_all = "snake_case")]
pub enum PaymentStatusShape {
    /// Nothing is sure yet.
    Pending,
    /// The money is set aside.
    Authorized,
    /// A part was captured.
    PartiallyPaid,
    /// Everything was captured, or there is nothing to pay.
    Paid,
    /// A part was given back.
    PartiallyRefunded,
    /// Everything captured was given back.
    Refunded,
    /// All authorisations were given up.
    Voided,
    /// No tender worked.
    Failed,
}

/// The roll-up of an order's fulfilments.
#[derive(Debug, ToSchema)]
#[schema(as = FulfilmentStatus, rename_all = "snake_case")]
pub enum FulfilmentStatusShape {
    /// Nobody has begun.
    Unfulfilled,
    /// To be begun later.
    Scheduled,
    /// Something must be settled first.
    OnHold,
    /// Being picked or packed.
    InProgress,
    /// A part left.
    PartiallyFulfilled,
    /// Everything left.
    Fulfilled,
}

/// The roll-up of an order's returns.
#[derive(Debug, ToSchema)]
#[schema(as = ReturnsStatus, rename_all = "snake_case")]
pub enum ReturnsStatusShape {
    /// None.
    None,
    /// Announced.
    Requested,
    /// Some arrived, some are expected.
    InProgress,
    /// Some of what was delivered came back.
    PartiallyReturned,
    /// All that was delivered came back.
    Returned,
}

/// The kind of a hold; it decides which verbs are blocked.
#[derive(Debug, ToSchema)]
#[schema(as = HoldKind, rename_all = "snake_case")]
pub enum HoldKindShape {
    /// The money is not there.
    Payment,
    /// The customer's credit does not reach.
    Credit,
    /// It may be fraud.
    Fraud,
    /// The address cannot be delivered to.
    Address,
    /// There is no stock, or the SKU is unknown.
    Stock,
    /// A person with the right role must agree.
    Approval,
    /// Somebody said stop.
    Manual,
    /// It seems to be the same order again.
    Duplicate,
    /// A price is not what it should be.
    Price,
    /// Locations turned lines down too often; somebody has to say where they come from.
    Sourcing,
}

/// The check before release that found a reason to hold.
#[derive(Debug, ToSchema)]
#[schema(as = ScreeningCheck, rename_all = "snake_case")]
pub enum CheckShape {
    /// Completeness and format of addresses.
    Address,
    /// The same order within a window.
    Duplicate,
    /// Deny lists.
    Denied,
    /// Prices against a band.
    Price,
    /// Money set aside or taken.
    Payment,
    /// Fraud rules and their score.
    Fraud,
    /// Credit terms and limit.
    Credit,
    /// What a person must agree to.
    Approval,
    /// Somebody outside who scores orders.
    Scorer,
}
