//! Booking a visit for a service line.

use jiff::civil::Date;

use super::free::{DAYS_AHEAD_MAX, FreeSlot, Looked, free_slots};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{LineNo, OrderId, VisitNo};
use crate::order::{
    Method, Order, Record, Verb, Visit, VisitState, VisitTime, checks, left_to_deliver,
};
use crate::promise::line_promises;
use crate::refusal::Refusal;

/// Books a visit.
#[derive(Debug, Clone)]
pub struct BookVisit {
    /// The service line.
    pub line: LineNo,
    /// The goods that have to be there first; all goods of the order if absent.
    pub after: Option<Vec<LineNo>>,
    /// When; the first possible slot if nothing is said.
    pub wanted: Wanted,
}

/// The time that somebody wants; whatever is possible where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Code of the location whose people are to come.
    pub location: Option<String>,
    /// The local day.
    pub date: Option<Date>,
    /// The name of the slot.
    pub slot: Option<String>,
}

/// Books a visit in a slot after the day on which the goods are promised to be there.
///
/// # Errors
/// Refuses drafts, unknown lines, lines that are no service with slots or have nothing left to be done or a visit already,
/// goods that nothing is promised of, and a time at which nobody is free.
pub fn book_visit(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    command: &BookVisit,
) -> Result<Answer, Stop> {
    let order = attempt.order(id)?.clone();
    checks::refuse_if_draft(&order, Verb::Book)?;
    let unknown = || Refusal::unknown("/line_id", "line", command.line.of(id).to_string());
    let line = order.placed.line(command.line).ok_or_else(unknown)?;
    let Some(item) = line.item.filter(|_| line.method == Method::Service) else {
        let problem = "must be a line with the method service, and a known SKU";
        return Err(Refusal::invalid("/line_id", problem).into());
    };
    if left_to_deliver(&order, line.no) <= 0 {
        let why = "the service was done, or cancelled";
        return Err(Refusal::illegal(Verb::Book, why).into());
    }
    if order.progress.visit_of(line.no).is_some() {
        let why = "the line has a visit already; rebook that one";
        return Err(Refusal::illegal(Verb::Book, why).into());
    }
    let after = goods(&order, command)?;
    let time = time(attempt, &order, line.no, &after, &command.wanted)?;
    let no = VisitNo(checks::next_children(&order, 1)?);
    let visit = Visit {
        no,
        line: line.no,
        item,
        after,
        time,
        state: VisitState::Booked,
        since: attempt.now(),
    };
    attempt.record(id, Record::VisitBooked { visit })?;
    Ok(Answer::created(Resource::Visit(id, no)))
}

fn goods(order: &Order, command: &BookVisit) -> Result<Vec<LineNo>, Refusal> {
    let Some(named) = &command.after else {
        let goods = order.placed.lines.iter();
        let goods = goods.filter(|line| !line.is_kit && line.method.uses_stock());
        return Ok(goods.map(|line| line.no).collect());
    };
    checks::refuse_twice("/after", named.iter().copied())?;
    let is_goods = |no: &LineNo| {
        let line = order.placed.line(*no);
        line.is_some_and(|line| line.method.uses_stock())
    };
    match named.iter().position(|no| !is_goods(no)) {
        Some(position) => Err(Refusal::invalid(
            format!("/after/{position}"),
            "must be a line of this order whose goods are shipped or collected",
        )),
        None => Ok(named.clone()),
    }
}

/// The day on which all of the goods are there, as it is promised; none where they are there already.
///
/// # Errors
/// Refuses goods that nothing is promised of.
pub(super) fn goods_on(order: &Order, after: &[LineNo]) -> Result<Option<Date>, Refusal> {
    let told = line_promises(order);
    let mut last = None;
    for (line, told) in order.placed.lines.iter().zip(told) {
        if !after.contains(&line.no) || left_to_deliver(order, line.no) <= 0 {
            continue;
        }
        let due = told.and_then(|told| told.due_on());
        let Some(due) = due else {
            let line = checks::line_id(order, line.no);
            let why = format!("no day is promised yet of the goods of line {line}; wait for them");
            return Err(Refusal::illegal(Verb::Book, why));
        };
        last = last.max(Some(due));
    }
    Ok(last)
}

/// The time at which a visit is possible.
pub(super) fn time(
    attempt: &Attempt<'_>,
    order: &Order,
    line: LineNo,
    after: &[LineNo],
    wanted: &Wanted,
) -> Result<VisitTime, Stop> {
    let network = attempt.network();
    let location = wanted.location.as_deref().map(|code| {
        let known = network.location_by_code(code);
        known.ok_or_else(|| Refusal::unknown("/location", "location", code))
    });
    let location = location.transpose()?.map(|location| location.id);
    let goods_on = goods_on(order, after)?;
    let slots = slots(attempt, order, line, goods_on)?;
    let fits = |one: &&FreeSlot| {
        let time = &one.time;
        location.is_none_or(|id| id == time.location)
            && wanted.date.is_none_or(|date| date == time.date)
            && wanted.slot.as_ref().is_none_or(|name| *name == time.name)
    };
    let found = slots.iter().find(fits).map(|one| one.time.clone());
    found.ok_or_else(|| {
        let bound = goods_on.map_or_else(String::new, |day| {
            format!(" after {day}, on which the goods are there")
        });
        let why = format!("nobody is free at that time{bound}; look at the free slots");
        Refusal::illegal(Verb::Book, why).into()
    })
}

/// The slots of a line's service that are free after the goods are there.
pub(super) fn slots(
    attempt: &Attempt<'_>,
    order: &Order,
    no: LineNo,
    goods_on: Option<Date>,
) -> Result<Vec<FreeSlot>, Stop> {
    let line = order.placed.line(no);
    let Some((line, item)) = line.and_then(|line| Some((line, line.item?))) else {
        return Ok(Vec::new());
    };
    let known = attempt.item(item)?;
    if known.selling.visits.is_empty() {
        let why = format!("SKU {:?} has no slots; give its item some", known.sku);
        return Err(Refusal::illegal(Verb::Book, why).into());
    }
    let looked = Looked {
        network: attempt.network(),
        now: attempt.now(),
        destination: order.placed.destination_of(line),
        goods_on,
        days: DAYS_AHEAD_MAX,
    };
    Ok(free_slots(known, &attempt.booked(item)?, looked))
}
