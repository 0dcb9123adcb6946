//! One story on every engine: an order's life, and everything that must always be true after every step.

use throughline_core::Refusal;
use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::fulfilment::{
    NewPackage, OutcomeScope, PackFulfilment, PickFulfilment, PickLine, RecordOutcome,
    ShipFulfilment,
};
use throughline_core::id::{OrderId, ReservationId};
use throughline_core::inventory::{AdjustStock, CountStock, CreateReservation, EndReservation};
use throughline_core::order::cancel::CancelOrder;
use throughline_core::order::hold::{HoldOrder, ReleaseHold};
use throughline_core::order::note::AddNote;
use throughline_core::order::{
    FulfilmentStatus, HoldKind, LineUnits, OrderStatus, Outcome, statuses,
};
use throughline_core::party::{Person, PutCustomer};
use throughline_core::returns::{
    Disposition, ReceiveReturn, ReceivedLine, RegisterReturn, ReturnedLine,
};
use throughline_store::views;

use crate::support::{Shop, line, on_every_engine, order};

impl Shop {
    fn step(&mut self, what: &str, command: Command) -> Resource {
        let answer = self
            .run(command)
            .unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
        let violations = self.violations();
        assert!(violations.is_empty(), "after {what}: {violations:#?}");
        answer.resource
    }

    fn placed(&mut self, reference: &str, lines: &[(&str, i64)]) -> OrderId {
        let lines = lines
            .iter()
            .map(|(sku, quantity)| line(sku, *quantity))
            .collect();
        let place = self.place(order(reference, lines));
        match self.step(&format!("placing {reference}"), place) {
            Resource::Order(id) => id,
            other => panic!("{other:?}"),
        }
    }

    fn available(&self, sku: &str) -> i64 {
        let filter = views::stock::Filter {
            sku: Some(sku.to_owned()),
            ..Default::default()
        };
        let page = self
            .store
            .read(|c| views::stock::list(c, &filter, None, 200))
            .unwrap();
        page.data.iter().map(|row| row.level.available()).sum()
    }
}

#[test]
fn an_orders_life_keeps_every_invariant() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        whole_life(&mut shop);
        shortage_and_return(&mut shop);
        reservations(&mut shop);
        shop.writer.flush_projections().unwrap();
        assert!(shop.violations().is_empty());
    });
}

fn whole_life(shop: &mut Shop) {
    let id = shop.placed("life", &[("A", 3), ("B", 2)]);
    assert_eq!(shop.available("A"), 147);
    let first = shop.order(id);
    let fulfilment = first.progress.fulfilments[0].no;
    let a = first.placed.lines[0].no;
    shop.step(
        "a note",
        Command::AddNote(Shop::on(
            id,
            AddNote {
                text: "call first".to_owned(),
            },
        )),
    );
    let hold = HoldOrder {
        kind: HoldKind::Manual,
        reason: "wait".to_owned(),
        lines: Vec::new(),
    };
    shop.step("a hold", Command::HoldOrder(Shop::on(id, hold)));
    let hold = shop.order(id).progress.holds[0].no;
    shop.step(
        "its release",
        Command::ReleaseHold(Shop::on(id, ReleaseHold { hold })),
    );
    let lines = vec![PickLine {
        line: a,
        quantity: 2,
        short: 1,
        lots: Vec::new(),
        short_lot: None,
    }];
    let pick = PickFulfilment {
        fulfilment,
        start_only: false,
        lines: Some(lines),
    };
    shop.step("a short pick", Command::PickFulfilment(Shop::on(id, pick)));
    let rest = PickFulfilment {
        fulfilment,
        start_only: false,
        lines: None,
    };
    shop.step(
        "picking the rest",
        Command::PickFulfilment(Shop::on(id, rest)),
    );
    let package = NewPackage {
        lines: vec![LineUnits {
            line: a,
            quantity: 2,
        }],
        weight_g: Some(500),
    };
    let pack = PackFulfilment {
        fulfilment,
        packages: vec![package],
    };
    shop.step(
        "packing a part",
        Command::PackFulfilment(Shop::on(id, pack)),
    );
    let ship = ShipFulfilment {
        fulfilment,
        carrier: "Example Post".to_owned(),
        service: None,
        tracking_number: Some("TRACK-77".to_owned()),
        packages: None,
        shipped_at: None,
    };
    shop.step("shipping it", Command::ShipFulfilment(Shop::on(id, ship)));
    let outcome = RecordOutcome {
        fulfilment,
        outcome: Outcome::Delivered,
        at: None,
        scope: OutcomeScope::All,
    };
    shop.step(
        "its delivery",
        Command::RecordOutcome(Shop::on(id, outcome)),
    );
    assert_eq!(
        statuses(&shop.order(id)).fulfilment,
        FulfilmentStatus::PartiallyFulfilled
    );
    let cancel = CancelOrder {
        reason: "too late".to_owned(),
        lines: None,
    };
    shop.step(
        "cancelling the rest",
        Command::CancelOrder(Shop::on(id, cancel)),
    );
    assert_eq!(statuses(&shop.order(id)).order, OrderStatus::Delivered);
    let lines = vec![ReturnedLine {
        line: a,
        quantity: 1,
        reason: "too big".to_owned(),
    }];
    let registered = shop.step(
        "a return",
        Command::RegisterReturn(Shop::on(id, RegisterReturn { lines })),
    );
    let Resource::Return(_, no) = registered else {
        panic!("{registered:?}")
    };
    let lines = vec![ReceivedLine {
        line: a.0,
        quantity: 1,
        disposition: Disposition::Restock,
        lot: None,
    }];
    let receive = ReceiveReturn {
        no,
        location: Some("L1".to_owned()),
        lines,
    };
    shop.step("its receipt", Command::ReceiveReturn(Shop::on(id, receive)));
}

fn shortage_and_return(shop: &mut Shop) {
    let waits = shop.placed("waits", &[("B", 200)]);
    assert!(shop.order(waits).progress.lines[0].backordered > 0);
    shop.receive("B", "L2", 100);
    assert!(shop.violations().is_empty(), "{:#?}", shop.violations());
    assert_eq!(shop.order(waits).progress.lines[0].backordered, 0);
    let count = CountStock {
        sku: "B".to_owned(),
        location: "L2".to_owned(),
        quantity: 20,
        reference: "sheet".to_owned(),
        lot: None,
    };
    shop.step("a count below what is claimed", Command::CountStock(count));
    assert!(shop.order(waits).progress.lines[0].backordered > 0);
    let adjust = AdjustStock {
        sku: "B".to_owned(),
        location: "L1".to_owned(),
        quantity: 500,
        reference: "found".to_owned(),
        reason: Some("behind the shelf".to_owned()),
        lot: None,
    };
    shop.step("units that were found", Command::AdjustStock(adjust));
    assert_eq!(shop.order(waits).progress.lines[0].backordered, 0);
}

fn reservations(shop: &mut Shop) {
    let before = shop.available("A");
    let make = |shop: &mut Shop, quantity: i64| {
        let id = ReservationId::new(shop.now, shop.bits());
        let lines = vec![("A".to_owned(), quantity)];
        let create = CreateReservation {
            id,
            lines,
            location: None,
            ttl_ms: 60_000,
            reference: Some("cart".to_owned()),
        };
        shop.step("a reservation", Command::CreateReservation(create));
        id
    };
    let released = make(shop, 10);
    assert_eq!(shop.available("A"), before - 10);
    shop.step(
        "its release",
        Command::EndReservation(EndReservation {
            id: released,
            expired: false,
        }),
    );
    assert_eq!(shop.available("A"), before);
    let used = make(shop, 5);
    let mut with_reservation = order("reserved", vec![line("A", 5)]);
    with_reservation.reservation = Some(used);
    let place = shop.place(with_reservation);
    shop.step("using it", place);
    assert_eq!(shop.available("A"), before - 5);
    let expires = make(shop, 7);
    shop.now = shop.now.plus_ms(120_000);
    let now = shop.now;
    assert_eq!(
        shop.store
            .read(|c| views::reservations::expired(c, now, 10))
            .unwrap(),
        [expires]
    );
    shop.step(
        "its expiry",
        Command::EndReservation(EndReservation {
            id: expires,
            expired: true,
        }),
    );
    assert_eq!(shop.available("A"), before - 5);
}

#[test]
fn the_same_reference_never_makes_a_second_order() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let first = shop.placed("twin", &[("A", 1)]);
        let again = shop.place(order("twin", vec![line("A", 1)]));
        assert_eq!(shop.run(again).unwrap().resource, Resource::Order(first));
        let twins = [
            shop.place(order("pair", vec![line("A", 1)])),
            shop.place(order("pair", vec![line("A", 1)])),
        ];
        let requests = twins.map(|twin| shop.request(twin));
        let answers = shop.run_all(&requests);
        assert_eq!(
            answers[0].as_ref().unwrap().resource,
            answers[1].as_ref().unwrap().resource
        );
        assert_eq!(shop.available("A"), 148);
        assert!(shop.violations().is_empty());
    });
}

#[test]
fn a_refused_order_changes_nothing() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let unknown = shop.place(order("unknown", vec![line("NONE", 1)]));
        let good = shop.place(order("good", vec![line("A", 1)]));
        let requests = [unknown, good].map(|command| shop.request(command));
        let answers = shop.run_all(&requests);
        assert!(
            matches!(answers[0], Err(Refusal::Unknown { .. })),
            "{answers:?}"
        );
        assert!(answers[1].is_ok());
        assert!(shop.violations().is_empty());
    });
}

#[test]
fn a_customer_that_changes_is_found_by_the_new_words_alone() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let id = shop.placed("named", &[("A", 1)]);
        let customer = shop.order(id).placed.customer.unwrap();
        let person = Person {
            email: Some("named@example.com".to_owned()),
            name: Some("Renamed Person".to_owned()),
            phone: None,
        };
        shop.step(
            "a new name",
            Command::PutCustomer(PutCustomer {
                id: customer,
                external_ref: None,
                person,
            }),
        );
        shop.writer.flush_projections().unwrap();
        let find = |words: &str| {
            let filter = views::orders::Filter {
                words: Some(words.to_owned()),
                ..Default::default()
            };
            shop.store
                .read(|c| views::orders::list(c, &filter, Default::default(), None, 10))
                .unwrap()
                .data
                .len()
        };
        assert_eq!(find("renamed"), 1);
        assert_eq!(find("named@example.com"), 1);
        database.execute("DELETE FROM contact_token WHERE token = 'renamed'");
        assert_eq!(find("renamed"), 0);
    });
}
