//! Ring-fences on both engines: they are kept, used up by their channel, and told apart when two use the same units.

use throughline_core::Answer;
use throughline_core::command::Command;
use throughline_core::inventory::SetRingFence;
use throughline_store::{StoreError, check_invariants, views};

use crate::support::{Shop, line, on_every_engine, order};

fn fence(channel: &str, quantity: i64) -> Command {
    Command::SetRingFence(SetRingFence {
        sku: "A".to_owned(),
        location: "L1".to_owned(),
        channel: channel.to_owned(),
        quantity,
    })
}

/// An order from a channel of so many units, which are at both locations.
fn place(shop: &mut Shop, channel: &str, reference: &str, quantity: i64) -> Command {
    let mut order = order(reference, vec![line("A", quantity)]);
    order.channel = channel.to_owned();
    shop.place(order)
}

/// What the fences of the item hold, by channel.
fn left(shop: &Shop) -> Vec<(u16, i64)> {
    let read = |connection: &mut throughline_store::Connection| {
        let item = views::items::by_sku(connection, &["A"])?[0].id;
        let facts = views::availability::read(connection, &[item])?;
        let fences = facts.stock[&item].fences.iter();
        Ok(fences
            .map(|fence| (fence.channel.0, fence.quantity))
            .collect())
    };
    shop.store.read(read).unwrap()
}

#[test]
fn fenced_units_are_kept_for_their_channel_and_used_up_by_it() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        shop.channel("app");
        shop.run(fence("web", 60)).unwrap();
        shop.run(fence("app", 30)).unwrap();
        assert_eq!(left(&shop), [(0, 60), (1, 30)], "{engine:?}");
        let refused = shop.run(fence("app", 41)).unwrap_err();
        assert_eq!(refused.code(), "insufficient_stock");
        // Ten units are free at L1 and fifty at L2; the app has thirty of its own.
        let order = place(&mut shop, "app", "one", 85);
        let placed: Answer = shop.run(order).unwrap();
        assert_eq!(placed.version, 2);
        assert_eq!(left(&shop), [(0, 60)], "{engine:?}");
        let order = place(&mut shop, "web", "two", 25);
        shop.run(order).unwrap();
        assert_eq!(left(&shop), [(0, 35)], "{engine:?}");
        shop.run(fence("web", 0)).unwrap();
        assert_eq!(left(&shop), [], "{engine:?}");
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
    });
}

#[test]
fn a_fence_that_was_used_meanwhile_is_told_apart() {
    on_every_engine(|engine, database| {
        let mut first = Shop::furnished(database.open(), 1);
        first.run(fence("web", 60)).unwrap();
        let mut second = Shop::new(database.open(), 2);
        let order = place(&mut second, "web", "late", 5);
        let request = second.request(order);
        second.writer.begin().unwrap();
        let planned = second.plan(&[request]).unwrap();
        second.writer.rollback();
        let order = place(&mut first, "web", "early", 5);
        first.run(order).unwrap();
        match second.commit(&planned) {
            Err(StoreError::GuardFailed(failed)) => {
                assert_eq!(failed.items.len(), 1, "{engine:?}: {failed:?}");
            }
            other => panic!("{engine:?}: {other:?}"),
        }
        assert_eq!(left(&first), [(0, 55)], "{engine:?}");
        assert_eq!(first.violations(), [""; 0], "{engine:?}");
    });
}

#[test]
fn a_batch_uses_a_fence_several_times() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let mut commands = vec![fence("web", 60)];
        for reference in ["one", "two", "three"] {
            commands.push(place(&mut shop, "web", reference, 7));
        }
        commands.push(fence("web", 50));
        let requests: Vec<_> = commands
            .into_iter()
            .map(|command| shop.request(command))
            .collect();
        let answers = shop.run_all(&requests);
        assert!(answers.iter().all(Result::is_ok), "{engine:?}: {answers:?}");
        assert_eq!(left(&shop), [(0, 50)], "{engine:?}");
        assert_eq!(shop.violations(), [""; 0], "{engine:?}");
    });
}

#[test]
fn damage_to_a_fence_is_found() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        shop.run(fence("web", 60)).unwrap();
        drop(shop);
        for damage in [
            "UPDATE ring_fence SET quantity = quantity + 1",
            "DELETE FROM ring_fence",
        ] {
            let copy = database.copy();
            copy.execute(damage);
            let found = copy.open().read(check_invariants).unwrap();
            assert!(
                found.iter().any(|violation| violation.invariant == "I2"),
                "{engine:?}: {damage}: {found:#?}"
            );
        }
    });
}
