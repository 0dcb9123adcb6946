//! Something else instead of what nobody serves, where the policy says so and the customer agreed to it.

use std::sync::Arc;

use super::free::FreeStock;
use super::planning::{Allowed, By};
use super::{Party, Scope, Sourced, Want};
use super::{find_by, leave_recalled, parties, pieces, serve_parties, with_making};
use crate::decide::{Attempt, Stop};
use crate::id::{ItemId, LineNo, OrderId};
use crate::money::share;
use crate::order::entry::Record;
use crate::order::{Line, Order, checks};
use crate::sourcing::policy::{Policy, Unserved};
use crate::sourcing::{Instead, Substitution};

/// Looks for locations, and then for makers of what nobody has; where a policy answers what is still missing with substitutes,
/// the order is changed to have them, and it is looked for again. What cannot be substituted in full is missing as before.
///
/// # Errors
/// Stops when facts are missing; refuses an order that has run out of numbers.
pub(super) fn find_or_substitute(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    policy: Option<Arc<Policy>>,
    allowed: Allowed,
) -> Result<Option<Sourced>, Stop> {
    let found = find_by(attempt, id, scope, policy.clone(), allowed, None)?;
    let not_in_stock = found.as_ref().map_or(0, units_missing);
    let found = with_making(attempt, id, scope, found)?;
    let Some(mut sourced) = found else {
        return Ok(None);
    };
    let substituting = policy.as_ref().filter(|policy| {
        let says_so = policy.unserved == Some(Unserved::Substitute);
        says_so && matches!(scope, Scope::Open | Scope::OpenAndWaiting) && sourced.below.is_none()
    });
    let Some(by) = substituting.filter(|_| !sourced.missing.is_empty()) else {
        return Ok(Some(sourced));
    };
    let tried = try_all(attempt, id, scope, (by, allowed), (&sourced, not_in_stock))?;
    let is_changed = tried
        .iter()
        .any(|one| matches!(one.instead, Instead::Substituted { .. }));
    if is_changed {
        let name = by.name_of_version();
        change(attempt, id, &tried, name)?;
        let again = find_by(attempt, id, scope, policy, allowed, None)?;
        sourced = with_making(attempt, id, scope, again)?.unwrap_or_default();
    }
    sourced.substitutions = tried;
    Ok(Some(sourced))
}

fn units_missing(sourced: &Sourced) -> i64 {
    sourced.missing.iter().map(|(_, units)| units).sum()
}

/// What could come instead of each line of which units are missing, after so many were not in stock.
fn try_all(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    by: (&Policy, Allowed),
    (sourced, not_in_stock): (&Sourced, i64),
) -> Result<Vec<Substitution>, Stop> {
    let order = attempt.order(id)?.clone();
    let mut missing: Vec<(LineNo, i64)> = Vec::new();
    for (want, units) in &sourced.missing {
        match missing.iter_mut().find(|(line, _)| *line == want.line) {
            Some((_, known)) => *known += units,
            None => missing.push((want.line, *units)),
        }
    }
    let first = checks::next_children(&order, missing.len())?;
    let mut trial = Trial {
        missing: not_in_stock,
        wanted: parties(&order, scope, by.0.constraints.keep_together),
        order,
        scope,
        by,
    };
    leave_recalled(&mut trial.wanted, &trial.order, attempt.network());
    let mut tried: Vec<Substitution> = Vec::with_capacity(missing.len());
    for ((no, units), into) in missing.into_iter().zip(first..) {
        let instead = match trial.order.placed.line(no).cloned() {
            Some(line) if line.kit.is_some() => Instead::PartOfKit,
            Some(line) if line.substitutable => {
                let found = trial.first_there(attempt, &line, units)?;
                found.map_or(Instead::NoneThere, |(item, sku)| Instead::Substituted {
                    item,
                    sku,
                    into: LineNo(into),
                })
            }
            Some(_) | None => Instead::NotAllowed,
        };
        tried.push(Substitution {
            line: no,
            quantity: units,
            instead,
        });
    }
    Ok(tried)
}

/// What the order would be with substitutes, to see whether that is served.
struct Trial<'a> {
    order: Order,
    scope: Scope<'a>,
    by: (&'a Policy, Allowed),
    /// What is wanted, with the substitutes that were found.
    wanted: Vec<Party>,
    /// Units that nobody has of that.
    missing: i64,
}

impl Trial<'_> {
    /// The first substitute of a line with which the whole order lacks so many units less: it is served in full, and takes
    /// nothing from the other lines.
    fn first_there(
        &mut self,
        attempt: &mut Attempt<'_>,
        line: &Line,
        units: i64,
    ) -> Result<Option<(ItemId, String)>, Stop> {
        let Some(item) = line.item else {
            return Ok(None);
        };
        let substitutes = attempt.item(item)?.selling.substitutes.clone();
        for sku in substitutes {
            let Some(known) = attempt.item_by_sku(&sku)? else {
                continue;
            };
            let (other, is_kit) = (known.id, known.is_kit());
            if is_kit || attempt.network().recall_of(other).is_some() {
                continue;
            }
            let wanted = self.with(line.no, other, units);
            let missing = self.missing_of(attempt, &wanted)?;
            if missing + units <= self.missing {
                (self.wanted, self.missing) = (wanted, missing);
                return Ok(Some((other, sku)));
            }
        }
        Ok(None)
    }

    /// What is wanted, with units of another item in place of units of a line.
    fn with(&self, no: LineNo, item: ItemId, units: i64) -> Vec<Party> {
        let mut wanted = self.wanted.clone();
        for party in &mut wanted {
            let Some(want) = party.wants.iter_mut().find(|want| want.line == no) else {
                continue;
            };
            want.quantity -= units;
            let instead = Want {
                item: Some(item),
                quantity: units,
                ..want.clone()
            };
            party.wants.push(instead);
            party.wants.retain(|want| want.quantity > 0);
        }
        wanted
    }

    fn missing_of(&self, attempt: &mut Attempt<'_>, wanted: &[Party]) -> Result<i64, Stop> {
        let (policy, allowed) = self.by;
        let by = By {
            policy: Some(policy),
            allowed,
            together: None,
        };
        let keep = policy.constraints.keep_together;
        let wanted = pieces::in_pieces(wanted.to_vec(), keep);
        let mut sourced = Sourced {
            next_child: self.order.progress.next_child,
            ..Sourced::default()
        };
        let free = &mut FreeStock::default();
        let id = self.order.id;
        serve_parties(attempt, id, &wanted, self.scope, by, free, &mut sourced)?;
        if sourced.below.is_some() {
            return Ok(i64::MAX / 2);
        }
        Ok(sourced.missing.iter().map(|(_, units)| units).sum())
    }
}

/// Units of lines become units of new lines, at the price of before; discounts and taxes go with them.
fn change(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    tried: &[Substitution],
    policy: String,
) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    let mut placed = order.placed.as_ref().clone();
    let next_child = checks::next_children(order, tried.len())?;
    let mut lines = Vec::new();
    for one in tried {
        let Instead::Substituted { item, sku, into } = &one.instead else {
            continue;
        };
        let title = attempt.item(*item)?.title.clone();
        let Some(line) = placed.lines.iter_mut().find(|line| line.no == one.line) else {
            continue;
        };
        let part = |minor: i64| share(minor, one.quantity, line.quantity);
        let (discount_minor, tax_minor) = (part(line.discount_minor), part(line.tax_minor));
        let instead = Line {
            no: *into,
            item: Some(*item),
            sku: sku.clone(),
            title,
            quantity: one.quantity,
            discount_minor,
            tax_minor,
            substitutable: false,
            instead_of: Some(line.no),
            ..line.clone()
        };
        line.quantity -= one.quantity;
        line.discount_minor -= discount_minor;
        line.tax_minor -= tax_minor;
        placed.lines.push(instead);
        lines.push((one.line, *into, one.quantity));
    }
    let used = u16::try_from(tried.len()).unwrap_or(u16::MAX);
    attempt.record(
        id,
        Record::LinesSubstituted {
            placed: placed.into(),
            next_child: next_child.saturating_add(used),
            lines,
            policy,
        },
    )
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    const SCENE: &str = "
        location L1
        location L2
        item B
        item C
        item A instead=B,C
        stock A@L1=2
        stock B@L1=1
        stock C@L2=9
    ";

    #[test]
    fn what_nobody_serves_becomes_the_first_substitute_that_is_there_in_full() {
        story(&format!(
            "{SCENE}
                policy P cost split=10 unserved=substitute
                order A=5(100~11+7) or-else > order open; F1@L1 open A:2 assigned leaves 2026-01-05; F2@L2 open C:3 assigned leaves 2026-01-05; A@L1 2/2; C@L2 9/3
                journal > order_placed, lines_substituted, lines_sourced
                why > instead of A=3 C; A,C: chosen L1,L2 = 10 (L1: ) (L2: split 10)
                lines > A 2x100-4+3; C 3x100-7+4
                totals > goods 500 discount 11 charges 0 tax 7 total 496 paid 0 balance 496
                order A=1 or-else > order open; F1@L1 open B:1 assigned leaves 2026-01-05; B@L1 1/1
                order A=7 or-else > order open; A 7 backordered
                why > instead of A=7 nothing there; A: no_stock L1,L2 missing A=7 = 0
            "
        ));
    }

    #[test]
    fn who_does_not_allow_it_gets_the_next_answer_of_the_policy() {
        story(&format!(
            "{SCENE}
                policy P cost split=10 unserved=substitute then=cancel
                order A=3 > order open; A 1 cancelled; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 2/2
                why > instead of A=1 nothing, not allowed; A: chosen L1 no_stock L2 missing A=1 = 0 (L1: )
                order A=1 C=2 or-else > order open; F1@L1 open B:1 assigned leaves 2026-01-05; F2@L2 open C:2 assigned leaves 2026-01-05; B@L1 1/1; C@L2 9/2
                policy P cost split=10 unserved=wait then=cancel > invalid_field: /unserved_then goes with the answer substitute in unserved alone; leave it away
                policy P cost split=10 unserved=substitute then=substitute > invalid_field: /unserved_then must be another answer than substitute
            "
        ));
    }

    #[test]
    fn units_that_the_order_wants_anyway_are_no_substitutes() {
        story(&format!(
            "{SCENE}
                policy P cost split=10 unserved=substitute
                order A=3 B=1 or-else > order open; F1@L1 open A:2 assigned B:1 assigned leaves 2026-01-05; F2@L2 open C:1 assigned leaves 2026-01-05; A@L1 2/2; B@L1 1/1; C@L2 9/1
                order A=9 C=3 or-else > order open; A 9 backordered; F1@L2 open C:3 assigned leaves 2026-01-05; C@L2 9/4
            "
        ));
    }

    #[test]
    fn a_substitute_that_would_cost_other_lines_their_place_is_none() {
        story(&format!(
            "{SCENE}
                policy P cost split=10 max=1 unserved=substitute
                order A=4 or-else > order open; A 2 backordered; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 2/2
                order A=4 or-else > order open; F1@L2 open C:4 assigned leaves 2026-01-05; C@L2 9/4
            "
        ));
    }

    #[test]
    fn components_of_kits_recalled_items_and_built_in_rules_have_no_substitutes() {
        story(&format!(
            "{SCENE}
                item K kit A=3
                policy P cost split=10 unserved=substitute from=30m
                order A=3 or-else > order open; A 1 backordered; F1@L1 open A:2 assigned; A@L1 2/2
                cancel > order cancelled; A 3 cancelled; F1@L1 cancelled; A@L1 2/0
                wait 30m
                order K=1 or-else > order open; A 1 backordered; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 2/2
                why > instead of A=1 nothing, part of a kit; A: chosen L1 no_stock L2 missing A=1 = 0 (L1: )
                recall B it burns > nothing changes
                order A=1 or-else > order open; F1@L2 open C:1 assigned leaves 2026-01-05; C@L2 9/1
            "
        ));
    }

    #[test]
    fn a_preview_and_a_past_order_decided_again_tell_substitutes() {
        story(&format!(
            "{SCENE}
                policy P cost split=10 unserved=substitute
                preview A=4 or-else > by P/1, A=2@L1, C=2@L2, instead of A=2 C
                preview A=4 > by P/1, A=2@L1, missing A=2, instead of A=2 nothing
                order A=9 > order open; A 7 backordered; F1@L1 open A:2 assigned leaves 2026-01-05; A@L1 2/2
                decide-again > of 9 then 2@L1 for 0 20000 km, now 2@L1 for 0 20000 km
                cancel > order cancelled; A 9 cancelled; F1@L1 cancelled leaves 2026-01-05; A@L1 2/0
                policy Q fewest from=60m
                order A=4 or-else > order open; F1@L1 open A:2 assigned leaves 2026-01-05; F2@L2 open C:2 assigned leaves 2026-01-05; A@L1 2/2; C@L2 9/2
            "
        ));
    }
}
