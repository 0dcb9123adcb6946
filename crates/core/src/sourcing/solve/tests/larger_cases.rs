//! Cases that are too large for brute force, against a mixed-integer program.

use super::super::{Proof, solve};
use super::chance::Chance;
use super::mip::least_cost;
use super::small_cases::{EVERYTHING, Features, PLAIN, problem};

fn check_many(name: &str, features: Features, (demands, sources): (usize, u32), cases: u64) {
    for seed in 0..cases {
        let problem = problem(&mut Chance(seed), features, demands, sources);
        let solution = solve(&problem);
        assert_eq!(solution.proof, Proof::Optimal, "{name} {seed}");
        assert_eq!(
            solution.best.total_minor,
            least_cost(&problem),
            "{name} {seed}: {problem:#?}\n{solution:#?}"
        );
    }
}

#[test]
fn plain_orders_cost_what_a_mixed_integer_program_says() {
    check_many("plain", PLAIN, (5, 12), 20);
    check_many("plain", PLAIN, (6, 30), 10);
    check_many("plain", PLAIN, (8, 60), 4);
}

#[test]
fn orders_with_everything_cost_what_a_mixed_integer_program_says() {
    let features = Features {
        cheap_to_leave: true,
        unserved_minor: 20_000,
        ..EVERYTHING
    };
    check_many("everything", features, (5, 10), 30);
    check_many("everything", features, (6, 16), 2);
}
