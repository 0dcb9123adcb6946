//! Orders as values: three lines each, and the locations that would serve them.

use super::catalogue::{Catalogue, HOT, HOT_LOCATION, SKUS};

/// What a customer orders.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Who orders.
    pub(crate) customer: u32,
    /// Three lines of three SKUs.
    pub(crate) lines: [Line; 3],
}

/// One line of an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// What is ordered.
    pub(crate) sku: u16,
    /// The location that serves it in the hand-written transactions, which decide nothing.
    pub(crate) location: u8,
    /// How many units.
    pub(crate) quantity: u8,
    /// The price of one unit.
    pub(crate) unit_price_minor: u32,
}

impl Line {
    /// The line's total.
    pub(crate) fn total_minor(&self) -> i64 {
        i64::from(self.quantity) * i64::from(self.unit_price_minor)
    }
}

impl Order {
    /// The order's total.
    pub(crate) fn total_minor(&self) -> i64 {
        self.lines.iter().map(Line::total_minor).sum()
    }

    /// The lines in the order of the stock key (SKU, location), in which all
    /// hand-written transactions lock them.
    pub(crate) fn lines_by_stock_key(&self) -> [Line; 3] {
        let mut lines = self.lines;
        lines.sort_by_key(|line| (line.sku, line.location));
        lines
    }
}

/// What customers want.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Demand {
    /// Any three SKUs.
    Mix,
    /// Any two SKUs and the one that everybody wants.
    Hot,
}

/// Makes `count` orders of `customers` customers; the same ones for the same arguments.
pub(crate) fn orders(
    catalogue: &Catalogue,
    demand: Demand,
    count: usize,
    customers: u32,
) -> Vec<Order> {
    let mut random = fastrand::Rng::with_seed(3);
    let near_hot: Vec<u16> = (0..SKUS)
        .filter(|sku| catalogue.kept_at(*sku) & (1 << HOT_LOCATION) != 0)
        .collect();
    let make = |_| {
        let skus = match demand {
            Demand::Mix => some_skus(&mut random, None),
            // As often as in the mix, the rest of the order can be served beside the hot SKU.
            Demand::Hot if random.u8(0..10) < 7 => some_skus(&mut random, Some(&near_hot)),
            Demand::Hot => some_skus(&mut random, None),
        };
        let skus = match demand {
            Demand::Mix => skus,
            Demand::Hot => [HOT, skus[1], skus[2]],
        };
        order(catalogue, &mut random, skus, customers)
    };
    (0..count).map(make).collect()
}

fn some_skus(random: &mut fastrand::Rng, among: Option<&[u16]>) -> [u16; 3] {
    let mut pick = || match among {
        Some(skus) => skus[random.usize(0..skus.len())],
        None => random.u16(0..SKUS),
    };
    let mut skus = [pick(), pick(), pick()];
    while skus[1] == skus[0] {
        skus[1] = pick();
    }
    while skus[2] == skus[0] || skus[2] == skus[1] {
        skus[2] = pick();
    }
    skus
}

fn order(
    catalogue: &Catalogue,
    random: &mut fastrand::Rng,
    skus: [u16; 3],
    customers: u32,
) -> Order {
    let locations = serve(skus.map(|sku| catalogue.kept_at(sku)));
    let mut line = |index: usize| Line {
        sku: skus[index],
        location: locations[index],
        quantity: random.u8(1..=3),
        unit_price_minor: random.u32(199..9_999),
    };
    let lines = [line(0), line(1), line(2)];
    Order {
        customer: random.u32(0..customers),
        lines,
    }
}

/// One location for all three if any keeps them, else two, else three; the first ones.
fn serve(kept_at: [u32; 3]) -> [u8; 3] {
    let [a, b, c] = kept_at;
    let all = a & b & c;
    if all != 0 {
        return [first(all); 3];
    }
    if a & b != 0 {
        return [first(a & b), first(a & b), first(c)];
    }
    if a & c != 0 {
        return [first(a & c), first(b), first(a & c)];
    }
    if b & c != 0 {
        return [first(a), first(b & c), first(b & c)];
    }
    [first(a), first(b), first(c)]
}

fn first(locations: u32) -> u8 {
    u8::try_from(locations.trailing_zeros()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_seven_in_ten_orders_are_served_from_one_location() {
        let catalogue = Catalogue::new();
        for demand in [Demand::Mix, Demand::Hot] {
            let orders = orders(&catalogue, demand, 10_000, 100);
            let single = orders
                .iter()
                .filter(|order| {
                    let [a, b, c] = order.lines.map(|line| line.location);
                    a == b && b == c
                })
                .count();
            assert!((6_500..=8_200).contains(&single), "{demand:?}: {single}");
        }
    }

    #[test]
    fn every_line_is_served_by_a_location_that_keeps_it() {
        let catalogue = Catalogue::new();
        for demand in [Demand::Mix, Demand::Hot] {
            for order in orders(&catalogue, demand, 10_000, 100) {
                let [a, b, c] = order.lines.map(|line| line.sku);
                assert!(a != b && b != c && a != c);
                assert_eq!(demand == Demand::Hot, a == HOT);
                for line in order.lines {
                    assert!(catalogue.kept_at(line.sku) & (1 << line.location) != 0);
                }
            }
        }
    }
}
