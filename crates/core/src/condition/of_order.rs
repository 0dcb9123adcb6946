//! From an order to what conditions can see of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::context::{
    CustomerContext, LineContext, OrderContext, PaymentContext, ShipToContext, VelocityContext,
};
use crate::id::ItemId;
use crate::money::{saturate, share};
use crate::network::Network;
use crate::order::{Order, cancelled_units, statuses, totals};
use crate::party::Destination;

impl OrderContext {
    /// What conditions can see of an order. `unit_weight_g` tells what a unit of an item weighs, as far as is known;
    /// `zone` is that of the merchant's day. Of the customer only whether it is known is told; who has read the
    /// customer's past, and what was seen of late, adds it.
    #[must_use]
    pub fn of(
        order: &Order,
        network: &Network,
        unit_weight_g: impl Fn(ItemId) -> Option<i64>,
        zone: &TimeZone,
    ) -> Self {
        let (placed, totals) = (&order.placed, totals(order));
        let channel = network.channel(placed.channel);
        let charged_less = placed
            .charges
            .iter()
            .map(|charge| charge.amount_minor.min(0));
        let less: i128 = charged_less.map(i128::from).sum();
        let (units, weight_g) = moving(order, unit_weight_g);
        let (weekday, hour) = local(placed.placed_at.0, zone);
        Self {
            channel: channel
                .map(|channel| channel.code.clone())
                .unwrap_or_default(),
            currency: placed.currency.to_string(),
            total_minor: totals.total_minor,
            goods_minor: totals.goods_minor,
            discount_minor: saturate(i128::from(totals.discount_minor) - less),
            priority: i64::from(order.progress.priority),
            tags: order.progress.tags.clone(),
            metadata: placed.metadata.clone(),
            ship_to: ShipToContext {
                country: placed.destination.country.clone(),
                region: placed.destination.region.clone().unwrap_or_default(),
                area: placed.destination.area_or_square(),
            },
            customer: CustomerContext {
                is_known: placed.customer.is_some(),
                ..CustomerContext::default()
            },
            lines: lines(order),
            units,
            weight_g,
            payment: PaymentContext {
                status: statuses(order).payment.as_str().to_owned(),
                authorized_minor: totals.authorized_minor,
                captured_minor: totals.captured_minor,
            },
            placed_at_ms: placed.placed_at.0,
            weekday,
            hour,
            velocity: VelocityContext::default(),
        }
    }
}

impl Destination {
    /// The area of its postal code, such as `DE/803`; where none is known the square of a tenth of a degree (about 11 km)
    /// that it lies in, such as `DE/481/116`; the country alone where no coordinates are known either.
    #[must_use]
    pub fn area_or_square(&self) -> String {
        match &self.area {
            Some(area) => format!("{}/{area}", self.country),
            None => self.square(),
        }
    }

    /// The square of a tenth of a degree (about 11 km) that it lies in, such as `DE/481/116`; the country alone where no
    /// coordinates are known.
    #[must_use]
    pub fn square(&self) -> String {
        match self.decidegrees {
            Some((north, east)) => format!("{}/{north}/{east}", self.country),
            None => self.country.clone(),
        }
    }
}

/// Lines as ordered, less what is cancelled; components of kits are left out.
fn lines(order: &Order) -> Vec<LineContext> {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    lines
        .filter(|(line, _)| line.kit.is_none())
        .map(|(line, progress)| LineContext {
            sku: line.sku.clone(),
            quantity: line.quantity - cancelled_units(order, line, progress.cancelled),
            unit_price_minor: share(line.unit_price_minor, 1, line.price_quantity),
            discount_minor: line.discount_minor,
            method: line.method,
            metadata: line.metadata.clone(),
        })
        .filter(|line| line.quantity > 0)
        .collect()
}

/// Units that move, and their weight in grams as far as it is known.
fn moving(order: &Order, unit_weight_g: impl Fn(ItemId) -> Option<i64>) -> (i64, i64) {
    let (mut units, mut weight) = (0i128, 0i128);
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    for (line, progress) in lines.filter(|(line, _)| !line.is_kit && line.method.uses_stock()) {
        let kept = i128::from(line.quantity - progress.cancelled);
        let unit = line.item.and_then(&unit_weight_g).unwrap_or_default();
        units += kept;
        weight += kept * i128::from(unit);
    }
    (saturate(units), saturate(weight))
}

fn local(at_ms: i64, zone: &TimeZone) -> (i64, i64) {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    let local = at.to_zoned(zone.clone());
    let weekday = local.weekday().to_monday_one_offset();
    (i64::from(weekday), i64::from(local.hour()))
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_condition_sees_what_was_ordered_and_what_was_paid() {
        story(
            "
                location L1
                item A weight=500
                item B weight=20
                item K kit A=2 B=1
                order A=3(1000~10) K=2(4000) C=1:digital charge=discount:-500 pay:authorized=700 to=48.1,11.6 priority=5 placed=-60m > order open; A 3 backordered; A#2 4 backordered; B 2 backordered; F1 open C:1 assigned; T1 card 700/0/0; payment authorized; priority 5
                when channel == 'backorder' && currency == 'EUR'                    > true
                when total_minor == 11490 && goods_minor == 12000                   > true
                when discount_minor == 510                                          > true
                when size(lines) == 3 && lines[1].sku == 'K'                        > true
                when units == 9 && weight_g == 7 * 500 + 2 * 20                     > true
                when priority == 5 && ship_to.country == 'DE'                       > true
                when ship_to.area == 'DE/101'                                   > true
                when payment.status == 'authorized' && payment.authorized_minor == 700 > true
                when local.weekday == 1 && local.hour == 7                          > true
                when lines.exists(l, l.method == 'digital')                         > true
                when customer.is_known || has(customer.tier)                        > false
                when metadata.gift                                                  > the order has no \"gift\"
                cancel A=3                                                          > A 3 cancelled
                when lines.exists(l, l.sku == 'A') || units != 6                    > false
            ",
        );
    }
}
