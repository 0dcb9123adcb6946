//! Blanket agreements: drawn on under a guard, across processes, and never beyond what is agreed.

use std::sync::Arc;

use jiff::civil::date;
use throughline_core::command::Command;
use throughline_core::decision::Resource;
use throughline_core::facts::{ClaimKey, Facts, Need};
use throughline_core::id::{AgreementId, CustomerId, OrderId};
use throughline_core::order::cancel::CancelOrder;
use throughline_core::party::{Agreement, CloseAgreement, CreateAgreement, NewAgreementLine};
use throughline_store::{StoreError, views};

use crate::support::{Shop, line, on_every_engine, order};

fn customer(shop: &mut Shop) -> CustomerId {
    let new = order("first", vec![line("A", 1)]);
    let email = new.customer.clone().unwrap().email.unwrap();
    let command = shop.place(new);
    shop.run(command).unwrap();
    let key = ClaimKey::email(&email);
    let mut facts = Facts::default();
    let need = [Need::Claim(key.clone())];
    shop.writer.load(&need, &mut facts, shop.now).unwrap();
    let claim = facts.claims.remove(&key).flatten();
    claim.and_then(|claim| claim.customer()).unwrap()
}

/// An agreement over 30 units of A, with the customer of all orders here.
pub(crate) fn agree(shop: &mut Shop) -> AgreementId {
    let customer = customer(shop);
    let id = AgreementId::new(shop.now, shop.bits());
    let create = CreateAgreement {
        id,
        customer,
        reference: "F-1".to_owned(),
        currency: "EUR".parse().unwrap(),
        from: date(2000, 1, 1),
        until: date(2999, 12, 31),
        lines: vec![NewAgreementLine {
            sku: "A".to_owned(),
            agreed: 30,
            unit_price_minor: 75,
            price_quantity: 1,
            least: None,
            most: None,
        }],
    };
    let made = shop
        .run(Command::CreateAgreement(Box::new(create)))
        .unwrap();
    assert_eq!(made.resource, Resource::Agreement(id.beside(customer)));
    id.beside(customer)
}

fn call_off(shop: &mut Shop, reference: &str, agreement: AgreementId, units: i64) -> Command {
    let mut called = line("A", units);
    called.unit_price_minor = 0;
    called.agreement = Some(agreement);
    let mut new = order(reference, vec![called]);
    new.customer = order("first", Vec::new()).customer;
    shop.place(new)
}

fn called_off(shop: &mut Shop, reference: &str, agreement: AgreementId, units: i64) -> OrderId {
    let command = call_off(shop, reference, agreement, units);
    match shop.run(command).unwrap().resource {
        Resource::Order(id) => id,
        other => panic!("{other:?} is no order"),
    }
}

fn known(shop: &mut Shop, id: AgreementId) -> Arc<Agreement> {
    let read = shop
        .store
        .read(|connection| views::agreements::get(connection, id));
    read.unwrap().unwrap()
}

#[test]
fn what_is_called_off_follows_the_orders_and_is_listed() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let id = agree(&mut shop);
        let first = called_off(&mut shop, "one", id, 20);
        let placed = Arc::clone(&shop.order(first).placed);
        assert_eq!(placed.lines[0].unit_price_minor, 75, "{engine:?}");
        let command = call_off(&mut shop, "two", id, 11);
        let refused = shop.run(command).unwrap_err();
        assert_eq!(refused.code(), "call_off_refused");
        assert!(
            refused.to_string().contains("has 10 of 30 units"),
            "{refused}"
        );
        let second = called_off(&mut shop, "three", id, 10);
        assert_eq!(known(&mut shop, id).lines[0].left(), 0, "{engine:?}");
        let cancel = CancelOrder {
            reason: "changed their mind".to_owned(),
            lines: None,
        };
        shop.run(Command::CancelOrder(Shop::on(first, cancel)))
            .unwrap();
        assert_eq!(known(&mut shop, id).lines[0].called, 10, "{engine:?}");
        let customer = known(&mut shop, id).customer;
        let (calls, all) = shop
            .store
            .read(|connection| {
                let calls = views::agreements::calls(connection, id, None, 10)?;
                Ok((
                    calls,
                    views::agreements::list(connection, customer, None, 10)?,
                ))
            })
            .unwrap();
        let calls: Vec<_> = calls
            .data
            .iter()
            .map(|call| (call.order, call.called))
            .collect();
        let mut expected = vec![(first, 0), (second, 10)];
        expected.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
        assert_eq!(calls, expected, "{engine:?}");
        assert_eq!(all.data.len(), 1, "{engine:?}");
        let reason = "too dear".to_owned();
        shop.run(Command::CloseAgreement(CloseAgreement { id, reason }))
            .unwrap();
        let command = call_off(&mut shop, "four", id, 1);
        let refused = shop.run(command).unwrap_err().to_string();
        assert!(refused.contains("is closed (too dear)"), "{refused}");
        assert!(
            shop.violations().is_empty(),
            "{engine:?}: {:?}",
            shop.violations()
        );
    });
}

#[test]
fn two_processes_never_call_off_more_than_is_agreed() {
    on_every_engine(|engine, database| {
        let mut one = Shop::furnished(database.open(), 1);
        let id = agree(&mut one);
        let mut other = Shop::new(database.open(), 2);
        other.now = one.now;
        let command = call_off(&mut one, "one", id, 20);
        let request = one.request(command);
        let planned = one.plan(std::slice::from_ref(&request)).unwrap();
        called_off(&mut other, "other", id, 20);
        match one.commit(&planned) {
            Err(StoreError::GuardFailed(_)) => {}
            committed => panic!("{engine:?}: {committed:?}"),
        }
        one.writer.rollback();
        let refused = one.run(request.command).unwrap_err();
        assert_eq!(refused.code(), "call_off_refused", "{engine:?}");
        assert_eq!(known(&mut one, id).lines[0].called, 20, "{engine:?}");
        assert!(one.violations().is_empty(), "{engine:?}");
    });
}

#[test]
fn a_broken_sum_is_found() {
    on_every_engine(|engine, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        let id = agree(&mut shop);
        called_off(&mut shop, "one", id, 20);
        let sql =
            "UPDATE customer_agreement SET body = replace(body, '\"called\":20', '\"called\":19')";
        database.execute(sql);
        let found = shop.violations();
        assert!(
            found.iter().any(|one| one.contains("called off")),
            "{engine:?}: {found:?}"
        );
    });
}
