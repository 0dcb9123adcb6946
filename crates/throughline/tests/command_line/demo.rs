//! The demonstration: real orders from placing to return, and the API over them.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::support::{Desk, on_every_engine, path, said};

#[test]
fn the_demonstration_walks_the_real_orders_through_their_life() {
    on_every_engine(|desk| {
        let desk = desk();
        let out = desk.run(&["demo", "--exit"]).succeeded();
        assert!(out.starts_with("21,729 rows of UCI Online Retail"), "{out}");
        assert!(
            said(&out, "placed").starts_with("738     171,625  GBP 387,956.12"),
            "{out}"
        );
        for step in [
            "sourced at once",
            "picked",
            "packed",
            "shipped",
            "delivered",
            "returned",
            "cancelled",
            "refused",
            "lost",
            "found short",
            "waited for stock",
            "wait still",
        ] {
            let orders = said(&out, step).split_whitespace().next().unwrap();
            assert_ne!(orders, "0", "no order was {step}: {out}");
        }
        assert_eq!(
            said(&out, "checks"),
            "every invariant holds over 738 orders"
        );
        for (row, words) in [
            ("status", ["delivered", "cancelled", "in progress"]),
            (
                "sourced at once",
                ["from one location", "from several", "orders"],
            ),
            ("payments", ["GBP", "captured", "refunded"]),
        ] {
            for word in words {
                assert!(said(&out, row).contains(word), "{row}: {word}: {out}");
            }
        }
        assert_eq!(
            out.lines().last().unwrap(),
            format!("{:<12}{}", "checks", said(&out, "checks")),
            "something was refused on the way"
        );
        assert_eq!(desk.orders().len(), 738);
        let again = desk.run(&["demo", "--exit"]);
        assert_eq!(again.code, 2, "{}", again.error);
        assert!(
            again.error.contains("only works in a new database"),
            "{}",
            again.error
        );
    });
}

#[test]
fn the_demonstrations_own_database_is_made_anew_each_time() {
    let desk = Desk::new();
    let data = desk.path("data");
    for _ in 0..2 {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_throughline"));
        command.args(["demo", "--exit", "--log", "warn", "--data-dir", path(&data)]);
        // The database that is configured for real work is none of the demonstration's business.
        command.env("THROUGHLINE_DATABASE", &desk.database);
        let output = command.current_dir(desk.folder.path()).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(said(&out, "checks").ends_with("738 orders"), "{out}");
    }
    assert!(data.join("demo-data/throughline.db").exists());
    assert!(!desk.path("shop.db").exists());
}

#[test]
fn the_demonstration_prints_a_key_and_an_address_that_work() {
    let desk = Desk::new();
    let mut command = desk.command(&["demo", "--listen", "127.0.0.1:0"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let told: Vec<String> = lines
        .take_while(|line| !line.starts_with("Stop it"))
        .collect();
    let told = told.join("\n");
    let key = told
        .split("Authorization: Bearer ")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .unwrap();
    let urls: Vec<&str> = told
        .split_whitespace()
        .filter(|part| part.starts_with("http://127.0.0.1:") && part.contains("/v1/"))
        .collect();
    assert_eq!(urls.len(), 5, "{told}");
    for url in urls {
        let mut answer = ureq::get(url)
            .header("Authorization", &format!("Bearer {key}"))
            .call()
            .unwrap();
        let body = answer.body_mut().read_to_string().unwrap();
        assert!(
            body.contains("\"data\":[{") || body.contains("\"number\":"),
            "{url}: {body}"
        );
    }
    let docs = said(&told, "Reference page");
    assert_eq!(ureq::get(docs).call().unwrap().status().as_u16(), 200);
    let look = told
        .lines()
        .find(|line| line.contains(" order 1"))
        .expect("a command shows the order");
    let looked = Command::new("sh").args(["-c", look]).output().unwrap();
    let page = String::from_utf8(looked.stdout).unwrap();
    assert!(page.starts_with("Order 1"), "{look}: {page}");
    child.kill().unwrap();
    child.wait().unwrap();
}
