//! The same stories on real databases, through the real write path; and what only a crowd can show.
//!
//! The PostgreSQL part runs where `THROUGHLINE_TEST_POSTGRES` names a server on which databases can be made.

mod contention;
mod database;
mod engine;
mod others;

use throughline_stories::{Flavour, play, replay};

use database::Database;
use engine::{Engine, Processes};

const ONE: Processes = Processes {
    count: 1,
    faults: None,
};
const TWO: Processes = Processes {
    count: 2,
    faults: None,
};

#[test]
fn stories_hold_every_invariant_on_sqlite() {
    let tally = play(Flavour::Alone, 25, || {
        Box::new(Engine::start(Database::embedded(), ONE))
    });
    println!("{tally}");
}

#[test]
fn stories_hold_every_invariant_on_sqlite_that_fails_at_the_worst_moments() {
    let mut seed = 0;
    let tally = play(Flavour::Alone, 25, || {
        seed += 1;
        let faults = Some((seed, 12));
        Box::new(Engine::start(
            Database::embedded(),
            Processes { faults, ..ONE },
        ))
    });
    println!("{tally}");
}

#[test]
fn stories_of_two_processes_hold_every_invariant_on_postgres() {
    let Some(server) = database::server() else {
        return;
    };
    let tally = play(Flavour::Crowd, 10, || {
        Box::new(Engine::start(Database::on(&server), TWO))
    });
    println!("{tally}");
}

#[test]
fn stories_hold_every_invariant_on_postgres_whose_connections_break() {
    let Some(server) = database::server() else {
        return;
    };
    let mut seed = 1_000;
    let tally = play(Flavour::Crowd, 10, || {
        seed += 1;
        let faults = Some((seed, 25));
        Box::new(Engine::start(
            Database::on(&server),
            Processes { faults, ..TWO },
        ))
    });
    println!("{tally}");
}

/// What the database must refuse, whatever a process believes: each process knows the stock as it was before the other
/// one took it.
#[test]
fn a_process_that_knows_old_stock_does_not_sell_it_again() {
    let Some(server) = database::server() else {
        return;
    };
    let mut engine = Engine::start(Database::on(&server), TWO);
    let told = replay(
        "
            receive 5×A@W
            node 0
            place till 1×A to DE unpaid
            node 1
            place till 1×A to DE unpaid
            place till 3×A to DE unpaid
            node 0
            place till 1×A to DE unpaid
            receive 1×A@W
            node 1
            place till 1×A to DE unpaid
        ",
        &mut engine,
    );
    let refused: Vec<usize> = told
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("insufficient_stock"))
        .map(|(position, _)| position)
        .collect();
    assert_eq!(refused, [7], "{told}");
}
