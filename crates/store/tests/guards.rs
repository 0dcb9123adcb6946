//! Guards: a batch that was decided on something that is no longer so leaves nothing behind.

use throughline_core::command::{Command, PutMode};
use throughline_core::decision::Resource;
use throughline_core::id::{OrderId, ReservationId};
use throughline_core::inventory::{CountStock, CreateReservation, EndReservation};
use throughline_core::order::note::AddNote;
use throughline_store::{FailedGuards, StoreError};

use crate::support::{Database, Shop, line, on_every_engine, order};

/// Two shops on one database.
fn two(database: &Database) -> (Shop, Shop) {
    let first = Shop::furnished(database.open(), 1);
    let second = Shop::new(database.open(), 2);
    (first, second)
}

/// Decides in the second shop, lets the first do something, then commits the second's decision.
fn race(
    database: &Database,
    late: impl Fn(&mut Shop) -> Command,
    meanwhile: impl Fn(&mut Shop),
) -> FailedGuards {
    let (mut first, mut second) = two(database);
    let command = late(&mut second);
    let request = second.request(command);
    second.writer.begin().unwrap();
    let planned = second.plan(&[request]).unwrap();
    assert!(planned.answers[0].is_ok(), "{:?}", planned.answers);
    second.writer.rollback();
    meanwhile(&mut first);
    let before = first.violations();
    assert!(before.is_empty(), "{before:#?}");
    let failed = match second.commit(&planned) {
        Err(StoreError::GuardFailed(failed)) => *failed,
        other => panic!("{other:?}"),
    };
    let after = first.violations();
    assert!(
        after.is_empty(),
        "a failed batch left something: {after:#?}"
    );
    failed
}

fn placed(shop: &mut Shop, reference: &str, quantity: i64) -> OrderId {
    let place = shop.place(order(reference, vec![line("A", quantity)]));
    match shop.run(place).unwrap().resource {
        Resource::Order(id) => id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reference_that_was_taken_meanwhile_fails_its_claim() {
    on_every_engine(|_, database| {
        let late = |shop: &mut Shop| shop.place(order("same", vec![line("A", 1)]));
        let failed = race(database, late, |shop| {
            placed(shop, "same", 1);
        });
        assert!(
            failed.claims.iter().any(|key| key.value == "0/same"),
            "{failed:?}"
        );
        assert!(
            failed.items.is_empty() && failed.orders.is_empty(),
            "{failed:?}"
        );
    });
}

#[test]
fn a_day_that_was_filled_meanwhile_fails_its_limit() {
    on_every_engine(|_, database| {
        let late = |shop: &mut Shop| {
            shop.limited("L1", Some(1));
            shop.place(order("late", vec![line("A", 1)]))
        };
        let failed = race(database, late, |shop| {
            placed(shop, "early", 1);
        });
        assert!(failed.days && failed.items.is_empty(), "{failed:?}");
    });
}

#[test]
fn stock_that_was_claimed_meanwhile_fails_its_level() {
    on_every_engine(|_, database| {
        let late = |shop: &mut Shop| shop.place(order("late", vec![line("A", 100)]));
        let failed = race(database, late, |shop| {
            placed(shop, "early", 1);
        });
        assert_eq!(failed.items.len(), 1, "{failed:?}");
        assert!(failed.claims.is_empty(), "{failed:?}");
    });
}

#[test]
fn claims_on_one_level_that_both_fit_do_not_disturb_each_other() {
    on_every_engine(|_, database| {
        let (mut first, mut second) = two(database);
        let place = second.place(order("late", vec![line("A", 40)]));
        let request = second.request(place);
        second.writer.begin().unwrap();
        let planned = second.plan(&[request]).unwrap();
        second.writer.rollback();
        placed(&mut first, "early", 40);
        second.commit(&planned).unwrap();
        assert!(first.violations().is_empty());
    });
}

#[test]
fn a_count_that_saw_another_on_hand_fails() {
    on_every_engine(|_, database| {
        let late = |_: &mut Shop| {
            let (sku, location) = ("A".to_owned(), "L1".to_owned());
            Command::CountStock(CountStock {
                sku,
                location,
                quantity: 90,
                reference: "sheet".to_owned(),
                lot: None,
            })
        };
        let failed = race(database, late, |shop| shop.receive("A", "L1", 5));
        assert_eq!(failed.items.len(), 1, "{failed:?}");
    });
}

#[test]
fn an_order_that_changed_meanwhile_fails_its_version() {
    on_every_engine(|_, database| {
        let (mut first, mut second) = two(database);
        let id = placed(&mut first, "one", 1);
        let note = |text: &str| {
            Command::AddNote(Shop::on(
                id,
                AddNote {
                    text: text.to_owned(),
                },
            ))
        };
        let request = second.request(note("late"));
        second.writer.begin().unwrap();
        let planned = second.plan(&[request]).unwrap();
        second.writer.rollback();
        first.run(note("early")).unwrap();
        match second.commit(&planned) {
            Err(StoreError::GuardFailed(failed)) => assert_eq!(failed.orders, [id]),
            other => panic!("{other:?}"),
        }
        assert!(first.violations().is_empty());
        second.run(note("late")).unwrap();
        assert_eq!(first.order(id).progress.notes.len(), 2);
    });
}

#[test]
fn settings_that_changed_meanwhile_fail_the_batch() {
    on_every_engine(|_, database| {
        let late = |shop: &mut Shop| shop.place(order("late", vec![line("A", 1)]));
        let failed = race(database, late, |shop| shop.location("L3"));
        assert_eq!(
            failed,
            FailedGuards {
                settings: true,
                ..FailedGuards::default()
            }
        );
    });
}

#[test]
fn settings_changed_by_two_are_changed_by_one() {
    on_every_engine(|_, database| {
        let late = |shop: &mut Shop| {
            let channel = throughline_core::network::Channel {
                id: Default::default(),
                code: "till".to_owned(),
                name: "Till".to_owned(),
                currency: "EUR".parse().unwrap(),
                shortage: Default::default(),
                intake: Default::default(),
                source_on_placement: true,
                remorse_minutes: 0,
                sourcing_schedule: None,
                sells: throughline_core::network::Sells::default(),
                slips: None,
                escalate_after: throughline_core::network::ESCALATE_AFTER,
                whole_cases: false,
                till: None,
            };
            shop.now = shop.now.plus_ms(1);
            Command::PutChannel(throughline_core::network::PutChannel {
                channel,
                mode: PutMode::Ensure,
            })
        };
        let failed = race(database, late, |shop| shop.location("L3"));
        assert!(failed.settings, "{failed:?}");
    });
}

#[test]
fn a_reservation_ends_once() {
    on_every_engine(|_, database| {
        let (mut first, mut second) = two(database);
        let id = ReservationId::new(first.now, first.bits());
        let lines = vec![("A".to_owned(), 3)];
        let create = CreateReservation {
            id,
            lines,
            location: None,
            ttl_ms: 60_000,
            reference: None,
        };
        first.run(Command::CreateReservation(create)).unwrap();
        let end = || Command::EndReservation(EndReservation { id, expired: false });
        let request = second.request(end());
        second.writer.begin().unwrap();
        let planned = second.plan(&[request]).unwrap();
        second.writer.rollback();
        first.run(end()).unwrap();
        match second.commit(&planned) {
            Err(StoreError::GuardFailed(failed)) => assert_eq!(failed.reservations, [id]),
            other => panic!("{other:?}"),
        }
        assert!(first.violations().is_empty());
    });
}

#[test]
fn a_reservation_that_a_count_made_smaller_is_not_let_go_twice() {
    on_every_engine(|_, database| {
        let (mut first, mut second) = two(database);
        let id = ReservationId::new(first.now, first.bits());
        let create = CreateReservation {
            id,
            lines: vec![("A".to_owned(), 100)],
            location: Some("L1".to_owned()),
            ttl_ms: 60_000,
            reference: None,
        };
        first.run(Command::CreateReservation(create)).unwrap();
        let end = || Command::EndReservation(EndReservation { id, expired: false });
        let request = second.request(end());
        second.writer.begin().unwrap();
        let planned = second.plan(&[request]).unwrap();
        second.writer.rollback();
        let (sku, location) = ("A".to_owned(), "L1".to_owned());
        let count = CountStock {
            sku,
            location,
            quantity: 60,
            reference: "sheet".to_owned(),
            lot: None,
        };
        first.run(Command::CountStock(count)).unwrap();
        match second.commit(&planned) {
            Err(StoreError::GuardFailed(failed)) => {
                assert!(failed.reservations.contains(&id), "{failed:?}");
            }
            other => panic!("{other:?}"),
        }
        assert!(first.violations().is_empty(), "{:#?}", first.violations());
        second.run(end()).unwrap();
        assert!(first.violations().is_empty(), "{:#?}", first.violations());
    });
}

#[test]
fn a_writer_whose_number_was_taken_over_is_fenced() {
    on_every_engine(|_, database| {
        let mut first = Shop::furnished(database.open(), 1);
        let place = first.place(order("fenced", vec![line("A", 1)]));
        let request = first.request(place);
        first.writer.begin().unwrap();
        let planned = first.plan(std::slice::from_ref(&request)).unwrap();
        first.writer.rollback();
        let number = first.writer.position().writer;
        let second = first
            .store
            .writer("second", first.now.plus_ms(60_000))
            .unwrap();
        assert_eq!(second.position().writer, number);
        match first.commit(&planned) {
            Err(StoreError::GuardFailed(failed)) => assert!(failed.writer_fenced, "{failed:?}"),
            other => panic!("{other:?}"),
        }
        assert!(first.violations().is_empty());
        assert!(first.run_all(&[request])[0].is_ok());
    });
}

#[test]
fn live_writers_have_different_numbers_and_a_released_one_is_used_again() {
    on_every_engine(|_, database| {
        let store = database.open();
        let mut first = store.writer("first", crate::support::BEGIN).unwrap();
        let second = store.writer("second", crate::support::BEGIN).unwrap();
        assert_ne!(first.position().writer, second.position().writer);
        first.release();
        let third = store.writer("third", crate::support::BEGIN).unwrap();
        assert_eq!(third.position().writer, first.position().writer);
    });
}

#[test]
fn the_database_itself_refuses_to_oversell() {
    on_every_engine(|_, database| {
        let _shop = Shop::furnished(database.open(), 1);
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            database.execute("UPDATE stock_level SET allocated = on_hand + oversell_limit + 1");
        }));
        assert!(broken.is_err(), "the CHECK constraint is gone");
    });
}

/// On SQLite there is one writer: what it loads stays true until its commit.
#[test]
fn units_that_others_let_wait_meanwhile_fail_the_limit_of_the_item() {
    on_every_engine(|engine, database| {
        if engine == throughline_store::Engine::Sqlite {
            return;
        }
        let (mut first, mut second) = two(database);
        let limited = throughline_core::catalog::Selling {
            backorder: throughline_core::catalog::Backorder::Limit(5),
            ..Default::default()
        };
        let item = first.sold("C", limited);
        let [one, two, three] = ["one", "two", "three"].map(|name| order(name, vec![line("C", 2)]));
        let late = [one, two].map(|order| {
            let place = second.place(order);
            second.request(place)
        });
        let planned = second.plan(&late).unwrap();
        assert!(
            planned.answers.iter().all(Result::is_ok),
            "{:?}",
            planned.answers
        );
        second.writer.rollback();
        let place = first.place(three);
        first.run(place).unwrap();
        match second.commit(&planned) {
            Err(StoreError::GuardFailed(failed)) => assert_eq!(failed.items, [item]),
            other => panic!("{other:?}"),
        }
        let again = Shop::new(database.open(), 3).run_all(&late);
        assert!(again[0].is_ok(), "{again:?}");
        assert_eq!(again[1].as_ref().unwrap_err().code(), "backorder_refused");
        assert_eq!(first.violations(), [""; 0]);
    });
}
