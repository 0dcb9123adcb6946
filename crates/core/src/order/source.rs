//! Sourcing an order: choosing which locations serve which quantities.

mod again;
mod ahead;
mod awaited;
mod backorder;
mod candidates;
mod days;
mod demand;
mod distance;
mod elsewhere;
mod free;
mod freight;
mod making;
mod margin;
mod moving;
mod parties;
mod pieces;
mod planning;
mod preview;
mod shortage;
mod substitute;
mod to_store;
mod together;
mod waiting;
mod way;
mod weigh;
mod weighed;

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::checks::CHILDREN_MAX;
use super::entry::{Allotment, Awaited, LineUnits, Record, ReleaseReason};
use super::progress::{Fulfilment, RequestStatus};
use super::{Order, Production, Verb, waits_for_stock};
use crate::condition::OrderContext;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, LineNo, OrderId};
use crate::network::Shortage;
use crate::refusal::Refusal;
use crate::sourcing::policy::{self, KeepTogether, Policy, Unserved};
use crate::sourcing::{Explanation, Group, Margin, Shared, Substitution};
use parties::{leave_recalled, parties};

pub use again::{DecidedAgain, decide_again};
pub(crate) use ahead::IsTaken;
pub use ahead::{PlansAhead, PlansTaken, pays_ahead, plan_ahead};
pub(crate) use awaited::{named_for_waiting, ready_on};
pub(crate) use days::{Days, work_day};
pub use distance::distance_km;
pub(crate) use elsewhere::{Elsewhere, elsewhere, split_waiting, splits_waiting};
pub(crate) use moving::{give_made, source_at};
pub use parties::held_lines;
pub(crate) use parties::{Party, Want};
pub use planning::Allowed;
pub(crate) use planning::Found;
pub use preview::{Inquiry, Preview, preview};
pub use shortage::after_placing;
pub use together::{
    Asking, Contending, CurrencyTally, PartyAsking, PlannedOrder, PlannedParty, PlannedQueue,
    PlannedTogether, Together, Turn, ask, plan_contending, plan_queue,
};
pub use waiting::{waiting_changes, waiting_rows};
pub(crate) use way::{Parcel, give_routes, units_of, way};
pub use weigh::NODE_BUDGET;

/// The name of the policy, as explanations give it.
pub const POLICY: &str = "complete-then-fewest/1";

/// Sources what is open (and what waits).
#[derive(Debug, Clone, Default)]
pub struct SourceOrder {
    /// Also take back what nobody has begun to pick, and choose again.
    pub again: bool,
    /// What was planned for it as one of many. Where that does not fit any more, it is planned as if it were alone.
    pub together: Option<Arc<Together>>,
}

/// Which units are to be sourced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Open units.
    Open,
    /// These units, although a hold binds them: the order claimed them before it was changed.
    Again(&'a [LineUnits]),
    /// These units, which a fulfilment has now: who else could serve them.
    Elsewhere(&'a [LineUnits]),
    /// Open units and units that wait for stock.
    OpenAndWaiting,
    /// These open units, because a person says where they are to come from.
    These(&'a [LineUnits]),
    /// What one line waits for; nobody is ahead of it.
    NextWaiting(LineNo),
    /// The share of what one line waits for; nobody is ahead of it, and what is beyond goes on waiting.
    Share(Shared),
}

impl Scope<'_> {
    /// The line that is the next one to be served, if one is.
    fn next_waiting(self) -> Option<LineNo> {
        match self {
            Self::NextWaiting(line) => Some(line),
            Self::Share(shared) => Some(shared.line),
            Self::Open
            | Self::Again(_)
            | Self::Elsewhere(_)
            | Self::OpenAndWaiting
            | Self::These(_) => None,
        }
    }
}

/// Sources an order by hand. The first time, a shortage is treated as the channel says of new orders; later, units
/// that nobody has wait.
///
/// # Errors
/// Refuses drafts, held orders, orders with nothing to source, and the first time a shortage, where the channel says so.
pub fn source_order(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &SourceOrder,
) -> Result<Answer, Stop> {
    let order = attempt.order(id)?;
    check_source(order)?;
    let untouched = if command.again {
        untouched_units(order)
    } else {
        Vec::new()
    };
    let is_first = !was_sourced(order);
    let waits = order
        .progress
        .lines
        .iter()
        .any(|line| line.open + line.backordered > 0);
    if untouched.is_empty() && !waits {
        return Err(Refusal::illegal(Verb::Source, "no unit is open or waits for stock").into());
    }
    if !untouched.is_empty() {
        attempt.record(
            id,
            Record::UnitsReleased {
                units: untouched,
                reason: ReleaseReason::Resourced,
                excluded: None,
                cause: None,
                lots: Vec::new(),
                serials: Vec::new(),
            },
        )?;
    }
    super::escalate::let_be_sourced(attempt, id)?;
    super::amend::resolve_items(attempt, id)?;
    let together = command.together.as_deref();
    if is_first {
        let shortage = shortage::when_placing(attempt, id)?;
        let sourced = find_planned(attempt, id, Scope::Open, together)?;
        if let Some(sourced) = with_making(attempt, id, Scope::Open, sourced)? {
            settle_new(attempt, id, sourced, shortage)?;
        }
    } else {
        let shortage = shortage::after_placing(attempt, id)?;
        let scope = Scope::OpenAndWaiting;
        let sourced = find_planned(attempt, id, scope, together)?;
        if let Some(sourced) = with_making(attempt, id, scope, sourced)? {
            shortage::settle(attempt, id, scope, shortage, sourced)?;
        }
    }
    Ok(Answer::ok(Resource::Order(id)))
}

/// Whether nothing keeps an order as a whole from being sourced.
#[must_use]
pub fn may_be_sourced(order: &Order) -> bool {
    check_source(order).is_ok()
}

fn check_source(order: &Order) -> Result<(), Refusal> {
    super::checks::refuse_if_draft(order, Verb::Source)?;
    super::checks::refuse_if_held(order, Verb::Source, Verb::Source, |_| false)
}

/// Looks for locations as it was planned; where that does not fit any more, as if nothing was planned.
fn find_planned(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    together: Option<&Together>,
) -> Result<Option<Sourced>, Stop> {
    let policy = match together {
        Some(together) => together.policy_of(attempt, id)?,
        None => policy_of(attempt, id)?,
    };
    if let Some(together) = together.filter(|together| !together.parties.is_empty()) {
        let by = Some(together);
        let sourced = find_by(attempt, id, scope, policy.clone(), Allowed::default(), by)?;
        let fits = |sourced: &Sourced| sourced.units() == together.units();
        if sourced.as_ref().is_some_and(fits) {
            let leaves_some = sourced.as_ref().is_some_and(|one| !one.missing.is_empty());
            if !leaves_some {
                return Ok(sourced);
            }
            let is_substituting =
                |policy: &Arc<Policy>| policy.unserved == Some(Unserved::Substitute);
            if policy.as_ref().is_some_and(is_substituting) {
                let allowed = Allowed::default();
                return substitute::find_or_substitute(attempt, id, scope, policy, allowed);
            }
            // What those ahead were to take may have become free again, or new units may have come: nobody waits for what is there.
            let alone = find_by(attempt, id, scope, policy, Allowed::default(), None)?;
            let has_more = alone.as_ref().map_or(0, Sourced::units) > together.units();
            return Ok(if has_more { alone } else { sourced });
        }
    }
    substitute::find_or_substitute(attempt, id, scope, policy, Allowed::default())
}

fn untouched_units(order: &Order) -> Vec<super::FulfilmentUnits> {
    let fulfilments = order
        .progress
        .fulfilments
        .iter()
        .filter(|fulfilment| is_untouched(fulfilment));
    fulfilments
        .flat_map(|fulfilment| {
            fulfilment
                .lines
                .iter()
                .map(|line| assigned(fulfilment.no, line.line, line.units.assigned))
        })
        .collect()
}

/// Assigned units of one line, as a release names them.
#[must_use]
pub fn assigned(fulfilment: FulfilmentNo, line: LineNo, quantity: i64) -> super::FulfilmentUnits {
    super::FulfilmentUnits {
        fulfilment,
        line,
        assigned: quantity,
        picked: 0,
        packed: 0,
    }
}

/// Whether nobody has begun to work on it, so that units may be added or taken back quietly.
pub(crate) fn is_untouched(fulfilment: &Fulfilment) -> bool {
    let sum = fulfilment.total();
    let asked = matches!(
        fulfilment.request,
        RequestStatus::Unsubmitted | RequestStatus::Submitted
    );
    asked && fulfilment.picking_since.is_none() && sum.assigned > 0 && sum.total() == sum.assigned
}

/// Whether open units of the order are sourced in the commit that makes them open: where the channel sources on
/// placement, and once the order was sourced by hand.
///
/// # Errors
/// Stops when the order is not loaded.
pub fn is_sourced_by_itself(attempt: &mut Attempt<'_>, id: OrderId) -> Result<bool, Stop> {
    let order = attempt.order(id)?;
    let was_sourced = was_sourced(order);
    let channel = order.placed.channel;
    let channel = attempt.network().channel(channel);
    Ok(was_sourced || channel.is_none_or(|channel| channel.source_on_placement))
}

fn was_sourced(order: &Order) -> bool {
    let mut lines = order.progress.lines.iter();
    !order.progress.fulfilments.is_empty() || lines.any(|line| line.backordered > 0)
}

/// Sources every open unit that no hold blocks, where that does not wait to be asked for; what nobody has is
/// treated as the channel says for orders that are placed already (they are never refused).
///
/// # Errors
/// Stops when facts are missing.
pub fn source_open(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    if !is_sourced_by_itself(attempt, id)? {
        return Ok(());
    }
    let shortage = shortage::after_placing(attempt, id)?;
    source(attempt, id, Scope::Open, shortage)
}

/// Sources the units in the scope that no hold blocks.
///
/// # Errors
/// Stops when facts are missing; refuses a shortage where `shortage` says so.
pub fn source(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    shortage: Shortage,
) -> Result<(), Stop> {
    match find_served(attempt, id, scope)? {
        Some(sourced) => shortage::settle(attempt, id, scope, shortage, sourced),
        None => Ok(()),
    }
}

/// Sources the open units of a new order that no hold blocks. What nobody has is treated as the channel says, unless
/// its items are not waited for.
///
/// # Errors
/// Stops when facts are missing; refuses a shortage where `shortage` or an item says so.
pub fn source_new(attempt: &mut Attempt<'_>, id: OrderId, shortage: Shortage) -> Result<(), Stop> {
    match find_served(attempt, id, Scope::Open)? {
        Some(sourced) => settle_new(attempt, id, sourced, shortage),
        None => Ok(()),
    }
}

fn settle_new(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    sourced: Sourced,
    shortage: Shortage,
) -> Result<(), Stop> {
    let shortage = backorder::asked(attempt, id, &sourced.missing, shortage)?;
    shortage::settle(attempt, id, Scope::Open, shortage, sourced)
}

/// What nobody has of the open units that no hold blocks, in words; nothing is written down.
///
/// # Errors
/// Stops when facts are missing.
pub fn shortage_of(attempt: &mut Attempt<'_>, id: OrderId) -> Result<Option<String>, Stop> {
    let sourced = find(attempt, id, Scope::Open)?;
    let sourced = with_making(attempt, id, Scope::Open, sourced)?;
    let missing = sourced.map(|sourced| sourced.missing).unwrap_or_default();
    if missing.is_empty() {
        return Ok(None);
    }
    shortage::named(attempt, &missing).map(Some)
}

/// Looks for locations that serve the units in the scope, then for makers, or something else instead where the policy says so.
fn find_served(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
) -> Result<Option<Sourced>, Stop> {
    let policy = policy_of(attempt, id)?;
    substitute::find_or_substitute(attempt, id, scope, policy, Allowed::default())
}

/// Looks for locations that serve the units in the scope; none if there is nothing to look for.
fn find(attempt: &mut Attempt<'_>, id: OrderId, scope: Scope<'_>) -> Result<Option<Sourced>, Stop> {
    let policy = policy_of(attempt, id)?;
    find_by(attempt, id, scope, policy, Allowed::default(), None)
}

/// What was found, with production of what is missing, where units in the scope may be made.
fn with_making(
    attempt: &Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    mut sourced: Option<Sourced>,
) -> Result<Option<Sourced>, Stop> {
    let may_be_made = match scope {
        Scope::Open | Scope::OpenAndWaiting | Scope::NextWaiting(_) | Scope::Share(_) => true,
        Scope::Again(_) | Scope::Elsewhere(_) | Scope::These(_) => false,
    };
    if let Some(sourced) = sourced.as_mut().filter(|_| may_be_made)
        && sourced.below.is_none()
    {
        making::make_missing(attempt, id, sourced)?;
    }
    Ok(sourced)
}

/// The same by a policy, with what it allows alone, and as it was planned for many together.
fn find_by(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    scope: Scope<'_>,
    policy: Option<Arc<Policy>>,
    allowed: Allowed,
    together: Option<&Together>,
) -> Result<Option<Sourced>, Stop> {
    let network = std::sync::Arc::clone(attempt.network());
    let order = attempt.order(id)?;
    if order.progress.draft {
        return Ok(None);
    }
    let keep = policy
        .as_ref()
        .map(|policy| policy.constraints.keep_together);
    let mut parties = parties(order, scope, keep.unwrap_or_default());
    leave_recalled(&mut parties, order, network.as_ref());
    if parties.is_empty() {
        return Ok(None);
    }
    parties = pieces::by_case(parties, keep.unwrap_or_default());
    if let Some(keep) = keep {
        parties = pieces::in_pieces(parties, keep);
    }
    let mut sourced = Sourced {
        next_child: order.progress.next_child,
        policy: policy.as_ref().map(|policy| policy.name_of_version()),
        unserved: policy
            .as_ref()
            .and_then(|policy| policy.unserved_after_substitutes()),
        ..Sourced::default()
    };
    let mut free = free::FreeStock {
        by_hand: allowed.location.is_some(),
        ..free::FreeStock::default()
    };
    let by = planning::By {
        policy: policy.as_deref(),
        allowed,
        together,
    };
    serve_parties(attempt, id, &parties, scope, by, &mut free, &mut sourced)?;
    if let Scope::Share(shared) = scope {
        sourced.leave_beyond(attempt.look_at(id)?, &parties, shared);
    }
    Ok(Some(sourced))
}

/// Serves one party after the other.
fn serve_parties(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    parties: &[Party],
    scope: Scope<'_>,
    by: planning::By<'_>,
    free: &mut free::FreeStock,
    sourced: &mut Sourced,
) -> Result<(), Stop> {
    let network = Arc::clone(attempt.network());
    for party in parties {
        if party.method.uses_stock() {
            let known = sourced.missing.len();
            planning::serve_party(attempt, id, party, scope, by, free, sourced)?;
            if let Some(rest) = to_store::rest(&network, scope, party, &sourced.missing[known..]) {
                sourced.go_on_with(known);
                planning::serve_party(attempt, id, &rest, scope, by, free, sourced)?;
            }
        } else {
            sourced.allot_without_stock(party);
        }
    }
    Ok(())
}

/// What sourcing found, before it is written down.
#[derive(Debug, Default)]
pub(super) struct Sourced {
    pub(super) next_child: u16,
    is_full: bool,
    pub(super) allotments: Vec<Allotment>,
    pub(super) missing: Vec<(Want, i64)>,
    /// What is to be made.
    pub(super) productions: Vec<Production>,
    /// Units that are to be made, by line.
    pub(super) made: Vec<(Want, i64)>,
    pub(super) groups: Vec<Group>,
    /// The policy that decided; the built-in one if absent.
    pub(super) policy: Option<String>,
    /// What the policy does with what nobody serves.
    pub(super) unserved: Option<Unserved>,
    /// What is left of the price, where that is less than the policy's floor.
    pub(super) below: Option<Margin>,
    /// What came instead of what nobody serves.
    pub(super) substitutions: Vec<Substitution>,
    /// The line's share of what those who wait have in common.
    shared: Option<Shared>,
}

impl Sourced {
    /// Others are asked for what the last party lacks; that is missing only if they lack it too.
    fn go_on_with(&mut self, known: usize) {
        self.missing.truncate(known);
        if let Some(group) = self.groups.last_mut() {
            group.missing.clear();
        }
    }

    /// Units beyond the line's share are missing: they wait for the next ones.
    fn leave_beyond(&mut self, order: &Order, parties: &[Party], shared: Shared) {
        let lines = order.placed.lines.iter();
        let waits = lines
            .enumerate()
            .find(|(_, line)| line.no == shared.line)
            .map_or(0, |(position, _)| waits_for_stock(order, position));
        let beyond = waits - waits.min(shared.share);
        let mut wants = parties.iter().flat_map(|party| &party.wants);
        let want = wants.find(|want| want.line == shared.line);
        if let Some(want) = want.filter(|_| beyond > 0) {
            let mut missing = self.missing.iter_mut();
            match missing.find(|(known, _)| known.line == want.line) {
                Some((_, units)) => *units += beyond,
                None => self.missing.push((want.clone(), beyond)),
            }
        }
        self.shared = Some(shared);
    }

    fn allot_without_stock(&mut self, party: &Party) {
        let lines = party
            .wants
            .iter()
            .map(|want| LineUnits {
                line: want.line,
                quantity: want.quantity,
            })
            .collect();
        let fulfilment = self.take_child();
        let (method, ship_to) = (party.method, party.ship_to);
        let request = RequestStatus::Unsubmitted;
        self.allotments.push(Allotment {
            fulfilment,
            location: None,
            method,
            ship_to,
            request,
            work_day: None,
            route: None,
            collect_at: None,
            bought: false,
            lines,
            lots: Vec::new(),
        });
    }

    /// Units that somebody serves.
    fn units(&self) -> i64 {
        let lines = self.allotments.iter().filter(|one| one.location.is_some());
        lines
            .flat_map(|one| &one.lines)
            .map(|units| units.quantity)
            .sum()
    }

    /// The number of a new fulfilment; beyond the last number none is recorded.
    pub(super) fn take_child(&mut self) -> FulfilmentNo {
        let number = self.next_child;
        self.is_full |= number > CHILDREN_MAX;
        self.next_child = number.saturating_add(1);
        FulfilmentNo(number)
    }

    fn record(
        self,
        attempt: &mut Attempt<'_>,
        id: OrderId,
        backordered: Vec<LineUnits>,
        awaited: Vec<Awaited>,
    ) -> Result<(), Stop> {
        if self.is_full {
            return Err(Refusal::TooMany {
                what: "parts of one order",
                limit: u64::from(CHILDREN_MAX),
            }
            .into());
        }
        let makes = !self.productions.is_empty();
        if makes || !self.allotments.is_empty() || !backordered.is_empty() {
            attempt.record(
                id,
                Record::LinesSourced {
                    allotments: self.allotments,
                    backordered,
                    awaited,
                    productions: self.productions,
                },
            )?;
            let network = attempt.network().version;
            attempt.explain(
                id,
                Explanation {
                    policy: self.policy.unwrap_or_else(|| POLICY.to_owned()),
                    network,
                    groups: self.groups,
                    substitutions: self.substitutions,
                    shared: self.shared,
                },
            );
        }
        Ok(())
    }
}

/// The policy that decides on an order; the built-in one if none does.
///
/// # Errors
/// Stops when facts are missing.
pub(super) fn policy_of(attempt: &Attempt<'_>, id: OrderId) -> Result<Option<Arc<Policy>>, Stop> {
    let (network, now) = (Arc::clone(attempt.network()), attempt.now());
    if network.policies.is_empty() {
        return Ok(None);
    }
    let order = attempt.look_at(id)?;
    let policies = policy::in_force(&network, order.placed.channel, now);
    let is_asked = |policy: &&Arc<Policy>| policy.when.is_some();
    if !policies.iter().any(is_asked) {
        return Ok(policies.first().map(|policy| Arc::clone(policy)));
    }
    let weight = |item| attempt.item(item).ok().and_then(|item| item.weight_g);
    let context = OrderContext::of(order, &network, weight, &TimeZone::UTC);
    let fits = policies.into_iter().find(|policy| policy.fits(&context));
    Ok(fits.cloned())
}

/// Whether all that a line waits for is served at once or not at all, because it has to stay together.
///
/// # Errors
/// Stops when facts are missing.
pub(crate) fn is_whole(
    attempt: &Attempt<'_>,
    order: &Order,
    line: &super::Line,
) -> Result<bool, Stop> {
    let policy = policy_of(attempt, order.id)?;
    let keep = policy.map(|policy| policy.constraints.keep_together);
    Ok(match keep.unwrap_or_default() {
        KeepTogether::Nothing => false,
        KeepTogether::Lines | KeepTogether::Order => true,
        KeepTogether::Kits => line.kit.is_some(),
    })
}
