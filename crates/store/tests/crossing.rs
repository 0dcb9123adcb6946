//! Batches that cross each other: both were decided before either was committed. Only on PostgreSQL; on SQLite a batch
//! is decided under the lock that it commits under.

use throughline_core::catalog::PutItem;
use throughline_core::command::{Command, PutMode};
use throughline_core::id::ItemId;
use throughline_core::inventory::ReceiveStock;
use throughline_core::order::amend::AmendOrder;
use throughline_core::order::note::SetPriority;
use throughline_store::{StoreError, jobs};

use crate::support::{Database, Planned, Shop, line, on_every_engine, order, server};

/// Two shops on one database of a server, if one is named.
fn two() -> Option<(Database, Shop, Shop)> {
    let database = Database::on_server(&server()?);
    let first = Shop::furnished(database.open(), 1);
    let mut second = Shop::new(database.open(), 2);
    second.now = first.now;
    Some((database, first, second))
}

fn planned(shop: &mut Shop, command: Command) -> Planned {
    let request = shop.request(command);
    let planned = shop.plan(&[request]).unwrap();
    assert!(planned.answers[0].is_ok(), "{:?}", planned.answers);
    planned
}

fn delivery(quantity: i64) -> Command {
    let (sku, location) = ("A".to_owned(), "L1".to_owned());
    Command::ReceiveStock(ReceiveStock {
        sku,
        location,
        quantity,
        reference: "delivery".to_owned(),
        lot: None,
        serials: Vec::new(),
    })
}

fn jobs(shop: &Shop) -> i64 {
    shop.store.read(jobs::count).unwrap()
}

#[test]
fn an_order_that_begins_to_wait_while_goods_come_in_is_woken() {
    let Some((_database, mut first, mut second)) = two() else {
        return;
    };
    let more_than_there_is = second.place(order("waits", vec![line("A", 160)]));
    let waits = planned(&mut second, more_than_there_is);
    first.run(delivery(10)).unwrap();
    assert_eq!(jobs(&first), 0, "nobody waits yet");
    second.commit(&waits).unwrap();
    assert_eq!(jobs(&first), 1, "nobody serves the order");
}

#[test]
fn goods_that_come_in_while_an_order_begins_to_wait_wake_it() {
    let Some((_database, mut first, mut second)) = two() else {
        return;
    };
    let comes_in = planned(&mut second, delivery(10));
    let more_than_there_is = first.place(order("waits", vec![line("A", 160)]));
    first.run(more_than_there_is).unwrap();
    assert_eq!(jobs(&first), 0, "nothing is free yet");
    second.commit(&comes_in).unwrap();
    assert_eq!(jobs(&first), 1, "nobody serves the order");
}

#[test]
fn goods_that_come_in_while_nobody_waits_leave_no_job() {
    let Some((_database, mut first, _)) = two() else {
        return;
    };
    first.run(delivery(10)).unwrap();
    let place = first.place(order("served", vec![line("A", 20)]));
    first.run(place).unwrap();
    assert_eq!(jobs(&first), 0);
}

/// The item A, of which so many may be oversold.
fn oversell(limit: i64, shop: &mut Shop) -> Command {
    Command::PutItem(PutItem {
        id: ItemId::new(shop.now, shop.bits()),
        sku: "A".to_owned(),
        title: "Item A".to_owned(),
        gtin: None,
        weight_g: None,
        dimensions: None,
        unit_cost_minor: None,
        components: Vec::new(),
        oversell_limit: limit,
        list_prices: None,
        case_quantity: None,
        selling: Default::default(),
        mode: PutMode::Change,
        tracking: Default::default(),
    })
}

#[test]
fn a_limit_below_what_was_oversold_meanwhile_is_decided_again() {
    on_every_engine(|_, database| {
        let mut first = Shop::furnished(database.open(), 1);
        let mut second = Shop::new(database.open(), 2);
        let generous = oversell(20, &mut first);
        first.run(generous).unwrap();
        let strict = oversell(0, &mut second);
        let late = planned(&mut second, strict);
        let place = first.place(order("oversold", vec![line("A", 160)]));
        first.run(place).unwrap();
        match second.commit(&late) {
            Err(StoreError::GuardFailed(failed)) => {
                assert_eq!(failed.items.len(), 1, "{failed:?}");
            }
            other => panic!("{other:?}"),
        }
        assert!(first.violations().is_empty(), "{:#?}", first.violations());
    });
}

/// A kit of so many units of A.
fn kit(units: i64, mode: PutMode, shop: &mut Shop) -> Command {
    Command::PutItem(PutItem {
        id: ItemId::new(shop.now, shop.bits()),
        sku: "K".to_owned(),
        title: "Kit".to_owned(),
        gtin: None,
        weight_g: None,
        dimensions: None,
        unit_cost_minor: None,
        components: vec![("A".to_owned(), units)],
        oversell_limit: 0,
        list_prices: None,
        case_quantity: None,
        selling: Default::default(),
        mode,
        tracking: Default::default(),
    })
}

#[test]
fn an_order_is_not_placed_on_a_kit_that_was_changed_meanwhile() {
    on_every_engine(|_, database| {
        let mut first = Shop::furnished(database.open(), 1);
        let mut second = Shop::new(database.open(), 2);
        let make = kit(1, PutMode::Create, &mut first);
        first.run(make).unwrap();
        let place = second.place(order("kit", vec![line("K", 1)]));
        let late = planned(&mut second, place);
        let change = kit(2, PutMode::Change, &mut first);
        first.run(change).unwrap();
        match second.commit(&late) {
            Err(StoreError::GuardFailed(failed)) => {
                assert_eq!(failed.items.len(), 1, "{failed:?}");
            }
            other => panic!("{other:?}"),
        }
    });
}

/// Two committers change the same two orders, one in the other's order, and in statements of different kinds. Locks that
/// are taken in one order wait for each other; taken in two they would be a deadlock, which costs a second.
#[test]
fn orders_are_locked_in_one_order() {
    let Some((_database, mut first, mut second)) = two() else {
        return;
    };
    let ids: Vec<_> = ["one", "two"]
        .map(|reference| {
            let place = first.place(order(reference, vec![line("A", 1)]));
            match first.run(place).unwrap().resource {
                throughline_core::decision::Resource::Order(id) => id,
                other => panic!("{other:?}"),
            }
        })
        .into();
    let amend = |shop: &mut Shop, order, round: i32| {
        let what = AmendOrder {
            po_number: Some(format!("PO {round}")),
            ..AmendOrder::default()
        };
        shop.request(Command::AmendOrder(Shop::on(order, Box::new(what))))
    };
    let raise = |shop: &mut Shop, order, round| {
        let what = SetPriority { priority: round };
        shop.request(Command::SetPriority(Shop::on(order, what)))
    };
    std::thread::scope(|scope| {
        for (shop, turned) in [(&mut first, false), (&mut second, true)] {
            let mut ids = ids.clone();
            if turned {
                ids.reverse();
            }
            scope.spawn(move || {
                for round in 1..60 {
                    let requests = [amend(shop, ids[0], round), raise(shop, ids[1], round)];
                    for answer in shop.run_all(&requests) {
                        answer.unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(first.deadlocks + second.deadlocks, 0);
}
