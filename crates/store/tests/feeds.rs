//! The feed gives every entry once, however late its writer commits; projections follow, also after a crash.

use rustc_hash::FxHashMap;
use throughline_core::decision::Resource;
use throughline_core::id::OrderId;
use throughline_store::feed::{self, Cursor, FeedEntry};
use throughline_store::views;

use crate::support::{Shop, line, on_every_engine, order};

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
        for entry in &all {
            let last = seen.entry(entry.order).or_default();
            assert_eq!(
                entry.entry.seq,
                *last + 1,
                "an order's entries come in their order"
            );
            *last = entry.entry.seq;
        }
        assert_eq!(seen.len(), 16);
        for limit in [1, 2, 5] {
            let (some, _) = read_all(&first, &start, limit);
            let plain = |entries: &[FeedEntry]| -> Vec<(OrderId, u64)> {
                let mut plain: Vec<_> = entries
                    .iter()
                    .map(|entry| (entry.order, entry.entry.seq))
                    .collect();
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
        // The writer dies with its buffer; another one looks after what is left when the lease has run out.
        let mut other = shop.store.writer("other", shop.now).unwrap();
        other
            .flush_projections_if_due(shop.now.plus_ms(1_000))
            .unwrap();
        assert_eq!(find(&shop, by_item()), 0);
        other
            .flush_projections_if_due(shop.now.plus_ms(60_000))
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
        shop.writer.flush_projections_if_due(shop.now).unwrap();
        shop.writer
            .flush_projections_if_due(shop.now.plus_ms(500))
            .unwrap();
        assert_eq!(find(&shop), 1);
    });
}
