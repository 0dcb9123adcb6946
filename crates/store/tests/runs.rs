//! Runs over many orders on both engines: the checks find rows that do not agree with what they speak of, and runs that ended
//! long ago go.

use serde_json::Value;
use throughline_core::carrier::ClosureId;
use throughline_core::command::Actor;
use throughline_core::decision::Resource;
use throughline_core::id::{BulkId, OrderId, SourcingRunId};
use throughline_core::network::LocationId;
use throughline_core::order::bulk::{Bulk, BulkAction, BulkFilter};
use throughline_core::order::queue::{QueueOutcome, QueueResult, QueueRun};
use throughline_core::order::replay::{OrderReplay, Placing, Replay, SideOfOrder};
use throughline_core::time::Millis;
use throughline_store::bulk::{self, BulkRun, Left};
use throughline_store::closures::{self, Became, ClosureRun, Touched};
use throughline_store::sourcing_runs::{self, OrderResult, Run};
use throughline_store::{RUNS_KEPT_MS, Store};

use crate::support::{Database, Shop, line, on_every_engine, order};

fn id(number: u128) -> SourcingRunId {
    SourcingRunId::new(Millis(1), number << 40)
}

/// An order that is sourced, with its number.
fn placed(shop: &mut Shop) -> (OrderId, u64) {
    let place = shop.place(order("one", vec![line("A", 2)]));
    let answer = shop.run(place).unwrap();
    let Resource::Order(id) = answer.resource else {
        panic!("an order")
    };
    let stored = shop
        .store
        .read(|connection| throughline_store::views::orders::get(connection, id));
    (id, stored.unwrap().unwrap().order.number)
}

fn queue_run(store: &Store, (order, number): (OrderId, u64), now: Millis) {
    store
        .insert_sourcing_run(id(1), Actor::System, &QueueRun::default(), now)
        .unwrap();
    let run = store.read(|c| sourcing_runs::get::<QueueRun>(c, id(1)));
    let mut run: Run<QueueRun> = run.unwrap().unwrap();
    assert!(store.lease_sourcing_run(&mut run, now).unwrap());
    let result = QueueResult {
        outcome: QueueOutcome::Alone,
        wanted: 2,
        served: 2,
        plan: None,
        reason: None,
    };
    run.report.add(&result);
    run.is_running = false;
    run.updated_at = now;
    let one = OrderResult {
        position: 1,
        order,
        number,
        result,
    };
    assert!(store.advance_sourcing_run(&run, &[one]).unwrap());
}

fn replay(store: &Store, (order, number): (OrderId, u64), now: Millis) {
    let asked: Replay = serde_json::from_value(serde_json::json!({"from": 0, "until": 1})).unwrap();
    store
        .insert_sourcing_run(id(2), Actor::System, &asked, now)
        .unwrap();
    let run = store.read(|c| sourcing_runs::get::<Replay>(c, id(2)));
    let mut run: Run<Replay> = run.unwrap().unwrap();
    assert!(store.lease_sourcing_run(&mut run, now).unwrap());
    let stored = store
        .read(|c| throughline_store::views::orders::get(c, order))
        .unwrap()
        .unwrap();
    let placings = |location: LocationId| {
        let load = throughline_core::network::Load {
            orders: 1,
            lines: 1,
            units: 2,
        };
        vec![Placing { location, load }]
    };
    let at = stored.order.progress.fulfilments[0].location.unwrap();
    let result = OrderReplay {
        wanted: 2,
        was: SideOfOrder {
            placings: placings(at),
            ..SideOfOrder::default()
        },
        replayed: SideOfOrder {
            placings: placings(LocationId(at.0 + 1)),
            ..SideOfOrder::default()
        },
        currency: None,
    };
    run.report.add(&result);
    run.is_running = false;
    run.updated_at = now;
    let one = OrderResult {
        position: 1,
        order,
        number,
        result,
    };
    assert!(store.advance_sourcing_run(&run, &[one]).unwrap());
}

fn closure_run(store: &Store, (order, number): (OrderId, u64), now: Millis) {
    store.begin_closure_run(ClosureId(0), 7, now).unwrap();
    let run = store.read(|c| closures::latest(c, ClosureId(0)));
    let mut run = run.unwrap().unwrap();
    run.progress.touched = 1;
    run.progress.later = 1;
    run.progress.later_days = 3;
    run.is_running = false;
    let touched = Touched {
        order,
        number,
        fulfilment: order.child(9),
        became: Became::Later,
        why: None,
        service: (None, None),
        keeps_on: (None, None),
        later_days: 3,
        extra_minor: None,
    };
    assert!(store.advance_closure_run(&run, &[(1, touched)]).unwrap());
}

fn bulk_run(store: &Store, (order, number): (OrderId, u64), now: Millis) {
    let id = BulkId::new(now, 5 << 40);
    let bulk = Bulk {
        filter: BulkFilter::default(),
        action: BulkAction::Cancel,
        reason: "storm".to_owned(),
    };
    store
        .insert_bulk_run(id, Actor::System, &bulk, now)
        .unwrap();
    let run = store.read(|c| bulk::get(c, id));
    let mut run: BulkRun = run.unwrap().unwrap();
    (run.is_running, run.not_done, run.updated_at) = (false, 1, now);
    let left = Left {
        position: 1,
        order,
        number,
        reason: "shipped".to_owned(),
    };
    assert!(store.advance_bulk_run(&run, &[left]).unwrap());
}

/// A shop with a run of each kind that is over.
fn shop(database: &Database) -> Shop {
    let mut shop = Shop::furnished(database.open(), 1);
    let one = placed(&mut shop);
    let (store, now) = (shop.store.clone(), shop.now);
    queue_run(&store, one, now);
    replay(&store, one, now);
    closure_run(&store, one, now);
    bulk_run(&store, one, now);
    assert!(shop.violations().is_empty(), "{:#?}", shop.violations());
    shop
}

#[test]
fn rows_of_runs_that_do_not_agree_with_what_they_speak_of_are_found() {
    let damages = [
        "DELETE FROM sourcing_run_order WHERE run_id = (SELECT run_id FROM sourcing_run WHERE kind = 'queue')",
        "DELETE FROM sourcing_run_order WHERE run_id = (SELECT run_id FROM sourcing_run WHERE kind = 'replay')",
        "UPDATE sourcing_run_order SET position = 2",
        "UPDATE sourcing_run_order SET number = number + 1",
        "UPDATE sourcing_run_order SET body = replace(body, '\"served\":2', '\"served\":1')",
        "UPDATE sourcing_run_order SET body = replace(body, '\"units\":2', '\"units\":1')",
        "UPDATE sourcing_run SET report = replace(report, '\"done\":1', '\"done\":2') WHERE kind = 'queue'",
        "UPDATE sourcing_run SET report = replace(report, '\"other\":1', '\"other\":0')",
        "DELETE FROM closure_touched",
        "UPDATE closure_touched SET body = replace(body, '\"later_days\":3', '\"later_days\":2')",
        "UPDATE closure_touched SET body = replace(body, '\"became\":\"later\"', '\"became\":\"unchanged\"')",
        "UPDATE closure_run SET body = replace(body, '\"touched\":1', '\"touched\":2')",
        "DELETE FROM bulk_left",
        "UPDATE bulk_left SET number = number + 7",
        "UPDATE bulk_run SET not_done = 0",
    ];
    on_every_engine(|engine, database| {
        drop(shop(database));
        for damage in damages {
            let copy = database.copy();
            copy.execute(damage);
            let found = Shop::new(copy.open(), 2).violations();
            let is_found =
                |text: &String| text.starts_with("I6") && !text.contains("journal folds");
            assert!(
                found.iter().any(is_found),
                "{engine:?}: {damage}: {found:#?}"
            );
        }
    });
}

#[test]
fn runs_that_ended_long_ago_go_with_their_rows_and_others_stay() {
    on_every_engine(|engine, database| {
        let shop = shop(database);
        let store = &shop.store;
        let kept = || {
            let bulk_id = BulkId::new(shop.now, 5 << 40);
            let closure = store.read(|c| closures::latest(c, ClosureId(0))).unwrap();
            let run = closure.clone().unwrap_or(ClosureRun {
                closure: ClosureId(0),
                network: 7,
                version: 0,
                is_running: false,
                progress: Default::default(),
            });
            let results = |number| {
                let page = store.read(|c| sourcing_runs::results::<Value>(c, id(number), None, 9));
                page.unwrap().data.len()
            };
            [
                usize::from(
                    store
                        .read(|c| sourcing_runs::get::<QueueRun>(c, id(1)))
                        .unwrap()
                        .is_some(),
                ),
                usize::from(
                    store
                        .read(|c| sourcing_runs::get::<Replay>(c, id(2)))
                        .unwrap()
                        .is_some(),
                ),
                results(1),
                results(2),
                usize::from(closure.is_some()),
                store
                    .read(|c| closures::touched(c, &run, 0, 9))
                    .unwrap()
                    .len(),
                usize::from(store.read(|c| bulk::get(c, bulk_id)).unwrap().is_some()),
                store.read(|c| bulk::left(c, bulk_id, 0, 9)).unwrap().len(),
            ]
        };
        assert_eq!(kept(), [1; 8], "{engine:?}");
        let mut pruner = store.pruner().unwrap();
        let mut step = |age: i64| pruner.step(shop.now.plus_ms(age)).unwrap();
        while step(RUNS_KEPT_MS) > 0 {}
        assert_eq!(kept(), [1; 8], "{engine:?}: they are kept for so long");
        // What is marked, and half gone, is nobody's mistake.
        for _ in 0..2 {
            assert!(step(RUNS_KEPT_MS + 1) > 0);
            assert!(shop.violations().is_empty(), "{:#?}", shop.violations());
        }
        while step(RUNS_KEPT_MS + 1) > 0 {}
        assert_eq!(kept(), [0; 8], "{engine:?}");
        assert!(shop.violations().is_empty(), "{:#?}", shop.violations());
    });
}
