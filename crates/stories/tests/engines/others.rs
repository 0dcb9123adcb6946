//! What another process has changed: settings and items that this one still remembers as they were.

use std::sync::atomic::{AtomicBool, Ordering};

use throughline::execute::{Executor, NotDone};
use throughline::wiring::{clock, random};
use throughline_core::catalog::PutItem;
use throughline_core::command::{Actor, PutMode};
use throughline_core::id::{CustomerId, ItemId, OrderId, RequestId};
use throughline_core::network::PutChannel;
use throughline_core::order::place::{NewLine, NewOrder, PlaceOrder};
use throughline_core::{Command, Request};
use throughline_stories::{Subject, replay};

use crate::contention::{address, buy_one};
use crate::database::{self, Database};
use crate::engine::{Engine, Processes};

/// Two processes on one database of a server, if one is named.
fn two() -> Option<Engine> {
    let server = database::server()?;
    let processes = Processes {
        count: 2,
        faults: None,
    };
    Some(Engine::start(Database::on(&server), processes))
}

fn execute(executor: &Executor, command: Command) -> Result<throughline::execute::Done, NotDone> {
    executor.execute_blocking(Request {
        id: RequestId::new(clock::now(), random::bits()),
        actor: Actor::Operator,
        key: None,
        command,
    })
}

fn place(channel: &str, sku: &str) -> Command {
    let now = clock::now();
    Command::PlaceOrder(Box::new(PlaceOrder {
        id: OrderId::new(now, random::bits()),
        new_customer: CustomerId::new(now, random::bits()),
        order: NewOrder {
            channel: channel.to_owned(),
            currency: "EUR".to_owned(),
            ship_to: Some(address()),
            lines: vec![NewLine {
                sku: sku.to_owned(),
                quantity: 1,
                unit_price_minor: 100,
                ..NewLine::default()
            }],
            ..NewOrder::default()
        },
        body_hash: [0; 16],
        history: None,
        plans: None,
    }))
}

fn kit(units: i64, mode: PutMode) -> Command {
    Command::PutItem(PutItem {
        id: ItemId::new(clock::now(), random::bits()),
        sku: "BOX".to_owned(),
        title: "Box".to_owned(),
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
fn a_refusal_is_proven_on_the_settings_that_are_in_force() {
    let Some(mut engine) = two() else { return };
    replay("receive 9×A@W", &mut engine);
    let [first, second] = [0, 1].map(|node| engine.executors()[node].clone());
    let known = engine.snapshot().network.channels[0].as_ref().clone();
    assert!(matches!(
        execute(&second, place("new", "A")),
        Err(NotDone::Refused(_))
    ));
    let channel = throughline_core::network::Channel {
        code: "new".to_owned(),
        ..known
    };
    let mode = PutMode::Create;
    execute(&first, Command::PutChannel(PutChannel { channel, mode })).expect("a new channel");
    // The lanes of a process are chosen by chance: each of its committers is asked.
    for _ in 0..8 {
        execute(&second, place("new", "A")).expect("the channel is there");
    }
}

#[test]
fn a_kit_is_sold_as_it_is_however_long_ago_it_was_looked_at() {
    let Some(mut engine) = two() else { return };
    replay("receive 99×A@W", &mut engine);
    let [first, second] = [0, 1].map(|node| engine.executors()[node].clone());
    execute(&first, kit(1, PutMode::Create)).expect("a new kit");
    for units in 2..5 {
        for _ in 0..6 {
            execute(&second, place("till", "BOX")).expect("a kit that is in stock");
        }
        execute(&first, kit(units, PutMode::Change)).expect("another kit");
        for _ in 0..6 {
            let done = execute(&second, place("till", "BOX")).expect("a kit that is in stock");
            let order = done.order.expect("the answer is an order");
            let parts: Vec<i64> = order.placed.lines[1..]
                .iter()
                .map(|line| line.quantity)
                .collect();
            assert_eq!(parts, [units]);
        }
    }
}

/// While a crowd orders, batches are decided ahead, beside the one that is being committed: what another process has
/// changed before must not be missed there.
#[test]
fn a_kit_is_sold_as_it_is_in_the_middle_of_a_crowd_on_sqlite() {
    let processes = Processes {
        count: 2,
        faults: None,
    };
    let mut engine = Engine::start(Database::embedded(), processes);
    replay(&"receive 250×A@W\n".repeat(40), &mut engine);
    let [first, second] = [0, 1].map(|node| engine.executors()[node].clone());
    execute(&first, kit(1, PutMode::Create)).expect("a new kit");
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    assert!(buy_one(&second), "there is enough for everybody");
                }
            });
        }
        let sold: Vec<(i64, Vec<i64>)> = (2..14)
            .map(|units| {
                execute(&first, kit(units, PutMode::Change)).expect("another kit");
                let sold = (0..4).map(|_| {
                    let done = execute(&second, place("till", "BOX")).expect("a kit in stock");
                    done.order.expect("an order").placed.lines[1].quantity
                });
                (units, sold.collect())
            })
            .collect();
        // Also before a failed test ends.
        is_over.store(true, Ordering::Relaxed);
        for (units, sold) in sold {
            assert_eq!(sold, [units; 4]);
        }
    });
    assert_eq!(throughline_stories::check::check(&engine.snapshot()), []);
}
