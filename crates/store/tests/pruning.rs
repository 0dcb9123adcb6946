//! Pruning: what nobody needs any more goes, what is the identity of something stays, and who was away for too long is told.

use throughline_core::command::{Actor, IdempotencyKey};
use throughline_core::decision::Resource;
use throughline_core::id::KeyId;
use throughline_core::{Answer, Command, Request};
use throughline_store::feed::{self, Cursor};
use throughline_store::{KEPT_MS, Options, Store, StoreError, views};

use crate::support::{Database, Shop, line, on_every_engine, order};

/// With few buckets, which are soon looked at.
fn open(database: &Database) -> Store {
    let options = Options {
        partitions: Some(4),
        ..database.options()
    };
    Store::open(&database.url, options).unwrap()
}

fn keyed(shop: &mut Shop, actor: Actor, reference: &str) -> Request {
    let place = shop.place(order(reference, vec![line("A", 1)]));
    Request {
        key: Some(IdempotencyKey {
            operation: "POST /v1/orders".to_owned(),
            key: reference.to_owned(),
            body_hash: [1; 16],
        }),
        actor,
        ..shop.request(place)
    }
}

fn run(shop: &mut Shop, request: &Request) -> Answer {
    *shop.run_all(std::slice::from_ref(request))[0]
        .as_ref()
        .unwrap()
}

/// Prunes until nothing is left to prune, a number of steps that sees every bucket.
fn prune(shop: &Shop) -> usize {
    let mut pruner = shop.store.pruner().unwrap();
    let later = shop.now.plus_ms(KEPT_MS + 1);
    let steps = 0..2 * usize::from(shop.store.partitions());
    steps.map(|_| pruner.step(later).unwrap()).sum()
}

/// Whether the request, asked for again, is answered as it was.
fn is_known(shop: &mut Shop, request: &Request, answer: Answer) -> bool {
    let later = shop.request(request.command.clone());
    let again = Request {
        id: later.id,
        ..request.clone()
    };
    match shop.run_all(&[again]).remove(0) {
        Ok(known) => known.resource == answer.resource,
        Err(_) => false,
    }
}

#[test]
fn keys_of_callers_go_and_what_identifies_something_stays() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(open(database), 1);
        let caller = Actor::Key(KeyId::new(shop.now, 5));
        let called = keyed(&mut shop, caller, "called");
        let imported = keyed(&mut shop, Actor::Operator, "imported");
        let first = run(&mut shop, &called);
        let second = run(&mut shop, &imported);
        assert!(prune(&shop) > 0, "nothing was pruned");
        assert!(shop.violations().is_empty(), "{:#?}", shop.violations());
        assert!(is_known(&mut shop, &imported, second), "imported twice");
        // The reference still leads to the order, and no second one is made.
        let Command::PlaceOrder(place) = called.command else {
            panic!("no order")
        };
        let again = shop.run(Command::PlaceOrder(place)).unwrap();
        assert_eq!(again.resource, first.resource);
        let number = views::orders::Filter {
            number: Some(shop_number(&mut shop, first)),
            ..Default::default()
        };
        let found = shop
            .store
            .read(|c| views::orders::list(c, &number, Default::default(), None, 10));
        assert_eq!(found.unwrap().data.len(), 1);
    });
}

fn shop_number(shop: &mut Shop, answer: Answer) -> u64 {
    match answer.resource {
        Resource::Order(id) => shop.order(id).number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn young_keys_stay() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(open(database), 1);
        let caller = Actor::Key(KeyId::new(shop.now, 5));
        let called = keyed(&mut shop, caller, "called");
        let answer = run(&mut shop, &called);
        let mut pruner = shop.store.pruner().unwrap();
        let soon = shop.now.plus_ms(30 * 86_400_000);
        for _ in 0..2 * usize::from(shop.store.partitions()) {
            assert_eq!(pruner.step(soon).unwrap(), 0);
        }
        assert!(is_known(&mut shop, &called, answer));
    });
}

#[test]
fn a_reader_of_the_feed_that_was_away_for_too_long_is_told() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(open(database), 1);
        let start = shop.store.read(feed::now).unwrap();
        for reference in ["one", "two", "three"] {
            let place = shop.place(order(reference, vec![line("A", 1)]));
            shop.run(place).unwrap();
        }
        let end = shop.store.read(feed::now).unwrap();
        let check = |shop: &Shop, cursor: &Cursor| {
            shop.store
                .read(|connection| feed::check_kept(connection, cursor))
        };
        // What is not projected yet is not let go.
        prune(&shop);
        check(&shop, &start).unwrap();
        shop.writer.flush_projections().unwrap();
        check(&shop, &start).unwrap();
        prune(&shop);
        let gone = check(&shop, &start);
        assert!(matches!(gone, Err(StoreError::CursorTooOld)), "{gone:?}");
        check(&shop, &end).unwrap();
        check(&shop, &Cursor::default()).unwrap();
        let place = shop.place(order("four", vec![line("A", 1)]));
        shop.run(place).unwrap();
        for cursor in [&end, &Cursor::default()] {
            let (next, _) = shop
                .store
                .read(|connection| feed::read_after(connection, cursor, 10))
                .unwrap();
            assert!(!next.is_empty());
            let of_one = |entry: &feed::FeedEntry| match (&entry.what, &next[0].what) {
                (feed::Happened::Order(order, _), feed::Happened::Order(first, _)) => {
                    order == first
                }
                _ => false,
            };
            assert!(next.iter().all(of_one));
        }
    });
}
