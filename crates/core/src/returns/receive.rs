//! Goods came back.

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{LineNo, OrderId, ReturnNo};
use crate::network::{LocationId, Network};
use crate::order::{Order, Record, Return, Verb, checks};
use crate::refusal::Refusal;
use crate::returns::Disposition;

/// Records goods that came back, or did not.
#[derive(Debug, Clone)]
pub struct ReceiveReturn {
    /// Which return.
    pub no: ReturnNo,
    /// Code of the location that received them; `None` for imported history, where stock stays untouched.
    pub location: Option<String>,
    /// What.
    pub lines: Vec<ReceivedLine>,
}

/// Units of one return line that came back.
#[derive(Debug, Clone, Copy)]
pub struct ReceivedLine {
    /// Child number of the return line, or of the order line it is about.
    pub line: u16,
    /// Units.
    pub quantity: i64,
    /// What becomes of them.
    pub disposition: Disposition,
}

/// What was received of which return line.
type Receipt = Vec<(u16, i64, Disposition)>;

/// Records what came back of a return, and puts it back to use at the location.
///
/// A line may be named by the number of the return line, or by that of the order line: then the units are taken from
/// the return lines about it, in their order.
///
/// # Errors
/// Refuses an unknown return, no lines, lines that are not in it, more units than are still expected, an unknown
/// location, and none at all unless the order is imported history.
pub fn receive_return(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &ReceiveReturn,
) -> Result<Answer, Stop> {
    let network = attempt.network();
    let (location, lines) = check(attempt.order(order)?, network, command)?;
    attempt.record(
        order,
        Record::ReturnReceived {
            no: command.no,
            location,
            lines,
        },
    )?;
    Ok(Answer::ok(Resource::Return(order, command.no)))
}

fn check(
    order: &Order,
    network: &Network,
    command: &ReceiveReturn,
) -> Result<(Option<LocationId>, Receipt), Refusal> {
    let name = || command.no.of(order.id).to_string();
    let known = order
        .progress
        .returns
        .iter()
        .find(|known| known.no == command.no);
    let known = known.ok_or_else(|| Refusal::NotFound {
        what: "return",
        name: name(),
    })?;
    checks::refuse_if_draft(order, Verb::ReceiveReturn)?;
    let location = location(order, network, command.location.as_deref())?;
    if command.lines.is_empty() {
        return Err(Refusal::invalid("/lines", "must name at least one line"));
    }
    let mut receipt = Receipt::new();
    for (position, received) in command.lines.iter().enumerate() {
        take(
            order,
            known,
            &format!("/lines/{position}"),
            received,
            &mut receipt,
        )?;
    }
    Ok((location, receipt))
}

fn location(
    order: &Order,
    network: &Network,
    code: Option<&str>,
) -> Result<Option<LocationId>, Refusal> {
    match code {
        Some(code) => {
            let known = network.location_by_code(code);
            known
                .map(|known| Some(known.id))
                .ok_or_else(|| Refusal::unknown("/location", "location", code))
        }
        None if order.placed.history => Ok(None),
        None => Err(Refusal::invalid(
            "/location",
            "must name the location that received the goods",
        )),
    }
}

/// Adds one received line to the receipt, spread over the return lines it may mean.
fn take(
    order: &Order,
    known: &Return,
    field: &str,
    received: &ReceivedLine,
    receipt: &mut Receipt,
) -> Result<(), Refusal> {
    if received.quantity < 1 {
        return Err(Refusal::invalid(
            format!("{field}/quantity"),
            "must be at least 1",
        ));
    }
    let is_meant = |line: &&crate::order::ReturnLine| {
        line.no == received.line || line.line == LineNo(received.line)
    };
    if !known.lines.iter().any(|line| is_meant(&line)) {
        let name = order.id.child(received.line).to_string();
        return Err(Refusal::unknown(
            format!("{field}/id"),
            "line of this return",
            name,
        ));
    }
    let mut left = received.quantity;
    for line in known.lines.iter().filter(is_meant) {
        let taken: i64 = receipt
            .iter()
            .filter(|(no, ..)| *no == line.no)
            .map(|(_, quantity, _)| quantity)
            .sum();
        let part = left.min(line.quantity - line.received_total() - taken);
        if part > 0 {
            receipt.push((line.no, part, received.disposition));
            left -= part;
        }
    }
    if left > 0 {
        let (asked, limit) = (received.quantity, received.quantity - left);
        let line = order.id.child(received.line).to_string();
        return Err(Refusal::QuantityExceeded {
            what: "receive_return",
            line,
            asked,
            limit,
        });
    }
    Ok(())
}
