//! An order as it is now: head, lines, fulfilments, money, holds and returns.

use std::fmt::Write;

use throughline_core::order::{Fulfilment, Hold, Line, Order, Return, statuses, totals};
use throughline_core::party::{Address, Person};
use throughline_core::promise::promises;

use super::bar::{Part, bar, parts};
use super::ink::{Ink, Tone};
use super::look_up::Found;
use super::promised::promised;
use super::timeline::moment;
use crate::cli::numbers::{counted, grouped, money};

/// Characters of a title that are shown.
const TITLE_MAX: usize = 36;

/// The order as it is now, as text.
pub(super) fn text(found: &Found, ink: Ink) -> String {
    let mut page = Page {
        found,
        ink,
        text: String::new(),
    };
    page.head();
    page.lines();
    page.fulfilments();
    page.money();
    page.holds();
    page.returns();
    page.text
}

struct Page<'a> {
    found: &'a Found,
    ink: Ink,
    text: String,
}

impl Page<'_> {
    fn order(&self) -> &Order {
        &self.found.order
    }

    fn title(&mut self, title: &str) {
        let title = self.ink.paint(Tone::Strong, title);
        let _ = writeln!(self.text, "\n{title}");
    }

    fn field(&mut self, name: &str, said: &str) {
        if !said.is_empty() {
            let name = self.ink.paint(Tone::Faint, &format!("{name:<10}"));
            let _ = writeln!(self.text, "  {name} {said}");
        }
    }

    fn head(&mut self) {
        let order = self.order();
        let (placed, status) = (&order.placed, statuses(order));
        let channel = self
            .found
            .network
            .channel(placed.channel)
            .map_or("?", |channel| channel.code.as_str());
        let reference = placed
            .external_ref
            .as_ref()
            .map_or(String::new(), |reference| format!(" {reference}"));
        let title = self
            .ink
            .paint(Tone::Strong, &format!("Order {}", order.number));
        let mut said = vec![
            status.order.as_str(),
            status.payment.as_str(),
            status.fulfilment.as_str(),
        ];
        if !order.progress.returns.is_empty() {
            said.push(status.returns.as_str());
        }
        let said = said.join(" · ").replace('_', " ");
        let head = format!("{title}  {channel}{reference}  {said}\n");
        let placed_at = format!(
            "{} UTC, version {}, last changed {}",
            moment(placed.placed_at),
            order.version,
            moment(self.found.updated_at)
        );
        let person = placed
            .person
            .and_then(|no| self.found.contact(no))
            .and_then(|contact| contact.person.as_ref());
        let ship_to = placed
            .ship_to
            .and_then(|no| self.found.contact(no))
            .and_then(|contact| contact.address.as_ref());
        let (person, ship_to) = (
            person.map_or(String::new(), person_text),
            ship_to.map_or(String::new(), address_text),
        );
        let (id, tags) = (order.id.to_string(), order.progress.tags.join(", "));
        let po_number = placed.po_number.clone().unwrap_or_default();
        self.text.push_str(&head);
        for (name, said) in [
            ("id", id),
            ("placed", placed_at),
            ("customer", person),
            ("ship to", ship_to),
            ("PO number", po_number),
            ("tags", tags),
        ] {
            self.field(name, &said);
        }
    }

    fn lines(&mut self) {
        self.title("Lines");
        let width = self
            .order()
            .placed
            .lines
            .iter()
            .map(|line| line.sku.chars().count())
            .max()
            .unwrap_or_default();
        let promises = promises(self.order());
        for (position, promise) in promises.iter().enumerate() {
            let line = &self.order().placed.lines[position];
            let parts = parts(self.order(), position);
            let price = price(self.order(), line);
            let drawn = if line.is_kit {
                String::new()
            } else {
                bar(&parts, self.ink)
            };
            let said = if line.is_kit {
                "a kit; its components follow".to_owned()
            } else {
                self.said(&parts, position)
            };
            let told = promise.as_ref();
            let told = told.map(|told| promised(self.found, line.no, told));
            let (sku, title) = (format!("{:<width$}", line.sku), shortened(&line.title));
            let units = format!("{} ×", grouped(line.quantity));
            let _ = writeln!(
                self.text,
                "  {units:>8} {sku}  {title:<TITLE_MAX$}  {price:>16}"
            );
            let _ = writeln!(self.text, "           {drawn}  {said}");
            if let Some(told) = told {
                let _ = writeln!(self.text, "           {told}");
            }
        }
    }

    fn said(&self, parts: &[Part], position: usize) -> String {
        let mut said: Vec<String> = parts
            .iter()
            .map(|part| format!("{} {}", grouped(part.units), part.word))
            .collect();
        let returned = self.order().progress.lines[position].returned;
        if returned > 0 {
            said.push(format!("{} of them came back", grouped(returned)));
        }
        said.join(", ")
    }

    fn fulfilments(&mut self) {
        let all: Vec<Fulfilment> = self.order().progress.fulfilments.clone();
        if !all.is_empty() {
            self.title("Fulfilments");
        }
        for one in &all {
            let state = one.state(self.order()).as_str().replace('_', " ");
            let units: i64 = one.total().total();
            let mut said = format!(
                "{state}, {}",
                counted(units.unsigned_abs(), "unit", "units")
            );
            if let Some(shipment) = &one.shipment {
                let number = shipment
                    .tracking_number
                    .as_ref()
                    .map_or(String::new(), |number| format!(" {number}"));
                let _ = write!(
                    said,
                    ", {}{number} on {}",
                    shipment.carrier,
                    moment(shipment.at)
                );
            }
            if let Some(at) = one.completed_at {
                let _ = write!(said, ", completed {}", moment(at));
            }
            let name = self.found.fulfilment(one.no);
            let id = self
                .ink
                .paint(Tone::Faint, &one.no.of(self.order().id).to_string());
            let _ = writeln!(self.text, "  {name:<16} {said}\n  {:<16} {id}", "");
        }
    }

    fn money(&mut self) {
        self.title("Money");
        let sums = totals(self.order());
        let currency = self.order().placed.currency;
        let all = [
            ("goods", sums.goods_minor),
            ("discount", -sums.discount_minor),
            ("charges", sums.charges_minor),
            ("tax", sums.tax_minor),
        ];
        let parts = all
            .iter()
            .filter(|(name, minor)| *minor != 0 || *name == "goods");
        let parts: Vec<String> = parts
            .map(|(name, minor)| format!("{name} {}", money(currency, *minor)))
            .collect();
        self.field(
            "total",
            &format!(
                "{} = {}",
                money(currency, sums.total_minor),
                parts.join(" + ")
            ),
        );
        for (name, minor) in [
            ("authorised", sums.authorized_minor),
            ("captured", sums.captured_minor),
            ("refunded", sums.refunded_minor),
        ] {
            if minor != 0 {
                self.field(name, &money(currency, minor));
            }
        }
        self.field("balance", &money(currency, sums.balance_minor));
    }

    fn holds(&mut self) {
        let holds: Vec<Hold> = self.order().progress.active_holds().cloned().collect();
        if !holds.is_empty() {
            self.title("On hold");
        }
        for hold in &holds {
            let kind = self
                .ink
                .paint(Tone::Bad, &format!("{:<10}", hold.kind.as_str()));
            let _ = writeln!(
                self.text,
                "  {kind} {}, since {}",
                hold.reason,
                moment(hold.at)
            );
        }
    }

    fn returns(&mut self) {
        let returns: Vec<Return> = self.order().progress.returns.clone();
        if !returns.is_empty() {
            self.title("Returns");
        }
        for one in &returns {
            let units: i64 = one.lines.iter().map(|line| line.quantity).sum();
            let reason = one.lines.first().map_or("", |line| line.reason.as_str());
            let state = one.state().as_str().replace('_', " ");
            self.field(
                &state,
                &format!(
                    "{}: {reason}",
                    counted(units.unsigned_abs(), "unit", "units")
                ),
            );
        }
    }
}

fn price(order: &Order, line: &Line) -> String {
    if line.kit.is_some() {
        return String::new();
    }
    money(order.placed.currency, line.amount(line.quantity))
}

fn shortened(title: &str) -> String {
    if title.chars().count() <= TITLE_MAX {
        return title.to_owned();
    }
    let begin: String = title.chars().take(TITLE_MAX - 1).collect();
    format!("{begin}…")
}

fn person_text(person: &Person) -> String {
    let known = [&person.name, &person.email, &person.phone];
    let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
    known.join(", ")
}

fn address_text(address: &Address) -> String {
    let town = format!("{} {}", address.postal_code, address.city);
    let none = String::new();
    let known = [
        &address.name,
        &address.line1,
        address.line2.as_ref().unwrap_or(&none),
        &town,
        address.region.as_ref().unwrap_or(&none),
        &address.country,
    ];
    let known: Vec<&str> = known
        .into_iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    known.join(", ")
}
