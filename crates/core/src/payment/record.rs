//! Payments are recorded; the manual gateway takes them at their word, within the limits of I5.

use super::{Payment, PaymentState};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{OrderId, PaymentNo};
use crate::money::AMOUNT_MAX;
use crate::order::{Order, PaymentChange, Record, Verb, checks};
use crate::refusal::Refusal;
use crate::text;

/// Longest payment method, in bytes.
pub(super) const METHOD_MAX: usize = 64;
/// What was used, where the caller does not say.
const METHOD_DEFAULT: &str = "manual";

/// Records what happened to a tender, or a new tender.
#[derive(Debug, Clone)]
pub struct RecordPayment {
    /// The tender; `None`: a new one (for refunds: the captured ones, oldest first).
    pub payment: Option<PaymentNo>,
    /// What happened.
    pub state: PaymentState,
    /// How much, in minor units; required but for pending, voided, failed and expired.
    pub amount_minor: Option<i64>,
    /// What was used: `card`, `invoice`, `cash` ...
    pub method: Option<String>,
    /// The gateway's name for it.
    pub reference: Option<String>,
    /// Why, for refunds.
    pub reason: Option<String>,
}

/// Records what happened to a tender, or a new one. Money captured that was not authorised before (cash, a pending
/// transfer that arrived) is authorised by the same commit, so that captures never exceed authorisations (I5).
///
/// # Errors
/// Refuses a draft, impossible amounts and texts, an unknown tender, more than was authorised or captured, and
/// whatever does not fit a tender's state.
pub fn record_payment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &RecordPayment,
) -> Result<Answer, Stop> {
    for change in check(attempt.order(order)?, command)? {
        attempt.record(order, Record::PaymentRecorded { change })?;
    }
    Ok(Answer::ok(Resource::Order(order)))
}

fn check(order: &Order, command: &RecordPayment) -> Result<Vec<PaymentChange>, Refusal> {
    checks::refuse_if_draft(order, Verb::Pay)?;
    check_texts(command)?;
    match command.payment {
        Some(no) => {
            let known = order
                .progress
                .payments
                .iter()
                .find(|payment| payment.no == no);
            let name = || no.of(order.id).to_string();
            let tender = known.ok_or_else(|| Refusal::unknown("/payment_id", "payment", name()))?;
            refuse_other_method(tender, command)?;
            on_tender(order, tender, command)
        }
        None => on_new(order, command),
    }
}

fn check_texts(command: &RecordPayment) -> Result<(), Refusal> {
    if let Some(method) = &command.method {
        text::required("/method", method, METHOD_MAX)?;
    }
    text::optional(
        "/reference",
        command.reference.as_deref(),
        text::REFERENCE_MAX,
    )?;
    text::optional("/reason", command.reason.as_deref(), text::REASON_MAX)
}

fn refuse_other_method(tender: &Payment, command: &RecordPayment) -> Result<(), Refusal> {
    match &command.method {
        Some(method) if method.trim() != tender.method => {
            let problem = format!(
                "is {:?} for this payment and stays so; leave it out",
                tender.method
            );
            Err(Refusal::invalid("/method", problem))
        }
        _ => Ok(()),
    }
}

/// What a new tender records; for a refund, what the captured ones record.
fn on_new(order: &Order, command: &RecordPayment) -> Result<Vec<PaymentChange>, Refusal> {
    match command.state {
        PaymentState::Pending => {
            let amount = announced(command.amount_minor)?;
            Ok(vec![first(order, command, PaymentState::Pending, amount)?])
        }
        PaymentState::Authorized => {
            let amount = authorizable(order, amount(command)?)?;
            Ok(vec![first(
                order,
                command,
                PaymentState::Authorized,
                amount,
            )?])
        }
        PaymentState::Captured => {
            let amount = authorizable(order, amount(command)?)?;
            let authorized = first(order, command, PaymentState::Authorized, amount)?;
            let captured = change(authorized.payment, command, PaymentState::Captured, amount);
            Ok(vec![authorized, captured])
        }
        PaymentState::Refunded => refund_oldest_first(order, command),
        PaymentState::Voided | PaymentState::Failed | PaymentState::Expired => {
            Err(Refusal::invalid(
                "/payment_id",
                "must name the payment that was voided, failed or expired",
            ))
        }
    }
}

/// What an existing tender records.
fn on_tender(
    order: &Order,
    tender: &Payment,
    command: &RecordPayment,
) -> Result<Vec<PaymentChange>, Refusal> {
    if let Some(ended) = tender
        .ended
        .filter(|_| command.state != PaymentState::Refunded)
    {
        let why = format!("the payment is {}; record a new one", ended.as_str());
        return Err(Refusal::illegal(Verb::Pay, why));
    }
    let one = |state, amount| vec![change(tender.no, command, state, amount)];
    match command.state {
        PaymentState::Pending => Err(Refusal::illegal(
            Verb::Pay,
            "the payment exists; only a new one can be pending",
        )),
        PaymentState::Authorized => Ok(one(
            PaymentState::Authorized,
            authorizable(order, amount(command)?)?,
        )),
        PaymentState::Captured if tender.authorized_minor == 0 => {
            let amount = authorizable(order, amount(command)?)?;
            Ok([
                one(PaymentState::Authorized, amount),
                one(PaymentState::Captured, amount),
            ]
            .concat())
        }
        PaymentState::Captured => {
            let left = tender.authorized_minor - tender.captured_minor;
            Ok(one(
                PaymentState::Captured,
                within("capture", amount(command)?, left)?,
            ))
        }
        PaymentState::Refunded => {
            let left = tender.captured_minor - tender.refunded_minor;
            Ok(one(
                PaymentState::Refunded,
                within("refund", amount(command)?, left)?,
            ))
        }
        PaymentState::Voided | PaymentState::Failed | PaymentState::Expired => {
            Ok(one(command.state, given_up(tender, command)?))
        }
    }
}

/// The rest that a tender gives up when it ends without (further) capture.
fn given_up(tender: &Payment, command: &RecordPayment) -> Result<i64, Refusal> {
    let rest = tender.authorized_minor - tender.captured_minor;
    if tender.captured_minor > 0 && command.state != PaymentState::Voided {
        let why = format!(
            "money was captured, so it cannot be {}; void the rest, or refund",
            command.state.as_str()
        );
        return Err(Refusal::illegal(Verb::Pay, why));
    }
    if tender.captured_minor > 0 && rest == 0 {
        return Err(Refusal::illegal(
            Verb::Pay,
            "everything was captured; refund it",
        ));
    }
    match command.amount_minor {
        Some(amount) if amount != rest => {
            let problem = format!("must be the whole rest of {rest}, or be left out");
            Err(Refusal::invalid("/amount_minor", problem))
        }
        _ => Ok(rest),
    }
}

fn refund_oldest_first(
    order: &Order,
    command: &RecordPayment,
) -> Result<Vec<PaymentChange>, Refusal> {
    let payments = &order.progress.payments;
    let left = |payment: &Payment| payment.captured_minor - payment.refunded_minor;
    let mut missing = within("refund", amount(command)?, payments.iter().map(left).sum())?;
    let mut changes = Vec::new();
    for payment in payments {
        let part = missing.min(left(payment));
        if part > 0 {
            changes.push(change(payment.no, command, PaymentState::Refunded, part));
            missing -= part;
        }
    }
    Ok(changes)
}

/// The required amount.
fn amount(command: &RecordPayment) -> Result<i64, Refusal> {
    match command.amount_minor {
        Some(amount) if (1..=AMOUNT_MAX).contains(&amount) => Ok(amount),
        Some(_) => Err(Refusal::invalid(
            "/amount_minor",
            format!("must lie between 1 and {AMOUNT_MAX}"),
        )),
        None => Err(Refusal::invalid("/amount_minor", "must say how much")),
    }
}

/// The amount of something that is only announced, or 0.
fn announced(amount: Option<i64>) -> Result<i64, Refusal> {
    let amount = amount.unwrap_or(0);
    if (0..=AMOUNT_MAX).contains(&amount) {
        return Ok(amount);
    }
    Err(Refusal::invalid(
        "/amount_minor",
        format!("must lie between 0 and {AMOUNT_MAX}"),
    ))
}

/// An amount that may be authorised on top of what the order's tenders still hold: sums stay amounts.
fn authorizable(order: &Order, amount: i64) -> Result<i64, Refusal> {
    let held = |payment: &Payment| match payment.ended {
        Some(_) => payment.captured_minor,
        None => payment.authorized_minor,
    };
    let authorized: i64 = order.progress.payments.iter().map(held).sum();
    within("authorization", amount, AMOUNT_MAX - authorized)
}

fn within(what: &'static str, asked: i64, limit: i64) -> Result<i64, Refusal> {
    if asked > limit {
        Err(Refusal::AmountExceeded { what, asked, limit })
    } else {
        Ok(asked)
    }
}

/// The first change of a new tender.
fn first(
    order: &Order,
    command: &RecordPayment,
    state: PaymentState,
    amount_minor: i64,
) -> Result<PaymentChange, Refusal> {
    let payment = PaymentNo(checks::next_children(order, 1)?);
    let method =
        checks::given(command.method.as_ref()).unwrap_or_else(|| METHOD_DEFAULT.to_owned());
    Ok(PaymentChange {
        method: Some(method),
        ..change(payment, command, state, amount_minor)
    })
}

fn change(
    payment: PaymentNo,
    command: &RecordPayment,
    state: PaymentState,
    amount_minor: i64,
) -> PaymentChange {
    PaymentChange {
        payment,
        state,
        amount_minor,
        method: None,
        reference: checks::given(command.reference.as_ref()),
        reason: checks::given(command.reason.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn money_is_authorised_captured_and_given_back() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3                                    > order open; F1@L1 open A:3 assigned; A@L1 9/3
                pay authorized 3000 method=card reference=ch-1 > T1 card 3000/0/0 ch-1; payment authorized
                pay captured 1000 T1                         > T1 card 3000/1000/0 ch-1; payment partially_paid
                pay captured 2001 T1                         > amount_exceeded: capture of 2001 exceeds the 2000 that is left; lower the amount
                pay captured 2000 T1                         > T1 card 3000/3000/0 ch-1; payment paid
                pay captured 1 T1                            > amount_exceeded: capture of 1 exceeds the 0 that is left; lower the amount
                pay refunded 500 T1 reason=goodwill          > T1 card 3000/3000/500 ch-1; payment partially_refunded
                pay refunded 2501 T1                         > amount_exceeded: refund of 2501 exceeds the 2500 that is left; lower the amount
                pay refunded 2500 T1                         > T1 card 3000/3000/3000 ch-1; payment refunded
                journal                                      > payment_recorded
            ",
        );
    }

    #[test]
    fn cash_is_authorised_and_captured_at_once() {
        story(
            "
                order A=3                     > order open; A 3 backordered
                pay captured 3000 method=cash > T1 cash 3000/3000/0; payment paid
                journal                       > payment_recorded, payment_recorded
                pay captured 100              > T2 manual 100/100/0
            ",
        );
    }

    #[test]
    fn a_pending_transfer_arrives() {
        story(
            "
                order A=3                        > order open; A 3 backordered
                pay pending 3000 method=transfer > T1 transfer 0/0/0; payment pending
                pay pending 3000 T1              > illegal_transition: cannot pay now: the payment exists; only a new one can be pending
                pay captured 3000 T1             > T1 transfer 3000/3000/0; payment paid
                journal                          > payment_recorded, payment_recorded
                pay pending                      > T2 manual 0/0/0
            ",
        );
    }

    #[test]
    fn an_authorisation_may_grow() {
        story(
            "
                order A=3             > order open; A 3 backordered
                pay authorized 1000   > T1 manual 1000/0/0; payment authorized
                pay authorized 500 T1 > T1 manual 1500/0/0
                pay captured 1500 T1  > T1 manual 1500/1500/0; payment partially_paid
            ",
        );
    }

    #[test]
    fn a_refund_without_a_tender_takes_the_oldest_first() {
        story(
            "
                order A=3                        > order open; A 3 backordered
                pay refunded 1                   > amount_exceeded: refund of 1 exceeds the 0 that is left; lower the amount
                pay captured 1000 method=cash    > T1 cash 1000/1000/0; payment partially_paid
                pay authorized 500               > T2 manual 500/0/0
                pay captured 2000 method=voucher > T3 voucher 2000/2000/0; payment paid
                pay refunded 3001                > amount_exceeded: refund of 3001 exceeds the 3000 that is left; lower the amount
                pay refunded 1500 reason=damaged > T1 cash 1000/1000/1000; T3 voucher 2000/2000/500; payment partially_refunded
                journal                          > payment_recorded, payment_recorded
                pay refunded 1500                > T3 voucher 2000/2000/2000; payment refunded
                pay refunded 1                   > amount_exceeded: refund of 1 exceeds the 0 that is left; lower the amount
            ",
        );
    }

    #[test]
    fn a_void_gives_up_the_rest() {
        story(
            "
                order A=3            > order open; A 3 backordered
                pay authorized 3000  > T1 manual 3000/0/0; payment authorized
                pay captured 1000 T1 > T1 manual 3000/1000/0; payment partially_paid
                pay voided 1999 T1   > invalid_field: /amount_minor must be the whole rest of 2000, or be left out
                pay voided 2000 T1   > T1 manual 3000/1000/0 voided
                pay captured 1 T1    > illegal_transition: cannot pay now: the payment is voided; record a new one
                pay authorized 1 T1  > illegal_transition: cannot pay now: the payment is voided; record a new one
                pay voided T1        > illegal_transition: cannot pay now: the payment is voided; record a new one
                pay refunded 1000 T1 > T1 manual 3000/1000/1000 voided; payment refunded
                pay pending          > T2 manual 0/0/0
                pay voided T2        > T2 manual 0/0/0 voided
            ",
        );
    }

    #[test]
    fn captured_money_does_not_fail_or_expire() {
        story(
            "
                order A=3            > order open; A 3 backordered
                pay authorized 3000  > T1 manual 3000/0/0; payment authorized
                pay captured 1000 T1 > T1 manual 3000/1000/0; payment partially_paid
                pay failed T1        > illegal_transition: cannot pay now: money was captured, so it cannot be failed; void the rest, or refund
                pay expired T1       > illegal_transition: cannot pay now: money was captured, so it cannot be expired; void the rest, or refund
                pay captured 2000 T1 > T1 manual 3000/3000/0; payment paid
                pay voided T1        > illegal_transition: cannot pay now: everything was captured; refund it
                pay authorized 3000  > T2 manual 3000/0/0
                pay expired T2       > T2 manual 3000/0/0 expired
                pay authorized 3000  > T3 manual 3000/0/0
                pay failed T3        > T3 manual 3000/0/0 failed
            ",
        );
    }

    #[test]
    fn impossible_payments_are_refused() {
        story(
            r#"
                order A=3                                    > order open; A 3 backordered
                pay authorized                               > invalid_field: /amount_minor must say how much
                pay authorized 0                             > invalid_field: /amount_minor must lie between 1 and 9007199254740991
                pay captured -1                              > invalid_field: /amount_minor must lie between 1 and 9007199254740991
                pay captured 9007199254740992                > invalid_field: /amount_minor must lie between 1 and 9007199254740991
                pay refunded                                 > invalid_field: /amount_minor must say how much
                pay pending -1                               > invalid_field: /amount_minor must lie between 0 and 9007199254740991
                pay voided                                   > invalid_field: /payment_id must name the payment that was voided, failed or expired
                pay authorized 1 T1                          > unknown_reference: /payment_id names the unknown payment "?"; look at the order's payments for their ids
                pay authorized 1 method=none                 > invalid_field: /method must not be empty
                pay authorized 1 method=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX > invalid_field: /method is 65 bytes long; at most 64 are allowed
                pay authorized 9007199254740991              > T1 manual 9007199254740991/0/0; payment authorized
                pay authorized 1                             > amount_exceeded: authorization of 1 exceeds the 0 that is left; lower the amount
                pay authorized 1 T1                          > amount_exceeded: authorization of 1 exceeds the 0 that is left; lower the amount
                pay voided T1 method=cash                    > invalid_field: /method is "manual" for this payment and stays so; leave it out
                pay voided T1                                > T1 manual 9007199254740991/0/0 voided; payment voided
                pay authorized 9007199254740991              > T2 manual 9007199254740991/0/0; payment authorized
                pay pending reference=LONG                   > invalid_field: /reference is 10001 bytes long; at most 255 are allowed
                pay pending reason=LONG                      > invalid_field: /reason is 10001 bytes long; at most 500 are allowed
                draft A=1                                    > order draft; A 1 open
                pay captured 1                               > illegal_transition: cannot pay now: the order is a draft; place it first
            "#,
        );
    }
}
