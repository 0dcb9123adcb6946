//! Personal values are in contact rows, and in the words that hang on them, and nowhere else.

use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::id::CustomerId;
use throughline_core::order::amend::AmendOrder;
use throughline_core::order::note::AddNote;
use throughline_core::party::{Address, Person, PutCustomer};

use crate::support::{Database, Shop, line, order};

/// Parts of personal values that nothing else contains.
const PERSONAL: &[&str] = &[
    "Zwetschgen",
    "zwetschgen",
    "Quittenweg",
    "Birnbach",
    "49151",
    "94086",
    "Hintereingang",
];

fn address(name: &str) -> Address {
    Address {
        name: name.to_owned(),
        line1: "Quittenweg 7".to_owned(),
        line2: Some("Hintereingang".to_owned()),
        city: "Birnbach".to_owned(),
        postal_code: "94086".to_owned(),
        country: "DE".to_owned(),
        ..Address::default()
    }
}

fn person() -> Person {
    Person {
        email: Some("zwetschgen@example.com".to_owned()),
        name: Some("Zoe Zwetschgen".to_owned()),
        phone: Some("+49151 1234567".to_owned()),
    }
}

/// Everything that a shop does with somebody's values.
fn deal(shop: &mut Shop) {
    let mut new = order("privacy", vec![line("A", 2)]);
    new.customer = Some(person());
    new.ship_to = Some(address("Zoe Zwetschgen"));
    new.bill_to = Some(address("Zoltan Zwetschgen"));
    new.lines[0].ship_to = Some(address("Zita Zwetschgen"));
    new.note = Some("Frau Zwetschgen: Hintereingang, bitte".to_owned());
    let place = shop.place(new);
    let Resource::Order(id) = shop.run(place).unwrap().resource else {
        panic!("no order")
    };
    let note = AddNote {
        text: "Zwetschgen called from +49151 1234567".to_owned(),
    };
    shop.run(Command::AddNote(Shop::on(id, note))).unwrap();
    let amend = AmendOrder {
        ship_to: Some(address("Zacharias Zwetschgen")),
        ..AmendOrder::default()
    };
    shop.run(Command::AmendOrder(Shop::on(id, Box::new(amend))))
        .unwrap();
    let put = PutCustomer {
        id: CustomerId::new(shop.now, shop.bits()),
        external_ref: Some("C-1".to_owned()),
        person: person(),
    };
    shop.run(Command::PutCustomer(put)).unwrap();
    shop.writer.flush_projections().unwrap();
}

/// Every value of every table, as text.
fn values(database: &Database, mut each: impl FnMut(&str, &str)) {
    let file = rusqlite::Connection::open(database.path()).unwrap();
    let mut tables = file
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .unwrap();
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for table in tables {
        let mut all = file.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = all.column_count();
        let mut rows = all.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..width {
                let bytes = match row.get_ref(column).unwrap() {
                    rusqlite::types::ValueRef::Text(bytes)
                    | rusqlite::types::ValueRef::Blob(bytes) => bytes.to_vec(),
                    other => format!("{other:?}").into_bytes(),
                };
                each(&table, &String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn personal_values_are_in_contact_rows_only() {
    let database = Database::file();
    let mut shop = Shop::furnished(database.open(), 1);
    deal(&mut shop);
    let mut seen = 0;
    values(&database, |table, value| {
        let found = PERSONAL.iter().find(|personal| value.contains(**personal));
        match table {
            "contact" | "contact_token" => seen += usize::from(found.is_some()),
            _ => assert_eq!(found, None, "in {table}: {value}"),
        }
    });
    assert!(seen > 8, "the values are somewhere: {seen}");
}
