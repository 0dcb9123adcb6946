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
        checks::plain_units(&format!("/packages/{position}/lines"), &package.lines)?;
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
