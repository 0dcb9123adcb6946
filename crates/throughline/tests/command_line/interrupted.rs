//! Imports that are killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use throughline_core::order::{Order, totals};

use crate::import::{file, mapping};
use crate::support::{Desk, on_every_engine, path, said};

#[test]
fn an_import_that_was_killed_is_finished_by_running_it_again() {
    on_every_engine(|desk| {
        let whole = desk();
        whole.import(&file(), &mapping(), &[]).succeeded();
        let whole = summary(&whole.orders());
        for moment in [
            "making SKUs: ",
            "importing: 2",
            "importing: 10",
            "importing: 2,1",
        ] {
            // On a busy machine it may have ended before the signal comes.
            let killed = (0..20).find_map(|_| {
                let desk = desk();
                kill_at(&desk, moment);
                let before = desk.orders().len();
                (before < 738).then_some((desk, before))
            });
            let (desk, before) = killed.unwrap_or_else(|| {
                panic!("the import had always ended before it was killed at {moment:?}")
            });
            let out = desk.import(&file(), &mapping(), &[]).succeeded();
            let known = format!("{before} there already");
            assert!(said(&out, "orders").ends_with(&known), "{known}: {out}");
            assert!(
                said(&out, "the database").ends_with("agrees with the file, order by order"),
                "{out}"
            );
            assert_eq!(summary(&desk.orders()), whole, "killed at {moment:?}");
            assert_eq!(desk.violations(), Vec::<String>::new());
        }
    });
}

#[test]
fn an_import_that_is_killed_again_and_again_ends_all_the_same() {
    let whole = Desk::new();
    whole.import(&file(), &mapping(), &[]).succeeded();
    let desk = Desk::new();
    let mut last = 0;
    for _ in 0..6 {
        kill_at(&desk, "importing: ");
        let orders = desk.orders().len();
        assert!(orders >= last, "orders went away");
        last = orders;
    }
    desk.import(&file(), &mapping(), &[]).succeeded();
    assert_eq!(summary(&desk.orders()), summary(&whole.orders()));
    assert_eq!(desk.violations(), Vec::<String>::new());
}

/// Starts an import and kills it (SIGKILL) when it says how far it is.
fn kill_at(desk: &Desk, moment: &str) {
    let mut command = desk.command(&["import", path(&file()), "--map", path(&mapping())]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let reached = lines.any(|line| line.unwrap().starts_with(moment));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(reached, "the import never said {moment:?}");
}

/// Units, money and units that came back, of every order by its reference.
fn summary(orders: &[Order]) -> BTreeMap<String, (i64, i64, i64)> {
    let summary = orders.iter().map(|order| {
        let units = order.placed.lines.iter().map(|line| line.quantity).sum();
        let returned = order.progress.lines.iter().map(|line| line.returned).sum();
        let reference = order.placed.external_ref.clone().unwrap();
        (reference, (units, totals(order).total_minor, returned))
    });
    let found: BTreeMap<_, _> = summary.collect();
    assert_eq!(found.len(), orders.len(), "an order is there twice");
    found
}

#[test]
fn an_import_that_is_told_to_stop_says_how_to_go_on() {
    for signal in ["INT", "TERM"] {
        let desk = Desk::new();
        let mut command = desk.command(&["import", path(&file()), "--map", path(&mapping())]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().starts_with("importing: 2")));
        let sent = std::process::Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{rest:?}");
        let told = rest.join("\n");
        assert!(
            told.contains("the same command goes on from there")
                && told.ends_with("throughline: stopped before the end"),
            "{told}"
        );
        let names = std::fs::read_dir(desk.folder.path()).unwrap();
        let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        assert!(
            !names
                .iter()
                .any(|name| name.to_string_lossy().contains("partial")),
            "{names:?}"
        );
        let out = desk.import(&file(), &mapping(), &[]).succeeded();
        assert!(
            said(&out, "the database").ends_with("agrees with the file, order by order"),
            "{out}"
        );
    }
}
