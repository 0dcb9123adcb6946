//! Refusals: the business says no, with a stable code.

use crate::order::Verb;

/// What kind of "no" it is; one function at each edge maps it to a status or an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The request itself is impossible or names unknown things (422).
    Unprocessable,
    /// It clashes with the current state (409).
    Conflict,
    /// The addressed thing does not exist (404).
    NotFound,
    /// The caller may not (403).
    Forbidden,
}

/// The business said no. Every variant has a stable code; messages name the thing and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A field has an impossible value.
    #[error("{field} {problem}")]
    Invalid {
        /// JSON pointer of the field, such as `/lines/0/quantity`.
        field: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A field names something that does not exist.
    #[error(
        "{field} names the unknown {what} {name:?}; {}",
        remedy_of_unknown(what)
    )]
    Unknown {
        /// JSON pointer of the field.
        field: String,
        /// `SKU`, `location`, `channel`, `line` ...
        what: &'static str,
        /// The name that was given.
        name: String,
    },
    /// The addressed thing does not exist.
    #[error("there is no {what} {name}")]
    NotFound {
        /// `order`, `fulfilment`, `return` ...
        what: &'static str,
        /// Its id or number as given.
        name: String,
    },
    /// The name is taken.
    #[error("{what} {name:?} exists already; change it with PUT, or choose another name")]
    Exists {
        /// `item`, `location`, `channel`.
        what: &'static str,
        /// The name that was given.
        name: String,
    },
    /// The caller's version is not the current one.
    #[error("{what} {id} is at version {current}, not {given}; read it again and repeat")]
    StaleVersion {
        /// `order`, `supply`.
        what: &'static str,
        /// Its id.
        id: String,
        /// The version the caller saw.
        given: u64,
        /// The version it has.
        current: u64,
    },
    /// The idempotency key was used for another body.
    #[error(
        "Idempotency-Key {key:?} was used with another request; use a new key for a new request"
    )]
    IdempotencyKeyReused {
        /// The key as given.
        key: String,
    },
    /// Another order has the same channel and external reference.
    #[error(
        "channel {channel:?} already has an order {external_ref:?} with other contents ({order}); amend that order instead"
    )]
    DuplicateReference {
        /// Channel code.
        channel: String,
        /// The reference.
        external_ref: String,
        /// The order that has it.
        order: String,
    },
    /// The verb does not fit the current state.
    #[error("cannot {} now: {why}", verb.as_str())]
    IllegalTransition {
        /// What was tried.
        verb: Verb,
        /// Why it does not fit, and what would.
        why: String,
    },
    /// A hold blocks the verb.
    #[error("cannot {} while the {hold} hold {id} is active ({reason}); release it first", verb.as_str())]
    OnHold {
        /// What was tried.
        verb: Verb,
        /// Kind of the hold.
        hold: String,
        /// The hold's id.
        id: String,
        /// Its reason.
        reason: String,
    },
    /// A check before release says no.
    #[error(
        "the {check} check refuses the order: {reason}; change the order, or the screening rules of its channel"
    )]
    ScreenedOut {
        /// The check.
        check: &'static str,
        /// What it found.
        reason: String,
    },
    /// The caller's role may not decide an approval.
    #[error("approval {hold} is for the role {role}; ask somebody who has it")]
    NotApprover {
        /// The hold's id.
        hold: String,
        /// The role that may.
        role: String,
    },
    /// The SKU, or a lot of it, is recalled.
    #[error("{}SKU {sku:?} is recalled ({reason}); cancel its units, or lift the recall", of_lot(lot.as_deref()))]
    Recalled {
        /// The SKU.
        sku: String,
        /// The lot, where one alone is recalled.
        lot: Option<String>,
        /// Why.
        reason: String,
    },
    /// Not enough of a lot.
    #[error(
        "lot {lot:?} of SKU {sku:?} is short by {short_by} at the location; lower the quantity, or name another lot"
    )]
    InsufficientLot {
        /// The SKU.
        sku: String,
        /// The lot.
        lot: String,
        /// Units missing.
        short_by: i64,
    },
    /// A lot may not go on to this customer.
    #[error(
        "lot {lot:?} of SKU {sku:?} {why}; pick another lot, or take the units back and source the order again"
    )]
    LotUnfit {
        /// The SKU.
        sku: String,
        /// The lot.
        lot: String,
        /// Why.
        why: String,
    },
    /// A task to count is not where it would have to be for this.
    #[error("count task {id} {why}; {remedy}")]
    CountNotPossible {
        /// The task.
        id: String,
        /// Why.
        why: String,
        /// What to do instead.
        remedy: &'static str,
    },
    /// A unit cannot be named here.
    #[error(
        "unit {serial:?} of SKU {sku:?} {why}; scan another unit, or look at what happened to this one"
    )]
    SerialUnavailable {
        /// JSON pointer of the serial number.
        field: String,
        /// The SKU.
        sku: String,
        /// The serial number.
        serial: String,
        /// Why.
        why: String,
    },
    /// Not enough stock.
    #[error(
        "SKU {sku:?} is short by {short_by}; lower the quantity, receive stock, or, for an order, allow backorders on its channel"
    )]
    InsufficientStock {
        /// The SKU.
        sku: String,
        /// Units missing.
        short_by: i64,
    },
    /// Units that nobody has, of an item that is not waited for, or not by more.
    #[error(
        "SKU {sku:?} is short by {short_by}: {why}; lower the quantity{}",
        named_instead(instead)
    )]
    BackorderRefused {
        /// The SKU.
        sku: String,
        /// Units missing.
        short_by: i64,
        /// Why they may not wait.
        why: String,
        /// SKUs that may be ordered instead.
        instead: Vec<String>,
    },
    /// More money than there is.
    #[error("{what} of {asked} exceeds the {limit} that is left; lower the amount")]
    AmountExceeded {
        /// `capture` or `refund`.
        what: &'static str,
        /// Amount asked for, in minor units.
        asked: i64,
        /// Amount possible, in minor units.
        limit: i64,
    },
    /// More units than there are.
    #[error("{what}: {asked} asked for, {limit} possible for line {line}; lower the quantity")]
    QuantityExceeded {
        /// What was tried, such as `cancel`.
        what: &'static str,
        /// The line's id.
        line: String,
        /// Units asked for.
        asked: i64,
        /// Units possible.
        limit: i64,
    },
    /// Units that would break a case, where whole cases are demanded.
    #[error(
        "{field} is {quantity}, which breaks a case of SKU {sku:?}; name {}, as {case} units are one case",
        whole_cases(*below, *above)
    )]
    BrokenCase {
        /// JSON pointer of the quantity.
        field: String,
        /// The SKU.
        sku: String,
        /// Units asked for.
        quantity: i64,
        /// Units of a case.
        case: i64,
        /// The next lower number of units that breaks none; 0 where there is none.
        below: i64,
        /// The next higher one.
        above: i64,
    },
    /// Units that an agreement does not give.
    #[error("agreement {agreement:?} {why}")]
    CallOff {
        /// JSON pointer of the field at fault.
        field: String,
        /// What both sides call it.
        agreement: String,
        /// Why, with what is left, and what to do.
        why: String,
    },
    /// A choice that is not open any more.
    #[error("choice {id} cannot be made: {why}; read the order again to see what holds now")]
    ChoiceEnded {
        /// The choice's id.
        id: String,
        /// Why.
        why: String,
    },
    /// Supply that has ended: nothing more is expected of it.
    #[error("supply {id} {why}; {remedy}")]
    SupplyEnded {
        /// The supply's id.
        id: String,
        /// `was received`, `was cancelled`.
        why: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },
    /// More arrives than is expected.
    #[error(
        "supply {id} has {outstanding} units to come, and {asked} are named; lower the quantity, or say that more arrived than was expected (accept_over)"
    )]
    SupplyExceeded {
        /// The supply's id.
        id: String,
        /// Units named.
        asked: i64,
        /// Units that are still to come.
        outstanding: i64,
    },
    /// The order is in another currency.
    #[error(
        "channel {channel:?} sells in {expected}, the order is in {given}; send {expected} as the currency, or use a channel that sells in {given}"
    )]
    WrongCurrency {
        /// Channel code.
        channel: String,
        /// The channel's currency.
        expected: String,
        /// The order's currency.
        given: String,
    },
    /// The reservation ran out or was used.
    #[error("reservation {id} {why}; make a new one or place the order without it")]
    ReservationEnded {
        /// The reservation's id.
        id: String,
        /// `has expired`, `was released`, `was used by order …`.
        why: String,
    },
    /// A stated limit is reached.
    #[error("too many {what}: at most {limit} are allowed")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The caller's role does not allow it.
    #[error("this key may not {action}; use a key with the role {needed}")]
    Forbidden {
        /// What was tried.
        action: String,
        /// A role that may.
        needed: &'static str,
    },
}

impl Refusal {
    /// A field with an impossible value.
    #[must_use]
    pub fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            problem: problem.into(),
        }
    }

    /// A field that names something unknown.
    #[must_use]
    pub fn unknown(field: impl Into<String>, what: &'static str, name: impl Into<String>) -> Self {
        Self::Unknown {
            field: field.into(),
            what,
            name: name.into(),
        }
    }

    /// A verb that does not fit the current state.
    #[must_use]
    pub fn illegal(verb: Verb, why: impl Into<String>) -> Self {
        Self::IllegalTransition {
            verb,
            why: why.into(),
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid_field",
            Self::Unknown { .. } => "unknown_reference",
            Self::NotFound { .. } => "not_found",
            Self::Exists { .. } => "already_exists",
            Self::StaleVersion { .. } => "stale_version",
            Self::IdempotencyKeyReused { .. } => "idempotency_key_reused",
            Self::DuplicateReference { .. } => "duplicate_reference",
            Self::IllegalTransition { .. } => "illegal_transition",
            Self::OnHold { .. } => "on_hold",
            Self::ScreenedOut { .. } => "screened_out",
            Self::NotApprover { .. } => "not_approver",
            Self::Recalled { .. } => "recalled",
            Self::LotUnfit { .. } => "lot_unfit",
            Self::SerialUnavailable { .. } => "serial_unavailable",
            Self::CountNotPossible { .. } => "count_not_possible",
            Self::InsufficientStock { .. } | Self::InsufficientLot { .. } => "insufficient_stock",
            Self::BackorderRefused { .. } => "backorder_refused",
            Self::AmountExceeded { .. } => "amount_exceeded",
            Self::QuantityExceeded { .. } => "quantity_exceeded",
            Self::BrokenCase { .. } => "broken_case",
            Self::CallOff { .. } => "call_off_refused",
            Self::SupplyEnded { .. } => "supply_ended",
            Self::ChoiceEnded { .. } => "choice_ended",
            Self::SupplyExceeded { .. } => "supply_exceeded",
            Self::WrongCurrency { .. } => "wrong_currency",
            Self::ReservationEnded { .. } => "reservation_ended",
            Self::TooMany { .. } => "limit_reached",
            Self::Forbidden { .. } => "forbidden",
        }
    }

    /// What kind of "no" it is.
    #[must_use]
    pub fn category(&self) -> Category {
        match self {
            Self::Invalid { .. }
            | Self::Unknown { .. }
            | Self::WrongCurrency { .. }
            | Self::BrokenCase { .. }
            | Self::TooMany { .. } => Category::Unprocessable,
            Self::NotFound { .. } => Category::NotFound,
            Self::Forbidden { .. } | Self::NotApprover { .. } => Category::Forbidden,
            Self::Exists { .. }
            | Self::StaleVersion { .. }
            | Self::IdempotencyKeyReused { .. }
            | Self::DuplicateReference { .. }
            | Self::IllegalTransition { .. }
            | Self::OnHold { .. }
            | Self::ScreenedOut { .. }
            | Self::Recalled { .. }
            | Self::LotUnfit { .. }
            | Self::SerialUnavailable { .. }
            | Self::CountNotPossible { .. }
            | Self::InsufficientStock { .. }
            | Self::InsufficientLot { .. }
            | Self::BackorderRefused { .. }
            | Self::CallOff { .. }
            | Self::AmountExceeded { .. }
            | Self::QuantityExceeded { .. }
            | Self::SupplyEnded { .. }
            | Self::ChoiceEnded { .. }
            | Self::SupplyExceeded { .. }
            | Self::ReservationEnded { .. } => Category::Conflict,
        }
    }

    /// The JSON pointer of the field at fault, where there is one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid { field, .. }
            | Self::Unknown { field, .. }
            | Self::BrokenCase { field, .. }
            | Self::CallOff { field, .. } => Some(field),
            Self::WrongCurrency { .. } => Some("/currency"),
            Self::SupplyExceeded { .. } => Some("/quantity"),
            _ => None,
        }
    }
}

fn of_lot(lot: Option<&str>) -> String {
    lot.map_or_else(String::new, |lot| format!("lot {lot:?} of "))
}

/// The nearest numbers of units that break no case.
fn whole_cases(below: i64, above: i64) -> String {
    if below == 0 {
        above.to_string()
    } else {
        format!("{below} or {above}")
    }
}

fn named_instead(skus: &[String]) -> String {
    if skus.is_empty() {
        return String::new();
    }
    format!(", or order one of these instead: {}", skus.join(", "))
}

/// Master data can be created; the parts of an order, and what its past holds, cannot.
fn remedy_of_unknown(what: &str) -> &'static str {
    match what {
        "line" => "look at the order's lines for their ids",
        "line of this fulfilment" => "look at the fulfilment's lines for their ids",
        "line of this return" => "look at the return's lines for their ids",
        "package" | "package of this fulfilment" => {
            "look at the fulfilment's packages for their ids"
        }
        "payment" => "look at the order's payments for their ids",
        "lot" => "take the lot in first, or correct the code",
        "lot at this location" => "scan the code again, or count the shelf",
        "serial number" => "take the unit in first, or scan it again",
        "unit of this fulfilment" => "look at the fulfilment's serials for its units",
        "unit of this shipment" => "look at the fulfilments' serials for what has left",
        "lot of this shipment" => "look at the fulfilments' lots for their codes",
        "hold" => "look at the order's holds for their ids",
        _ => "create it first or correct the name",
    }
}
