//! Many buyers, one SKU: exactly what is there is sold, and nobody is sent away while there is something left.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use throughline::execute::{Executor, NotDone};
use throughline::wiring::{clock, random};
use throughline_core::command::Actor;
use throughline_core::id::{CustomerId, OrderId, RequestId};
use throughline_core::order::place::{NewLine, NewOrder, PlaceOrder};
use throughline_core::{Command, Refusal, Request};
use throughline_store::views::stock;
use throughline_store::{Store, check_invariants};
use throughline_stories::{Subject, replay};

use crate::database::{self, Database};
use crate::engine::{Engine, Processes};

const BUYERS: usize = 64;
const UNITS: i64 = 500;

#[test]
fn sixty_four_buyers_get_exactly_what_is_there_on_sqlite() {
    buy_everything(Engine::start(
        Database::embedded(),
        Processes {
            count: 1,
            faults: None,
        },
    ));
}

#[test]
fn sixty_four_buyers_get_exactly_what_is_there_on_postgres() {
    let Some(server) = database::server() else {
        return;
    };
    buy_everything(Engine::start(
        Database::on(&server),
        Processes {
            count: 1,
            faults: None,
        },
    ));
}

#[test]
fn sixty_four_buyers_get_exactly_what_is_there_from_two_processes() {
    let Some(server) = database::server() else {
        return;
    };
    buy_everything(Engine::start(
        Database::on(&server),
        Processes {
            count: 2,
            faults: None,
        },
    ));
}

#[test]
fn sixty_four_buyers_get_exactly_what_is_there_although_connections_break() {
    let Some(server) = database::server() else {
        return;
    };
    let faults = Some((7, 25));
    buy_everything(Engine::start(
        Database::on(&server),
        Processes { count: 2, faults },
    ));
}

fn buy_everything(mut engine: Engine) {
    replay("receive 250×A@W\nreceive 250×A@W", &mut engine);
    let sold = AtomicI64::new(0);
    let sent_away = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for buyer in 0..BUYERS {
            let executor = engine.executors()[buyer % engine.executors().len()].clone();
            let (store, sold, sent_away) = (engine.store(), &sold, &sent_away);
            scope.spawn(move || {
                while buy_one(&executor) {
                    sold.fetch_add(1, Ordering::Relaxed);
                }
                assert_eq!(
                    left(store),
                    0,
                    "a buyer was sent away while units were left"
                );
                sent_away.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    assert_eq!((sold.into_inner(), sent_away.into_inner()), (UNITS, BUYERS));
    let snapshot = engine.snapshot();
    assert_eq!(
        snapshot.orders.len(),
        usize::try_from(UNITS).expect("small")
    );
    assert_eq!(throughline_stories::check::check(&snapshot), []);
    assert_eq!(
        engine
            .store()
            .read(check_invariants)
            .expect("the database can be read"),
        []
    );
}

/// Whether one unit was bought; every answer but a shortage is a failed test.
fn buy_one(executor: &Executor) -> bool {
    let now = clock::now();
    let order = NewOrder {
        channel: "till".to_owned(),
        currency: "EUR".to_owned(),
        ship_to: Some(address()),
        lines: vec![NewLine {
            sku: "A".to_owned(),
            quantity: 1,
            unit_price_minor: 100,
            ..NewLine::default()
        }],
        ..NewOrder::default()
    };
    let place = PlaceOrder {
        id: OrderId::new(now, random::bits()),
        new_customer: CustomerId::new(now, random::bits()),
        order,
        body_hash: [0; 16],
        history: None,
    };
    let request = Request {
        id: RequestId::new(now, random::bits()),
        actor: Actor::Operator,
        key: None,
        command: Command::PlaceOrder(Box::new(place)),
    };
    match executor.execute_blocking(request) {
        Ok(_) => true,
        Err(NotDone::Refused(Refusal::InsufficientStock { .. })) => false,
        Err(other) => panic!("nobody expected that: {other}"),
    }
}

pub(crate) fn address() -> throughline_core::party::Address {
    throughline_core::party::Address {
        name: "A. Recipient".to_owned(),
        line1: "1 Main Street".to_owned(),
        city: "Berlin".to_owned(),
        postal_code: "10115".to_owned(),
        country: "DE".to_owned(),
        ..Default::default()
    }
}

/// Units of the SKU that may still be claimed.
fn left(store: &Store) -> i64 {
    let filter = stock::Filter {
        sku: Some("A".to_owned()),
        locations: Vec::new(),
    };
    let page = store.read(|connection| stock::list(connection, &filter, None, 200));
    page.expect("the database can be read")
        .data
        .iter()
        .map(|row| row.level.available())
        .sum()
}
