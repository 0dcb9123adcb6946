//! What the demonstration prints.

use std::fmt::Write;
use std::net::SocketAddr;

use throughline_core::money::Currency;

use super::tally::{Seen, Sums};
use crate::cli::numbers::{counted, grouped, money};

/// What happened, as a short table.
pub(super) fn happened(rows: u64, seen: &Seen, sums: &Sums, violations: &[String]) -> String {
    let mut text = String::new();
    let gbp: Currency = "GBP".parse().unwrap_or_default();
    row(
        &mut text,
        "data",
        &format!(
            "{} of UCI Online Retail, December 2010 (CC BY 4.0)",
            counted(rows, "row", "rows")
        ),
    );
    row(
        &mut text,
        "orders",
        &format!(
            "{} placed, {} a second",
            grouped(seen.placed),
            each_second(seen.placed, seen.placing_ms)
        ),
    );
    row(
        &mut text,
        "commands",
        &format!(
            "{} on the way after that, {} a second",
            grouped(seen.commands),
            each_second(seen.commands, seen.walking_ms)
        ),
    );
    row(
        &mut text,
        "status",
        &list(
            sums.statuses
                .iter()
                .map(|(name, orders)| (grouped(*orders), name.replace('_', " "))),
        ),
    );
    row(
        &mut text,
        "units",
        &format!("{} ordered: {}", grouped(sums.ordered), units(sums)),
    );
    row(
        &mut text,
        "sourcing",
        &format!(
            "{} orders from one location, {} from several",
            grouped(seen.from_one),
            grouped(seen.from_several)
        ),
    );
    let waits = format!(
        "{} units of {} orders waited for stock, {} still do",
        grouped(seen.waiting_units),
        grouped(seen.waiting),
        grouped(sums.lines.backordered)
    );
    row(&mut text, "shortages", &waits);
    row(
        &mut text,
        "rejections",
        &format!(
            "{} sourced elsewhere",
            counted(
                sums.turned_down,
                "fulfilment was turned down and",
                "fulfilments were turned down and"
            )
        ),
    );
    row(
        &mut text,
        "returns",
        &format!(
            "{} with {}",
            counted(sums.returns, "return", "returns"),
            counted(sums.lines.returned.unsigned_abs(), "unit", "units")
        ),
    );
    let sum = |minor| money(gbp, minor);
    row(
        &mut text,
        "money",
        &format!(
            "{} ordered, {} captured, {} refunded",
            sum(sums.money.total_minor),
            sum(sums.money.captured_minor),
            sum(sums.money.refunded_minor)
        ),
    );
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

/// Where to go from here.
pub(super) fn served(address: SocketAddr, database: &str, key: &str, number: u64) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "\nServing at http://{address}, reference page at http://{address}/docs. Try:\n"
    );
    let _ = writeln!(text, "  export KEY={key}");
    for path in [
        "/v1/orders?limit=3",
        "/v1/stock?sku=85123A",
        &format!("/v1/orders/{number}"),
        &format!("/v1/orders/{number}/journal"),
    ] {
        let _ = writeln!(
            text,
            "  curl -s -H \"Authorization: Bearer $KEY\" 'http://{address}{path}'"
        );
    }
    let _ = writeln!(text, "  throughline order {number} --database {database}");
    let _ = writeln!(text, "\nStop it with Ctrl-C.");
    text
}

fn units(sums: &Sums) -> String {
    let (units, lines) = (&sums.units, &sums.lines);
    let all = [
        (units.delivered, "delivered"),
        (units.shipped, "shipped"),
        (units.packed, "packed"),
        (units.picked, "picked"),
        (units.assigned, "allocated"),
        (lines.backordered, "backordered"),
        (lines.open, "open"),
        (lines.cancelled, "cancelled"),
        (units.refused, "refused"),
        (units.lost, "lost"),
        (units.returned_to_sender, "returned to sender"),
    ];
    let known = all.into_iter().filter(|(units, _)| *units != 0);
    list(known.map(|(units, name)| (grouped(units), name.to_owned())))
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
