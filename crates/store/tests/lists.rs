//! Lists: filtered, ordered, paged, found by words.

use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::id::{KeyId, OrderId};
use throughline_core::network::{ChannelId, LocationId};
use throughline_core::order::cancel::CancelOrder;
use throughline_core::order::{OrderStatus, PaymentStatus};
use throughline_core::time::Millis;
use throughline_store::views::orders::{Filter, Sort};
use throughline_store::views::{self, Page};
use throughline_store::{ApiKey, StoreError, keys};

use crate::support::{BEGIN, Shop, line, on_every_engine, order};

/// Places so many orders, every third of them for B, and cancels every fifth; returns them in the order of placing.
fn placed(shop: &mut Shop, count: usize) -> Vec<OrderId> {
    let mut ids = Vec::new();
    for number in 0..count {
        let sku = if number % 3 == 0 { "B" } else { "A" };
        let place = shop.place(order(&format!("ref-{number:03}"), vec![line(sku, 1)]));
        let Resource::Order(id) = shop.run(place).unwrap().resource else {
            panic!("no order")
        };
        if number % 5 == 0 {
            let cancel = CancelOrder {
                reason: "test".to_owned(),
                lines: None,
            };
            shop.run(Command::CancelOrder(Shop::on(id, cancel)))
                .unwrap();
        }
        ids.push(id);
    }
    shop.writer.flush_projections().unwrap();
    ids
}

fn list(shop: &Shop, filter: &Filter, sort: Sort, limit: usize) -> Vec<OrderId> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..1000 {
        let page = shop
            .store
            .read(|c| views::orders::list(c, filter, sort, after.as_deref(), limit))
            .unwrap();
        assert!(page.data.len() <= limit);
        assert_eq!(page.has_more, page.next_cursor.is_some());
        found.extend(page.data.iter().map(|stored| stored.order.id));
        after = page.next_cursor;
        if after.is_none() {
            return found;
        }
    }
    panic!("the list does not end");
}

#[test]
fn every_filter_gives_exactly_its_orders_in_order_page_by_page() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let ids = placed(&mut shop, 23);
        let every = |fits: &dyn Fn(usize) -> bool| -> Vec<OrderId> {
            ids.iter()
                .enumerate()
                .filter(|(number, _)| fits(*number))
                .map(|(_, id)| *id)
                .collect()
        };
        let b = shop
            .store
            .read(|c| views::items::by_sku(c, &["B"]))
            .unwrap()[0]
            .id;
        let seventh = shop.order(ids[7]);
        let at = |number: usize| {
            shop.store
                .read(|c| views::orders::get(c, ids[number]))
                .unwrap()
                .unwrap()
                .order
                .placed
                .placed_at
        };
        let cases: Vec<(Filter, Vec<OrderId>)> = vec![
            (Filter::default(), every(&|_| true)),
            (
                Filter {
                    status: Some(OrderStatus::Cancelled),
                    ..Filter::default()
                },
                every(&|n| n % 5 == 0),
            ),
            (
                Filter {
                    item: Some(b),
                    ..Filter::default()
                },
                every(&|n| n % 3 == 0),
            ),
            (
                Filter {
                    item: Some(b),
                    status: Some(OrderStatus::Open),
                    ..Filter::default()
                },
                every(&|n| n % 3 == 0 && n % 5 != 0),
            ),
            (
                Filter {
                    channel: Some(ChannelId(0)),
                    ..Filter::default()
                },
                every(&|_| true),
            ),
            (
                Filter {
                    channel: Some(ChannelId(1)),
                    ..Filter::default()
                },
                Vec::new(),
            ),
            (
                Filter {
                    payment_status: Some(PaymentStatus::Paid),
                    ..Filter::default()
                },
                Vec::new(),
            ),
            (
                Filter {
                    payment_status: Some(PaymentStatus::Pending),
                    ..Filter::default()
                },
                every(&|_| true),
            ),
            (
                Filter {
                    customer: seventh.placed.customer,
                    ..Filter::default()
                },
                vec![ids[7]],
            ),
            (
                Filter {
                    number: Some(seventh.number),
                    ..Filter::default()
                },
                vec![ids[7]],
            ),
            (
                Filter {
                    external_ref: Some("ref-009".to_owned()),
                    ..Filter::default()
                },
                vec![ids[9]],
            ),
            (
                Filter {
                    external_ref: Some("ref-009".to_owned()),
                    status: Some(OrderStatus::Cancelled),
                    ..Filter::default()
                },
                vec![],
            ),
            (
                Filter {
                    placed_after: Some(at(4)),
                    placed_before: Some(at(9)),
                    ..Filter::default()
                },
                every(&|n| (4..9).contains(&n)),
            ),
            (
                Filter {
                    words: Some("ref-01".to_owned()),
                    ..Filter::default()
                },
                every(&|n| (10..20).contains(&n)),
            ),
            (
                Filter {
                    words: Some("REF-003".to_owned()),
                    ..Filter::default()
                },
                vec![ids[3]],
            ),
            (
                Filter {
                    words: Some("berlin ref-003".to_owned()),
                    ..Filter::default()
                },
                vec![ids[3]],
            ),
            (
                Filter {
                    words: Some("exam buyer 10115".to_owned()),
                    ..Filter::default()
                },
                every(&|_| true),
            ),
            (
                Filter {
                    words: Some("ref-003@example.com".to_owned()),
                    ..Filter::default()
                },
                vec![ids[3]],
            ),
            (
                Filter {
                    words: Some(seventh.number.to_string()),
                    ..Filter::default()
                },
                vec![ids[7]],
            ),
            (
                Filter {
                    words: Some("b".to_owned()),
                    item: Some(b),
                    ..Filter::default()
                },
                every(&|n| n % 3 == 0),
            ),
            (
                Filter {
                    words: Some("nobody".to_owned()),
                    ..Filter::default()
                },
                Vec::new(),
            ),
        ];
        for (filter, expected) in cases {
            for limit in [1, 4, 200] {
                assert_eq!(
                    list(&shop, &filter, Sort::OldestFirst, limit),
                    expected,
                    "{filter:?} by {limit}"
                );
                let newest: Vec<OrderId> = expected.iter().rev().copied().collect();
                assert_eq!(
                    list(&shop, &filter, Sort::NewestFirst, limit),
                    newest,
                    "{filter:?} by {limit}"
                );
            }
        }
    });
}

#[test]
fn one_order_is_found_by_id_and_number_with_its_contacts_journal_and_reasons() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let id = placed(&mut shop, 1)[0];
        let stored = shop
            .store
            .read(|c| views::orders::get(c, id))
            .unwrap()
            .unwrap();
        assert_eq!(stored.order, *shop.order(id));
        assert_eq!(
            shop.store
                .read(|c| views::orders::get_by_number(c, 1001))
                .unwrap()
                .unwrap(),
            stored
        );
        assert!(
            shop.store
                .read(|c| views::orders::get_by_number(c, 1))
                .unwrap()
                .is_none()
        );
        assert!(
            shop.store
                .read(|c| views::orders::get(c, OrderId::new(BEGIN, 99)))
                .unwrap()
                .is_none()
        );
        let contacts = shop
            .store
            .read(|c| views::contacts::of_orders(c, [&stored.order]))
            .unwrap();
        let ship_to = contacts[&stored.order.placed.ship_to.unwrap().of(id)]
            .address
            .clone()
            .unwrap();
        assert_eq!(ship_to.city, "Berlin");
        let first = shop
            .store
            .read(|c| views::journal::page(c, id, None, 1))
            .unwrap();
        assert_eq!((first.data[0].seq, first.has_more), (1, true));
        let rest = shop
            .store
            .read(|c| views::journal::page(c, id, first.next_cursor.as_deref(), 200))
            .unwrap();
        let all = shop.store.read(|c| views::journal::all(c, id)).unwrap();
        assert_eq!([first.data, rest.data].concat(), all);
        assert_eq!(all.last().unwrap().seq, stored.order.version);
        let reasons = shop
            .store
            .read(|c| views::journal::explanations(c, id, 10))
            .unwrap();
        assert!(!reasons.is_empty());
    });
}

#[test]
fn a_cursor_from_elsewhere_is_refused() {
    on_every_engine(|_, database| {
        let shop = Shop::furnished(database.open(), 1);
        for cursor in ["", "!", "bnVsbA", "W10", &"A".repeat(10_000)] {
            let result = shop.store.read(|c| {
                views::orders::list(c, &Filter::default(), Sort::default(), Some(cursor), 10)
            });
            assert!(
                matches!(result, Err(StoreError::InvalidCursor)),
                "{cursor:?}: {result:?}"
            );
        }
    });
}

fn pages<T>(mut read: impl FnMut(Option<&str>) -> Page<T>) -> Vec<T> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = read(after.as_deref());
        found.extend(page.data);
        after = page.next_cursor;
        if after.is_none() {
            return found;
        }
    }
}

#[test]
fn stock_is_listed_by_sku_and_location() {
    on_every_engine(|_, database| {
        let shop = Shop::furnished(database.open(), 1);
        let list = |filter: views::stock::Filter, limit: usize| -> Vec<(String, u16, i64)> {
            let rows = pages(|after| {
                shop.store
                    .read(|c| views::stock::list(c, &filter, after, limit))
                    .unwrap()
            });
            rows.into_iter()
                .map(|row| {
                    (
                        row.item.sku.clone(),
                        row.level.location.0,
                        row.level.on_hand,
                    )
                })
                .collect()
        };
        let row = |sku: &str, location, on_hand| (sku.to_owned(), location, on_hand);
        let all = [
            row("A", 0, 100),
            row("A", 1, 50),
            row("B", 0, 100),
            row("B", 1, 50),
        ];
        for limit in [1, 3, 200] {
            assert_eq!(list(Default::default(), limit), all);
            let one_sku = views::stock::Filter {
                sku: Some("B".to_owned()),
                ..Default::default()
            };
            assert_eq!(list(one_sku, limit), all[2..]);
            let one_location = views::stock::Filter {
                locations: vec![LocationId(1)],
                ..Default::default()
            };
            assert_eq!(list(one_location, limit), [all[1].clone(), all[3].clone()]);
        }
        let unknown = views::stock::Filter {
            sku: Some("NONE".to_owned()),
            ..Default::default()
        };
        assert!(list(unknown, 10).is_empty());
    });
}

#[test]
fn the_ledger_is_listed_latest_first_by_everything_sku_location_and_order() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let ids = placed(&mut shop, 6);
        let list = |filter: views::ledger::Filter, limit: usize| {
            pages(|after| {
                shop.store
                    .read(|c| views::ledger::list(c, &filter, after, limit))
                    .unwrap()
            })
        };
        let all = list(Default::default(), 200);
        assert!(all.windows(2).all(|pair| pair[0].at >= pair[1].at));
        assert_eq!(all.iter().filter(|row| row.reason == "received").count(), 4);
        let b = shop
            .store
            .read(|c| views::items::by_sku(c, &["B"]))
            .unwrap()[0]
            .id;
        for limit in [1, 3, 200] {
            assert_eq!(list(Default::default(), limit), all);
            let of_b: Vec<_> = all.iter().filter(|row| row.item == b).cloned().collect();
            assert_eq!(
                list(
                    views::ledger::Filter {
                        item: Some(b),
                        ..Default::default()
                    },
                    limit
                ),
                of_b
            );
            let at_l2: Vec<_> = all
                .iter()
                .filter(|row| row.location == LocationId(1))
                .cloned()
                .collect();
            assert_eq!(
                list(
                    views::ledger::Filter {
                        locations: vec![LocationId(1)],
                        ..Default::default()
                    },
                    limit
                ),
                at_l2
            );
            let of_order: Vec<_> = all
                .iter()
                .filter(|row| row.order == Some(ids[5]))
                .cloned()
                .collect();
            assert_eq!(of_order.len(), 2);
            assert_eq!(
                list(
                    views::ledger::Filter {
                        order: Some(ids[5]),
                        ..Default::default()
                    },
                    limit
                ),
                of_order
            );
        }
    });
}

#[test]
fn items_and_customers_are_listed_page_by_page() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        placed(&mut shop, 5);
        let skus: Vec<String> = pages(|after| {
            shop.store
                .read(|c| views::items::list(c, after, 1))
                .unwrap()
        })
        .into_iter()
        .map(|item| item.sku)
        .collect();
        assert_eq!(skus, ["A", "B"]);
        let customers = pages(|after| {
            shop.store
                .read(|c| views::customers::list(c, after, 2))
                .unwrap()
        });
        assert_eq!(customers.len(), 5);
        let key = throughline_core::facts::ClaimKey::email("ref-003@example.com");
        let found = shop
            .store
            .read(|c| views::customers::find(c, &key))
            .unwrap()
            .unwrap();
        assert_eq!(
            found.customer.person.email.as_deref(),
            Some("ref-003@example.com")
        );
        assert!(customers.contains(&found));
    });
}

#[test]
fn api_keys_are_found_by_prefix_until_they_are_revoked_and_after() {
    on_every_engine(|_, database| {
        let store = database.open();
        let id = KeyId::new(BEGIN, 5);
        let key = ApiKey {
            id,
            name: "till".to_owned(),
            role: "store".to_owned(),
            locations: vec!["L1".to_owned()],
            prefix: "abcdefgh".to_owned(),
            hash: vec![7; 32],
            created_at: BEGIN,
            expires_at: Some(BEGIN.plus_ms(1000)),
            revoked_at: None,
        };
        store.insert_api_key(&key).unwrap();
        store.insert_api_key(&key).unwrap();
        let found = || store.read(|c| keys::by_prefix(c, "abcdefgh")).unwrap();
        assert_eq!(found(), std::slice::from_ref(&key));
        assert!(
            store
                .read(|c| keys::by_prefix(c, "other"))
                .unwrap()
                .is_empty()
        );
        assert!(store.revoke_api_key(id, Millis(5)).unwrap());
        assert!(store.revoke_api_key(id, Millis(9)).unwrap());
        assert!(
            !store
                .revoke_api_key(KeyId::new(BEGIN, 6), Millis(9))
                .unwrap()
        );
        let revoked = ApiKey {
            revoked_at: Some(Millis(5)),
            ..key
        };
        assert_eq!(found(), std::slice::from_ref(&revoked));
        assert_eq!(store.read(|c| keys::list(c, None)).unwrap(), [revoked]);
        assert!(store.read(|c| keys::list(c, Some(id))).unwrap().is_empty());
    });
}
