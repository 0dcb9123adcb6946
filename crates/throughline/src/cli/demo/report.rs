//! What the demonstration prints.

use std::fmt::Write;
use std::net::SocketAddr;

use throughline_core::money::Currency;

use super::tally::{Reached, Seen, Sums};
use crate::cli::numbers::{counted, grouped, money};

/// What happened, as a short table.
pub(super) fn happened(rows: u64, seen: &Seen, sums: &Sums, violations: &[String]) -> String {
    let mut text = format!(
        "{} of UCI Online Retail, December 2010 (CC BY 4.0)\n\n",
        counted(rows, "row", "rows")
    );
    write_way(&mut text, seen, sums);
    text.push('\n');
    let statuses = sums.statuses.iter();
    let statuses = list(statuses.map(|(name, orders)| (grouped(*orders), name.replace('_', " "))));
    row(&mut text, "status", &statuses);
    let captured = pounds(sums.money.captured_minor);
    let refunded = pounds(sums.money.refunded_minor);
    row(
        &mut text,
        "payments",
        &format!("{captured} captured, {refunded} refunded"),
    );
    let speed = format!(
        "placing {} orders a second, then {} commands, {} a second",
        each_second(seen.placed, seen.placing_ms),
        grouped(seen.commands),
        each_second(seen.commands, seen.walking_ms)
    );
    row(&mut text, "speed", &speed);
    let checks = match violations.len() {
        0 => format!("every invariant holds over {} orders", grouped(sums.orders)),
        some => format!("{some} VIOLATIONS of invariants"),
    };
    row(&mut text, "checks", &checks);
    violations
        .iter()
        .chain(&seen.refused)
        .for_each(|what| row(&mut text, "", what));
    text
}

/// The way of the orders, step by step, and what happened beside it.
fn write_way(text: &mut String, seen: &Seen, sums: &Sums) {
    let _ = writeln!(text, "{:<18}{:>8}{:>12}", "", "orders", "units");
    for (name, reached, remark) in steps(seen, sums) {
        let (orders, units) = (grouped(reached.orders), grouped(reached.units));
        let line = format!("{name:<18}{orders:>8}{units:>12}  {remark}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let turned_down = counted(
        sums.turned_down,
        "fulfilment was turned down by its location",
        "fulfilments were turned down by their location",
    );
    let _ = writeln!(text, "{turned_down} and sourced elsewhere");
}

fn steps(seen: &Seen, sums: &Sums) -> [(&'static str, Reached, String); 13] {
    let reached = |orders: u64, units: i64| Reached { orders, units };
    let found_short = i64::try_from(seen.found_short).unwrap_or(i64::MAX);
    let sourced = format!(
        "{} orders from one location, {} from several",
        grouped(seen.from_one),
        grouped(seen.from_several)
    );
    let ordered = pounds(sums.money.total_minor);
    [
        ("placed", reached(seen.placed, sums.ordered), ordered),
        ("sourced at once", seen.sourced, sourced),
        ("picked", sums.picked, String::new()),
        ("packed", sums.packed, String::new()),
        ("shipped", sums.shipped, String::new()),
        ("delivered", sums.delivered, String::new()),
        (
            "returned",
            sums.returned,
            "the data's own cancellations".into(),
        ),
        ("cancelled", sums.cancelled, "before anybody picked".into()),
        ("refused", sums.refused, "by the recipient".into()),
        ("lost", sums.lost, "on the way".into()),
        (
            "found short",
            reached(seen.found_short, found_short),
            "by the picker, and sourced elsewhere".into(),
        ),
        (
            "waited for stock",
            reached(seen.waiting, seen.waiting_units),
            "when they were placed".into(),
        ),
        (
            "wait still",
            sums.backordered,
            "backordered: no location has them".into(),
        ),
    ]
}

/// Where to go from here: `program` is how this program is called, `number` an order worth a look.
pub(super) fn served(
    address: SocketAddr,
    database: &str,
    key: &str,
    number: u64,
    program: &str,
) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "\nServing at       http://{address}\nReference page   http://{address}/docs\n\nPaste this into another terminal; the key is an owner's:\n"
    );
    let _ = writeln!(
        text,
        "  curl -s -H 'Authorization: Bearer {key}' http://{address}/v1/orders/{number}"
    );
    let _ = writeln!(text, "\nMore, with the same key:\n");
    for (path, what) in [
        (
            format!("/v1/orders/{number}/journal"),
            "everything that happened to it",
        ),
        (
            format!("/v1/orders/{number}/sourcing"),
            "why these locations",
        ),
        ("/v1/orders?limit=3".to_owned(), "the latest orders"),
        (
            "/v1/stock?sku=85123A".to_owned(),
            "stock of one SKU, by location",
        ),
    ] {
        let _ = writeln!(text, "  {:<54}{what}", format!("http://{address}{path}"));
    }
    let _ = writeln!(text, "\nThat order in one look, without a server:\n");
    let _ = writeln!(text, "  {program} order {number} --database {database}");
    let _ = writeln!(text, "\nStop it with Ctrl-C.");
    text
}

fn pounds(minor: impl Into<i128>) -> String {
    money("GBP".parse::<Currency>().unwrap_or_default(), minor)
}

fn list(parts: impl Iterator<Item = (String, String)>) -> String {
    parts
        .map(|(number, name)| format!("{number} {name}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn each_second(number: u64, ms: u128) -> String {
    let each = u128::from(number) * 1000 / ms.max(1);
    grouped(i128::try_from(each).unwrap_or(i128::MAX))
}

fn row(text: &mut String, name: &str, said: &str) {
    let _ = writeln!(text, "{name:<12}{said}");
}
