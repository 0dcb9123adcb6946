//! The feed gives every entry once, however late its writer commits; projections follow, also after a crash.

use rustc_hash::FxHashMap;
use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::id::{CustomerId, OrderId};
use throughline_core::party::{Person, PutCustomer};
use throughline_store::feed::{self, Cursor, FeedEntry, Happened};
use throughline_store::{Engine, Fault, Faults, Pace, StoreError, views};

use crate::support::{Database, Shop, line, on_every_engine, order};

fn place(shop: &mut Shop, references: &[String]) -> Vec<OrderId> {
    let requests: Vec<_> = references
        .iter()
        .map(|reference| {
            let place = shop.place(order(reference, vec![line("A", 1)]));
            shop.request(place)
        })
        .collect();
    let answers = shop.run_all(&requests);
    answers
        .into_iter()
        .map(|answer| match answer.unwrap().resource {
            Resource::Order(id) => id,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// The order and the place in its journal.
fn entry(found: &FeedEntry) -> (OrderId, u64) {
    match &found.what {
        Happened::Order(order, entry) => (*order, entry.seq),
        Happened::Stock(..) => panic!("{found:?}"),
    }
}

fn read_all(shop: &Shop, from: &Cursor, limit: usize) -> (Vec<FeedEntry>, Cursor) {
    let (mut all, mut cursor) = (Vec::new(), from.clone());
    loop {
        let (entries, next) = shop
            .store
            .read(|c| feed::read_after(c, &cursor, limit))
            .unwrap();
        assert!(entries.len() <= limit);
        let at_end = entries.is_empty() && next == cursor;
        all.extend(entries);
        cursor = Cursor::decode(&next.encode()).unwrap();
        if at_end {
            return (all, cursor);
        }
    }
}

#[test]
fn the_feed_gives_every_entry_once_and_resumes_anywhere() {
    on_every_engine(|_, database| {
        let mut first = Shop::furnished(database.open(), 1);
        let start = first.store.read(feed::now).unwrap();
        let mut second = Shop::new(database.open(), 2);
        second.now = first.now;
        for round in 0..4 {
            place(
                &mut first,
                &(0..3).map(|n| format!("a{round}{n}")).collect::<Vec<_>>(),
            );
            place(&mut second, &[format!("b{round}")]);
        }
        let (all, end) = read_all(&first, &start, 1000);
        let mut seen: FxHashMap<OrderId, u64> = FxHashMap::default();
        for (order, seq) in all.iter().map(entry) {
            let last = seen.entry(order).or_default();
            assert_eq!(seq, *last + 1, "an order's entries come in their order");
            *last = seq;
        }
        assert_eq!(seen.len(), 16);
        for limit in [1, 2, 5] {
            let (some, _) = read_all(&first, &start, limit);
            let plain = |entries: &[FeedEntry]| -> Vec<(OrderId, u64)> {
                let mut plain: Vec<_> = entries.iter().map(entry).collect();
                plain.sort_unstable();
                plain
            };
            assert_eq!(plain(&some), plain(&all), "by {limit}");
        }
        // Resuming after any entry gives the others and no other.
        for position in [0, 3, all.len() / 2, all.len() - 1] {
            let (rest, _) = read_all(&first, &all[position].cursor, 3);
            assert_eq!(
                rest.len(),
                all.len() - position - 1,
                "after entry {position}"
            );
        }
        assert!(read_all(&first, &end, 10).0.is_empty());
        let (whole, _) = read_all(&first, &Cursor::default(), 100);
        assert_eq!(whole.len(), all.len());
    });
}

#[test]
fn thresholds_that_were_crossed_are_told_once_with_everything_else() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let thresholds = Some(throughline_core::catalog::Thresholds {
            low: 1,
            medium: 140,
            high: 145,
        });
        let selling = throughline_core::catalog::Selling {
            thresholds,
            ..Default::default()
        };
        shop.sold("A", selling);
        let start = shop.store.read(feed::now).unwrap();
        let orders = [7, 2, 8].map(|units| {
            let place = shop.place(order(&format!("r{units}"), vec![line("A", units)]));
            shop.request(place)
        });
        shop.run_all(&orders);
        shop.receive("A", "L1", 1);
        for limit in [1, 2, 100] {
            let (all, _) = read_all(&shop, &start, limit);
            let stock = all.iter().filter_map(|entry| match &entry.what {
                Happened::Order(..) => None,
                Happened::Stock(_, crossing) => Some((
                    crossing.from.as_str(),
                    crossing.to.as_str(),
                    crossing.available,
                )),
            });
            let stock: Vec<_> = stock.collect();
            let told = [("high", "medium", 143), ("medium", "low", 133)];
            assert_eq!(stock, told, "{engine:?} by {limit}");
            let others = all.len() - stock.len();
            assert_eq!(
                others, 6,
                "{engine:?} by {limit}: each order was placed and sourced"
            );
        }
        shop.writer.flush_projections().unwrap();
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
    });
}

#[test]
fn what_a_dead_writer_left_is_projected_by_the_next_one() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        shop.writer.flush_projections().unwrap();
        place(&mut shop, &["left".to_owned()]);
        let item = shop
            .store
            .read(|c| views::items::by_sku(c, &["A"]))
            .unwrap()[0]
            .id;
        let find = |shop: &Shop, filter: views::orders::Filter| {
            shop.store
                .read(|c| views::orders::list(c, &filter, Default::default(), None, 10))
                .unwrap()
                .data
                .len()
        };
        let by_item = || views::orders::Filter {
            item: Some(item),
            ..Default::default()
        };
        let by_word = || views::orders::Filter {
            words: Some("left@example.com".to_owned()),
            ..Default::default()
        };
        let ledger = |shop: &Shop| {
            let filter = views::ledger::Filter {
                item: Some(item),
                ..Default::default()
            };
            shop.store
                .read(|c| views::ledger::list(c, &filter, None, 10))
                .unwrap()
                .data
                .len()
        };
        assert_eq!(
            (
                find(&shop, by_item()),
                find(&shop, by_word()),
                ledger(&shop)
            ),
            (0, 0, 2)
        );
        // The writer dies with its buffer; another one looks after what a living one would have written by now.
        let mut other = shop.store.writer("other", shop.now).unwrap();
        other
            .flush_projections_if_due(shop.now.plus_ms(1_000), Pace::Busy)
            .unwrap();
        assert_eq!(find(&shop, by_item()), 0);
        other
            .flush_projections_if_due(shop.now.plus_ms(1_500), Pace::Busy)
            .unwrap();
        assert_eq!(
            (
                find(&shop, by_item()),
                find(&shop, by_word()),
                ledger(&shop)
            ),
            (1, 1, 3)
        );
        // And whoever leases a dead writer's number begins with it.
        place(&mut shop, &["again".to_owned()]);
        assert_eq!(find(&shop, by_item()), 1);
        let taken = shop
            .store
            .writer("third", shop.now.plus_ms(60_000))
            .unwrap();
        assert_eq!(taken.position().writer, shop.writer.position().writer);
        assert_eq!(find(&shop, by_item()), 2);
    });
}

#[test]
fn projections_are_written_when_they_are_due() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        place(&mut shop, &["due".to_owned()]);
        let find = |shop: &Shop| {
            let filter = views::orders::Filter {
                words: Some("due".to_owned()),
                ..Default::default()
            };
            shop.store
                .read(|c| views::orders::list(c, &filter, Default::default(), None, 10))
                .unwrap()
                .data
                .len()
        };
        shop.writer
            .flush_projections_if_due(shop.now, Pace::Busy)
            .unwrap();
        shop.writer
            .flush_projections_if_due(shop.now.plus_ms(500), Pace::Busy)
            .unwrap();
        assert_eq!(find(&shop), 1);
    });
}

/// How many orders are found by a word.
fn found(shop: &Shop, word: &str) -> usize {
    let filter = views::orders::Filter {
        words: Some(word.to_owned()),
        ..Default::default()
    };
    let page = shop
        .store
        .read(|c| views::orders::list(c, &filter, Default::default(), None, 10));
    page.unwrap().data.len()
}

/// Another writer looks after what the shop's writer left when it was killed.
fn adopt(shop: &Shop) {
    let mut other = shop.store.writer("other", shop.now).unwrap();
    let later = shop.now.plus_ms(2_000);
    other.flush_projections_if_due(later, Pace::Busy).unwrap();
}

/// A shop that placed three orders: the commit of the second one got no answer.
fn shop_with_an_unheard_commit(database: &Database) -> Shop {
    let faults = Faults::none();
    let mut shop = Shop::furnished(database.open_with(faults.clone()), 1);
    place(&mut shop, &["before".to_owned()]);
    let unheard = shop.place(order("unheard", vec![line("A", 1)]));
    let unheard = shop.request(unheard);
    faults.next(Fault::CutAfterCommit);
    match shop.try_run(&[unheard]) {
        Err(StoreError::UnknownOutcome) => {}
        other => panic!("{other:?}"),
    }
    let now = shop.now;
    shop.writer.recover(now).unwrap();
    place(&mut shop, &["after".to_owned()]);
    shop
}

#[test]
fn a_batch_of_unknown_outcome_is_projected_by_its_writer() {
    on_every_engine(|_, database| {
        let mut shop = shop_with_an_unheard_commit(database);
        shop.writer.flush_projections().unwrap();
        for word in ["before", "unheard", "after"] {
            assert_eq!(found(&shop, word), 1, "{word}");
        }
    });
}

#[test]
fn a_batch_of_unknown_outcome_takes_no_projection_with_it() {
    on_every_engine(|_, database| {
        let shop = shop_with_an_unheard_commit(database);
        // Killed, before it wrote the projections of the last batch.
        adopt(&shop);
        for word in ["before", "unheard", "after"] {
            assert_eq!(found(&shop, word), 1, "{word}");
        }
    });
}

#[test]
fn a_writer_that_is_interrupted_keeps_its_number_and_its_projections() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let number = shop.writer.position().writer;
        place(&mut shop, &["kept".to_owned()]);
        let now = shop.now;
        shop.writer.recover(now).unwrap();
        let soon = now.plus_ms(400);
        shop.writer
            .flush_projections_if_due(soon, Pace::Busy)
            .unwrap();
        assert_eq!(found(&shop, "kept"), 1);
        assert_eq!(shop.writer.position().writer, number);
    });
}

#[test]
fn projections_that_cannot_be_written_now_are_written_later() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        shop.writer.flush_projections().unwrap();
        place(&mut shop, &["first".to_owned()]);
        database.execute("ALTER TABLE search_token RENAME TO out_of_reach");
        let failed = shop.writer.flush_projections();
        assert!(
            matches!(failed, Err(StoreError::Statement { .. })),
            "{failed:?}"
        );
        database.execute("ALTER TABLE out_of_reach RENAME TO search_token");
        place(&mut shop, &["second".to_owned()]);
        shop.writer.flush_projections().unwrap();
        assert_eq!((found(&shop, "first"), found(&shop, "second")), (1, 1));
    });
}

#[test]
fn projections_do_not_wait_for_a_clock_that_was_set_back() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        shop.writer.flush_projections().unwrap();
        place(&mut shop, &["late".to_owned()]);
        let earlier = shop.now.plus_ms(-3_600_000);
        shop.writer
            .flush_projections_if_due(earlier, Pace::Busy)
            .unwrap();
        assert_eq!(found(&shop, "late"), 1);
    });
}

fn customer(shop: &mut Shop, email: &str, name: &str) {
    let put = PutCustomer {
        id: CustomerId::new(shop.now, shop.bits()),
        external_ref: None,
        person: Person {
            email: Some(email.to_owned()),
            name: Some(name.to_owned()),
            phone: None,
        },
    };
    shop.run(Command::PutCustomer(put)).unwrap();
}

#[test]
fn the_words_of_a_customer_survive_a_writer_that_is_killed() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        place(&mut shop, &["order".to_owned()]);
        shop.writer.flush_projections().unwrap();
        customer(&mut shop, "order@example.com", "Zacharias Newname");
        adopt(&shop);
        assert_eq!(found(&shop, "newname"), 1);
        let from_the_start = read_all(&shop, &Cursor::default(), 2).0;
        assert!(from_the_start.iter().all(|found| entry(found).1 > 0));
    });
}

#[test]
fn nobody_is_found_by_the_name_that_they_had_before() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        place(&mut shop, &["order".to_owned()]);
        customer(&mut shop, "order@example.com", "Zacharias Oldname");
        shop.writer.flush_projections().unwrap();
        assert_eq!(found(&shop, "oldname"), 1);
        customer(&mut shop, "order@example.com", "Zacharias Newname");
        adopt(&shop);
        assert_eq!((found(&shop, "newname"), found(&shop, "oldname")), (1, 0));
    });
}

/// Orders whose projections fill several slices, and whether the first of them has left others.
fn place_many(shop: &mut Shop) -> bool {
    shop.writer.flush_projections().unwrap();
    let references: Vec<_> = (0..90).map(|number| format!("many{number}")).collect();
    place(shop, &references);
    let later = shop.now.plus_ms(500);
    shop.writer
        .flush_projections_if_due(later, Pace::Quiet)
        .unwrap()
}

#[test]
fn projections_come_in_slices() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        // PostgreSQL gets all of them in one statement.
        assert_eq!(place_many(&mut shop), engine == Engine::Sqlite);
        // What changes a row that is not written yet is written after it.
        customer(&mut shop, "many89@example.com", "Zacharias Oldname");
        customer(&mut shop, "many89@example.com", "Zacharias Newname");
        let mut slices = 1;
        while shop
            .writer
            .flush_projections_if_due(shop.now.plus_ms(600), Pace::Quiet)
            .unwrap()
        {
            slices += 1;
        }
        assert_eq!(slices > 1, engine == Engine::Sqlite);
        for word in ["many0", "many89", "newname"] {
            assert_eq!(found(&shop, word), 1, "{word}");
        }
        assert_eq!(found(&shop, "oldname"), 0);
        let violations = shop.store.read(throughline_store::check_invariants);
        assert_eq!(violations.unwrap(), []);
    });
}

#[test]
fn a_writer_that_is_killed_between_two_slices_loses_none() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        place_many(&mut shop);
        adopt(&shop);
        for number in 0..90 {
            assert_eq!(found(&shop, &format!("many{number}")).min(1), 1, "{number}");
        }
    });
}

#[test]
fn a_writer_whose_number_was_taken_over_finds_out() {
    let database = Database::file();
    let mut shop = Shop::furnished(database.open(), 1);
    assert!(place_many(&mut shop));
    let later = shop.now.plus_ms(60_000);
    let other = shop.store.writer("other", later).unwrap();
    assert_eq!(other.position().writer, shop.writer.position().writer);
    // Before the next slice, and before it trusts what it knows.
    let sliced = shop.writer.flush_projections_if_due(later, Pace::Quiet);
    assert!(
        matches!(sliced, Err(StoreError::GuardFailed(_))),
        "{sliced:?}"
    );
    shop.writer.begin().unwrap();
    let changed = shop.writer.changed_by_others();
    assert!(
        matches!(changed, Err(StoreError::GuardFailed(_))),
        "{changed:?}"
    );
    // With a number of its own it starts afresh.
    shop.writer.recover(later).unwrap();
    shop.writer.begin().unwrap();
    assert!(shop.writer.changed_by_others().unwrap());
    assert!(!shop.writer.changed_by_others().unwrap());
}
