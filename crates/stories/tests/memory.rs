//! Stories told to a database in memory.

use throughline_stories::{Flavour, Memory, play};

#[test]
fn stories_of_one_process_hold_every_invariant() {
    let tally = play(Flavour::Alone, 300, || Box::new(Memory::new(1)));
    println!("{tally}");
    assert_eq!(tally.never_accepted(), [""; 0], "{tally}");
}

#[test]
fn stories_of_two_processes_hold_every_invariant() {
    let tally = play(Flavour::Crowd, 500, || Box::new(Memory::new(2)));
    println!("{tally}");
    assert_eq!(tally.never_accepted(), [""; 0], "{tally}");
}
