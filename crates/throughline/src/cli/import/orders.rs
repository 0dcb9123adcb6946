//! From an order of the file to the command that places it.

use throughline_core::command::Command;
use throughline_core::money::share;
use throughline_core::order::place::{NewLine, NewOrder, PlaceOrder};
use throughline_core::order::{Charge, Method};
use throughline_core::party::{Address, Person};
use throughline_core::time::Millis;
use throughline_formats::sheet::{
    Method as SheetMethod, Rows, SheetAddress, SheetCharge, SheetCustomer, SheetLine, SheetOrder,
};

use super::fingerprint;
use crate::wiring::ids;

/// The command that places an order of the file. History is delivered at the date it was placed: the file knows no other.
pub(in crate::cli) fn place(sheet: &SheetOrder, order: NewOrder, rows: Rows) -> Command {
    let history = match rows {
        Rows::Live => None,
        Rows::History => order.placed_at,
    };
    Command::PlaceOrder(Box::new(PlaceOrder {
        id: ids::order(),
        new_customer: ids::customer(),
        order,
        body_hash: fingerprint::of_order(sheet, history.is_some()),
        history,
        plans: None,
    }))
}

/// The order as the file describes it.
pub(in crate::cli) fn new_order(sheet: &SheetOrder) -> NewOrder {
    let customer = sheet.customer.as_ref();
    NewOrder {
        channel: sheet.channel.clone(),
        external_ref: Some(sheet.reference.clone()),
        currency: sheet.currency.clone(),
        customer: customer.map(person),
        customer_ref: customer.and_then(|customer| customer.reference.clone()),
        ship_to: sheet
            .ship_to
            .as_ref()
            .map(|address| destination(address, customer)),
        lines: sheet.lines.iter().map(line).collect(),
        charges: sheet.charges.iter().map(charge).collect(),
        placed_at: Some(Millis(sheet.placed_at.as_millisecond())),
        ..NewOrder::default()
    }
}

/// What the order costs by the file, in minor units.
pub(in crate::cli) fn total_minor(sheet: &SheetOrder) -> i64 {
    let line = |line: &SheetLine| {
        share(line.unit_price_minor, line.quantity, line.price_quantity) - line.discount_minor
            + line.tax_minor
    };
    let charges = sheet.charges.iter().map(|charge| charge.amount_minor);
    sheet.lines.iter().map(line).chain(charges).sum()
}

fn person(customer: &SheetCustomer) -> Person {
    Person {
        email: customer.email.clone(),
        name: customer.name.clone(),
        phone: customer.phone.clone(),
    }
}

/// The recipient is the customer where the address names nobody.
fn destination(address: &SheetAddress, customer: Option<&SheetCustomer>) -> Address {
    let buyer = || customer.and_then(|customer| customer.name.clone());
    Address {
        name: address.name.clone().or_else(buyer).unwrap_or_default(),
        line1: address.line1.clone().unwrap_or_default(),
        line2: address.line2.clone(),
        city: address.city.clone().unwrap_or_default(),
        region: address.region.clone(),
        postal_code: address.postal_code.clone().unwrap_or_default(),
        country: address.country.unwrap_or_default().to_owned(),
        latitude: None,
        longitude: None,
        located: None,
    }
}

fn line(line: &SheetLine) -> NewLine {
    NewLine {
        sku: line.sku.clone(),
        quantity: line.quantity,
        unit_price_minor: line.unit_price_minor,
        price_quantity: Some(line.price_quantity),
        discount_minor: line.discount_minor,
        tax_minor: line.tax_minor,
        title: line.title.clone(),
        method: method(line.method),
        ..NewLine::default()
    }
}

fn method(method: SheetMethod) -> Method {
    match method {
        SheetMethod::Ship => Method::Ship,
        SheetMethod::Pickup => Method::Pickup,
        SheetMethod::Digital => Method::Digital,
        SheetMethod::Service => Method::Service,
    }
}

fn charge(charge: &SheetCharge) -> Charge {
    Charge {
        kind: charge.kind.clone(),
        amount_minor: charge.amount_minor,
        tax_minor: 0,
        title: Some(charge.title.as_ref().unwrap_or(&charge.code).clone()),
    }
}
