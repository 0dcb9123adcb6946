//! What locations turned down too often goes to somebody's queue.

use super::progress::{Hold, HoldKind, Try};
use super::{Order, Record};
use crate::decide::{Attempt, Stop};
use crate::id::{HoldNo, LineNo, OrderId};
use crate::network::ESCALATE_AFTER;
use crate::text::REASON_MAX;
use crate::time::Millis;

/// Holds the lines with open units that were turned down as often as their channel lets them be; the hold says what was
/// tried. To be called after units were released and before they are sourced again.
///
/// # Errors
/// Stops when facts are missing.
pub fn escalate(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let order = attempt.order(id)?;
    let channel = order.placed.channel;
    let known = attempt.network().channel(channel);
    let limit = known.map_or(ESCALATE_AFTER, |channel| channel.escalate_after);
    let order = attempt.order(id)?;
    let lines = given_up(order, limit);
    if lines.is_empty() {
        return Ok(());
    }
    let no = HoldNo(super::checks::next_children(order, 1)?);
    let tried: Vec<Try> = order
        .progress
        .tries
        .iter()
        .filter(|one| lines.contains(&one.line))
        .copied()
        .collect();
    let hold = Hold {
        no,
        kind: HoldKind::Sourcing,
        reason: in_words(attempt, &tried),
        lines,
        at: attempt.now(),
        released_at: None,
        found: None,
        approval: None,
        scoring: None,
    };
    attempt.record(id, Record::OrderHeld { hold })
}

/// The lines with open units that were tried so often, and for which nobody looks for a location yet.
fn given_up(order: &Order, limit: u16) -> Vec<LineNo> {
    let lines = order.placed.lines.iter().zip(&order.progress.lines);
    let open = lines.filter(|(_, state)| state.open > 0);
    let given_up = open.filter(|(line, _)| {
        let tries = tries_since(order, line.no, asked_at(order, line.no));
        let is_held = order
            .progress
            .active_holds()
            .any(|hold| hold.kind == HoldKind::Sourcing && hold.lines.contains(&line.no));
        limit > 0 && tries >= usize::from(limit) && !is_held
    });
    given_up.map(|(line, _)| line.no).collect()
}

/// When somebody last let the line be sourced again.
fn asked_at(order: &Order, line: LineNo) -> Option<Millis> {
    let holds = order.progress.holds.iter();
    let asked = holds.filter(|hold| hold.kind == HoldKind::Sourcing && hold.lines.contains(&line));
    asked.filter_map(|hold| hold.released_at).max()
}

fn tries_since(order: &Order, line: LineNo, since: Option<Millis>) -> usize {
    let tries = order.progress.tries.iter();
    let of_line = tries.filter(|one| one.line == line);
    of_line.filter(|one| Some(one.at) > since).count()
}

/// What was tried: each location with why it said no, the last ones if there are many.
fn in_words(attempt: &Attempt<'_>, tried: &[Try]) -> String {
    let mut words: Vec<String> = Vec::new();
    for one in tried {
        let location = attempt.network().location(one.location);
        let code = location.map_or("?", |location| location.code.as_str());
        let word = format!("{code} ({})", one.cause.as_str());
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let text = |words: &[String]| format!("no location was found; tried {}", words.join(", "));
    let mut first = 0;
    while text(&words[first..]).len() > REASON_MAX && first + 1 < words.len() {
        first += 1;
    }
    text(&words[first..])
}

/// Releases what holds lines for want of a location, because somebody says that they are to be sourced again.
///
/// # Errors
/// Stops when facts are missing.
pub fn let_be_sourced(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let holds = attempt.order(id)?.progress.active_holds();
    let holds: Vec<HoldNo> = holds
        .filter(|hold| hold.kind == HoldKind::Sourcing)
        .map(|hold| hold.no)
        .collect();
    for hold in holds {
        attempt.record(id, Record::HoldReleased { hold })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn what_is_turned_down_too_often_goes_to_a_queue_and_comes_back_by_hand() {
        story(
            "
                location L1
                location L2
                location L3
                location L4
                put-channel web escalate=2
                channel web
                stock A@L1=5
                stock A@L2=5
                stock A@L3=5
                stock B@L1=5
                order A=2 B=1                     > order open; F1@L1 open A:2 assigned B:1 assigned; A@L1 5/2; B@L1 5/1
                reject F1 A=2 code=not_found gone > F1@L1 open B:1 assigned; F2@L2 open A:2 assigned; A@L1 3/0 excluded until 2026-01-08 (not_found); A@L2 5/2
                journal                           > units_released, units_rejected, lines_sourced
                pick F2 A=1~1                     > order on_hold; A 1 open; F2@L2 picked A:1 picked; H1 sourcing active A (no location was found; tried L1 (not_found), L2 (not_found)); A@L2 4/1 excluded until 2026-01-08 (not_found)
                journal                           > units_picked, units_released, order_held
                pick F1                           > F1@L1 picked B:1 picked
                stock A@L4=1                      > A@L4 1/0
                source                            > order in_progress; F3@L3 open A:1 assigned; H1 sourcing released A (no location was found; tried L1 (not_found), L2 (not_found)); A@L3 5/1
                pick F2                           > illegal_transition: cannot pick now: all of its units are picked; pack, ship or hand them over
                release H1                        > illegal_transition: cannot release_hold now: hold H1 was released before
            ",
        );
    }

    #[test]
    fn a_channel_may_let_lines_be_turned_down_as_often_as_may_be() {
        story(
            "
                location L1
                location L2
                put-channel web escalate=0
                put-channel once escalate=1
                stock A@L1=5
                stock A@L2=5
                order A=2 channel=web  > order open; F1@L1 open A:2 assigned; A@L1 5/2
                reject F1 no           > F1@L1 cancelled (rejected); F2@L2 open A:2 assigned; A@L1 5/0; A@L2 5/2
                reject F2 no           > A 2 backordered; F2@L2 cancelled (rejected); A@L2 5/0
                order A=2 channel=once > order open; F1@L1 open A:2 assigned; A@L1 5/2
                reject F1 no           > order on_hold; A 2 open; F1@L1 cancelled (rejected); H1 sourcing active A (no location was found; tried L1 (other)); A@L1 5/0
                release H1             > order open; F2@L2 open A:2 assigned; H1 sourcing released A (no location was found; tried L1 (other)); A@L2 5/2
                reject F2 no           > order on_hold; A 2 open; F2@L2 cancelled (rejected); H2 sourcing active A (no location was found; tried L1 (other), L2 (other)); A@L2 5/0
            ",
        );
    }
}
