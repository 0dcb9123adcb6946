//! The checks find what they are for: each kind of damage is reported under its invariant.

use throughline_core::catalog::{Maker, Selling};
use throughline_core::command::Command;
use throughline_core::network::{Capacity, CapacityUnit, LocationId};

use crate::support::{Database, Shop, line, on_every_engine, order};

/// A database with orders in several states, a reservation and a queue.
fn shop(database: &Database) -> Shop {
    let mut shop = Shop::furnished(database.open(), 1);
    for (reference, quantity) in [("one", 2), ("waits", 500)] {
        let place = shop.place(order(reference, vec![line("A", quantity)]));
        shop.run(place).unwrap();
    }
    shop.sold("M", made_to_order());
    let place = shop.place(order("made", vec![line("M", 7)]));
    shop.run(place).unwrap();
    crate::screening::order_on_account(&mut shop, "owes");
    let id = throughline_core::id::ReservationId::new(shop.now, shop.bits());
    let lines = vec![("B".to_owned(), 3)];
    let create = throughline_core::inventory::CreateReservation {
        id,
        lines,
        location: None,
        ttl_ms: 60_000,
        reference: None,
    };
    shop.run(Command::CreateReservation(create)).unwrap();
    assert!(shop.violations().is_empty());
    shop
}

/// Made by the first location, three a day.
fn made_to_order() -> Selling {
    let maker = Maker {
        location: LocationId(0),
        lead_days: 2,
        capacity: Capacity {
            unit: CapacityUnit::Units,
            per_day: 3,
            days: Vec::new(),
        },
    };
    Selling {
        makers: vec![maker],
        ..Selling::default()
    }
}

#[test]
fn every_kind_of_damage_is_reported_under_its_invariant() {
    let damages = [
        ("I1", "UPDATE order_line SET shipped = shipped + 1"),
        ("I1", "DELETE FROM order_line"),
        ("I1", "DELETE FROM waiting"),
        ("I1", "UPDATE waiting SET quantity = quantity + 1"),
        ("I2", "UPDATE reservation_line SET quantity = quantity + 1"),
        ("I2", "UPDATE reservation SET state = 'released'"),
        ("I3", "UPDATE allocation SET quantity = quantity + 1"),
        ("I3", "DELETE FROM allocation"),
        (
            "I3",
            "UPDATE stock_level SET allocated = allocated - 1 WHERE allocated > 0",
        ),
        ("I4", "UPDATE stock_level SET on_hand = on_hand + 1"),
        ("I4", "UPDATE stock_level SET damaged = damaged + 1"),
        ("I4", "DELETE FROM stock_ledger WHERE reason = 'received'"),
        ("I6", "UPDATE orders SET version = version + 1"),
        ("I6", "UPDATE orders SET status = 'delivered'"),
        ("I6", "UPDATE orders SET total_minor = total_minor + 1"),
        ("I6", "DELETE FROM journal WHERE seq = 2"),
        (
            "I6",
            "UPDATE orders SET progress = (SELECT progress FROM orders ORDER BY number DESC LIMIT 1)",
        ),
        (
            "I5",
            "UPDATE customer_account SET open_balance_minor = open_balance_minor + 1",
        ),
        ("I5", "DELETE FROM customer_account"),
        ("capacity", "UPDATE slot_booking SET units = units + 1"),
        ("capacity", "DELETE FROM slot_booking"),
        ("I6", "DELETE FROM order_leg"),
        ("I6", "UPDATE order_leg SET due = '2020-01-01'"),
        ("I7", "DELETE FROM claim WHERE kind = 1"),
        ("I7", "DELETE FROM claim WHERE kind = 2"),
        (
            "I7",
            "UPDATE claim SET resource_id = (SELECT order_id FROM orders ORDER BY number LIMIT 1) WHERE kind = 1",
        ),
    ];
    on_every_engine(|engine, database| {
        drop(shop(database));
        for (invariant, damage) in damages {
            let copy = database.copy();
            copy.execute(damage);
            let shop = Shop::new(copy.open(), 2);
            let found = shop.violations();
            assert!(
                found
                    .iter()
                    .any(|violation| violation.starts_with(invariant)),
                "{engine:?}: {damage}: {found:#?}"
            );
        }
    });
}
