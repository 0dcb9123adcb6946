//! Jobs: committed with what asked for them, run by whoever leases their bucket, at least once.

use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::order::cancel::CancelOrder;
use throughline_store::jobs::{self, JobKind};

use crate::support::{Shop, line, on_every_engine, order};

/// One order has everything, another waits; cancelling the first asks for the second to be served.
fn shop_with_a_job(database: &crate::support::Database) -> Shop {
    let mut shop = Shop::furnished(database.open(), 1);
    let everything = shop.place(order("everything", vec![line("A", 150)]));
    let Resource::Order(id) = shop.run(everything).unwrap().resource else {
        panic!("no order")
    };
    let waits = shop.place(order("waits", vec![line("A", 10)]));
    shop.run(waits).unwrap();
    let cancel = CancelOrder {
        reason: "test".to_owned(),
        lines: None,
    };
    shop.run(Command::CancelOrder(Shop::on(id, cancel)))
        .unwrap();
    shop
}

#[test]
fn freed_stock_enqueues_a_job_that_one_worker_claims_and_completes() {
    on_every_engine(|_, database| {
        let shop = shop_with_a_job(database);
        let item = shop
            .store
            .read(|c| throughline_store::views::items::by_sku(c, &["A"]))
            .unwrap()[0]
            .id;
        let (mut first, mut second) = (
            shop.store.worker("first").unwrap(),
            shop.store.worker("second").unwrap(),
        );
        let partitions = usize::from(shop.store.partitions());
        assert_eq!(first.lease_buckets(1, shop.now).unwrap(), partitions);
        assert_eq!(second.lease_buckets(1, shop.now).unwrap(), 0);
        let claimed = first.claim(10, shop.now).unwrap();
        assert_eq!(
            claimed.iter().map(|job| job.kind).collect::<Vec<_>>(),
            [JobKind::ServeWaiting { item }]
        );
        assert!(first.claim(10, shop.now).unwrap().is_empty());
        assert!(first.complete(&claimed[0]).unwrap());
        assert!(!first.complete(&claimed[0]).unwrap());
        assert_eq!(shop.store.read(jobs::count).unwrap(), 0);
        first.release().unwrap();
        assert_eq!(
            second.lease_buckets(1, shop.now.plus_ms(20_000)).unwrap(),
            partitions
        );
    });
}

#[test]
fn a_failed_job_comes_back_after_a_pause_and_a_late_worker_no_longer_counts() {
    on_every_engine(|_, database| {
        let shop = shop_with_a_job(database);
        let mut worker = shop.store.worker("first").unwrap();
        worker.lease_buckets(1, shop.now).unwrap();
        let job = worker.claim(1, shop.now).unwrap().remove(0);
        assert_eq!(job.attempts, 1);
        assert!(
            worker
                .fail(&job, "the printer was out of paper", shop.now)
                .unwrap()
        );
        assert!(worker.claim(1, shop.now).unwrap().is_empty());
        let later = shop.now.plus_ms(1_000);
        let again = worker.claim(1, later).unwrap().remove(0);
        assert_eq!((again.id, again.attempts), (job.id, 2));
        assert!(
            !worker.complete(&job).unwrap(),
            "the first claim ended with its failure"
        );
        // The worker dies; its claim runs out, and so do its buckets.
        let mut other = shop.store.worker("other").unwrap();
        let after = later.plus_ms(jobs::JOB_LEASE_MS + 1);
        assert!(other.lease_buckets(1, after).unwrap() > 0);
        let third = other.claim(1, after).unwrap().remove(0);
        assert_eq!((third.id, third.attempts), (job.id, 3));
        assert!(!worker.fail(&again, "too late", after).unwrap());
        assert!(other.complete(&third).unwrap());
    });
}

#[test]
fn workers_share_the_buckets() {
    on_every_engine(|_, database| {
        let store = database.open();
        let now = crate::support::BEGIN;
        let (mut first, mut second) = (
            store.worker("first").unwrap(),
            store.worker("second").unwrap(),
        );
        let total = usize::from(store.partitions());
        let (a, b) = (
            first.lease_buckets(2, now).unwrap(),
            second.lease_buckets(2, now).unwrap(),
        );
        assert_eq!(a, total.div_ceil(2));
        assert_eq!(a + b, total);
    });
}
