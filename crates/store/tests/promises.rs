//! What deliveries teach: counted once with the delivery, added to by whoever commits, and read back as lanes and scores.

use throughline_core::Request;
use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::fulfilment::{
    NewPackage, OutcomeScope, PackFulfilment, PickFulfilment, RecordOutcome, ShipFulfilment,
};
use throughline_core::id::OrderId;
use throughline_core::network::{ChannelId, LocationId};
use throughline_core::order::{LineUnits, Outcome};
use throughline_core::promise::{Against, Lane, Level, Month, Scored, TableDays, TransitTime};
use throughline_core::time::Millis;
use throughline_store::{Store, views};

use crate::support::{Shop, line, on_every_engine, order};

const DAY_MS: i64 = 86_400_000;
/// A score as month, location, promised, kept, and late ones by days.
type Told = (String, u16, u64, u64, Vec<(u16, u64)>);

const TABLE: TableDays = TableDays {
    days: 4,
    margin_days: 2,
};

fn ship(shop: &mut Shop, reference: &str, carrier: &str) -> OrderId {
    let place = shop.place(order(reference, vec![line("A", 2)]));
    let Resource::Order(id) = shop.run(place).unwrap().resource else {
        panic!("no order")
    };
    let placed = shop.order(id);
    let fulfilment = placed.progress.fulfilments[0].no;
    let pick = PickFulfilment {
        fulfilment,
        start_only: false,
        lines: None,
    };
    // Two packages of one unit each.
    let package = |_| NewPackage {
        lines: vec![LineUnits {
            line: placed.placed.lines[0].no,
            quantity: 1,
        }],
        weight_g: None,
    };
    let pack = PackFulfilment {
        fulfilment,
        packages: (0..2).map(package).collect(),
    };
    let ship = ShipFulfilment {
        fulfilment,
        carrier: carrier.to_owned(),
        service: Some("Parcel".to_owned()),
        tracking_number: None,
        packages: None,
        serials: Vec::new(),
        shipped_at: None,
    };
    shop.run(Command::PickFulfilment(Shop::on(id, pick)))
        .unwrap();
    shop.run(Command::PackFulfilment(Shop::on(id, pack)))
        .unwrap();
    shop.run(Command::ShipFulfilment(Shop::on(id, ship)))
        .unwrap();
    id
}

fn outcome(shop: &mut Shop, id: OrderId, outcome: Outcome, scope: OutcomeScope) -> Command {
    let fulfilment = shop.order(id).progress.fulfilments[0].no;
    Command::RecordOutcome(Shop::on(
        id,
        RecordOutcome {
            fulfilment,
            outcome,
            at: None,
            scope,
        },
    ))
}

fn lane(service: &str) -> Lane {
    Lane {
        location: LocationId(0),
        service: service.to_owned(),
        country: "DE".to_owned(),
        area: String::new(),
    }
}

fn told(store: &Store, service: &str, now: Millis) -> TransitTime {
    let now = Month::at(now);
    let book = store.read(|connection| views::promises::lanes(connection, now));
    book.unwrap().transit_time(&lane(service), now, TABLE, 1)
}

#[test]
fn a_delivery_counts_once_when_the_last_of_it_has_arrived() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let id = ship(&mut shop, "one", " DHL ");
        shop.now = shop.now.plus_ms(2 * DAY_MS);
        let first = shop.order(id).progress.fulfilments[0].packages[0].no;
        let part = outcome(
            &mut shop,
            id,
            Outcome::Delivered,
            OutcomeScope::Packages(vec![first]),
        );
        shop.run(part).unwrap();
        assert_eq!(counts(&shop), Vec::<(u8, u64)>::new());
        let rest = outcome(&mut shop, id, Outcome::Delivered, OutcomeScope::All);
        shop.run(rest).unwrap();
        // From Monday 2026-01-05 to Wednesday.
        assert_eq!(counts(&shop), [(2, 1)]);
        let lost = ship(&mut shop, "two", "DHL");
        let lost = outcome(&mut shop, lost, Outcome::Lost, OutcomeScope::All);
        shop.run(lost).unwrap();
        assert_eq!(counts(&shop), [(2, 1)]);
        assert_eq!(shop.violations(), Vec::<String>::new());
    });
}

/// Parcels of the service by days, as one level after the other can tell them.
fn counts(shop: &Shop) -> Vec<(u8, u64)> {
    let now = Month::at(shop.now);
    let book = shop
        .store
        .read(|connection| views::promises::lanes(connection, now))
        .unwrap();
    let counted = book.counts(&lane("dhl parcel"), now);
    (0..=30)
        .map(|days| {
            (
                days,
                counted.within(days) - days.checked_sub(1).map_or(0, |less| counted.within(less)),
            )
        })
        .filter(|(_, parcels)| *parcels > 0)
        .collect()
}

#[test]
fn a_lane_speaks_for_itself_after_thirty_parcels_of_one_batch_and_another() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let ids: Vec<OrderId> = (0..45)
            .map(|number| ship(&mut shop, &format!("r{number}"), "DHL"))
            .collect();
        for batch in ids.chunks(30) {
            shop.now = shop.now.plus_ms(DAY_MS);
            let delivered: Vec<Request> = batch
                .iter()
                .map(|id| {
                    let command = outcome(&mut shop, *id, Outcome::Delivered, OutcomeScope::All);
                    shop.request(command)
                })
                .collect();
            let answers = shop.run_all(&delivered);
            assert!(answers.iter().all(Result::is_ok));
        }
        let time = told(&shop.store, "dhl parcel", shop.now);
        let expected = TransitTime {
            likely_days: 1,
            // no month lies before this one that could judge it
            kept_days: 6,
            proven: false,
            level: Level::Lane,
            parcels: 45,
        };
        assert_eq!(time, expected);
        let later = shop.now.plus_ms(400 * DAY_MS);
        let forgotten = told(&shop.store, "dhl parcel", later);
        assert_eq!((forgotten.level, forgotten.parcels), (Level::Table, 0));
    });
}

#[test]
fn scores_of_promises_add_up_by_month_location_service_and_channel() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let january = Month::at(shop.now);
        let scored = |location, channel, month, late_days| Scored {
            location: LocationId(location),
            service: "dhl parcel".to_owned(),
            channel: ChannelId(channel),
            month,
            late_days,
            against: Against::Last,
        };
        let earlier = january.before(1);
        let batches = [
            vec![
                scored(0, 0, january, 0),
                scored(0, 0, january, 0),
                scored(1, 0, january, 3),
                Scored {
                    against: Against::First,
                    ..scored(0, 0, january, 5)
                },
            ],
            vec![
                scored(0, 0, january, 2),
                scored(0, 0, earlier, 0),
                scored(0, 0, january, 0),
            ],
        ];
        for (reference, scores) in ["one", "two"].into_iter().zip(batches) {
            let place = shop.place(order(reference, vec![line("A", 1)]));
            let request = shop.request(place);
            shop.writer.begin().unwrap();
            let mut planned = shop.plan(&[request]).unwrap();
            shop.writer.rollback();
            planned.decisions[0].1.scores = scores;
            shop.commit(&planned).unwrap();
        }
        let told_against = |from, to, against| -> Vec<Told> {
            let scores = shop
                .store
                .read(|connection| views::promises::scores(connection, from, to, against))
                .unwrap();
            scores
                .into_iter()
                .map(|row| {
                    let score = row.score;
                    (
                        row.month.to_string(),
                        row.location.0,
                        score.promised,
                        score.kept,
                        score.late,
                    )
                })
                .collect()
        };
        let told = |from, to| told_against(from, to, Against::Last);
        let first = ("2026-01".to_owned(), 0, 4, 3, vec![(2, 1)]);
        let second = ("2026-01".to_owned(), 1, 1, 0, vec![(3, 1)]);
        let before = ("2025-12".to_owned(), 0, 1, 1, Vec::new());
        assert_eq!(told(january, january), [first.clone(), second.clone()]);
        assert_eq!(told(earlier, january), [before, first, second]);
        assert_eq!(told(january.before(9), january.before(2)), []);
        let as_made_first = ("2026-01".to_owned(), 0, 1, 0, vec![(5, 1)]);
        let seen = told_against(earlier, january, Against::First);
        assert_eq!(seen, [as_made_first]);
    });
}
