//! Supply on both engines: what is written is read again, in lists too, and two who change the same supply are told apart.

use jiff::civil::{Date, date};
use throughline_core::Answer;
use throughline_core::command::{Command, OnSupply};
use throughline_core::decision::Resource;
use throughline_core::id::SupplyId;
use throughline_core::inventory::{
    ChangeSupply, CreateSupply, NewSource, ReceiveSupply, ShipTransfer, Supply, SupplyRecord,
    SupplyStatus,
};
use throughline_store::views::supply::{Filter, entries, get, list};
use throughline_store::{StoreError, check_invariants};

use crate::support::{Shop, line, on_every_engine, order};

const DAY: Date = date(2026, 1, 20);

fn expect(shop: &mut Shop, sku: &str, location: &str, quantity: i64, day: Date) -> Command {
    Command::CreateSupply(CreateSupply {
        id: SupplyId::new(shop.now, shop.bits()),
        sku: sku.to_owned(),
        location: location.to_owned(),
        source: NewSource::PurchaseOrder {
            supplier: "ACME".to_owned(),
            reference: "PO-1".to_owned(),
        },
        quantity,
        expected: day,
        confidence_percent: 80,
        note: Some("by sea".to_owned()),
    })
}

fn send(shop: &mut Shop, quantity: i64) -> Command {
    Command::ShipTransfer(ShipTransfer {
        id: SupplyId::new(shop.now, shop.bits()),
        sku: "A".to_owned(),
        from: "L1".to_owned(),
        to: "L2".to_owned(),
        quantity,
        expected: DAY,
        confidence_percent: 100,
        note: None,
        lot: None,
    })
}

fn on<T>(supply: SupplyId, what: T) -> OnSupply<T> {
    OnSupply {
        supply,
        expected_version: None,
        what,
    }
}

fn arrive(supply: SupplyId, quantity: i64) -> Command {
    let what = ReceiveSupply {
        quantity,
        ..ReceiveSupply::default()
    };
    Command::ReceiveSupply(on(supply, what))
}

fn postpone(supply: SupplyId, day: Date) -> Command {
    let what = ChangeSupply {
        expected: Some(day),
        reason: "storm".to_owned(),
        ..ChangeSupply::default()
    };
    Command::ChangeSupply(on(supply, what))
}

fn id_of(answer: Answer) -> SupplyId {
    match answer.resource {
        Resource::Supply(id) => id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn supply_is_read_as_it_was_written_with_everything_that_happened_to_it() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let place = shop.place(order("waits", vec![line("A", 160)]));
        shop.run(place).unwrap();
        let command = expect(&mut shop, "A", "L2", 30, DAY);
        let id = id_of(shop.run(command).unwrap());
        shop.run(postpone(id, date(2026, 2, 1))).unwrap();
        let answer = shop.run(arrive(id, 20)).unwrap();
        assert_eq!(answer.version, 3);
        let read = |connection: &mut throughline_store::Connection| {
            Ok((get(connection, id)?, entries(connection, id)?))
        };
        let (supply, entries) = shop.store.read(read).unwrap();
        let supply = supply.unwrap();
        let counts = (supply.ordered, supply.received, supply.outstanding());
        assert_eq!((counts, supply.version), ((30, 20, 10), 3), "{engine:?}");
        assert_eq!(supply.expected, date(2026, 2, 1));
        let kinds: Vec<&str> = entries.iter().map(|entry| entry.record.kind()).collect();
        assert_eq!(
            kinds,
            ["supply_created", "supply_changed", "supply_received"]
        );
        let SupplyRecord::Changed { expected, .. } = &entries[1].record else {
            panic!("{entries:?}");
        };
        assert_eq!(expected.map(|day| day.from), Some(DAY));
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
        let unknown = SupplyId::new(shop.now, 77);
        assert_eq!(
            shop.store
                .read(|connection| get(connection, unknown))
                .unwrap(),
            None
        );
    });
}

#[test]
fn lists_come_by_day_and_are_filtered_and_cut() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        for (sku, location, day) in [
            ("A", "L1", date(2026, 3, 1)),
            ("B", "L1", date(2026, 2, 1)),
            ("A", "L2", date(2026, 1, 10)),
            ("A", "L1", date(2026, 2, 1)),
        ] {
            let command = expect(&mut shop, sku, location, 5, day);
            shop.run(command).unwrap();
        }
        let first = page(&shop, &Filter::default());
        let done = first
            .iter()
            .find(|supply| supply.expected == date(2026, 1, 10));
        shop.run(arrive(done.unwrap().id, 5)).unwrap();
        let told = |filter: Filter| -> Vec<(String, u16, String)> {
            let rows = page(&shop, &filter).into_iter();
            rows.map(|row| (row.sku, row.location.0, row.expected.to_string()))
                .collect()
        };
        let row = |sku: &str, location, day: &str| (sku.to_owned(), location, day.to_owned());
        let item = first.iter().find(|supply| supply.sku == "B").unwrap().item;
        let of_item = Filter {
            item: Some(item),
            ..Filter::default()
        };
        assert_eq!(told(of_item), [row("B", 0, "2026-02-01")], "{engine:?}");
        let open = Filter {
            status: Some(SupplyStatus::Open),
            to: Some(date(2026, 2, 28)),
            ..Filter::default()
        };
        assert_eq!(told(open).len(), 2, "{engine:?}");
        let ended = Filter {
            status: Some(SupplyStatus::Received),
            ..Filter::default()
        };
        assert_eq!(told(ended), [row("A", 1, "2026-01-10")], "{engine:?}");
        let late = Filter {
            from: Some(date(2026, 2, 2)),
            locations: vec![throughline_core::network::LocationId(0)],
            ..Filter::default()
        };
        assert_eq!(told(late), [row("A", 0, "2026-03-01")], "{engine:?}");
        let nonsense = shop
            .store
            .read(|connection| list(connection, &Filter::default(), Some("x"), 5));
        assert!(matches!(nonsense, Err(StoreError::InvalidCursor)));
    });
}

/// All rows, read in pages of one.
fn page(shop: &Shop, filter: &Filter) -> Vec<Supply> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = shop
            .store
            .read(|connection| list(connection, filter, after.as_deref(), 1))
            .unwrap();
        all.extend(page.data);
        match page.next_cursor {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let whole = shop
        .store
        .read(|connection| list(connection, filter, None, 200))
        .unwrap();
    assert_eq!(whole.data, all, "pages follow one another without gaps");
    all
}

#[test]
fn supply_that_changed_meanwhile_is_told_apart() {
    on_every_engine(|engine, database| {
        let mut first = Shop::furnished(database.open(), 1);
        let command = expect(&mut first, "A", "L1", 5, DAY);
        let id = id_of(first.run(command).unwrap());
        let mut second = Shop::new(database.open(), 2);
        let request = second.request(arrive(id, 5));
        second.writer.begin().unwrap();
        let planned = second.plan(&[request]).unwrap();
        second.writer.rollback();
        first.run(arrive(id, 2)).unwrap();
        match second.commit(&planned) {
            Err(StoreError::GuardFailed(failed)) => assert_eq!(failed.supplies, [id]),
            other => panic!("{engine:?}: {other:?}"),
        }
        assert_eq!(first.violations(), [""; 0], "{engine:?}");
    });
}

#[test]
fn a_batch_that_changes_supply_several_times_writes_it_once() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let command = send(&mut shop, 9);
        let id = id_of(shop.run(command).unwrap());
        let steps = [
            arrive(id, 2),
            postpone(id, date(2026, 2, 1)),
            arrive(id, 3),
            arrive(id, 5),
        ];
        let requests: Vec<_> = steps.map(|step| shop.request(step)).into();
        let answers = shop.run_all(&requests);
        let codes: Vec<_> = answers
            .iter()
            .map(|answer| {
                answer
                    .as_ref()
                    .map(|answer| answer.version)
                    .map_err(|no| no.code())
            })
            .collect();
        assert_eq!(
            codes,
            [Ok(2), Ok(3), Ok(4), Err("supply_exceeded")],
            "{engine:?}"
        );
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
    });
}

#[test]
fn damage_to_supply_is_found() {
    let damages = [
        ("I3", "UPDATE stock_level SET in_transit = in_transit + 1"),
        ("I6", "UPDATE supply SET status = 'received'"),
        ("I6", "UPDATE supply SET expected = '2026-01-21'"),
        ("I6", "UPDATE supply SET version = version + 1"),
        ("I6", "UPDATE supply SET outstanding = outstanding + 1"),
        ("I6", "DELETE FROM supply_entry"),
        (
            "I4",
            "DELETE FROM stock_ledger WHERE reason = 'transfer_started'",
        ),
        ("I3", "DELETE FROM supply"),
    ];
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let command = send(&mut shop, 9);
        shop.run(command).unwrap();
        drop(shop);
        for (invariant, damage) in damages {
            let copy = database.copy();
            copy.execute(damage);
            let found = copy.open().read(check_invariants).unwrap();
            assert!(
                found
                    .iter()
                    .any(|violation| violation.invariant == invariant),
                "{engine:?}: {damage}: {found:#?}"
            );
        }
    });
}
