//! Goods are announced to come back.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{LineNo, OrderId, ReturnNo};
use crate::order::{Line, LineUnits, Order, Record, Return, ReturnLine, Verb, checks};
use crate::refusal::Refusal;
use crate::returns::Disposition;
use crate::text;
use crate::time::Millis;

/// Announces that delivered units come back.
#[derive(Debug, Clone)]
pub struct RegisterReturn {
    /// What.
    pub lines: Vec<ReturnedLine>,
}

/// Units of one line that come back.
#[derive(Debug, Clone)]
pub struct ReturnedLine {
    /// The line of the order.
    pub line: LineNo,
    /// Units.
    pub quantity: i64,
    /// Why, in the caller's words.
    pub reason: String,
}

/// Registers a return. One line may be named several times, for several reasons.
///
/// # Errors
/// Refuses a draft, no lines, unknown lines, kits (their components come back), missing reasons, and more units than
/// were delivered and not announced before.
pub fn register_return(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &RegisterReturn,
) -> Result<Answer, Stop> {
    let now = attempt.now();
    let registered = check(attempt.order(order)?, command, now)?;
    let no = registered.no;
    attempt.record(order, Record::ReturnRegistered { registered })?;
    Ok(Answer::created(Resource::Return(order, no)))
}

fn check(order: &Order, command: &RegisterReturn, at: Millis) -> Result<Return, Refusal> {
    checks::refuse_if_draft(order, Verb::Return)?;
    if command.lines.is_empty() {
        return Err(Refusal::invalid("/lines", "must name at least one line"));
    }
    for (position, returned) in command.lines.iter().enumerate() {
        check_line(order, &format!("/lines/{position}"), returned)?;
    }
    for (position, returned) in command.lines.iter().enumerate() {
        let earlier = command.lines[..position]
            .iter()
            .filter(|before| before.line == returned.line);
        let asked = earlier.fold(returned.quantity, |sum, before| {
            sum.saturating_add(before.quantity)
        });
        let units = LineUnits {
            line: returned.line,
            quantity: asked,
        };
        checks::enough(
            order,
            "return",
            &format!("/lines/{position}"),
            units,
            Some(returnable(order, returned.line)),
        )?;
    }
    let first = checks::next_children(order, 1 + command.lines.len())?;
    let lines = (first + 1..)
        .zip(&command.lines)
        .map(|(no, returned)| ReturnLine {
            no,
            line: returned.line,
            quantity: returned.quantity,
            reason: returned.reason.trim().to_owned(),
            received: Vec::new(),
        });
    Ok(Return {
        no: ReturnNo(first),
        at,
        lines: lines.collect(),
    })
}

fn check_line(order: &Order, field: &str, returned: &ReturnedLine) -> Result<(), Refusal> {
    let name = checks::line_id(order, returned.line);
    match order.placed.line(returned.line) {
        None => return Err(Refusal::unknown(format!("{field}/id"), "line", name)),
        Some(Line { is_kit: true, .. }) => {
            return Err(Refusal::invalid(
                format!("{field}/id"),
                "is a kit; name the components that come back",
            ));
        }
        Some(_) => {}
    }
    if returned.quantity < 1 {
        return Err(Refusal::invalid(
            format!("{field}/quantity"),
            "must be at least 1",
        ));
    }
    text::required(
        format!("{field}/reason"),
        &returned.reason,
        text::REASON_MAX,
    )
}

/// Delivered units of a line that are not announced; announced ones that were found missing count as kept.
fn returnable(order: &Order, line: LineNo) -> i64 {
    let delivered = order
        .progress
        .fulfilments
        .iter()
        .filter_map(|fulfilment| fulfilment.units(line));
    let announced = order
        .progress
        .returns
        .iter()
        .flat_map(|one| &one.lines)
        .filter(|known| known.line == line);
    delivered.map(|units| units.delivered).sum::<i64>()
        - announced
            .map(|known| known.quantity - missing(known))
            .sum::<i64>()
}

fn missing(line: &ReturnLine) -> i64 {
    let missing = line
        .received
        .iter()
        .filter(|(disposition, _)| *disposition == Disposition::Missing);
    missing.map(|(_, quantity)| quantity).sum()
}
