//! Tallies and accounts: counted across batches and processes, guarded, and pruned.

use throughline_core::command::{Command, PutMode};
use throughline_core::decision::Resource;
use throughline_core::facts::{ClaimKey, Facts, Need};
use throughline_core::id::{CustomerId, OrderId};
use throughline_core::order::screening::{PutScreeningRules, ScreeningRules};
use throughline_core::party::{Account, Credit, PutAccount, Terms};
use throughline_store::StoreError;

use crate::support::{Shop, line, on_every_engine, order};

fn put_rules(shop: &mut Shop, rules: &str) {
    let rules: ScreeningRules = serde_json::from_str(rules).unwrap();
    let mode = PutMode::Ensure;
    let put = PutScreeningRules { rules, mode };
    shop.run(Command::PutScreeningRules(Box::new(put))).unwrap();
}

fn place(shop: &mut Shop, reference: &str, email: &str) -> Command {
    let mut new = order(reference, vec![line("A", 1)]);
    if let Some(person) = &mut new.customer {
        person.email = Some(email.to_owned());
    }
    shop.place(new)
}

fn placed(shop: &mut Shop, reference: &str, email: &str) -> OrderId {
    let command = place(shop, reference, email);
    match shop.run(command).unwrap().resource {
        Resource::Order(id) => id,
        other => panic!("{other:?} is no order"),
    }
}

fn holds(shop: &mut Shop, id: OrderId) -> Vec<String> {
    let order = shop.order(id);
    let holds = order.progress.holds.iter();
    holds
        .map(|hold| format!("{}: {}", hold.kind.as_str(), hold.reason))
        .collect()
}

fn customer(shop: &mut Shop, email: &str) -> CustomerId {
    let key = ClaimKey::email(email);
    let mut facts = Facts::default();
    let need = [Need::Claim(key.clone())];
    shop.writer.load(&need, &mut facts, shop.now).unwrap();
    let claim = facts.claims.remove(&key).flatten();
    claim.and_then(|claim| claim.customer()).unwrap()
}

fn account(shop: &mut Shop, customer: CustomerId) -> Account {
    let mut facts = Facts {
        network: shop.writer.load_network().unwrap(),
        ..Facts::default()
    };
    let need = [Need::Account(customer)];
    shop.writer.load(&need, &mut facts, shop.now).unwrap();
    facts.accounts.remove(&customer).unwrap()
}

/// Places an order on credit terms, with rules and an account of its own making.
pub(crate) fn order_on_account(shop: &mut Shop, reference: &str) -> OrderId {
    let email = format!("{reference}@example.com");
    placed(shop, &format!("{reference}-first"), &email);
    put_rules(
        shop,
        r#"{"code":"credit","channels":["web"],"credit":{"exceeded":"hold"}}"#,
    );
    let customer = customer(shop, &email);
    let credit = Credit {
        limit_minor: 2_000,
        terms_days: 30,
        currency: "EUR".parse().unwrap(),
    };
    let put = PutAccount {
        customer,
        tier: Some("gold".to_owned()),
        credit: Some(credit),
        terms: Terms {
            ship_complete: true,
            whole_cases: true,
        },
    };
    shop.run(Command::PutAccount(put)).unwrap();
    placed(shop, reference, &email)
}

#[test]
fn what_was_seen_is_counted_over_batches_and_within_one() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        put_rules(
            &mut shop,
            r#"{"code":"R","channels":["web"],"fraud":{"hold_at":1,"rules":[
                {"name":"often","when":"velocity.email.orders_hour >= 2","score":1},
                {"name":"known","when":"customer.orders_count >= 4","score":1}]}}"#,
        );
        let first = placed(&mut shop, "r1", "ann@example.com");
        let requests: Vec<_> = ["r2", "r3", "r4"]
            .into_iter()
            .map(|reference| {
                let command = place(&mut shop, reference, "ann@example.com");
                shop.request(command)
            })
            .collect();
        let answers = shop.run_all(&requests);
        let ids: Vec<OrderId> = answers
            .into_iter()
            .map(|answer| match answer.unwrap().resource {
                Resource::Order(id) => id,
                other => panic!("{other:?} is no order"),
            })
            .collect();
        let seen: Vec<_> = [first]
            .into_iter()
            .chain(ids)
            .map(|id| holds(&mut shop, id))
            .collect();
        let often = vec!["fraud: score 1: often (+1)".to_owned()];
        assert_eq!(seen, [vec![], vec![], often.clone(), often], "{engine:?}");
        let fifth = placed(&mut shop, "r5", "ann@example.com");
        assert_eq!(
            holds(&mut shop, fifth),
            ["fraud: score 2: often (+1); known (+1)"],
            "{engine:?}"
        );
        assert!(shop.violations().is_empty());
    });
}

#[test]
fn a_tally_that_another_process_has_changed_fails_the_guard() {
    on_every_engine(|engine, database| {
        let mut one = Shop::furnished(database.open(), 1);
        put_rules(
            &mut one,
            r#"{"code":"R","channels":["web"],"duplicates":{"window_minutes":60}}"#,
        );
        placed(&mut one, "r0", "bob@example.com");
        let mut other = Shop::new(database.open(), 2);
        other.now = one.now;
        let command = place(&mut one, "r1", "ann@example.com");
        let request = one.request(command);
        let planned = one.plan(&[request]).unwrap();
        let twin = placed(&mut other, "r2", "ann@example.com");
        assert!(holds(&mut other, twin).is_empty(), "{engine:?}");
        match one.commit(&planned) {
            Err(StoreError::GuardFailed(guards)) => assert!(guards.counters, "{guards:?}"),
            other => panic!("{engine:?}: {other:?}"),
        }
        one.writer.rollback();
        let again = placed(&mut one, "r3", "ann@example.com");
        let found = holds(&mut one, again);
        assert!(
            found[0].starts_with("duplicate: the same as order"),
            "{found:?}"
        );
    });
}

#[test]
fn what_is_owed_follows_the_orders() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let id = order_on_account(&mut shop, "owes");
        assert!(holds(&mut shop, id).is_empty());
        let customer = customer(&mut shop, "owes@example.com");
        let known = account(&mut shop, customer);
        assert_eq!(
            (known.open_balance_minor, known.orders_count),
            (1_250, 2),
            "{engine:?}"
        );
        assert_eq!(known.tier.as_deref(), Some("gold"));
        assert!(known.terms.ship_complete, "{engine:?}");
        assert!(shop.order(id).placed.ship_complete, "{engine:?}");
        let second = placed(&mut shop, "second", "owes@example.com");
        let beyond =
            "credit: the customer owes 1250 of 2000, and this order adds 1250: 500 too much";
        assert_eq!(holds(&mut shop, second), [beyond]);
        let cancel = throughline_core::order::cancel::CancelOrder {
            reason: "changed their mind".to_owned(),
            lines: None,
        };
        shop.run(Command::CancelOrder(Shop::on(second, cancel)))
            .unwrap();
        assert_eq!(account(&mut shop, customer).open_balance_minor, 1_250);
        assert!(shop.violations().is_empty(), "{engine:?}");
    });
}

#[test]
fn tallies_that_remember_nothing_are_pruned() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        put_rules(
            &mut shop,
            r#"{"code":"R","channels":["web"],"duplicates":{"window_minutes":60}}"#,
        );
        placed(&mut shop, "r1", "ann@example.com");
        let mut pruner = shop.store.pruner().unwrap();
        let day = 86_400_000;
        assert_eq!(pruner.step(shop.now.plus_ms(day)).unwrap(), 0, "{engine:?}");
        assert_eq!(
            pruner.step(shop.now.plus_ms(3 * day)).unwrap(),
            1,
            "{engine:?}"
        );
        assert_eq!(
            pruner.step(shop.now.plus_ms(3 * day)).unwrap(),
            0,
            "{engine:?}"
        );
    });
}
