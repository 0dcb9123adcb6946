//! Runs over many orders on both engines: found, leased by one process at a time, told in pages, and begun once by a schedule.

use throughline_core::command::{Actor, Command};
use throughline_core::decision::Resource;
use throughline_core::id::{OrderId, SourcingRunId};
use throughline_core::network::{ChannelId, SourcingSchedule, Times};
use throughline_core::order::cancel::CancelOrder;
use throughline_core::order::queue::{QueueOutcome, QueueResult, QueueRun};
use throughline_core::time::Millis;
use throughline_store::Store;
use throughline_store::sourcing_runs::{self, Due, LEASE_MS, OrderResult, Run};

use crate::support::{Shop, line, on_every_engine, order};

const NOW: Millis = Millis(1_767_600_000_000);

fn id(number: u128) -> SourcingRunId {
    SourcingRunId::new(NOW, number << 40)
}

fn begin(store: &Store, number: u128) -> Run<QueueRun> {
    let run = QueueRun::default();
    store
        .insert_sourcing_run(
            id(number),
            Actor::System,
            &run,
            NOW.plus_ms(i64::try_from(number).unwrap()),
        )
        .unwrap();
    get(store, number)
}

fn get(store: &Store, number: u128) -> Run<QueueRun> {
    let run = store.read(|connection| sourcing_runs::get(connection, id(number)));
    run.unwrap().unwrap()
}

fn free(store: &Store, now: Millis) -> Vec<SourcingRunId> {
    let runs = store.read(|connection| sourcing_runs::free::<QueueRun>(connection, now, 9));
    runs.unwrap().iter().map(|run| run.id).collect()
}

fn result(position: i64) -> OrderResult<QueueResult> {
    OrderResult {
        position,
        order: OrderId::new(NOW, u128::from(position.unsigned_abs()) << 40),
        number: position.unsigned_abs(),
        result: QueueResult {
            outcome: QueueOutcome::Alone,
            wanted: 2,
            served: 1,
            plan: None,
            reason: None,
        },
    }
}

#[test]
fn a_run_is_made_by_one_process_at_a_time_and_taken_over_when_that_dies() {
    on_every_engine(|_, database| {
        let store = database.open();
        let mut run = begin(&store, 1);
        let mut same = run.clone();
        assert_eq!(begin(&store, 1), run, "storing it again changes nothing");
        assert!(store.lease_sourcing_run(&mut run, NOW).unwrap());
        assert!(!store.lease_sourcing_run(&mut same, NOW).unwrap());
        assert_eq!(free(&store, NOW), []);
        let later = NOW.plus_ms(LEASE_MS);
        assert_eq!(free(&store, later), [id(1)]);
        let mut taken_over = get(&store, 1);
        assert!(store.lease_sourcing_run(&mut taken_over, later).unwrap());
        run.report.done = 1;
        assert!(!store.advance_sourcing_run(&run, &[result(1)]).unwrap());
        taken_over.report.done = 2;
        let results = [result(1), result(2)];
        assert!(store.advance_sourcing_run(&taken_over, &results).unwrap());
        assert_eq!(get(&store, 1).report.done, 2);
        let page = |after: Option<String>| {
            let read = |connection: &mut throughline_store::Connection| {
                sourcing_runs::results::<QueueResult>(connection, id(1), after.as_deref(), 1)
            };
            store.read(read).unwrap()
        };
        let first = page(None);
        assert_eq!((first.data, first.has_more), (vec![result(1)], true));
        let second = page(first.next_cursor);
        assert_eq!((second.data, second.has_more), (vec![result(2)], false));
        let done = store.read(|connection| sourcing_runs::done(connection, id(1), 9));
        assert_eq!(done.unwrap(), [result(1).order, result(2).order]);
    });
}

#[test]
fn runs_are_listed_latest_first_and_those_that_are_done_are_not_free() {
    on_every_engine(|_, database| {
        let store = database.open();
        (1..=3).for_each(|number| drop(begin(&store, number)));
        let mut run = get(&store, 2);
        assert!(store.lease_sourcing_run(&mut run, NOW).unwrap());
        run.is_running = false;
        let none: [OrderResult<QueueResult>; 0] = [];
        assert!(store.advance_sourcing_run(&run, &none).unwrap());
        assert!(!store.lease_sourcing_run(&mut get(&store, 2), NOW).unwrap());
        assert_eq!(free(&store, NOW), [id(1), id(3)]);
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = store.read(|connection| {
                sourcing_runs::list::<QueueRun>(connection, after.as_deref(), 2)
            });
            let page = page.unwrap();
            seen.extend(page.data.iter().map(|run| run.id));
            after = page.next_cursor;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [id(3), id(2), id(1)]);
    });
}

#[test]
fn a_schedule_begins_a_run_once_whoever_looks() {
    on_every_engine(|_, database| {
        let store = database.open();
        let due = |version, minutes: i64| Due {
            channel: ChannelId(0),
            version,
            schedule: SourcingSchedule {
                time_zone: "UTC".to_owned(),
                times: Times::EveryMinutes(60),
            },
            next_at: NOW.plus_ms(minutes * 60_000),
        };
        let run = QueueRun::scheduled(ChannelId(0));
        let put = |due: &Due, number: Option<u128>| {
            let run = number.map(|number| (id(number), Actor::System, &run));
            store.put_sourcing_due(due, run, NOW).unwrap()
        };
        assert!(put(&due(0, 60), None));
        assert!(!put(&due(0, 60), None), "another process was first");
        assert!(put(&due(1, 120), Some(1)));
        assert!(!put(&due(1, 120), Some(2)), "another process was first");
        assert_eq!(free(&store, NOW), [id(1)]);
        let dues = store.read(|connection| sourcing_runs::dues(connection, 9));
        assert_eq!(dues.unwrap(), [due(2, 120)]);
        assert_eq!(get(&store, 1).asked.scheduled, Some(ChannelId(0)));
    });
}

#[test]
fn orders_that_wait_are_found_and_no_others() {
    on_every_engine(|_, database| {
        let store = database.open();
        let mut shop = Shop::furnished(store, 7);
        let mut place = |reference: &str, quantity| {
            let command = shop.place(order(reference, vec![line("A", quantity)]));
            let Resource::Order(id) = shop.run(command).unwrap().resource else {
                panic!("an order is placed");
            };
            id
        };
        place("R-1", 1);
        let (waits, partly) = (place("R-2", 1_000), place("R-3", 1_000));
        let mut waiting = vec![waits, partly];
        waiting.sort_unstable();
        let unserved = |limit: usize| {
            let mut found = shop
                .store
                .read(|connection| sourcing_runs::unserved(connection, limit))
                .unwrap();
            found.sort_unstable();
            found
        };
        assert_eq!(unserved(9), waiting);
        assert_eq!(unserved(1).len(), 1);
        let cancel = CancelOrder {
            reason: "too late".to_owned(),
            lines: None,
        };
        let cancel = Command::CancelOrder(Shop::on(waits, cancel));
        shop.run(cancel).unwrap();
        let found = shop
            .store
            .read(|connection| sourcing_runs::unserved(connection, 9));
        assert_eq!(found.unwrap(), [partly]);
        assert_eq!(shop.violations(), [""; 0]);
    });
}
