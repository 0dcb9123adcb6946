//! Payments that come with a new order.

use super::record::{METHOD_MAX, RecordPayment, record_payment};
use super::{NewPayment, PaymentState};
use crate::decide::{Attempt, Stop};
use crate::id::OrderId;
use crate::money::AMOUNT_MAX;
use crate::refusal::Refusal;
use crate::text;

/// Checks the payments that come with a new order, each for itself.
///
/// # Errors
/// Refuses a state that a new payment cannot have, and impossible amounts and texts.
pub fn check_new_payments(payments: &[NewPayment]) -> Result<(), Refusal> {
    let mut numbered = payments.iter().enumerate();
    numbered.try_for_each(|(position, payment)| {
        check_new_payment(&format!("/payments/{position}"), payment)
    })
}

/// Checks one payment; `field` is its JSON pointer.
fn check_new_payment(field: &str, payment: &NewPayment) -> Result<(), Refusal> {
    let least = match payment.state {
        PaymentState::Pending => 0,
        PaymentState::Authorized | PaymentState::Captured => 1,
        PaymentState::Refunded
        | PaymentState::Voided
        | PaymentState::Failed
        | PaymentState::Expired => {
            let problem =
                "must be pending, authorized or captured for a payment that comes with a new order";
            return Err(Refusal::invalid(format!("{field}/state"), problem));
        }
    };
    if !(least..=AMOUNT_MAX).contains(&payment.amount_minor) {
        let problem = format!("must lie between {least} and {AMOUNT_MAX}");
        return Err(Refusal::invalid(format!("{field}/amount_minor"), problem));
    }
    text::required(format!("{field}/method"), &payment.method, METHOD_MAX)?;
    text::optional(
        format!("{field}/reference"),
        payment.reference.as_deref(),
        text::REFERENCE_MAX,
    )
}

/// Records the payments that come with a new order.
///
/// # Errors
/// Refuses what [`check_new_payments`] refuses, sums that are no amount, and when the order has no number left for them.
pub fn record_new_payments(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    payments: &[NewPayment],
) -> Result<(), Stop> {
    check_new_payments(payments)?;
    for payment in payments {
        let command = RecordPayment {
            payment: None,
            state: payment.state,
            amount_minor: Some(payment.amount_minor),
            method: Some(payment.method.clone()),
            reference: payment.reference.clone(),
            reason: None,
        };
        record_payment(attempt, order, &command)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{NewPayment, PaymentState, check_new_payments};
    use crate::fixture::story;
    use crate::refusal::Refusal;

    #[test]
    fn payments_come_with_an_order() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3 pay:pending=0 pay:authorized=1000 pay:captured=2000 > order open; F1@L1 open A:3 assigned; T1 card 0/0/0; T2 card 1000/0/0; T3 card 2000/2000/0; payment partially_paid; A@L1 9/3
                journal                                      > order_placed, payment_recorded, payment_recorded, payment_recorded, payment_recorded, lines_sourced
                order A=3 pay:refunded=1                     > invalid_field: /payments/0/state must be pending, authorized or captured for a payment that comes with a new order
                order A=3 pay:voided=1                       > invalid_field: /payments/0/state must be pending, authorized or captured for a payment that comes with a new order
                order A=3 pay:captured=0                     > invalid_field: /payments/0/amount_minor must lie between 1 and 9007199254740991
                order A=3 pay:pending=-1                     > invalid_field: /payments/0/amount_minor must lie between 0 and 9007199254740991
                order A=3 pay:authorized=9007199254740991 pay:captured=1 > amount_exceeded: authorization of 1 exceeds the 0 that is left; lower the amount
            ",
        );
    }

    #[test]
    fn a_new_payment_has_possible_texts() {
        let usual = NewPayment {
            state: PaymentState::Captured,
            amount_minor: 1,
            method: "card".to_owned(),
            reference: None,
            fingerprint: None,
        };
        let long = "x".repeat(256);
        let table = [
            (usual.clone(), None),
            (
                NewPayment {
                    method: " ".to_owned(),
                    ..usual.clone()
                },
                Some("/payments/1/method"),
            ),
            (
                NewPayment {
                    method: long[..65].to_owned(),
                    ..usual.clone()
                },
                Some("/payments/1/method"),
            ),
            (
                NewPayment {
                    reference: Some(long),
                    ..usual.clone()
                },
                Some("/payments/1/reference"),
            ),
        ];
        for (payment, field) in table {
            let refusal = check_new_payments(&[usual.clone(), payment]).err();
            assert_eq!(
                refusal.as_ref().and_then(Refusal::field),
                field,
                "{refusal:?}"
            );
        }
    }
}
