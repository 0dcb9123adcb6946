//! Writing screening rules.

use std::sync::Arc;

use super::put_scorer::{check_scorer, with_secret};
use super::rules::{ApprovalRule, Denied, DeniedKind, FraudRules, PriceRules, ScreeningRules};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::money::AMOUNT_MAX;
use crate::network::{Member, Network, ScreeningId};
use crate::refusal::Refusal;
use crate::text;

/// Most sets of rules.
const SETS_MAX: usize = 1_000;
/// Most channels of one set.
const CHANNELS_MAX: usize = 1_000;
/// Most fraud rules, and most approvals, of one set.
const RULES_MAX: usize = 100;
/// Most entries of a deny list.
const DENIED_MAX: usize = 1_000;
/// Largest score of a rule, and smallest one below 0.
const SCORE_MAX: i64 = 1_000;
/// Longest time before an approval escalates or expires, in minutes: 90 days.
const MINUTES_MAX: u32 = 129_600;
/// Largest percentage of a price band.
const PERCENT_MAX: u32 = 100_000;

/// Creates screening rules, or replaces those with the same code.
#[derive(Debug, Clone)]
pub struct PutScreeningRules {
    /// All fields; the version is given by the decision.
    pub rules: ScreeningRules,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or replaces screening rules. Those that are the same already make no new version.
///
/// # Errors
/// Refuses invalid fields, unknown channels, a channel that other rules are in force for, a taken code on create, and
/// an unknown code on change.
pub fn put_screening_rules(
    attempt: &mut Attempt<'_>,
    command: &PutScreeningRules,
) -> Result<Answer, Stop> {
    let network = attempt.network();
    let rules = &with_secret(&command.rules, network);
    check(rules)?;
    check_channels(network, rules)?;
    let known = network
        .screening
        .iter()
        .position(|one| one.code == rules.code);
    command
        .mode
        .check("screening rules", &rules.code, known.is_some())?;
    if known.is_none() && network.screening.len() >= SETS_MAX {
        return Err(too_many("sets of screening rules", SETS_MAX).into());
    }
    let position = known.unwrap_or(network.screening.len());
    let id = ScreeningId(u16::try_from(position).unwrap_or(u16::MAX));
    let version = known.map_or(0, |position| network.screening[position].version);
    let same = ScreeningRules {
        version,
        ..rules.clone()
    };
    let Some(position) = known else {
        let rules = Arc::new(ScreeningRules { version: 1, ..same });
        attempt.put_member(Member::Screening(id, rules));
        return Ok(Answer::created(Resource::ScreeningRules(id)));
    };
    if *network.screening[position] != same {
        let version = version.saturating_add(1);
        let rules = Arc::new(ScreeningRules { version, ..same });
        attempt.put_member(Member::Screening(id, rules));
    }
    Ok(Answer::ok(Resource::ScreeningRules(id)))
}

fn check(rules: &ScreeningRules) -> Result<(), Refusal> {
    text::name("/code", &rules.code, text::CODE_MAX)?;
    within(
        "/utc_offset_minutes",
        i64::from(rules.utc_offset_minutes),
        -840,
        840,
    )?;
    if let Some(days) = rules.authorization_days {
        within("/authorization_days", i64::from(days), 1, 365)?;
    }
    if let Some(duplicates) = &rules.duplicates {
        let window = i64::from(duplicates.window_minutes);
        within("/duplicates/window_minutes", window, 1, 1_440)?;
    }
    if let Some(payment) = &rules.payment {
        let percent = i64::from(payment.least_percent);
        within("/payment/least_percent", percent, 1, 100)?;
    }
    if let Some(credit) = &rules.credit {
        for (field, amount) in [
            ("/credit/new_customer_minor", credit.new_customer_minor),
            ("/credit/high_value_minor", credit.high_value_minor),
        ] {
            amount.map_or(Ok(()), |amount| within(field, amount, 1, AMOUNT_MAX))?;
        }
    }
    rules.price.as_ref().map_or(Ok(()), check_price)?;
    rules.fraud.as_ref().map_or(Ok(()), check_fraud)?;
    rules.scorer.as_ref().map_or(Ok(()), check_scorer)?;
    limit("/deny", "denied entries", rules.deny.len(), DENIED_MAX)?;
    let mut denied = rules.deny.iter().enumerate();
    denied.try_for_each(|(at, one)| check_denied(at, one))?;
    limit("/approvals", "approvals", rules.approvals.len(), RULES_MAX)?;
    let mut approvals = rules.approvals.iter().enumerate();
    approvals.try_for_each(|(at, rule)| check_approval(at, rule))
}

fn check_price(price: &PriceRules) -> Result<(), Refusal> {
    for (field, percent) in [
        ("/price/least_percent", price.least_percent),
        ("/price/most_percent", price.most_percent),
    ] {
        if let Some(percent) = percent {
            within(field, i64::from(percent), 1, i64::from(PERCENT_MAX))?;
        }
    }
    match (price.least_percent, price.most_percent) {
        (None, None) => Err(Refusal::invalid(
            "/price",
            "needs a least_percent, a most_percent, or both",
        )),
        (Some(least), Some(most)) if least > most => Err(Refusal::invalid(
            "/price/most_percent",
            "must not be below least_percent",
        )),
        _ => Ok(()),
    }
}

fn check_fraud(fraud: &FraudRules) -> Result<(), Refusal> {
    limit("/fraud/rules", "fraud rules", fraud.rules.len(), RULES_MAX)?;
    if fraud.rules.is_empty() {
        return Err(Refusal::invalid(
            "/fraud/rules",
            "must name at least one rule",
        ));
    }
    for (at, rule) in fraud.rules.iter().enumerate() {
        text::name(
            format!("/fraud/rules/{at}/name"),
            &rule.name,
            text::NAME_MAX,
        )?;
        within(
            format!("/fraud/rules/{at}/score"),
            rule.score,
            -SCORE_MAX,
            SCORE_MAX,
        )?;
    }
    within("/fraud/hold_at", fraud.hold_at, 1, 100_000)?;
    match fraud.refuse_at {
        Some(refuse_at) if refuse_at <= fraud.hold_at => Err(Refusal::invalid(
            "/fraud/refuse_at",
            "must be above hold_at",
        )),
        _ => Ok(()),
    }
}

fn check_denied(at: usize, denied: &Denied) -> Result<(), Refusal> {
    let field = || format!("/deny/{at}/value");
    text::name(field(), &denied.value, text::REFERENCE_MAX)?;
    text::name(
        format!("/deny/{at}/reason"),
        &denied.reason,
        text::REASON_MAX,
    )?;
    let is_hash = |value: &str| {
        value.len() == 64
            && value
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    if denied.kind == DeniedKind::Email && !is_hash(&denied.value) {
        let problem =
            "must be an email address, or the SHA-256 of one in 64 lower-case hexadecimal digits";
        return Err(Refusal::invalid(field(), problem));
    }
    Ok(())
}

fn check_approval(at: usize, rule: &ApprovalRule) -> Result<(), Refusal> {
    text::name(format!("/approvals/{at}/name"), &rule.name, text::NAME_MAX)?;
    text::name(format!("/approvals/{at}/role"), &rule.role, text::CODE_MAX)?;
    for (name, minutes) in [
        ("escalate_after_minutes", rule.escalate_after_minutes),
        ("expires_after_minutes", rule.expires_after_minutes),
    ] {
        if let Some(minutes) = minutes {
            let field = format!("/approvals/{at}/{name}");
            within(field, i64::from(minutes), 1, i64::from(MINUTES_MAX))?;
        }
    }
    if rule.escalate_after_minutes.is_some() != rule.escalate_to.is_some() {
        let field = format!("/approvals/{at}/escalate_to");
        return Err(Refusal::invalid(
            field,
            "and escalate_after_minutes go together; give both or neither",
        ));
    }
    match (rule.escalate_after_minutes, rule.expires_after_minutes) {
        (Some(escalates), Some(expires)) if escalates >= expires => Err(Refusal::invalid(
            format!("/approvals/{at}/expires_after_minutes"),
            "must be above escalate_after_minutes",
        )),
        _ => Ok(()),
    }
}

fn check_channels(network: &Network, rules: &ScreeningRules) -> Result<(), Refusal> {
    limit("/channels", "channels", rules.channels.len(), CHANNELS_MAX)?;
    for (at, code) in rules.channels.iter().enumerate() {
        let field = format!("/channels/{at}");
        if network.channel_by_code(code).is_none() {
            return Err(Refusal::unknown(field, "channel", code.as_str()));
        }
        let other = network
            .screening_of(code)
            .filter(|one| one.code != rules.code);
        if let Some(other) = other {
            let problem = format!(
                "names the channel {code:?}, which has the rules {:?}; take it out there first",
                other.code
            );
            return Err(Refusal::invalid(field, problem));
        }
        if rules.channels[..at].contains(code) {
            return Err(Refusal::invalid(field, "names a channel a second time"));
        }
    }
    Ok(())
}

pub(super) fn within(
    field: impl Into<String>,
    value: i64,
    least: i64,
    most: i64,
) -> Result<(), Refusal> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        format!("must lie between {least} and {most}"),
    ))
}

fn limit(field: &str, what: &str, count: usize, most: usize) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        format!("has {count} {what}; at most {most} are allowed"),
    ))
}

fn too_many(what: &'static str, limit: usize) -> Refusal {
    Refusal::TooMany {
        what,
        limit: limit as u64,
    }
}
