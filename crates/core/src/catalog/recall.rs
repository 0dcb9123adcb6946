//! Recalls: SKUs, or single lots of them, that must go on to no customer, wherever their units are.

use serde::{Deserialize, Serialize};

use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{FulfilmentNo, HoldNo, ItemId, LineNo, OrderId};
use crate::inventory::{LOT_CODE_MAX, LotCode};
use crate::network::{Member, Network};
use crate::order::{Hold, HoldKind, Line, Order, Record, checks};
use crate::refusal::Refusal;
use crate::text;
use crate::time::Millis;

/// Most recalls in force at a time.
const RECALLS_MAX: usize = 10_000;

/// A SKU, or a lot of it, that must go on to no customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// The item.
    pub item: ItemId,
    /// Its SKU, for display.
    pub sku: String,
    /// The lot, where only one is recalled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Millis,
}

/// Recalls a SKU, or a lot of it: it is sourced, reserved, picked, packed and handed over no more, in any order.
#[derive(Debug, Clone)]
pub struct RecallItem {
    /// The SKU.
    pub sku: String,
    /// Code of the lot, to recall this one alone.
    pub lot: Option<String>,
    /// Why.
    pub reason: String,
}

/// Ends a recall. Orders that wait for the SKU are served again.
#[derive(Debug, Clone)]
pub struct LiftRecall {
    /// The SKU.
    pub sku: String,
    /// Code of the lot, where one alone is recalled.
    pub lot: Option<String>,
}

/// Recalls a SKU or a lot. A recall that is in force keeps its time, and gets the new reason.
///
/// # Errors
/// Refuses an unknown SKU or lot, a missing reason, and more than 10,000 recalls.
pub fn recall_item(attempt: &mut Attempt<'_>, command: &RecallItem) -> Result<Answer, Stop> {
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let item = attempt.known_item("/sku", &command.sku)?.id;
    let lot = lot_to_recall(attempt, item, command)?;
    let mut recalls = attempt.network().recalls.clone();
    let mut known = recalls.iter_mut();
    if let Some(known) = known.find(|recall| (recall.item, &recall.lot) == (item, &lot)) {
        if known.reason != command.reason {
            known.reason.clone_from(&command.reason);
            attempt.put_member(Member::Recalls(recalls));
        }
        return Ok(Answer::ok(Resource::Item(item)));
    }
    if recalls.len() >= RECALLS_MAX {
        return Err(Refusal::TooMany {
            what: "recalls",
            limit: RECALLS_MAX as u64,
        }
        .into());
    }
    recalls.push(Recall {
        item,
        sku: command.sku.clone(),
        lot: lot.clone(),
        reason: command.reason.clone(),
        since: attempt.now(),
    });
    attempt.put_member(Member::Recalls(recalls));
    if lot.is_some() {
        // What was allotted of it and nobody has begun to pick is taken from other lots.
        attempt.serve_later(item);
    }
    Ok(Answer::created(Resource::Item(item)))
}

fn lot_to_recall(
    attempt: &Attempt<'_>,
    item: ItemId,
    command: &RecallItem,
) -> Result<Option<LotCode>, Stop> {
    let Some(code) = &command.lot else {
        return Ok(None);
    };
    text::name("/lot", code, LOT_CODE_MAX)?;
    let code = LotCode::new(code);
    match attempt.known_lot(item, &code)? {
        Some(known) => Ok(Some(known.lot.code)),
        None => Err(Refusal::unknown("/lot", "lot", code.as_str()).into()),
    }
}

/// Ends a recall.
///
/// # Errors
/// Refuses a SKU or lot that is not recalled.
pub fn lift_recall(attempt: &mut Attempt<'_>, command: &LiftRecall) -> Result<Answer, Stop> {
    let mut recalls = attempt.network().recalls.clone();
    let asked = (&command.sku, command.lot.as_deref().map(LotCode::new));
    let known = recalls
        .iter()
        .position(|recall| (&recall.sku, &recall.lot) == (asked.0, &asked.1));
    let Some(position) = known else {
        return Err(Refusal::NotFound {
            what: "recall",
            name: name(&command.sku, command.lot.as_deref()),
        }
        .into());
    };
    let item = recalls.remove(position).item;
    attempt.put_member(Member::Recalls(recalls));
    attempt.serve_later(item);
    Ok(Answer::ok(Resource::Item(item)))
}

impl Network {
    /// The recall of an item, with all of its lots, if there is one.
    #[must_use]
    pub fn recall_of(&self, item: ItemId) -> Option<&Recall> {
        let mut whole = self.recalls.iter().filter(|recall| recall.lot.is_none());
        whole.find(|recall| recall.item == item)
    }

    /// The recall of a lot alone, if there is one.
    #[must_use]
    pub fn recall_of_lot(&self, item: ItemId, lot: &LotCode) -> Option<&Recall> {
        let mut lots = self.recalls.iter();
        lots.find(|recall| recall.item == item && recall.lot.as_ref() == Some(lot))
    }

    /// Whether lots of an item are recalled.
    #[must_use]
    pub fn recalls_lots_of(&self, item: ItemId) -> bool {
        let mut lots = self.recalls.iter().filter(|recall| recall.lot.is_some());
        lots.any(|recall| recall.item == item)
    }

    /// The recall that a line of an order is under: that of its item, or of the kit it belongs to.
    #[must_use]
    pub fn recall_of_line(&self, order: &Order, line: &Line) -> Option<&Recall> {
        if self.recalls.is_empty() {
            return None;
        }
        let kit = line.kit.and_then(|kit| order.placed.line(kit));
        let items = [line.item, kit.and_then(|kit| kit.item)];
        items
            .into_iter()
            .flatten()
            .find_map(|item| self.recall_of(item))
    }
}

/// Refuses to go on with a fulfilment that has units under a recall.
pub(crate) fn refuse_recalled(
    attempt: &Attempt<'_>,
    id: OrderId,
    no: FulfilmentNo,
) -> Result<(), Stop> {
    let network = attempt.network();
    if network.recalls.is_empty() {
        return Ok(());
    }
    let order = attempt.look_at(id)?;
    let Some(fulfilment) = order.progress.fulfilment(no) else {
        return Ok(());
    };
    let mut lines = fulfilment
        .lines
        .iter()
        .filter(|line| fulfilment.in_our_hands(line.line) > 0);
    let recall = lines.find_map(|line| {
        let ordered = order.placed.line(line.line)?;
        let lots = fulfilment.lots_of(line.line);
        let of_lot = |item| {
            let mut lots = lots.map(|lot| network.recall_of_lot(item, &lot.lot.code));
            lots.find_map(|recall| recall)
        };
        let whole = network.recall_of_line(order, ordered);
        whole.or_else(|| ordered.item.and_then(of_lot))
    });
    match recall {
        Some(recall) => Err(refused(recall).into()),
        None => Ok(()),
    }
}

/// The refusal that names a recall.
pub(crate) fn refused(recall: &Recall) -> Refusal {
    Refusal::Recalled {
        sku: recall.sku.clone(),
        lot: recall.lot.as_ref().map(LotCode::to_string),
        reason: recall.reason.clone(),
    }
}

fn name(sku: &str, lot: Option<&str>) -> String {
    match lot {
        Some(lot) => format!("{sku} lot {lot}"),
        None => sku.to_owned(),
    }
}

/// Holds the lines of a new order that are under a recall.
pub(crate) fn hold_recalled(attempt: &mut Attempt<'_>, id: OrderId) -> Result<(), Stop> {
    let network = std::sync::Arc::clone(attempt.network());
    let order = attempt.order(id)?;
    let lines = order.placed.lines.iter();
    let recalled: Vec<(LineNo, String)> = lines
        .filter_map(|line| {
            let recall = network.recall_of_line(order, line)?;
            Some((
                line.no,
                format!("SKU {:?} is recalled: {}", recall.sku, recall.reason),
            ))
        })
        .collect();
    let Some((_, reason)) = recalled.first() else {
        return Ok(());
    };
    let hold = Hold {
        no: HoldNo(checks::next_children(order, 1)?),
        kind: HoldKind::Stock,
        reason: text::storable(reason, text::REASON_MAX),
        lines: recalled.iter().map(|(line, _)| *line).collect(),
        at: attempt.now(),
        released_at: None,
        found: None,
        approval: None,
        scoring: None,
    };
    attempt.record(id, Record::OrderHeld { hold })
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_recalled_sku_goes_on_to_nobody() {
        story(
            r#"
                location L1
                stock A@L1=5
                stock B@L1=5
                order A=1 B=1             > order open; F1@L1 open A:1 assigned B:1 assigned; A@L1 5/1; B@L1 5/1
                pick F1 B=1               > order in_progress; F1@L1 picking A:1 assigned B:1 picked
                recall A glass splinters  > nothing changes
                pick F1 A=1               > recalled: SKU "A" is recalled (glass splinters); cancel its units, or lift the recall
                pack F1                   > recalled: SKU "A" is recalled (glass splinters); cancel its units, or lift the recall
                order A=2 B=2             > order on_hold; A 2 open; F1@L1 open B:2 assigned; H1 stock active A (SKU "A" is recalled: glass splinters); B@L1 5/3
                release H1                > order open; H1 stock released A (SKU "A" is recalled: glass splinters)
                reserve A=1               > recalled: SKU "A" is recalled (glass splinters); cancel its units, or lift the recall
                recall A                  > invalid_field: /reason must not be empty
                recall ?X why             > unknown_reference: /sku names the unknown SKU "?X"; create it first or correct the name
                lift B                    > not_found: there is no recall B
                lift A                    > nothing changes
                source                    > F1@L1 open B:2 assigned A:2 assigned; A@L1 5/3
                on O1
                pick F1 A=1               > F1@L1 picked A:1 picked B:1 picked
            "#,
        );
    }

    #[test]
    fn those_who_waited_are_served_when_a_recall_ends() {
        story(
            r#"
                location L1
                order A=2 > order open; A 2 backordered
                recall A wait > nothing changes
                stock A@L1=5 > A@L1 5/0
                lift A > F1@L1 open A:2 assigned; A@L1 5/2
            "#,
        );
    }

    #[test]
    fn a_recalled_lot_goes_on_to_nobody_and_others_take_its_place() {
        story(
            r#"
                location L1
                item A lots
                jobs by-hand
                stock A@L1=3 lot=X
                stock A@L1=3 lot=Y
                order A=2            > order open; F1@L1 open A:2 assigned [X 2]; A@L1 6/2; A@L1 X 3/2
                order A=1            > order open; F1@L1 open A:1 assigned [X 1]; A@L1 6/3; A@L1 X 3/3
                pick F1              > order in_progress; F1@L1 picked A:1 picked [X 0+1]
                recall A/Q splinters > unknown_reference: /lot names the unknown lot "Q"; take the lot in first, or correct the code
                recall A/X splinters > nothing changes
                jobs                 > O1: F1@L1 cancelled; O1: F2@L1 open A:2 assigned [Y 2]; A@L1 X 3/1; A@L1 Y 3/2
                pack F1              > recalled: lot "X" of SKU "A" is recalled (splinters); cancel its units, or lift the recall
                order A=2            > order open; A 1 backordered; F1@L1 open A:1 assigned [Y 1]; A@L1 6/4; A@L1 Y 3/3
                order A=2            > order open; A 2 backordered
                lift A               > not_found: there is no recall A
                lift A/X             > O3: F1@L1 open A:2 assigned [X 1, Y 1]; A 1 backordered; F1@L1 open A:1 assigned [X 1]; A@L1 6/6; A@L1 X 3/3
                jobs
                on O2
                pack F1              > F1@L1 packed A:1 packed [X 0+1]; F1 P1 A=1
            "#,
        );
    }
}
