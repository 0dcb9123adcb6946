//! Steps that move, split and merge fulfilments by hand, as commands.

use throughline_core::Command;
use throughline_core::fulfilment::{MergeFulfilments, MoveFulfilment, SplitFulfilment};
use throughline_core::id::LineNo;
use throughline_core::order::{Fulfilment, LineUnits, Order, Units, Verb};

use crate::cast::Place;
use crate::stage::{Scene, share_of};
use crate::step::{Pick, Share};

impl Scene<'_> {
    pub(crate) fn move_to(&self, pick: Pick, place: Place, share: Share) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Move)?;
        let lines = match share {
            Share::All => None,
            share => Some(first(&work, share, |units| units.assigned)),
        };
        let what = MoveFulfilment {
            fulfilment: work.no,
            location: place.to_string(),
            lines,
        };
        Some(Command::MoveFulfilment(self.on(&order, what)))
    }

    /// Units where there are loose ones, packages where there are none.
    pub(crate) fn part(&self, pick: Pick, share: Share) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Split)?;
        let is_loose = work.total().assigned + work.total().picked > 0;
        let packages = work.packages.iter().map(|package| package.no);
        let what = SplitFulfilment {
            fulfilment: work.no,
            lines: match is_loose {
                true => first(&work, share, |units| units.assigned + units.picked),
                false => Vec::new(),
            },
            packages: packages.take(usize::from(!is_loose)).collect(),
        };
        Some(Command::SplitFulfilment(self.on(&order, what)))
    }

    pub(crate) fn merge(&self, pick: Pick) -> Option<Command> {
        let (order, work) = self.work(pick, Verb::Merge)?;
        let with = other(&order, &work)?.no;
        let what = MergeFulfilments {
            fulfilment: work.no,
            with,
        };
        Some(Command::MergeFulfilments(self.on(&order, what)))
    }
}

/// Units of the first line that has some.
fn first(work: &Fulfilment, share: Share, count: impl Fn(&Units) -> i64) -> Vec<LineUnits> {
    let lines = work.lines.iter();
    let counted = lines.map(|entry| (entry.line, count(&entry.units)));
    let mut counted = counted.filter(|(_, units)| *units > 0);
    let (line, possible) = counted.next().unwrap_or((LineNo(1), 0));
    vec![LineUnits {
        line,
        quantity: share_of(share, possible),
    }]
}

/// Another one that looks alike; the first other one, where none does.
fn other<'a>(order: &'a Order, work: &Fulfilment) -> Option<&'a Fulfilment> {
    let others = || {
        let all = order.progress.fulfilments.iter();
        all.filter(|other| other.no != work.no)
    };
    let key = |one: &Fulfilment| {
        (
            one.location,
            one.method,
            one.ship_to,
            one.request,
            one.work_day,
        )
    };
    let mut alike = others().filter(|other| key(other) == key(work) && other.total().left() == 0);
    alike.next().or_else(|| others().next())
}
