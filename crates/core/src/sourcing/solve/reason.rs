//! Why a source is not in the plan.

use super::problem::{Problem, Source};

/// The first reason for which a source was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// It has no unit of anything that is wanted.
    HasNothing,
    /// It has units, but its capacity, its ways to send or a bundle let it serve none.
    ServesNothing,
    /// A source in the plan has at least as much of everything at no higher price.
    Dominated {
        /// The caller's name for that one.
        by: u32,
    },
    /// Plans with it cost more, or not less.
    CostsMore {
        /// What it would cost if it served everything alone, in minor units; none where it cannot.
        alone_minor: Option<i64>,
    },
}

impl Loss {
    /// The reason of a source that cannot serve anything.
    pub(super) fn without_units(problem: &Problem, source: &Source, able: bool) -> Option<Self> {
        let mut wanted = problem.demands.iter().filter(|demand| demand.units() > 0);
        if wanted.all(|demand| source.units(demand.pool) < demand.case()) {
            return Some(Self::HasNothing);
        }
        (!able).then_some(Self::ServesNothing)
    }

    /// Why a source lost against those in the plan.
    pub(super) fn against(
        problem: &Problem,
        source: &Source,
        used: impl Iterator<Item = usize>,
        alone_minor: Option<i64>,
    ) -> Self {
        let mut used = used.map(|position| &problem.sources[position]);
        let better = used.find(|other| dominates(problem, other, source));
        better.map_or(Self::CostsMore { alone_minor }, |by| Self::Dominated {
            by: by.id,
        })
    }
}

/// Whether one has at least as much of everything at no higher price.
fn dominates(problem: &Problem, one: &Source, other: &Source) -> bool {
    let by_pool = |pool: usize| {
        let (scarce, scarcer) = (one.scarcity(pool), other.scarcity(pool));
        one.units(pool) >= other.units(pool)
            && one.unit(pool) <= other.unit(pool)
            && (scarce.extra_minor == 0
                || (scarce.extra_minor <= scarcer.extra_minor
                    && scarce.free_units >= scarcer.free_units))
    };
    one.fixed() <= other.fixed()
        && one.line() <= other.line()
        && no_tighter(one.units_max, other.units_max)
        && no_tighter(one.lines_max, other.lines_max)
        && problem.demands.iter().all(|demand| by_pool(demand.pool))
        && ships_no_dearer(one, other)
}

fn no_tighter(one: Option<i64>, other: Option<i64>) -> bool {
    one.is_none_or(|one| other.is_some_and(|other| one >= other))
}

/// Whether for every way of the other there is the same tariff, or a lower one, at no higher price.
fn ships_no_dearer(one: &Source, other: &Source) -> bool {
    if one.shipping.is_empty() {
        return true;
    }
    !other.shipping.is_empty()
        && other.shipping.iter().all(|way| {
            one.shipping.iter().any(|own| {
                own.weight_class == way.weight_class
                    && own.fixed() <= way.fixed()
                    && own.tariff == way.tariff
            })
        })
}
