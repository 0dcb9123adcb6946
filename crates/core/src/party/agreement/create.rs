//! Making and closing agreements.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Agreement, AgreementLine, Closed};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{AgreementId, CustomerId};
use crate::money::{AMOUNT_MAX, Currency};
use crate::order::checks;
use crate::order::place::QUANTITY_MAX;
use crate::refusal::Refusal;
use crate::text;

/// Most lines of an agreement.
pub const AGREEMENT_LINES_MAX: usize = 200;

/// Makes an agreement with a customer.
#[derive(Debug, Clone)]
pub struct CreateAgreement {
    /// The new agreement's id; it is moved to the customer's bucket.
    pub id: AgreementId,
    /// Whose it is; the caller has seen to it that there is such a customer.
    pub customer: CustomerId,
    /// What both sides call it.
    pub reference: String,
    /// The currency of its prices.
    pub currency: Currency,
    /// The first day on which may be called off.
    pub from: Date,
    /// The last one.
    pub until: Date,
    /// What is agreed.
    pub lines: Vec<NewAgreementLine>,
}

/// So many units of an item at a price.
#[derive(Debug, Clone)]
pub struct NewAgreementLine {
    /// The item's SKU.
    pub sku: String,
    /// Units that may be called off in all.
    pub agreed: i64,
    /// Price of `price_quantity` units.
    pub unit_price_minor: i64,
    /// How many units the price is for.
    pub price_quantity: i64,
    /// Least units of one call-off.
    pub least: Option<i64>,
    /// Most units of one call-off.
    pub most: Option<i64>,
}

/// Ends an agreement before its time; orders that were called off stay.
#[derive(Debug, Clone)]
pub struct CloseAgreement {
    /// Which.
    pub id: AgreementId,
    /// Why, in the caller's words.
    pub reason: String,
}

/// Makes an agreement.
///
/// # Errors
/// Refuses impossible fields, a period that ends before it begins, unknown SKUs, kits, and items that are named twice.
pub fn create_agreement(
    attempt: &mut Attempt<'_>,
    command: &CreateAgreement,
) -> Result<Answer, Stop> {
    text::required("/reference", &command.reference, text::REFERENCE_MAX)?;
    checks::requested_date("/from", Some(command.from))?;
    if command.until < command.from {
        return Err(Refusal::invalid("/until", "must not be before from").into());
    }
    if command.lines.is_empty() || command.lines.len() > AGREEMENT_LINES_MAX {
        let problem = format!("must name 1 to {AGREEMENT_LINES_MAX} lines");
        return Err(Refusal::invalid("/lines", problem).into());
    }
    let mut lines: Vec<AgreementLine> = Vec::with_capacity(command.lines.len());
    for (position, new) in command.lines.iter().enumerate() {
        check_line(new, position)?;
        let field = format!("/lines/{position}/sku");
        let item = attempt.known_item(&field, &new.sku)?;
        let is_twice = lines.iter().any(|line| line.item == item.id);
        if item.is_kit() || is_twice {
            let problem = "must be a simple item, named once";
            return Err(Refusal::invalid(field, problem).into());
        }
        lines.push(AgreementLine {
            item: item.id,
            sku: item.sku.clone(),
            agreed: new.agreed,
            unit_price_minor: new.unit_price_minor,
            price_quantity: new.price_quantity,
            least: new.least,
            most: new.most,
            called: 0,
            delivered: 0,
        });
    }
    let id = command.id.beside(command.customer);
    attempt.put_agreement(Agreement {
        id,
        version: 0,
        reference: command.reference.trim().to_owned(),
        customer: command.customer,
        currency: command.currency,
        from: command.from,
        until: command.until,
        lines,
        created_at: attempt.now(),
        closed: None,
    });
    Ok(Answer::created(Resource::Agreement(id)))
}

fn check_line(line: &NewAgreementLine, position: usize) -> Result<(), Refusal> {
    let within = |name: &str, value: i64, least: i64, most: i64| {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        let field = format!("/lines/{position}/{name}");
        let problem = format!("must lie between {least} and {most}");
        Err(Refusal::invalid(field, problem))
    };
    within("agreed", line.agreed, 1, QUANTITY_MAX)?;
    within("unit_price_minor", line.unit_price_minor, 0, AMOUNT_MAX)?;
    within("price_quantity", line.price_quantity, 1, QUANTITY_MAX)?;
    if let Some(least) = line.least {
        within("least", least, 1, line.agreed)?;
    }
    if let Some(most) = line.most {
        within("most", most, line.least.unwrap_or(1), line.agreed)?;
    }
    Ok(())
}

/// Closes an agreement. One that is closed stays as it is.
///
/// # Errors
/// Refuses a missing reason and an unknown agreement.
pub fn close_agreement(
    attempt: &mut Attempt<'_>,
    command: &CloseAgreement,
) -> Result<Answer, Stop> {
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    let known = attempt.agreement(command.id)?;
    let known: Arc<Agreement> = known.ok_or_else(|| Refusal::NotFound {
        what: "agreement",
        name: command.id.to_string(),
    })?;
    if known.closed.is_none() {
        let at = attempt.now();
        let reason = command.reason.trim().to_owned();
        let closed = Some(Closed { at, reason });
        let changed = Agreement {
            closed,
            ..known.as_ref().clone()
        };
        attempt.put_agreement(changed);
    }
    Ok(Answer::ok(Resource::Agreement(command.id)))
}
