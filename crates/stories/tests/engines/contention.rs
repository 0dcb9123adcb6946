//! Many buyers, one SKU: exactly what is there is sold, and nobody is sent away while there is something left.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use jiff::ToSpan;
use jiff::civil::Date;
use throughline::execute::{Executor, NotDone};
use throughline::wiring::{clock, random};
use throughline_core::catalog::{DaySlot, Item, Maker, PutItem, Selling, Team, Tracking};
use throughline_core::command::{Actor, IdempotencyKey, OnOrder, PutMode};
use throughline_core::decision::Resource;
use throughline_core::id::{CustomerId, ItemId, OrderId, RequestId};
use throughline_core::inventory::ReceiveStock;
use throughline_core::network::{Capacity, CapacityUnit, HORIZON_DAYS, LocationId};
use throughline_core::order::Method;
use throughline_core::order::place::{NewLine, NewOrder, PlaceOrder};
use throughline_core::visit::{BookVisit, Wanted};
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

/// Batches are decided on others that fail, and die with them.
#[test]
fn sixty_four_buyers_get_exactly_what_is_there_on_sqlite_that_fails() {
    // A batch of all buyers asks for the stock again for each of them: more faults than these, and no try would succeed.
    for seed in 0..6 {
        let faults = Some((seed, 150));
        buy_everything(Engine::start(
            Database::embedded(),
            Processes { count: 1, faults },
        ));
    }
}

/// Batches are overtaken by those of the other one.
#[test]
fn sixty_four_buyers_get_exactly_what_is_there_from_two_processes_on_sqlite() {
    for faults in [None, Some((11, 100))] {
        buy_everything(Engine::start(
            Database::embedded(),
            Processes { count: 2, faults },
        ));
    }
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

/// The one that is decided later looks for its key before the other one's commit, and at the stock after it.
#[test]
fn twins_at_two_processes_get_the_same_answer_although_the_last_unit_is_gone() {
    let Some(server) = database::server() else {
        return;
    };
    let two = Processes {
        count: 2,
        faults: None,
    };
    let mut engine = Engine::start(Database::on(&server), two);
    replay("receive 1×B@W", &mut engine);
    for round in 0..60 {
        let received = engine.executors()[round % 2].execute_blocking(receipt_of_one());
        received.expect("goods come in");
        let answers: Vec<OrderId> = std::thread::scope(|scope| {
            let twins: Vec<_> = (0..2)
                .map(|twin| {
                    let executor = engine.executors()[twin].clone();
                    scope.spawn(move || {
                        let mut request = order_of_one();
                        request.key = Some(IdempotencyKey {
                            operation: "place".to_owned(),
                            key: format!("twins-{round}"),
                            body_hash: [1; 16],
                        });
                        match executor.execute_blocking(request) {
                            Ok(done) => match done.answer.resource {
                                Resource::Order(order) => order,
                                other => panic!("an answer about {other:?}"),
                            },
                            Err(refused) => panic!("round {round}, twin {twin}: {refused}"),
                        }
                    })
                })
                .collect();
            let answer =
                |twin: std::thread::ScopedJoinHandle<'_, OrderId>| twin.join().expect("an answer");
            twins.into_iter().map(answer).collect()
        });
        assert_eq!(answers[0], answers[1], "round {round}");
    }
    assert_eq!(throughline_stories::check::check(&engine.snapshot()), []);
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

#[test]
fn no_maker_is_overbooked_on_sqlite() {
    book_everything(Engine::start(
        Database::embedded(),
        Processes {
            count: 2,
            faults: Some((5, 60)),
        },
    ));
}

#[test]
fn no_maker_is_overbooked_by_two_processes() {
    let Some(server) = database::server() else {
        return;
    };
    for faults in [None, Some((3, 25))] {
        let two = Processes { count: 2, faults };
        book_everything(Engine::start(Database::on(&server), two));
    }
}

#[test]
fn no_slot_is_overbooked_on_sqlite() {
    visit_everybody(Engine::start(
        Database::embedded(),
        Processes {
            count: 2,
            faults: Some((9, 60)),
        },
    ));
}

#[test]
fn no_slot_is_overbooked_by_two_processes() {
    let Some(server) = database::server() else {
        return;
    };
    for faults in [None, Some((4, 25))] {
        let two = Processes { count: 2, faults };
        visit_everybody(Engine::start(Database::on(&server), two));
    }
}

/// Visits that a team makes in a slot, and customers who each want as many as they get.
const VISITS: i64 = 3;
const CUSTOMERS: usize = 8;

/// Everybody wants a visit on the same few days, until all of their slots are full.
fn visit_everybody(mut engine: Engine) {
    replay("receive 1×A@W", &mut engine);
    let slot = |name: &str, from_minute| DaySlot {
        name: name.to_owned(),
        from_minute,
        until_minute: from_minute + 60,
        visits: VISITS,
    };
    let team = Team {
        location: LocationId(0),
        slots: vec![slot("late", 22 * 60), slot("later", 23 * 60)],
    };
    let selling = Selling {
        visits: vec![team],
        ..Selling::default()
    };
    let executor = engine.executors()[0].clone();
    let put = put_service(selling);
    executor.execute_blocking(put).expect("the service is new");
    let booked = AtomicI64::new(0);
    std::thread::scope(|scope| {
        for customer in 0..CUSTOMERS {
            let executor = engine.executors()[customer % engine.executors().len()].clone();
            let booked = &booked;
            scope.spawn(move || {
                // The days are far enough from now that none of them is over soon.
                let days = (20..23).map(|day: i64| clock::now().utc_date() + day.days());
                for date in days {
                    while book_one(&executor, date) {
                        booked.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let snapshot = engine.snapshot();
    let units: Vec<i64> = snapshot.bookings.values().copied().collect();
    assert!(units.len() >= 6, "{units:?}");
    assert!(units.iter().all(|units| *units == VISITS), "{units:?}");
    assert_eq!(booked.into_inner(), units.iter().sum::<i64>());
    assert_eq!(throughline_stories::check::check(&snapshot), []);
    let sound = engine.store().read(check_invariants);
    assert_eq!(sound.expect("the database can be read"), []);
}

fn put_service(selling: Selling) -> Request {
    let now = clock::now();
    request(Command::PutItem(PutItem {
        list_prices: None,
        case_quantity: None,
        id: ItemId::new(now, random::bits()),
        sku: "FIT".to_owned(),
        title: "fitting".to_owned(),
        gtin: None,
        weight_g: None,
        dimensions: None,
        unit_cost_minor: None,
        components: Vec::new(),
        oversell_limit: 0,
        selling,
        tracking: Tracking::default(),
        mode: PutMode::Create,
    }))
}

/// Places an order of a service and books its visit on a day; whether there was room.
fn book_one(executor: &Executor, date: Date) -> bool {
    let mut place = order_of_one();
    if let Command::PlaceOrder(place) = &mut place.command {
        place.order.lines[0].sku = "FIT".to_owned();
        place.order.lines[0].method = Method::Service;
    }
    let placed = executor.execute_blocking(place).expect("it is placed");
    let Resource::Order(order) = placed.answer.resource else {
        panic!("an answer about {:?}", placed.answer.resource);
    };
    let order_placed = placed.order.expect("the order is answered");
    let book = Command::BookVisit(OnOrder {
        order,
        expected_version: None,
        what: BookVisit {
            line: order_placed.placed.lines[0].no,
            after: None,
            wanted: Wanted {
                date: Some(date),
                ..Wanted::default()
            },
        },
    });
    match executor.execute_blocking(request(book)) {
        Ok(_) => true,
        Err(NotDone::Refused(Refusal::IllegalTransition { .. })) => false,
        Err(other) => panic!("nobody expected that: {other}"),
    }
}

fn request(command: Command) -> Request {
    Request {
        id: RequestId::new(clock::now(), random::bits()),
        actor: Actor::Operator,
        key: None,
        command,
    }
}

/// Units that a maker finishes in a day.
const MADE_A_DAY: i64 = 4;

/// Whoever comes too late for the units that are there gets made ones, until all days are full.
fn book_everything(mut engine: Engine) {
    replay("receive 10×A@W", &mut engine);
    let executor = engine.executors()[0].clone();
    let made = executor.execute_blocking(made_to_order(engine.snapshot().item("A").expect("A")));
    made.expect("the item is changed");
    let sold = AtomicI64::new(0);
    std::thread::scope(|scope| {
        for buyer in 0..BUYERS / 4 {
            let executor = engine.executors()[buyer % engine.executors().len()].clone();
            let sold = &sold;
            scope.spawn(move || {
                while buy_one(&executor) {
                    sold.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let snapshot = engine.snapshot();
    let booked: Vec<i64> = snapshot.bookings.values().copied().collect();
    // Nobody was sent away while a day had room; at midnight there is one more.
    assert!(booked.len() >= HORIZON_DAYS, "{} days", booked.len());
    assert!(
        booked.iter().all(|units| *units == MADE_A_DAY),
        "{booked:?}"
    );
    let made: i64 = booked.iter().sum();
    assert_eq!(sold.into_inner(), 10 + made);
    assert_eq!(throughline_stories::check::check(&snapshot), []);
    let sound = engine.store().read(check_invariants);
    assert_eq!(sound.expect("the database can be read"), []);
}

fn made_to_order(item: &Item) -> Request {
    let maker = Maker {
        location: LocationId(0),
        lead_days: 3,
        capacity: Capacity {
            unit: CapacityUnit::Units,
            per_day: MADE_A_DAY,
            days: Vec::new(),
        },
    };
    let put = PutItem {
        list_prices: None,
        case_quantity: None,
        selling: Selling {
            makers: vec![maker],
            ..item.selling.clone()
        },
        id: item.id,
        sku: item.sku.clone(),
        title: item.title.clone(),
        gtin: None,
        weight_g: item.weight_g,
        dimensions: None,
        unit_cost_minor: None,
        components: Vec::new(),
        oversell_limit: item.oversell_limit,
        tracking: item.tracking,
        mode: PutMode::Change,
    };
    request(Command::PutItem(put))
}

/// Whether one unit was bought; every answer but a shortage is a failed test.
pub(crate) fn buy_one(executor: &Executor) -> bool {
    match executor.execute_blocking(order_of_one()) {
        Ok(_) => true,
        Err(NotDone::Refused(Refusal::InsufficientStock { .. })) => false,
        Err(other) => panic!("nobody expected that: {other}"),
    }
}

fn receipt_of_one() -> Request {
    Request {
        id: RequestId::new(clock::now(), random::bits()),
        actor: Actor::Operator,
        key: None,
        command: Command::ReceiveStock(ReceiveStock {
            sku: "A".to_owned(),
            location: "W".to_owned(),
            quantity: 1,
            reference: "one more".to_owned(),
            lot: None,
            serials: Vec::new(),
        }),
    }
}

fn order_of_one() -> Request {
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
        plans: None,
    };
    Request {
        id: RequestId::new(now, random::bits()),
        actor: Actor::Operator,
        key: None,
        command: Command::PlaceOrder(Box::new(place)),
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
