//! Drafts: orders that are not yet placed. They are checked like orders, but nothing is claimed.

use std::sync::Arc;

use super::{NewOrder, Purpose, USUAL_PRIORITY, channel, compose, duplicate, write_contacts};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::{Claim, ClaimKey};
use crate::id::{CustomerId, OrderId};
use crate::network::Channel;
use crate::order::screening::{Arrival, hold_found, screen};
use crate::order::{Order, Placed, Record, Verb};
use crate::refusal::Refusal;

/// Saves a draft, or saves it again.
#[derive(Debug, Clone)]
pub struct SaveDraft {
    /// The draft's id.
    pub id: OrderId,
    /// Whether the draft must exist already.
    pub exists: bool,
    /// The customer's id, if the customer is new.
    pub new_customer: CustomerId,
    /// The order.
    pub order: NewOrder,
}

/// Places a draft as it is.
#[derive(Debug, Clone, Copy)]
pub struct PlaceDraft;

/// Saves a draft: checked like an order of a strict channel, because it does not exist elsewhere yet. Nothing is
/// claimed, not even its reference; its reservation is used when it is placed.
///
/// # Errors
/// Refuses invalid and unknown values, payments, a reservation that has ended, and saving over an order that was
/// placed or cancelled.
pub fn save_draft(attempt: &mut Attempt<'_>, command: &SaveDraft) -> Result<Answer, Stop> {
    let (id, order) = (command.id, &command.order);
    let channel = channel(attempt, order)?;
    if !order.payments.is_empty() {
        let problem = "are recorded once the draft is placed; leave them out until then";
        return Err(Refusal::invalid("/payments", problem).into());
    }
    if let Some(reservation) = order.reservation {
        crate::inventory::usable_reservation(attempt, reservation)?;
    }
    let known = match command.exists {
        true => Some(draft(attempt, id)?),
        false => None,
    };
    let first_child = known.as_ref().map_or(1, |known| known.progress.next_child);
    let new_customer = command.new_customer;
    let purpose = Purpose::Draft;
    let composed = compose(attempt, &channel, order, new_customer, first_child, purpose)?;
    let known_number = known.as_ref().map(|known| known.number);
    let number = known_number.unwrap_or_else(|| attempt.take_number());
    let record = Record::OrderDrafted {
        number,
        placed: composed.placed.into(),
        priority: order.priority.unwrap_or(USUAL_PRIORITY),
        tags: composed.tags,
        next_child: composed.next_child,
        reservation: order.reservation,
    };
    if known.is_some() {
        attempt.record(id, record)?;
    } else {
        let claim = Claim::of(Resource::Order(id));
        attempt.put_claim(ClaimKey::order_number(number), claim);
        let now = attempt.now();
        attempt.begin_order_at(id, record, now)?;
    }
    write_contacts(attempt, id, composed.contacts, composed.note)?;
    Ok(if known.is_some() {
        Answer::ok(Resource::Order(id))
    } else {
        Answer::created(Resource::Order(id))
    })
}

/// Places a draft as it is, now.
///
/// # Errors
/// Refuses orders that are no drafts, drafts that do not fit the settings any more, and whatever
/// [`place_order`](super::place_order) refuses.
pub fn place_draft(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    _command: &PlaceDraft,
) -> Result<Answer, Stop> {
    let order = draft(attempt, id)?;
    let channel = still_fits(attempt, &order.placed)?;
    if let Some(reference) = &order.placed.external_ref {
        let key = ClaimKey::external_ref(channel.id, reference);
        if let Some(claim) = attempt.claim(&key)? {
            return Err(duplicate(&channel, reference, &claim));
        }
        attempt.put_claim(key, Claim::of(Resource::Order(id)));
    }
    let reservation = super::reservation(attempt, &channel, order.progress.reservation)?;
    let mut placed = order.placed.as_ref().clone();
    placed.placed_at = attempt.now();
    let record = Record::OrderPlaced {
        number: order.number,
        placed: placed.into(),
        priority: order.progress.priority,
        tags: order.progress.tags.clone(),
        next_child: order.progress.next_child,
        reservation,
    };
    attempt.record(id, record)?;
    if let Some(reservation) = reservation {
        crate::inventory::use_reservation(attempt, id, reservation)?;
    }
    // Of a draft's people and addresses only what the order keeps is known here.
    let found = screen(attempt, id, &channel, &Arrival::default())?;
    hold_found(attempt, id, &channel, found)?;
    crate::catalog::hold_recalled(attempt, id)?;
    super::source_placed(attempt, id, &channel)?;
    Ok(Answer::ok(Resource::Order(id)))
}

fn draft(attempt: &mut Attempt<'_>, id: OrderId) -> Result<Order, Stop> {
    let order = attempt.order(id)?;
    if order.progress.draft {
        return Ok(order.clone());
    }
    let why = match order.progress.cancelled {
        Some(_) => "the draft was cancelled; save a new one",
        None => "the order is placed already; amend it instead",
    };
    Err(Refusal::illegal(Verb::Place, why).into())
}

/// Settings may have changed since the draft was saved: the channel's currency, and what is a kit.
fn still_fits(attempt: &Attempt<'_>, placed: &Placed) -> Result<Arc<Channel>, Stop> {
    let Some(channel) = attempt.network().channel(placed.channel).cloned() else {
        return Err(Refusal::illegal(Verb::Place, "its channel is gone").into());
    };
    if channel.currency != placed.currency {
        return Err(Refusal::WrongCurrency {
            channel: channel.code.clone(),
            expected: channel.currency.to_string(),
            given: placed.currency.to_string(),
        }
        .into());
    }
    for line in &placed.lines {
        let Some(item) = line.item else { continue };
        if attempt.item(item)?.is_kit() != line.is_kit {
            let why = format!(
                "SKU {:?} has become a kit or ceased to be one; save the draft again",
                line.sku
            );
            return Err(Refusal::illegal(Verb::Place, why).into());
        }
    }
    Ok(channel)
}

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_draft_claims_nothing_until_it_is_placed() {
        story(
            "
                location L1
                stock A@L1=5
                draft A=3 ref=X-1 email=ann@example.org tag=quote priority=5 > order draft; A 3 open; tags quote; priority 5
                journal                                                      > order_drafted
                contacts                                                     > ann@example.org; ann@example.org; Dock 1 Berlin DE
                actions                                                      > place, cancel, note, tag, priority
                totals                                                       > goods 3000 discount 0 charges 0 tax 0 total 3000 paid 0 balance 3000
                place                                                        > order open; F1@L1 open A:3 assigned; A@L1 5/3
                journal                                                      > order_placed, lines_sourced
                place                                                        > illegal_transition: cannot place now: the order is placed already; amend it instead
                save A=1                                                     > illegal_transition: cannot place now: the order is placed already; amend it instead
            ",
        );
    }

    #[test]
    fn a_draft_is_saved_again_as_often_as_needed() {
        story(
            "
                draft A=3 tag=quote note=first priority=5 > order draft; A 3 open; tags quote; 1 notes; priority 5
                lines                                     > A 3x1000
                save B=2 A=1                              > B 2 open; A 1 open
                journal                                   > order_drafted
                lines                                     > B 2x1000; A 1x1000
                place                                     > order open; B 2 backordered; A 1 backordered
                on O1
                draft                                     > invalid_field: /lines must name at least one line
                save A=1                                  > not_found: there is no order 019b8d35-9e20-7000-8000-000048000012
            ",
        );
    }

    #[test]
    fn a_draft_is_checked_like_an_order_of_a_strict_channel() {
        story(
            r#"
                channel exceptions
                draft ?X=1                 > unknown_reference: /lines/0/sku names the unknown SKU "?X"; create it first or correct the name
                draft A=1 to=no-street     > invalid_field: /ship_to/line1 must not be empty
                draft A=1 to=none          > invalid_field: /ship_to is needed for lines that are shipped
                draft A=0                  > invalid_field: /lines/0/quantity must lie between 1 and 1000000000
                draft A=1 currency=USD     > wrong_currency: channel "exceptions" sells in EUR, the order is in USD; send EUR as the currency, or use a channel that sells in USD
                draft A=1 email=hidden     > invalid_field: /customer/email is not an email address such as name@example.com
                draft A=1 pay:authorized=1 > invalid_field: /payments are recorded once the draft is placed; leave them out until then
            "#,
        );
    }

    #[test]
    fn a_reference_that_was_taken_meanwhile_keeps_a_draft_from_being_placed() {
        story(
            r#"
                draft A=1 ref=X-1        > order draft; A 1 open
                order A=2 ref=X-1 body=1 > order open; A 2 backordered
                on O1
                place                    > duplicate_reference: channel "backorder" already has an order "X-1" with other contents (order); amend that order instead
                save A=1 ref=X-2         > nothing changes
                place                    > order open; A 1 backordered
                order A=1 ref=X-2 body=1 > duplicate_reference: channel "backorder" already has an order "X-2" with other contents (order); amend that order instead
            "#,
        );
    }

    #[test]
    fn a_draft_is_placed_with_its_reservation() {
        story(
            r#"
                location L1
                stock A@L1=3
                reserve A=2 ttl=60m > V1 active A@L1=2; A@L1 3/0 reserved 2
                draft A=2 with=V1   > order draft; A 2 open
                order A=3           > order open; A 2 backordered; F1@L1 open A:1 assigned; A@L1 3/1 reserved 2
                on O1
                place               > order open; F1@L1 open A:2 assigned; V1 used by O1 A@L1=2; A@L1 3/3
                reserve A=1         > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                draft A=1 with=V9   > unknown_reference: /reservation_id names the unknown reservation "00000000-0001-7000-8000-000000000009"; create it first or correct the name
                unreserve V1        > nothing changes
            "#,
        );
    }

    #[test]
    fn a_draft_whose_reservation_has_ended_is_not_placed_before_it_is_saved_again() {
        story(
            "
                location L1
                stock A@L1=3
                reserve A=2 ttl=5m > V1 active A@L1=2; A@L1 3/0 reserved 2
                draft A=2 with=V1  > order draft; A 2 open
                wait 5m
                place              > reservation_ended: reservation V1 has expired; make a new one or place the order without it
                save A=2           > nothing changes
                place              > order open; F1@L1 open A:2 assigned; V1 expired A@L1=2; A@L1 3/2
            ",
        );
    }

    #[test]
    fn a_draft_goes_by_the_shortage_rule_of_its_channel_when_it_is_placed() {
        story(
            r#"
                location L1
                stock A@L1=3
                channel refuse
                draft A=4           > order draft; A 4 open
                place               > insufficient_stock: SKU "A" is short by 1; lower the quantity, receive stock, or, for an order, allow backorders on its channel
                channel hold
                draft A=4           > order draft; A 4 open
                place               > order on_hold; H1 stock active (not in stock: 1 × A)
                channel later
                draft A=2           > order draft; A 2 open
                place               > order open
                channel marketplace
                draft A=4           > order draft; A 4 open
                place               > order on_hold; H1 stock active (not in stock: 1 × A)
            "#,
        );
    }

    #[test]
    fn a_cancelled_draft_is_over() {
        story(
            "
                draft A=3  > order draft; A 3 open
                cancel A=1 > illegal_transition: cannot cancel now: the order is a draft; save it again without the lines, or cancel it as a whole
                cancel     > order cancelled; A 3 cancelled
                place      > illegal_transition: cannot place now: the draft was cancelled; save a new one
                save A=1   > illegal_transition: cannot place now: the draft was cancelled; save a new one
                amend A=1  > illegal_transition: cannot amend now: every unit has left or is cancelled; place a new order instead
            ",
        );
    }

    #[test]
    fn a_draft_with_an_item_that_became_a_kit_is_saved_again_before_it_is_placed() {
        story(
            r#"
                location L1
                stock B@L1=3
                draft A=1             > order draft; A 1 open
                item A change kit B=2
                place                 > illegal_transition: cannot place now: SKU "A" has become a kit or ceased to be one; save the draft again
                save A=1              > B 2 open
                place                 > order open; F1@L1 open B:2 assigned; B@L1 3/2
            "#,
        );
    }
}
