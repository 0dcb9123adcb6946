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
            lots: Vec::new(),
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

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn delivered_units_are_announced_to_come_back() {
        story(
            "
                location L1
                stock A@L1=9
                stock B@L1=9
                order A=3 B=2  > order open; F1@L1 open A:3 assigned B:2 assigned; A@L1 9/3; B@L1 9/2
                return A=1     > quantity_exceeded: return: 1 asked for, 0 possible for line A; lower the quantity
                pick F1        > order in_progress; F1@L1 picked A:3 picked B:2 picked
                pack F1        > F1@L1 packed A:3 packed B:2 packed; F1 P1 A=3 B=2
                ship F1        > order shipped; F1@L1 shipped A:3 shipped B:2 shipped; F1 left with post; A@L1 6/0; B@L1 7/0
                return A=1     > quantity_exceeded: return: 1 asked for, 0 possible for line A; lower the quantity
                deliver F1     > order delivered; F1@L1 delivered A:3 delivered B:2 delivered; F1 P1 A=3 B=2 delivered
                return A=1 B=2 > R1 requested RL1:A=1 RL2:B=2
                return A=3     > quantity_exceeded: return: 3 asked for, 2 possible for line A; lower the quantity
                return A=2     > R2 requested RL3:A=2
                return B=1     > quantity_exceeded: return: 1 asked for, 0 possible for line B; lower the quantity
            ",
        );
    }

    #[test]
    fn impossible_returns_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=9
                order A=3               > order open; F1@L1 open A:3 assigned; A@L1 9/3
                pick F1                 > order in_progress; F1@L1 picked A:3 picked
                pack F1                 > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1                 > order shipped; F1@L1 shipped A:3 shipped; F1 left with post; A@L1 6/0
                deliver F1 A=2          > F1@L1 shipped A:1 shipped+2 delivered
                return                  > invalid_field: /lines must name at least one line
                return X=1              > unknown_reference: /lines/0/id names the unknown line "?"; look at the order's lines for their ids
                return A=0              > invalid_field: /lines/0/quantity must be at least 1
                return A=1 because=none > invalid_field: /lines/0/reason must not be empty
                return A=2 A=1          > quantity_exceeded: return: 3 asked for, 2 possible for line A; lower the quantity
                return A=max A=max      > quantity_exceeded: return: 9223372036854775807 asked for, 2 possible for line A; lower the quantity
                return A=1 A=1          > R1 requested RL1:A=1 RL2:A=1
                draft A=1               > order draft; A 1 open
                return A=1              > illegal_transition: cannot return now: the order is a draft; place it first
            "#,
        );
    }

    #[test]
    fn kits_come_back_by_their_components() {
        story(
            "
                location L1
                item K kit A=2 B=1
                stock A@L1=9
                stock B@L1=9
                order K=2          > order open; F1@L1 open A:4 assigned B:2 assigned; A@L1 9/4; B@L1 9/2
                pick F1            > order in_progress; F1@L1 picked A:4 picked B:2 picked
                pack F1            > F1@L1 packed A:4 packed B:2 packed; F1 P1 A=4 B=2
                ship F1            > order shipped; F1@L1 shipped A:4 shipped B:2 shipped; F1 left with post; A@L1 5/0; B@L1 7/0
                deliver F1         > order delivered; F1@L1 delivered A:4 delivered B:2 delivered; F1 P1 A=4 B=2 delivered
                return K=1         > invalid_field: /lines/0/id is a kit; name the components that come back
                return A=4         > R1 requested RL1:A=4
            ",
        );
    }

    #[test]
    fn units_that_were_found_missing_can_be_announced_again() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3                  > order open; F1@L1 open A:3 assigned; A@L1 9/3
                pick F1                    > order in_progress; F1@L1 picked A:3 picked
                pack F1                    > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1                    > order shipped; F1@L1 shipped A:3 shipped; F1 left with post; A@L1 6/0
                deliver F1                 > order delivered; F1@L1 delivered A:3 delivered; F1 P1 A=3 delivered
                return A=3                 > R1 requested RL1:A=3
                receive R1 @L1 A=1:missing > R1 requested RL1:A=3 1 missing
                return A=2                 > quantity_exceeded: return: 2 asked for, 1 possible for line A; lower the quantity
                return A=1                 > R2 requested RL2:A=1
            ",
        );
    }

    #[test]
    fn a_return_needs_a_number_for_itself_and_each_line() {
        story(
            "
                location L1
                stock A@L1=9
                order A=3      > order open; F1@L1 open A:3 assigned; A@L1 9/3
                pick F1        > order in_progress; F1@L1 picked A:3 picked
                pack F1        > F1@L1 packed A:3 packed; F1 P1 A=3
                ship F1        > order shipped; F1@L1 shipped A:3 shipped; F1 left with post; A@L1 6/0
                deliver F1     > order delivered; F1@L1 delivered A:3 delivered; F1 P1 A=3 delivered
                number 65533
                return A=1 A=1 > limit_reached: too many parts of one order: at most 65534 are allowed
                return A=1     > R1 requested RL1:A=1
            ",
        );
    }

    #[test]
    fn the_reason_of_a_return_is_short() {
        story(
            "
                order A=1:digital       > order open; F1 open A:1 assigned
                deliver F1              > order delivered; F1 delivered A:1 delivered
                return A=1 because=LONG > invalid_field: /lines/0/reason is 10001 bytes long; at most 500 are allowed
            ",
        );
    }
}
