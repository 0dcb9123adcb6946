//! Committing and loading.

use throughline_core::decision::Resource;
use throughline_core::facts::{Facts, Need};
use throughline_core::order::OrderStatus;

use crate::support::{Shop, line, on_every_engine, order};

#[test]
fn an_order_is_placed_and_read_back_as_it_was_decided() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let place = shop.place(order("r1", vec![line("A", 3), line("B", 2)]));
        let answer = shop.run(place).unwrap();
        let Resource::Order(id) = answer.resource else {
            panic!("{answer:?}")
        };
        let order = shop.order(id);
        assert_eq!(order.version, answer.version);
        assert_eq!(order.number, 1001);
        assert_eq!(
            throughline_core::order::statuses(&order).order,
            OrderStatus::Open
        );
        assert!(throughline_core::order::violations(&order).is_empty());

        let item = order.placed.lines[0].item.unwrap();
        let mut facts = Facts::default();
        shop.writer
            .load(&[Need::FreshStock(item)], &mut facts, shop.now)
            .unwrap();
        let allocated: i64 = facts.stock[&item]
            .levels
            .iter()
            .map(|level| level.allocated)
            .sum();
        assert_eq!(allocated, 3);
    });
}
