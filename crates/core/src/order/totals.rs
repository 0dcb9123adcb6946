//! What an order costs and what is still owed: one function of its lines, charges, payments and refunds.

use serde::Serialize;

use super::Order;
use crate::money::saturate;

/// The money of an order, in minor units of its currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Price of the units that are not cancelled, before discounts and tax.
    pub goods_minor: i64,
    /// Discounts on these lines.
    pub discount_minor: i64,
    /// Charges of the whole order; none once everything is cancelled.
    pub charges_minor: i64,
    /// Tax on lines and charges.
    pub tax_minor: i64,
    /// What the order costs.
    pub total_minor: i64,
    /// Authorised and not given up.
    pub authorized_minor: i64,
    /// Captured.
    pub captured_minor: i64,
    /// Given back.
    pub refunded_minor: i64,
    /// What the customer has paid: captured − refunded.
    pub paid_minor: i64,
    /// What is still owed; negative when money has to go back.
    pub balance_minor: i64,
}

/// Computes the money of an order.
#[must_use]
pub fn totals(order: &Order) -> Totals {
    let (mut goods, mut discount, mut tax) = (0i128, 0i128, 0i128);
    for (line, progress) in order.placed.lines.iter().zip(&order.progress.lines) {
        let kept = line.quantity - cancelled(order, line, progress.cancelled);
        goods += i128::from(crate::money::share(
            line.unit_price_minor,
            kept,
            line.price_quantity,
        ));
        discount += i128::from(crate::money::share(
            line.discount_minor,
            kept,
            line.quantity,
        ));
        tax += i128::from(crate::money::share(line.tax_minor, kept, line.quantity));
    }
    let mut charges = 0i128;
    if order.progress.cancelled.is_none() {
        charges = order
            .placed
            .charges
            .iter()
            .map(|charge| i128::from(charge.amount_minor))
            .sum();
        tax += order
            .placed
            .charges
            .iter()
            .map(|charge| i128::from(charge.tax_minor))
            .sum::<i128>();
    }
    let total = saturate(goods - discount + charges + tax);
    Totals {
        goods_minor: saturate(goods),
        discount_minor: saturate(discount),
        charges_minor: saturate(charges),
        tax_minor: saturate(tax),
        total_minor: total,
        ..tenders(order, total)
    }
}

/// Cancelled units of a line; of a kit, the kits whose components can no longer be complete.
fn cancelled(order: &Order, line: &super::Line, own: i64) -> i64 {
    if !line.is_kit {
        return own;
    }
    let components = order
        .placed
        .lines
        .iter()
        .zip(&order.progress.lines)
        .filter(|(child, _)| child.kit == Some(line.no));
    components
        .map(|(child, progress)| {
            let per_kit = (child.quantity / line.quantity.max(1)).max(1);
            progress.cancelled / per_kit
        })
        .min()
        .unwrap_or(0)
        // A kit that was removed keeps what was cancelled of its components, and is none any more.
        .min(line.quantity)
}

fn tenders(order: &Order, total: i64) -> Totals {
    let payments = &order.progress.payments;
    let sum = |amount: fn(&crate::payment::Payment) -> i64| {
        saturate(payments.iter().map(|p| i128::from(amount(p))).sum())
    };
    let captured = sum(|payment| payment.captured_minor);
    let refunded = sum(|payment| payment.refunded_minor);
    Totals {
        authorized_minor: sum(|payment| {
            if payment.ended.is_none() {
                payment.authorized_minor
            } else {
                payment.captured_minor
            }
        }),
        captured_minor: captured,
        refunded_minor: refunded,
        paid_minor: captured - refunded,
        balance_minor: total.saturating_sub(captured - refunded),
        ..Totals::default()
    }
}
