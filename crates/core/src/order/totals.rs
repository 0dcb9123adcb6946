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
        let kept = line.quantity - cancelled_units(order, line, progress.cancelled);
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

/// Cancelled units of a line, of which `own` were cancelled by its own number; of a kit, the kits of which every
/// component is cancelled.
#[must_use]
pub fn cancelled_units(order: &Order, line: &super::Line, own: i64) -> i64 {
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

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_tenth_of_a_penny_is_rounded_once_for_the_line() {
        story(
            "
                order A=4(1/10)                     > order open; A 4 backordered
                totals                              > goods 0 discount 0 charges 0 tax 0 total 0 paid 0 balance 0
                order A=5(1/10)                     > order open; A 5 backordered
                totals                              > goods 1 discount 0 charges 0 tax 0 total 1 paid 0 balance 1
                order A=1234(7/10) B=1(0)           > order open; A 1234 backordered; B 1 backordered
                totals                              > goods 864 discount 0 charges 0 tax 0 total 864 paid 0 balance 864
                cancel A=1                          > A 1233 backordered; A 1 cancelled
                totals                              > goods 863 discount 0 charges 0 tax 0 total 863 paid 0 balance 863
                cancel A=1230                       > A 3 backordered; A 1231 cancelled
                totals                              > goods 2 discount 0 charges 0 tax 0 total 2 paid 0 balance 2
                order A=3(1000/1000) A=3(1000/1000) > order open; A 3 backordered; A#2 3 backordered
                totals                              > goods 6 discount 0 charges 0 tax 0 total 6 paid 0 balance 6
            ",
        );
    }

    #[test]
    fn discounts_and_taxes_follow_the_units_that_are_kept_and_end_at_nothing() {
        story(
            "
                order A=3(1000~10+100) B=1 > order open; A 3 backordered; B 1 backordered
                totals                     > goods 4000 discount 10 charges 0 tax 100 total 4090 paid 0 balance 4090
                cancel A=1                 > A 2 backordered; A 1 cancelled
                totals                     > goods 3000 discount 7 charges 0 tax 67 total 3060 paid 0 balance 3060
                cancel A=1                 > A 1 backordered; A 2 cancelled
                totals                     > goods 2000 discount 3 charges 0 tax 33 total 2030 paid 0 balance 2030
                cancel A=1                 > A 3 cancelled
                totals                     > goods 1000 discount 0 charges 0 tax 0 total 1000 paid 0 balance 1000
            ",
        );
    }

    #[test]
    fn charges_are_owed_as_long_as_anything_is() {
        story(
            "
                location L1
                stock A@L1=9
                order A=2 B=1 charge=shipping:500:95 charge=discount:-300 > order open; B 1 backordered; F1@L1 open A:2 assigned; A@L1 9/2
                totals                                                    > goods 3000 discount 0 charges 200 tax 95 total 3295 paid 0 balance 3295
                cancel A=2                                                > A 2 cancelled; F1@L1 cancelled; A@L1 9/0
                totals                                                    > goods 1000 discount 0 charges 200 tax 95 total 1295 paid 0 balance 1295
                cancel                                                    > order cancelled; B 1 cancelled
                totals                                                    > goods 0 discount 0 charges 0 tax 0 total 0 paid 0 balance 0
                order A=2 charge=shipping:500                             > order open; F1@L1 open A:2 assigned; A@L1 9/2
                pick F1 A=1                                               > order in_progress; F1@L1 picking A:1 assigned+1 picked
                pack F1                                                   > F1@L1 picking A:1 assigned+1 packed; F1 P1 A=1
                ship F1                                                   > F1@L1 shipped A:1 shipped; F1 left with post; F2@L1 picking A:1 assigned; A@L1 8/1
                cancel                                                    > order shipped; A 1 cancelled; F2@L1 cancelled; A@L1 8/0
                totals                                                    > goods 1000 discount 0 charges 500 tax 0 total 1500 paid 0 balance 1500
                deliver F1 lost                                           > F1@L1 incomplete A:1 lost; F1 P1 A=1 lost
                totals                                                    > goods 1000 discount 0 charges 500 tax 0 total 1500 paid 0 balance 1500
            ",
        );
    }

    #[test]
    fn the_balance_is_what_is_owed_or_has_to_go_back() {
        story(
            "
                order A=3 pay:authorized=1000 pay:captured=1500 > order open; A 3 backordered; T1 card 1000/0/0; T2 card 1500/1500/0; payment partially_paid
                totals                                          > goods 3000 discount 0 charges 0 tax 0 total 3000 paid 1500 balance 1500
                pay captured 500 T1                             > T1 card 1000/500/0
                totals                                          > goods 3000 discount 0 charges 0 tax 0 total 3000 paid 2000 balance 1000
                cancel A=2                                      > A 1 backordered; A 2 cancelled; payment paid
                totals                                          > goods 1000 discount 0 charges 0 tax 0 total 1000 paid 2000 balance -1000
                pay refunded 1000                               > T1 card 1000/500/500; T2 card 1500/1500/500; payment partially_refunded
                totals                                          > goods 1000 discount 0 charges 0 tax 0 total 1000 paid 1000 balance 0
                statuses                                        > order open, payment partially_refunded, fulfilment unfulfilled, returns none
            ",
        );
    }

    #[test]
    fn a_kit_costs_what_it_costs_and_its_components_nothing() {
        story(
            "
                item K kit A=2 B=1
                order K=3(999~10+30) > order open; A 6 backordered; B 3 backordered
                totals               > goods 2997 discount 10 charges 0 tax 30 total 3017 paid 0 balance 3017
                cancel A=3           > A 3 backordered; A 3 cancelled
                totals               > goods 2997 discount 10 charges 0 tax 30 total 3017 paid 0 balance 3017
                cancel B=1           > B 2 backordered; B 1 cancelled
                totals               > goods 1998 discount 7 charges 0 tax 20 total 2011 paid 0 balance 2011
                cancel A=1 B=1       > A 2 backordered; A 4 cancelled; B 1 backordered; B 2 cancelled
                totals               > goods 999 discount 3 charges 0 tax 10 total 1006 paid 0 balance 1006
                cancel               > order cancelled; A 6 cancelled; B 3 cancelled
                totals               > goods 0 discount 0 charges 0 tax 0 total 0 paid 0 balance 0
            ",
        );
    }

    #[test]
    fn amounts_at_the_edge_add_up() {
        story(
            "
                order A=1(9007199254740991)     > order open; A 1 backordered
                totals                          > goods 9007199254740991 discount 0 charges 0 tax 0 total 9007199254740991 paid 0 balance 9007199254740991
                order A=1000000000(9007199)     > order open; A 1000000000 backordered
                totals                          > goods 9007199000000000 discount 0 charges 0 tax 0 total 9007199000000000 paid 0 balance 9007199000000000
                order A=1 charge=discount:-5000 > order open; A 1 backordered
                totals                          > goods 1000 discount 0 charges -5000 tax 0 total -4000 paid 0 balance -4000
            ",
        );
    }
}
