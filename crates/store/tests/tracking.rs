//! Lots and serial numbers on both engines: what is written is read again, the checks find nothing, and two who name the
//! same unit are told apart.

use jiff::civil::date;
use throughline_core::catalog::{LotTracking, SerialTracking, Tracking};
use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::fulfilment::{
    MergeFulfilments, OutcomeScope, PackFulfilment, PickFulfilment, PickLine, RecordOutcome,
    RejectFulfilment, ScannedLot, ShipFulfilment, SplitFulfilment, Variance,
};
use throughline_core::id::{FulfilmentNo, LineNo, OrderId};
use throughline_core::inventory::{
    Cause, LotCode, NamedLot, ReceiveStock, SerialNumber, SerialState,
};
use throughline_core::order::{LineUnits, Outcome};
use throughline_core::returns::{
    Disposition, ReceiveReturn, ReceivedLine, RegisterReturn, ReturnedLine,
};
use throughline_core::{Answer, Refusal};
use throughline_store::{StoreError, views};

use crate::support::{Shop, line, on_every_engine, order};

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn delivery(
    quantity: i64,
    lot: Option<(&str, Option<jiff::civil::Date>)>,
    serials: &[&str],
) -> Command {
    Command::ReceiveStock(ReceiveStock {
        sku: "T".to_owned(),
        location: "L1".to_owned(),
        quantity,
        reference: "DN-1".to_owned(),
        lot: lot.map(|(code, expires_on)| NamedLot {
            code: code.to_owned(),
            expires_on,
            made_on: None,
        }),
        serials: texts(serials),
    })
}

fn placed(shop: &mut Shop, reference: &str, quantity: i64) -> (OrderId, LineNo, FulfilmentNo) {
    let place = shop.place(order(reference, vec![line("T", quantity)]));
    let Resource::Order(id) = shop.run(place).unwrap().resource else {
        panic!("it is placed");
    };
    let order = shop.order(id);
    let fulfilment = order.progress.fulfilments[0].no;
    (id, order.placed.lines[0].no, fulfilment)
}

fn found(line: LineNo, quantity: i64, lots: &[(&str, i64)], serials: &[&str]) -> PickLine {
    PickLine {
        line,
        quantity,
        short: 0,
        lots: lots
            .iter()
            .map(|(code, quantity)| ScannedLot {
                code: (*code).to_owned(),
                quantity: *quantity,
            })
            .collect(),
        short_lot: None,
        serials: texts(serials),
    }
}

fn pick(id: OrderId, fulfilment: FulfilmentNo, lines: Vec<PickLine>) -> Command {
    let pick = PickFulfilment {
        fulfilment,
        start_only: false,
        lines: Some(lines),
    };
    Command::PickFulfilment(Shop::on(id, pick))
}

fn reject(id: OrderId, fulfilment: FulfilmentNo, units: LineUnits) -> Command {
    let reject = RejectFulfilment {
        cause: Cause::Damaged,
        lines: Some(vec![units]),
        variance: Some(Variance::Damaged),
        ..RejectFulfilment::whole(fulfilment, "crushed".to_owned())
    };
    Command::RejectFulfilment(Shop::on(id, reject))
}

/// Packs, ships and delivers all of it.
fn send(shop: &mut Shop, id: OrderId, fulfilment: FulfilmentNo) {
    let pack = PackFulfilment {
        fulfilment,
        packages: Vec::new(),
    };
    let ship = ShipFulfilment {
        fulfilment,
        carrier: "post".to_owned(),
        service: None,
        tracking_number: None,
        packages: None,
        serials: Vec::new(),
        shipped_at: None,
    };
    let outcome = RecordOutcome {
        fulfilment,
        outcome: Outcome::Delivered,
        at: None,
        scope: OutcomeScope::All,
    };
    let steps = [
        Command::PackFulfilment(Shop::on(id, pack)),
        Command::ShipFulfilment(Shop::on(id, ship)),
        Command::RecordOutcome(Shop::on(id, outcome)),
    ];
    for step in steps {
        shop.run(step).unwrap();
    }
}

fn take_back(
    shop: &mut Shop,
    id: OrderId,
    line: LineNo,
    lot: Option<&str>,
    serials: &[&str],
) -> Result<Answer, Refusal> {
    let lines = vec![ReturnedLine {
        line,
        quantity: 1,
        reason: "too big".to_owned(),
    }];
    let register = Command::RegisterReturn(Shop::on(id, RegisterReturn { lines }));
    let Resource::Return(_, no) = shop.run(register)?.resource else {
        panic!("it is registered");
    };
    let lines = vec![ReceivedLine {
        line: line.0,
        quantity: 1,
        disposition: Disposition::Quarantine,
        lot: lot.map(str::to_owned),
        serials: texts(serials),
    }];
    let receive = ReceiveReturn {
        no,
        location: Some("L1".to_owned()),
        lines,
    };
    shop.run(Command::ReceiveReturn(Shop::on(id, receive)))
}

#[test]
fn a_lot_is_followed_from_its_delivery_to_its_return() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let lots = LotTracking {
            expires: true,
            min_life_days: None,
        };
        let tracking = Tracking {
            lots: Some(lots),
            ..Tracking::default()
        };
        let item = shop.tracked("T", tracking);
        let (soon, late) = (date(2099, 1, 1), date(2099, 6, 1));
        shop.run(delivery(5, Some(("LATE", Some(late))), &[]))
            .unwrap();
        shop.run(delivery(3, Some(("SOON", Some(soon))), &[]))
            .unwrap();
        let (id, line, fulfilment) = placed(&mut shop, "of-two-lots", 4);
        let split = SplitFulfilment {
            fulfilment,
            lines: vec![LineUnits { line, quantity: 2 }],
            packages: Vec::new(),
            serials: Vec::new(),
        };
        let answer = shop
            .run(Command::SplitFulfilment(Shop::on(id, split)))
            .unwrap();
        let Resource::Fulfilment(_, other) = answer.resource else {
            panic!("{answer:?}");
        };
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
        shop.run(pick(id, other, vec![found(line, 2, &[("LATE", 2)], &[])]))
            .unwrap();
        shop.run(reject(id, other, LineUnits { line, quantity: 1 }))
            .unwrap();
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
        let merge = MergeFulfilments {
            fulfilment,
            with: other,
        };
        shop.run(Command::MergeFulfilments(Shop::on(id, merge)))
            .unwrap();
        shop.run(pick(id, fulfilment, vec![found(line, 2, &[], &[])]))
            .unwrap();
        send(&mut shop, id, fulfilment);
        take_back(&mut shop, id, line, Some("LATE"), &[]).unwrap();
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
        let (levels, moves) = shop
            .store
            .read(|connection| {
                let code = LotCode::new("LATE");
                let levels = views::lots::levels(connection, item)?;
                Ok((
                    levels,
                    views::lots::moves(connection, item, &code, None, 50)?,
                ))
            })
            .unwrap();
        let told: Vec<(&str, [i64; 5])> = levels
            .levels()
            .iter()
            .map(|level| (level.lot.code.as_str(), level.counts()))
            .collect();
        assert_eq!(
            told,
            [("SOON", [1, 0, 0, 0, 0]), ("LATE", [3, 0, 1, 1, 0])],
            "{engine:?}"
        );
        let reasons: Vec<String> = moves
            .data
            .iter()
            .rev()
            .map(|row| row.reason.clone())
            .collect();
        assert_eq!(
            reasons.first().map(String::as_str),
            Some("received"),
            "{reasons:?}"
        );
        assert_eq!(
            reasons.last().map(String::as_str),
            Some("returned"),
            "{reasons:?}"
        );
    });
}

#[test]
fn a_unit_is_followed_from_its_delivery_to_its_return() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let tracking = Tracking {
            serials: Some(SerialTracking::AtReceipt),
            ..Tracking::default()
        };
        let item = shop.tracked("T", tracking);
        shop.run(delivery(3, None, &["S1", "S2", "S3"])).unwrap();
        let again = shop.run(delivery(1, None, &["S2"]));
        assert!(
            matches!(again, Err(Refusal::SerialUnavailable { .. })),
            "{again:?}"
        );
        let (id, line, fulfilment) = placed(&mut shop, "of-two-units", 2);
        shop.run(pick(
            id,
            fulfilment,
            vec![found(line, 2, &[], &["S3", "S1"])],
        ))
        .unwrap();
        shop.run(reject(id, fulfilment, LineUnits { line, quantity: 1 }))
            .unwrap();
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
        send(&mut shop, id, fulfilment);
        let unknown = take_back(&mut shop, id, line, None, &["S1"]);
        assert!(
            matches!(unknown, Err(Refusal::Unknown { .. })),
            "{unknown:?}"
        );
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
        let (units, life, items) = shop
            .store
            .read(|connection| {
                let serial = SerialNumber::new("S3");
                let units = views::serials::list(connection, item, None, 2)?;
                let life = views::serials::life(connection, item, &serial, None, 50)?;
                Ok((units, life, views::serials::items(connection, &serial)?))
            })
            .unwrap();
        let numbers: Vec<(&str, &str)> = units
            .data
            .iter()
            .map(|unit| (unit.serial.as_str(), unit.event.name()))
            .collect();
        assert_eq!(
            numbers,
            [("S1", "found_damaged"), ("S2", "received")],
            "{engine:?}"
        );
        assert!(units.has_more);
        let events: Vec<&str> = life.data.iter().map(|entry| entry.event.name()).collect();
        assert_eq!(events, ["shipped", "picked", "received"], "{engine:?}");
        assert_eq!(life.data[0].state.order(), Some((id, line)));
        assert_eq!(life.data[2].reference.as_deref(), Some("DN-1"));
        assert_eq!(items, [item]);
    });
}

#[test]
fn two_who_pick_the_same_new_unit_are_told_apart() {
    on_every_engine(|engine, database| {
        let mut first = Shop::furnished(database.open(), 1);
        let tracking = Tracking {
            serials: Some(SerialTracking::AtPick),
            ..Tracking::default()
        };
        let item = first.tracked("T", tracking);
        first.run(delivery(9, None, &[])).unwrap();
        let (one, line, fulfilment) = placed(&mut first, "the-first", 1);
        let (other, other_line, other_fulfilment) = placed(&mut first, "the-second", 1);
        let mut second = Shop::new(database.open(), 2);
        let late = second.request(pick(
            other,
            other_fulfilment,
            vec![found(other_line, 1, &[], &["S1"])],
        ));
        let planned = second.plan(std::slice::from_ref(&late)).unwrap();
        assert!(planned.answers[0].is_ok(), "{:?}", planned.answers);
        first
            .run(pick(one, fulfilment, vec![found(line, 1, &[], &["S1"])]))
            .unwrap();
        let failed = second.commit(&planned);
        assert!(
            matches!(failed, Err(StoreError::GuardFailed(_))),
            "{failed:?}"
        );
        second.writer.rollback();
        let again = second.run_all(&[late]).remove(0);
        assert!(
            matches!(again, Err(Refusal::SerialUnavailable { .. })),
            "{again:?}"
        );
        assert_eq!(first.violations(), [""; 0], "{engine:?}");
        let entries = first
            .store
            .read(|connection| views::serials::list(connection, item, None, 9))
            .unwrap();
        let state = entries.data[0].state;
        assert!(
            matches!(state, SerialState::Picked { order, .. } if order == one),
            "{state:?}"
        );
    });
}

#[test]
fn a_unit_that_two_orders_have_is_noticed() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let tracking = Tracking {
            serials: Some(SerialTracking::AtPick),
            ..Tracking::default()
        };
        shop.tracked("T", tracking);
        shop.run(delivery(9, None, &[])).unwrap();
        let (id, line, fulfilment) = placed(&mut shop, "the-first", 1);
        shop.run(pick(id, fulfilment, vec![found(line, 1, &[], &["S1"])]))
            .unwrap();
        database
            .execute("UPDATE serial_entry SET state = 'in_stock', order_id = NULL, line = NULL");
        let found = shop.violations();
        assert!(
            found.len() == 1 && found[0].contains("unit S1"),
            "{engine:?}: {found:?}"
        );
        database.execute("DELETE FROM serial_entry");
        let found = shop.violations();
        assert!(
            found.len() == 1 && found[0].contains("has no life"),
            "{engine:?}: {found:?}"
        );
    });
}
