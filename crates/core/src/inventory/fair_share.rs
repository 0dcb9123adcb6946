//! Fair shares: scarce units among customers, in proportion to what each of them waits for.

use std::cmp::{Ordering, Reverse};
use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Units that a customer waits for with one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<C> {
    /// Whose share they are of.
    pub customer: C,
    /// Units; what breaks a case does not count.
    pub quantity: i64,
    /// Units that are given together; 1 where any number may be given.
    pub case: i64,
}

impl<C> Claim<C> {
    /// Units of whole cases.
    #[must_use]
    pub fn in_cases(&self) -> i64 {
        let units = self.quantity.max(0);
        units - units % self.case.max(1)
    }
}

/// What one customer waits for, and has got.
struct Customer {
    /// The positions of its claims, the oldest first.
    claims: Vec<usize>,
    wanted: i64,
    given: i64,
}

/// Shares units out by the largest remainder: to each claim so many units, in the order of the claims.
///
/// Each customer has the part of the free units that it has of all that is wanted; its claims get it in their order. What
/// whole units and cases leave goes, a unit or case at a time, to the customer who is closest to the next one; among equals
/// to the one whose first claim comes first. All that is free is given, as far as somebody wants it and no case is broken.
/// A share is less than one case away from its exact part where all cases are the same, and less than two of the largest
/// where they are not.
#[must_use]
pub fn shares<C: Copy + Eq + Hash>(free: i64, claims: &[Claim<C>]) -> Vec<i64> {
    let mut given = vec![0; claims.len()];
    let mut customers = by_customer(claims);
    let wanted: i64 = customers.iter().map(|one| one.wanted).sum();
    if wanted <= free {
        return claims.iter().map(Claim::in_cases).collect();
    }
    let (mut rest, total) = (free.max(0), i128::from(wanted));
    let exact = |one: &Customer| i128::from(free.max(0)) * i128::from(one.wanted);
    for one in &mut customers {
        let part = i64::try_from(exact(one) / total.max(1)).unwrap_or(0);
        for &position in &one.claims {
            let left = (part - one.given).min(claims[position].in_cases());
            let units = left - left % claims[position].case.max(1);
            given[position] = units;
            one.given += units;
        }
        rest -= one.given;
    }
    while rest > 0 {
        let next = customers.iter().enumerate().filter_map(|(position, one)| {
            let claim = next_claim(claims, &given, &one.claims, rest)?;
            let remainder = exact(one) - i128::from(one.given) * total;
            Some((remainder, claim, position))
        });
        let Some((_, claim, position)) = next.max_by(|one, other| closer(claims, *one, *other))
        else {
            break;
        };
        let case = claims[claim].case.max(1);
        given[claim] += case;
        customers[position].given += case;
        rest -= case;
    }
    given
}

/// Who is closer to its next case; among equals, who comes first.
fn closer<C>(
    claims: &[Claim<C>],
    (one, claim, position): (i128, usize, usize),
    (other, other_claim, other_position): (i128, usize, usize),
) -> Ordering {
    let case = |claim: usize| i128::from(claims[claim].case.max(1));
    let (left, right) = (one * case(other_claim), other * case(claim));
    let by_remainder = left.cmp(&right);
    by_remainder.then(Reverse(position).cmp(&Reverse(other_position)))
}

/// The first of a customer's claims that one more case may be given.
fn next_claim<C>(
    claims: &[Claim<C>],
    given: &[i64],
    positions: &[usize],
    rest: i64,
) -> Option<usize> {
    let mut positions = positions.iter().copied();
    positions.find(|&position| {
        let claim = &claims[position];
        claim.case <= rest && given[position] < claim.in_cases()
    })
}

/// Customers in the order of their first claims.
fn by_customer<C: Copy + Eq + Hash>(claims: &[Claim<C>]) -> Vec<Customer> {
    let mut known: FxHashMap<C, usize> = FxHashMap::default();
    let mut customers: Vec<Customer> = Vec::new();
    for (position, claim) in claims.iter().enumerate() {
        let at = *known.entry(claim.customer).or_insert(customers.len());
        if at == customers.len() {
            customers.push(Customer {
                claims: Vec::new(),
                wanted: 0,
                given: 0,
            });
        }
        customers[at].claims.push(position);
        customers[at].wanted += claim.in_cases();
    }
    customers
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claim(customer: u8, quantity: i64, case: i64) -> Claim<u8> {
        Claim {
            customer,
            quantity,
            case,
        }
    }

    fn of_customer(claims: &[Claim<u8>], units: &[i64], customer: u8) -> i64 {
        let both = claims.iter().zip(units);
        let own = both.filter(|(claim, _)| claim.customer == customer);
        own.map(|(_, units)| units).sum()
    }

    #[test]
    fn shares_are_in_proportion_and_a_customers_oldest_lines_get_them() {
        let one = |customer, quantity| claim(customer, quantity, 1);
        for (free, claims, expected) in [
            (0, vec![one(1, 5)], vec![0]),
            (-3, vec![one(1, 5)], vec![0]),
            (9, vec![one(1, 5), one(2, 4)], vec![5, 4]),
            (10, vec![one(1, 60), one(2, 30), one(3, 10)], vec![6, 3, 1]),
            // 3.33 each: the first one gets the unit that is left.
            (10, vec![one(1, 7), one(2, 7), one(3, 7)], vec![4, 3, 3]),
            // 1.75, 1.75 and 3.5: who is closest to the next unit.
            (7, vec![one(1, 10), one(2, 10), one(3, 20)], vec![2, 2, 3]),
            // Two orders of one customer: 5 of its 20 units, for the oldest.
            (10, vec![one(1, 4), one(2, 20), one(1, 16)], vec![4, 5, 1]),
            (1, vec![one(1, 1), one(2, 1_000)], vec![0, 1]),
        ] {
            assert_eq!(shares(free, &claims), expected, "{free} for {claims:?}");
        }
    }

    #[test]
    fn cases_are_not_broken_and_what_they_leave_goes_to_whoever_takes_single_units() {
        // 12.5 each.
        let both = [claim(1, 50, 10), claim(2, 50, 10)];
        assert_eq!(shares(25, &both), [10, 10]);
        assert_eq!(shares(30, &both), [20, 10]);
        let mixed = [claim(1, 50, 10), claim(2, 50, 1)];
        assert_eq!(shares(25, &mixed), [10, 15]);
        // What breaks a case is not waited for as far as this goes.
        assert_eq!(shares(9, &[claim(1, 25, 10), claim(2, 8, 4)]), [0, 8]);
    }

    prop_compose! {
        fn any_claims(case: impl Strategy<Value = i64>)(
            claims in prop::collection::vec((0_u8..6, 0_i64..80, case), 1..20),
        ) -> Vec<Claim<u8>> {
            claims.into_iter().map(|(who, units, case)| claim(who, units * case, case)).collect()
        }
    }

    proptest! {
        #[test]
        fn all_that_is_free_is_given_and_nobody_gets_more_than_is_wanted(
            free in 0_i64..2_000, claims in any_claims(prop::sample::select(vec![1_i64, 4, 10])),
        ) {
            let given = shares(free, &claims);
            let wanted: i64 = claims.iter().map(|one| one.quantity).sum();
            let sum: i64 = given.iter().sum();
            prop_assert!(sum <= free.min(wanted));
            for (claim, units) in claims.iter().zip(&given) {
                prop_assert!((0..=claim.quantity).contains(units) && units % claim.case == 0);
                // Whoever lacks a case cannot have one of what is left.
                prop_assert!(*units == claim.quantity || claim.case > free - sum);
            }
            prop_assert_eq!(&given, &shares(free, &claims));
            for customer in 0..6 {
                let wanted_of = i128::from(of_customer(&claims, &claims.iter().map(|one| one.quantity).collect::<Vec<_>>(), customer));
                let exact = i128::from(free.min(wanted)) * wanted_of;
                let off = (i128::from(of_customer(&claims, &given, customer)) * i128::from(wanted) - exact).abs();
                prop_assert!(off < 20 * i128::from(wanted.max(1)));
            }
        }

        #[test]
        fn no_share_is_a_case_away_from_its_exact_part(
            free in 0_i64..2_000, (case, claims) in (1_i64..12).prop_flat_map(|case| (Just(case), any_claims(Just(case)))),
        ) {
            let given = shares(free, &claims);
            let all: Vec<i64> = claims.iter().map(|one| one.quantity).collect();
            let wanted: i64 = all.iter().sum();
            for customer in 0..6 {
                let exact = i128::from(free.min(wanted)) * i128::from(of_customer(&claims, &all, customer));
                let got = i128::from(of_customer(&claims, &given, customer)) * i128::from(wanted);
                prop_assert!((got - exact).abs() < i128::from(case) * i128::from(wanted.max(1)));
            }
        }

        #[test]
        fn how_a_customer_divides_its_orders_does_not_change_what_it_gets(
            free in 0_i64..1_000, mut claims in any_claims(Just(1)), turn in 0_usize..20,
        ) {
            let before = shares(free, &claims);
            let sums: Vec<i64> = (0..6).map(|one| of_customer(&claims, &before, one)).collect();
            let own: Vec<usize> = (0..claims.len()).filter(|at| claims[*at].customer == claims[0].customer).collect();
            let quantities: Vec<i64> = own.iter().map(|at| claims[*at].quantity).collect();
            for (position, at) in own.iter().enumerate() {
                claims[*at].quantity = quantities[(position + turn) % own.len()];
            }
            let after = shares(free, &claims);
            for (customer, sum) in (0..6).zip(sums) {
                prop_assert_eq!(of_customer(&claims, &after, customer), sum);
            }
        }
    }
}
