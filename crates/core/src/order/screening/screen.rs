//! All checks of an order that is being placed, one after the other.

use jiff::tz::{Offset, TimeZone};

use super::arrival::Arrival;
use super::finding::{Check, Finding};
use super::price::Compared;
use super::rules::{Exceeded, PriceBase, ScreeningRules};
use super::tally::{Seen, Tally, TallyKey, TallyKind};
use super::{address, approval, credit, denied, duplicate, fraud, payment, price, scorer};
use crate::condition::{CustomerContext, OrderContext, VelocityContext, VelocityCount};
use crate::decide::{Attempt, Stop};
use crate::id::OrderId;
use crate::network::{Channel, Intake};
use crate::order::{Line, Order, Placed, Record, Totals, totals};
use crate::party::{Account, exposure, owed_on};
use crate::refusal::Refusal;

/// Most reasons that a hold names one by one.
const NAMED_MAX: usize = 20;

/// What is known when an order is screened.
struct Subject<'a> {
    rules: &'a ScreeningRules,
    order: Order,
    totals: Totals,
    account: Option<Account>,
    may_refuse: bool,
}

/// Makes all checks that the channel's rules ask for, counts the order for those to come, and takes it on account where
/// the customer buys on credit terms. What is found becomes holds.
///
/// # Errors
/// Refuses what the rules refuse, unless the channel takes exceptions; stops when facts are missing.
pub(in crate::order) fn screen(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    channel: &Channel,
    arrival: &Arrival<'_>,
) -> Result<Vec<Finding>, Stop> {
    let network = std::sync::Arc::clone(attempt.network());
    let Some(rules) = network.screening_of(&channel.code) else {
        return Ok(Vec::new());
    };
    let order = attempt.order(id)?.clone();
    let keys = tally_keys(rules, &order.placed, arrival);
    let tallies = attempt.tallies(&keys)?;
    let account = account(attempt, rules, &order.placed)?;
    let subject = Subject {
        rules,
        totals: totals(&order),
        order,
        account,
        may_refuse: channel.intake == Intake::Strict,
    };
    let is_known = tallies.iter().zip(&keys);
    let known: Vec<(&TallyKey, &Tally)> = is_known.map(|(tally, key)| (key, tally)).collect();
    let mut findings = subject.findings(attempt, arrival, &known)?;
    findings.extend(subject.to_score(attempt, &known));
    count(attempt, &subject, keys, &tallies);
    take_on_account(attempt, id, &subject)?;
    Ok(findings)
}

/// Makes the checks again for what an amendment has changed: what would have been found before it as well is no news. A
/// higher total is looked at anew by those who agree to amounts and give credit. Velocity, email addresses, cards,
/// duplicates and what a scorer outside says are looked at once, when an order is placed.
///
/// # Errors
/// Refuses what the rules refuse, unless the channel takes exceptions; stops when facts are missing.
pub(in crate::order) fn screen_again(
    attempt: &mut Attempt<'_>,
    before: &Order,
    channel: &Channel,
    arrival: &Arrival<'_>,
) -> Result<Vec<Finding>, Stop> {
    let network = std::sync::Arc::clone(attempt.network());
    let rules = network.screening_of(&channel.code);
    let Some(rules) = rules.filter(|_| !before.placed.history) else {
        return Ok(Vec::new());
    };
    let id = before.id;
    // What others know of the customer: without this order.
    let account = account(attempt, rules, &before.placed)?.map(|account| Account {
        open_balance_minor: account.open_balance_minor.saturating_sub(owed_on(before)),
        orders_count: account.orders_count.saturating_sub(1).max(0),
        ..account
    });
    let subject = |order: Order, may_refuse| Subject {
        rules,
        totals: totals(&order),
        order,
        account: account.clone(),
        may_refuse,
    };
    let was = subject(before.clone(), false);
    let now = subject(attempt.order(id)?.clone(), false);
    require_items(attempt, &now.order)?;
    let known = was.findings(attempt, &Arrival::default(), &[])?;
    let mut found = now.findings(attempt, arrival, &[])?;
    let is_more = now.totals.total_minor > was.totals.total_minor;
    found.retain(|finding| comes_of_it(finding, &known, is_more));
    let refusable = |finding: &Finding| matches!(finding.check, Check::Fraud | Check::Credit);
    if channel.intake == Intake::Strict && found.iter().any(refusable) {
        subject(now.order.clone(), true).findings(attempt, arrival, &[])?;
    }
    found.retain(|finding| !is_looked_at(finding, &now.order));
    if now.order.progress.terms_days.is_none() {
        take_on_account(attempt, id, &now)?;
    }
    Ok(found)
}

/// Asks for the items that are not known yet: what they cost and weigh is looked at.
fn require_items(attempt: &Attempt<'_>, order: &Order) -> Result<(), Stop> {
    let mut missing = Vec::new();
    for item in order.placed.lines.iter().filter_map(|line| line.item) {
        match attempt.item(item) {
            Err(Stop::Missing(needs)) => missing.extend(needs),
            Ok(_) | Err(Stop::Refused(_)) => {}
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Stop::Missing(missing))
    }
}

/// Whether a finding comes of the change.
fn comes_of_it(finding: &Finding, known: &[Finding], is_more: bool) -> bool {
    let same = |one: &Finding| one.check == finding.check && one.reason == finding.reason;
    let was_found = known.iter().any(same);
    match finding.check {
        Check::Credit => is_more,
        Check::Approval | Check::Payment => is_more || !was_found,
        Check::Address
        | Check::Duplicate
        | Check::Denied
        | Check::Price
        | Check::Fraud
        | Check::Scorer => !was_found,
    }
}

/// Whether a hold of the same check is there already; of approvals, one that asks for the same.
fn is_looked_at(finding: &Finding, order: &Order) -> bool {
    let holds = order.progress.holds.iter();
    let mut active = holds.filter(|hold| hold.released_at.is_none());
    active.any(|hold| {
        let check = hold.found.as_ref().map(|found| found.check);
        let is_same = finding.check != Check::Approval || hold.reason == finding.reason;
        check == Some(finding.check) && is_same
    })
}

impl Subject<'_> {
    fn findings(
        &self,
        attempt: &Attempt<'_>,
        arrival: &Arrival<'_>,
        tallies: &[(&TallyKey, &Tally)],
    ) -> Result<Vec<Finding>, Stop> {
        let (rules, placed, now) = (self.rules, &self.order.placed, attempt.now());
        let mut found = Vec::new();
        if rules.address_formats {
            found.extend(address::check(arrival));
        }
        if let Some(duplicates) = &rules.duplicates {
            let same = tallies
                .iter()
                .find(|(key, _)| key.kind == TallyKind::Contents);
            found.extend(same.and_then(|(_, tally)| duplicate::check(duplicates, tally, now)));
        }
        found.extend(denied::check(&rules.deny, placed, arrival));
        if let Some(band) = &rules.price {
            let channel = attempt.network().channel(placed.channel);
            let base = |line: &Line| {
                let item = attempt.item(line.item?).ok()?;
                let (minor, units) = match band.against {
                    PriceBase::Cost => (item.unit_cost_minor?, 1),
                    PriceBase::List => {
                        let listed = item.list_price(&channel?.code, placed.currency)?;
                        (listed.unit_price_minor, listed.price_quantity)
                    }
                };
                Some(Compared { minor, units })
            };
            found.extend(price::check(band, placed, base));
        }
        if let Some(payment) = rules.payment.as_ref().filter(|_| !self.is_on_terms()) {
            found.extend(payment::check(payment, &self.totals));
        }
        if rules.conditions().next().is_some() {
            let context = self.context(attempt, tallies);
            found.extend(self.fraud(&context)?);
            found.extend(self.credit()?);
            found.extend(approval::check(&rules.approvals, &context, now));
        } else {
            found.extend(self.credit()?);
        }
        Ok(found)
    }

    /// What a scorer outside is asked about.
    fn to_score(&self, attempt: &Attempt<'_>, tallies: &[(&TallyKey, &Tally)]) -> Option<Finding> {
        let rules = self.rules.scorer.as_ref()?;
        let context = rules.when.as_ref().map(|_| self.context(attempt, tallies));
        scorer::check(rules, context.as_ref(), attempt.now())
    }

    fn fraud(&self, context: &OrderContext) -> Result<Option<Finding>, Refusal> {
        let Some(rules) = &self.rules.fraud else {
            return Ok(None);
        };
        match fraud::judge(rules, context) {
            fraud::Opinion::Passed => Ok(None),
            fraud::Opinion::Refused(finding) if self.may_refuse => Err(screened_out(&finding)),
            fraud::Opinion::Held(finding) | fraud::Opinion::Refused(finding) => Ok(Some(finding)),
        }
    }

    fn credit(&self) -> Result<Vec<Finding>, Refusal> {
        let (Some(rules), Some(account)) = (&self.rules.credit, &self.account) else {
            return Ok(Vec::new());
        };
        let opinion = credit::judge(rules, account, &self.totals, self.order.placed.currency);
        if opinion.beyond_minor > 0 && rules.exceeded == Exceeded::Refuse && self.may_refuse {
            let Some(last) = opinion.findings.last() else {
                return Ok(Vec::new());
            };
            return Err(screened_out(last));
        }
        Ok(opinion.findings)
    }

    /// Whether what is not paid is owed on the customer's credit terms.
    fn is_on_terms(&self) -> bool {
        let credit = self
            .account
            .as_ref()
            .and_then(|account| account.credit.as_ref());
        let same = credit.is_some_and(|credit| credit.currency == self.order.placed.currency);
        self.rules.credit.is_some() && same && exposure(&self.totals) > 0
    }

    fn context(&self, attempt: &Attempt<'_>, tallies: &[(&TallyKey, &Tally)]) -> OrderContext {
        let weight = |item| attempt.item(item).ok().and_then(|item| item.weight_g);
        let zone = Offset::from_seconds(self.rules.utc_offset_minutes.saturating_mul(60));
        let zone = zone.map_or(TimeZone::UTC, TimeZone::fixed);
        let context = OrderContext::of(&self.order, attempt.network(), weight, &zone);
        OrderContext {
            customer: self.customer(context.customer),
            velocity: velocity(attempt, tallies),
            ..context
        }
    }

    fn customer(&self, known: CustomerContext) -> CustomerContext {
        let Some(account) = &self.account else {
            return CustomerContext {
                is_new: true,
                ..known
            };
        };
        CustomerContext {
            tier: account.tier.clone().unwrap_or_default(),
            is_new: account.orders_count == 0,
            orders_count: account.orders_count,
            open_balance_minor: account.open_balance_minor,
            credit_limit_minor: account
                .credit
                .as_ref()
                .map_or(0, |credit| credit.limit_minor),
            ..known
        }
    }
}

fn velocity(attempt: &Attempt<'_>, tallies: &[(&TallyKey, &Tally)]) -> VelocityContext {
    let count = |kind| -> VelocityCount {
        let of_kind = tallies.iter().filter(|(key, _)| key.kind == kind);
        let counts = of_kind.map(|(_, tally)| tally.count(attempt.now()));
        // Of several cards the busiest counts.
        counts
            .max_by_key(|count| count.orders_day)
            .unwrap_or_default()
    };
    VelocityContext {
        customer: count(TallyKind::Customer),
        email: count(TallyKind::Email),
        area: count(TallyKind::Area),
        card: count(TallyKind::Card),
    }
}

/// The values that the order is counted by: only those that the rules ask for.
pub(super) fn tally_keys(
    rules: &ScreeningRules,
    placed: &Placed,
    arrival: &Arrival<'_>,
) -> Vec<TallyKey> {
    let mut keys = Vec::new();
    let mut add = |kind, value: String| {
        let key = TallyKey { kind, value };
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    if let Some(customer) = placed
        .customer
        .filter(|_| rules.mentions("velocity.customer."))
    {
        add(TallyKind::Customer, customer.to_string());
    }
    if let Some(email) = arrival
        .email
        .as_ref()
        .filter(|_| rules.mentions("velocity.email."))
    {
        add(TallyKind::Email, email.clone());
    }
    // A country without coordinates is no area: all its orders would write the same row.
    let has_area = placed.destination.decidegrees.is_some();
    if has_area && rules.mentions("velocity.area.") {
        add(TallyKind::Area, placed.destination.square());
    }
    if rules.mentions("velocity.card.") {
        let cards = arrival.cards.iter();
        cards.for_each(|card| add(TallyKind::Card, (*card).to_owned()));
    }
    if let Some(key) = rules
        .duplicates
        .and_then(|_| duplicate::key(placed, arrival))
    {
        add(key.kind, key.value);
    }
    keys
}

fn account(
    attempt: &Attempt<'_>,
    rules: &ScreeningRules,
    placed: &Placed,
) -> Result<Option<Account>, Stop> {
    match placed.customer.filter(|_| rules.needs_account()) {
        Some(customer) => attempt.account(customer).map(Some),
        None => Ok(None),
    }
}

fn count(attempt: &mut Attempt<'_>, subject: &Subject<'_>, keys: Vec<TallyKey>, tallies: &[Tally]) {
    let seen = Seen {
        at: attempt.now(),
        number: subject.order.number,
        amount_minor: subject.totals.total_minor,
    };
    for (key, tally) in keys.into_iter().zip(tallies) {
        attempt.put_tally(key, tally.with(seen));
    }
}

fn take_on_account(
    attempt: &mut Attempt<'_>,
    id: OrderId,
    subject: &Subject<'_>,
) -> Result<(), Stop> {
    let credit = subject
        .account
        .as_ref()
        .and_then(|account| account.credit.as_ref());
    match credit {
        Some(credit) if subject.is_on_terms() => {
            let terms_days = credit.terms_days;
            attempt.record(id, Record::TakenOnAccount { terms_days })
        }
        _ => Ok(()),
    }
}

fn screened_out(finding: &Finding) -> Refusal {
    Refusal::ScreenedOut {
        check: finding.check.as_str(),
        reason: finding.reason.clone(),
    }
}

/// Reasons in one text, the first ones by name.
pub(super) fn listed(reasons: &[String]) -> String {
    let mut text = reasons[..reasons.len().min(NAMED_MAX)].join("; ");
    if reasons.len() > NAMED_MAX {
        text.push_str(&format!("; and {} more", reasons.len() - NAMED_MAX));
    }
    crate::text::storable(&text, crate::text::REASON_MAX)
}
