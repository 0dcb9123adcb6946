//! The tables of `docs/checks.md` are those of the code.

use std::fmt::Write;

use crate::condition::{FUNCTIONS, LINE_NAMES, NAMES, Scope};
use crate::order::{HoldKind, Verb};

const PAGE: &str = include_str!("../../../../../docs/checks.md");

fn holds() -> String {
    let blocked: Vec<Verb> = Verb::ALL
        .into_iter()
        .filter(|verb| HoldKind::ALL.into_iter().any(|kind| kind.blocks(*verb)))
        .collect();
    let mut table = String::from("| hold |");
    blocked
        .iter()
        .for_each(|verb| table.push_str(&format!(" {} |", verb.as_str())));
    table.push_str("\n|---|");
    table.push_str(&"---|".repeat(blocked.len()));
    for kind in HoldKind::ALL {
        write!(table, "\n| {} |", kind.as_str()).unwrap();
        for verb in &blocked {
            let cell = if kind.blocks(*verb) { "blocked" } else { "" };
            write!(table, " {cell} |").unwrap();
        }
    }
    table
}

fn names() -> String {
    let mut table = String::from("| name | type | meaning | known to |\n|---|---|---|---|");
    for name in &NAMES {
        let scope = match name.scope {
            Scope::Order => "all conditions",
            Scope::Screening => "screening rules",
        };
        let (path, kind, meaning) = (name.path, name.kind, name.meaning);
        write!(table, "\n| `{path}` | {kind} | {meaning} | {scope} |").unwrap();
    }
    for name in &LINE_NAMES {
        let (path, kind, meaning) = (name.path, name.kind, name.meaning);
        write!(
            table,
            "\n| `x.{path}` of a line `x` | {kind} | {meaning} | all conditions |"
        )
        .unwrap();
    }
    table
}

fn functions() -> String {
    let mut table = String::from("| function | what it tells |\n|---|---|");
    for (name, how) in FUNCTIONS {
        write!(table, "\n| `{name}` | {how} |").unwrap();
    }
    table
}

#[test]
fn the_page_has_the_tables_of_the_code() {
    for (what, table) in [
        ("holds", holds()),
        ("names", names()),
        ("functions", functions()),
    ] {
        assert!(
            PAGE.contains(&table),
            "docs/checks.md: the table of {what} is now\n\n{table}\n"
        );
    }
}
