//! Goods came back.

use super::lots::lots;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{LineNo, OrderId, ReturnNo};
use crate::network::{LocationId, Network};
use crate::order::{Order, Record, Return};
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
#[derive(Debug, Clone)]
pub struct ReceivedLine {
    /// Child number of the return line, or of the order line it is about.
    pub line: u16,
    /// Units.
    pub quantity: i64,
    /// What becomes of them.
    pub disposition: Disposition,
    /// Code of the lot they are of; needed where several lots of the line have left.
    pub lot: Option<String>,
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
    let (location, receipts) = check(attempt.order(order)?, network, command)?;
    let lots = lots(attempt, order, command, &receipts)?;
    let lines = receipts.into_iter().flatten().collect();
    attempt.record(
        order,
        Record::ReturnReceived {
            no: command.no,
            location,
            lines,
            lots,
        },
    )?;
    Ok(Answer::ok(Resource::Return(order, command.no)))
}

fn check(
    order: &Order,
    network: &Network,
    command: &ReceiveReturn,
) -> Result<(Option<LocationId>, Vec<Receipt>), Refusal> {
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
    let location = location(order, network, command.location.as_deref())?;
    if command.lines.is_empty() {
        return Err(Refusal::invalid("/lines", "must name at least one line"));
    }
    let mut receipts = Vec::with_capacity(command.lines.len());
    for (position, received) in command.lines.iter().enumerate() {
        let field = format!("/lines/{position}");
        let receipt = take(order, known, &field, received, &receipts)?;
        receipts.push(receipt);
    }
    Ok((location, receipts))
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

/// One received line, spread over the return lines it may mean.
fn take(
    order: &Order,
    known: &Return,
    field: &str,
    received: &ReceivedLine,
    before: &[Receipt],
) -> Result<Receipt, Refusal> {
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
    let mut receipt = Receipt::new();
    let mut left = received.quantity;
    for line in known.lines.iter().filter(is_meant) {
        let taken: i64 = before
            .iter()
            .flatten()
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
            what: "receive",
            line,
            asked,
            limit,
        });
    }
    Ok(receipt)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn received_units_go_where_their_disposition_says() {
        story(
            "
                location L1
                location L2
                stock A@L1=9
                order A=6                                  > order open; F1@L1 open A:6 assigned; A@L1 9/6
                pick F1                                    > order in_progress; F1@L1 picked A:6 picked
                pack F1                                    > F1@L1 packed A:6 packed; F1 P1 A=6
                ship F1                                    > order shipped; F1@L1 shipped A:6 shipped; F1 left with post; A@L1 3/0
                deliver F1                                 > order delivered; F1@L1 delivered A:6 delivered; F1 P1 A=6 delivered
                return A=5                                 > R1 requested RL1:A=5
                receive R1 @L2 A=1:restock A=1:quarantine  > A 2 returned; R1 requested RL1:A=5 1 restock 1 quarantine; A@L2 1/0 quarantined 1
                receive R1 @L1 RL1=1:refurbish RL1=1:scrap > A 4 returned; R1 requested RL1:A=5 1 restock 1 quarantine 1 refurbish 1 scrap; A@L1 3/0 quarantined 1
                receive R1 @L1 A=1:missing                 > R1 received RL1:A=5 1 restock 1 quarantine 1 refurbish 1 scrap 1 missing
                receive R1 @L1 A=1:restock                 > quantity_exceeded: receive: 1 asked for, 0 possible for line A; lower the quantity
            ",
        );
    }

    #[test]
    fn units_of_an_order_line_are_spread_over_its_return_lines() {
        story(
            "
                location L1
                stock A@L1=9
                order A=6                              > order open; F1@L1 open A:6 assigned; A@L1 9/6
                pick F1                                > order in_progress; F1@L1 picked A:6 picked
                pack F1                                > F1@L1 packed A:6 packed; F1 P1 A=6
                ship F1                                > order shipped; F1@L1 shipped A:6 shipped; F1 left with post; A@L1 3/0
                deliver F1                             > order delivered; F1@L1 delivered A:6 delivered; F1 P1 A=6 delivered
                return A=2 A=2                         > R1 requested RL1:A=2 RL2:A=2
                receive R1 @L1 A=3:restock             > A 3 returned; R1 requested RL1:A=2 2 restock RL2:A=2 1 restock; A@L1 6/0
                receive R1 @L1 RL1=1:restock           > quantity_exceeded: receive: 1 asked for, 0 possible for line RL1; lower the quantity
                receive R1 @L1 RL2=1:scrap A=1:restock > quantity_exceeded: receive: 1 asked for, 0 possible for line A; lower the quantity
                receive R1 @L1 A=1:scrap               > A 4 returned; R1 received RL1:A=2 2 restock RL2:A=2 1 restock 1 scrap
            ",
        );
    }

    #[test]
    fn impossible_receipts_are_refused() {
        story(
            r#"
                location L1
                stock A@L1=9
                stock B@L1=9
                order A=3 B=1                        > order open; F1@L1 open A:3 assigned B:1 assigned; A@L1 9/3; B@L1 9/1
                pick F1                              > order in_progress; F1@L1 picked A:3 picked B:1 picked
                pack F1                              > F1@L1 packed A:3 packed B:1 packed; F1 P1 A=3 B=1
                ship F1                              > order shipped; F1@L1 shipped A:3 shipped B:1 shipped; F1 left with post; A@L1 6/0; B@L1 8/0
                deliver F1                           > order delivered; F1@L1 delivered A:3 delivered B:1 delivered; F1 P1 A=3 B=1 delivered
                return A=2                           > R1 requested RL1:A=2
                receive R9 @L1 A=1:restock           > not_found: there is no return ?
                receive R1 A=1:restock               > invalid_field: /location must name the location that received the goods
                receive R1 @L9 A=1:restock           > unknown_reference: /location names the unknown location "L9"; create it first or correct the name
                receive R1 @L1                       > invalid_field: /lines must name at least one line
                receive R1 @L1 A=0:restock           > invalid_field: /lines/0/quantity must be at least 1
                receive R1 @L1 A=3:restock           > quantity_exceeded: receive: 3 asked for, 2 possible for line A; lower the quantity
                receive R1 @L1 A=2:restock A=1:scrap > quantity_exceeded: receive: 1 asked for, 0 possible for line A; lower the quantity
                receive R1 @L1 A=max:restock         > quantity_exceeded: receive: 9223372036854775807 asked for, 2 possible for line A; lower the quantity
                receive R1 @L1 B=1:restock           > unknown_reference: /lines/0/id names the unknown line of this return "B"; look at the return's lines for their ids
                receive R1 @L1 X=1:restock           > unknown_reference: /lines/0/id names the unknown line of this return "?"; look at the return's lines for their ids
            "#,
        );
    }

    #[test]
    fn imported_history_is_received_without_touching_stock() {
        story(
            "
                location L1
                stock A@L1=9
                history A=3                > order delivered; F1 delivered A:3 delivered
                return A=2                 > R1 requested RL1:A=2
                receive R1 A=1:restock     > A 1 returned; R1 requested RL1:A=2 1 restock
                receive R1 @L1 A=1:restock > A 2 returned; R1 received RL1:A=2 1 restock 1 restock; A@L1 10/0
            ",
        );
    }

    #[test]
    fn returned_stock_serves_who_waits_for_it() {
        story(
            "
                location L1
                stock A@L1=2
                order A=2                  > order open; F1@L1 open A:2 assigned; A@L1 2/2
                pick F1                    > order in_progress; F1@L1 picked A:2 picked
                pack F1                    > F1@L1 packed A:2 packed; F1 P1 A=2
                ship F1                    > order shipped; F1@L1 shipped A:2 shipped; F1 left with post; A@L1 0/0
                deliver F1                 > order delivered; F1@L1 delivered A:2 delivered; F1 P1 A=2 delivered
                return A=2                 > R1 requested RL1:A=2
                order A=1                  > order open; A 1 backordered
                on O1
                receive R1 @L1 A=2:restock > A 2 returned; R1 received RL1:A=2 2 restock; O2: F1@L1 open A:1 assigned; A@L1 2/1
            ",
        );
    }
}
