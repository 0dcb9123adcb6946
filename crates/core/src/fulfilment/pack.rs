//! Packing picked units into packages.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId, PackageNo};
use crate::order::{Fulfilment, LineUnits, Order, Package, Record, Verb, checks};
use crate::refusal::Refusal;

/// The heaviest package, in grams: a thousand tonnes.
const WEIGHT_MAX_G: i64 = 1_000_000_000;

/// Packs picked units.
#[derive(Debug, Clone)]
pub struct PackFulfilment {
    /// Which.
    pub fulfilment: FulfilmentNo,
    /// The packages; empty: one package with everything that is picked.
    pub packages: Vec<NewPackage>,
}

/// A package being packed.
#[derive(Debug, Clone, Default)]
pub struct NewPackage {
    /// What is in it; empty, in the only package: everything that is picked.
    pub lines: Vec<LineUnits>,
    /// Weight in grams.
    pub weight_g: Option<i64>,
}

/// Packs picked units into packages, which get numbers of their own.
///
/// # Errors
/// Refuses an unknown fulfilment, one where nothing is picked, lines that are not in it, more units than are picked,
/// an empty package beside others, an impossible weight, and held lines.
pub fn pack_fulfilment(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &PackFulfilment,
) -> Result<Answer, Stop> {
    let packages = check(attempt.order(order)?, command)?;
    crate::catalog::refuse_recalled(attempt, order, command.fulfilment)?;
    attempt.record(
        order,
        Record::UnitsPacked {
            fulfilment: command.fulfilment,
            packages,
        },
    )?;
    Ok(Answer::ok(Resource::Fulfilment(order, command.fulfilment)))
}

fn check(order: &Order, command: &PackFulfilment) -> Result<Vec<Package>, Refusal> {
    let fulfilment = checks::workable(order, command.fulfilment, Verb::Pack)?;
    if fulfilment.total().picked == 0 {
        return Err(Refusal::illegal(
            Verb::Pack,
            "none of its units is picked and not packed; pick first",
        ));
    }
    let packages = contents(fulfilment, &command.packages)?;
    let concerned = |line| {
        packages
            .iter()
            .flat_map(|package| &package.lines)
            .any(|units| units.line == line)
    };
    checks::refuse_if_held(order, Verb::Pack, Verb::Pack, concerned)?;
    check_quantities(order, fulfilment, &packages)?;
    let first = checks::next_children(order, packages.len())?;
    Ok((first..)
        .zip(packages)
        .map(|(number, package)| numbered(PackageNo(number), package))
        .collect())
}

/// What goes into which package, with every field checked for itself.
fn contents(fulfilment: &Fulfilment, packages: &[NewPackage]) -> Result<Vec<NewPackage>, Refusal> {
    let only = packages.first().cloned().unwrap_or_default();
    if packages.len() <= 1 && only.lines.is_empty() {
        let weight_g = only.weight_g;
        check_weight(0, weight_g)?;
        return Ok(vec![NewPackage {
            lines: all_picked(fulfilment),
            weight_g,
        }]);
    }
    for (position, package) in packages.iter().enumerate() {
        check_weight(position, package.weight_g)?;
        let field = format!("/packages/{position}/lines");
        checks::plain_units(&field, &package.lines, "must name what is in the package")?;
    }
    Ok(packages.to_vec())
}

fn check_weight(position: usize, weight_g: Option<i64>) -> Result<(), Refusal> {
    match weight_g {
        Some(weight) if !(0..=WEIGHT_MAX_G).contains(&weight) => {
            let problem = format!("must lie between 0 and {WEIGHT_MAX_G}");
            Err(Refusal::invalid(
                format!("/packages/{position}/weight_g"),
                problem,
            ))
        }
        _ => Ok(()),
    }
}

fn all_picked(fulfilment: &Fulfilment) -> Vec<LineUnits> {
    let picked = fulfilment
        .lines
        .iter()
        .filter(|entry| entry.units.picked > 0);
    picked
        .map(|entry| LineUnits {
            line: entry.line,
            quantity: entry.units.picked,
        })
        .collect()
}

/// Refuses more of a line, over all packages, than is picked.
fn check_quantities(
    order: &Order,
    fulfilment: &Fulfilment,
    packages: &[NewPackage],
) -> Result<(), Refusal> {
    let mut wanted: Vec<(LineNo, i64)> = Vec::new();
    for (position, package) in packages.iter().enumerate() {
        for (index, units) in package.lines.iter().enumerate() {
            let before: i64 = wanted
                .iter()
                .filter(|(line, _)| *line == units.line)
                .map(|(_, quantity)| quantity)
                .sum();
            let total = LineUnits {
                line: units.line,
                quantity: units.quantity.saturating_add(before),
            };
            let possible = fulfilment.units(units.line).map(|units| units.picked);
            checks::enough(
                order,
                "pack",
                &format!("/packages/{position}/lines/{index}"),
                total,
                possible,
            )?;
            wanted.push((units.line, units.quantity));
        }
    }
    Ok(())
}

fn numbered(no: PackageNo, package: NewPackage) -> Package {
    Package {
        no,
        lines: package.lines,
        weight_g: package.weight_g,
        tracking_number: None,
        outcome: None,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn everything_that_is_picked_goes_into_one_package() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2   > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pack F1         > illegal_transition: cannot pack now: none of its units is picked and not packed; pick first
                pick F1 A=2 B=2 > order in_progress; F1@L1 picking A:1 assigned+2 picked B:2 picked
                pack F1         > F1@L1 picking A:1 assigned+2 packed B:2 packed; F1 P1 A=2 B=2
                pack F1         > illegal_transition: cannot pack now: none of its units is picked and not packed; pick first
                pick F1         > F1@L1 picked A:1 picked+2 packed B:2 packed
                pack F1 250g    > F1@L1 packed A:3 packed B:2 packed; F1 P2 A=1 250g
                pack F9         > not_found: there is no fulfilment ?
            ",
        );
    }

    #[test]
    fn units_are_packed_into_several_packages_with_weights() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2                 > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1                       > order in_progress; F1@L1 picked A:3 picked B:2 picked
                pack F1 A=2 900g | A=1 B=1 0g > F1@L1 picked A:3 packed B:1 picked+1 packed; F1 P1 A=2 900g; F1 P2 A=1 B=1 0g
                pack F1 B=1                   > F1@L1 packed A:3 packed B:2 packed; F1 P3 B=1
            ",
        );
    }

    #[test]
    fn impossible_packages_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2 C=1:digital > order open; F1@L1 open A:3 assigned B:2 assigned; F2 open C:1 assigned; A@L1 5/3; B@L1 5/2
                pick F1 A=3               > order in_progress; F1@L1 picking A:3 picked B:2 assigned
                pack F1 A=4               > quantity_exceeded: pack: 4 asked for, 3 possible for line A; lower the quantity
                pack F1 A=2 | A=2         > quantity_exceeded: pack: 4 asked for, 3 possible for line A; lower the quantity
                pack F1 A=max | A=max     > quantity_exceeded: pack: 9223372036854775807 asked for, 3 possible for line A; lower the quantity
                pack F1 A=0               > invalid_field: /packages/0/lines/0/quantity must be at least 1
                pack F1 A=-1              > invalid_field: /packages/0/lines/0/quantity must be at least 1
                pack F1 A=1 A=1           > invalid_field: /packages/0/lines/1/id names a line a second time; add the quantities up
                pack F1 B=1               > quantity_exceeded: pack: 1 asked for, 0 possible for line B; lower the quantity
                pack F1 X=1               > unknown_reference: /packages/0/lines/0/id names the unknown line of this fulfilment "?"; look at the fulfilment's lines for their ids
                pack F1 A=1 | 200g        > invalid_field: /packages/1/lines must name what is in the package
                pack F1 A=1 -1g           > invalid_field: /packages/0/weight_g must lie between 0 and 1000000000
                pack F1 A=1 1000000001g   > invalid_field: /packages/0/weight_g must lie between 0 and 1000000000
                pack F1 -1g               > invalid_field: /packages/0/weight_g must lie between 0 and 1000000000
                pack F2                   > illegal_transition: cannot pack now: digital and service fulfilments are not picked, packed or shipped; record them as delivered
            "#,
        );
    }

    #[test]
    fn a_hold_blocks_packing_what_it_binds() {
        story(
            "
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=3 B=2            > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 5/3; B@L1 5/2
                pick F1                  > order in_progress; F1@L1 picked A:3 picked B:2 picked
                hold fraud looks odd : B > order on_hold; F1@L1 on_hold A:3 picked B:2 picked; H1 fraud active B (looks odd)
                pack F1                  > on_hold: cannot pack while the fraud hold H1 is active (looks odd); release it first
                pack F1 B=1              > on_hold: cannot pack while the fraud hold H1 is active (looks odd); release it first
                pack F1 A=3              > F1@L1 on_hold A:3 packed B:2 picked; F1 P1 A=3
                hold approval too large  > H2 approval active (too large)
                pack F1 A=1              > on_hold: cannot pack while the approval hold H2 is active (too large); release it first
            ",
        );
    }
}
