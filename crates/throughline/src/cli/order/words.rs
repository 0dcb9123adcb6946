//! Journal entries in words.

use jiff::civil::Date;
use throughline_core::id::{FulfilmentNo, LineNo, ProductionNo};
use throughline_core::order::choice::By;
use throughline_core::order::screening::Verdict;
use throughline_core::order::{
    Allotment, BegunBecause, FulfilmentUnits, LineUnits, Method, Order, Outcome, PaymentChange,
    Production, Record, ReleaseReason, RequestStatus, Return, Schedule, VisitReason, VisitTime,
};
use throughline_core::payment::PaymentState;
use throughline_core::returns::Disposition;

use super::look_up::Found;
use super::phrases::{because, contents, total, units_of, units_word};
use super::timeline::moment;
use crate::cli::numbers::{counted, money};

/// Why a hold that could have been released was kept.
fn kept_because(kept: Option<&str>) -> String {
    kept.map_or_else(String::new, |why| format!("; the hold was kept: {why}"))
}

/// What happened, as a sentence without its subject. `before` is the order before the entry.
pub(super) fn words(found: &Found, before: Option<&Order>, record: &Record) -> String {
    match record {
        Record::OrderDrafted { placed, .. } => format!("saved a draft of {}", contents(placed)),
        Record::OrderPlaced {
            placed,
            reservation,
            ..
        } => {
            let past = if placed.history {
                ", which was fulfilled before it came here"
            } else {
                ""
            };
            let cart = if reservation.is_some() {
                ", from a reservation"
            } else {
                ""
            };
            format!("placed {}{cart}{past}", contents(placed))
        }
        Record::OrderAmended { placed, reason, .. } => {
            format!(
                "changed the order to {}{}",
                contents(placed),
                because(reason.as_deref())
            )
        }
        Record::LinesSubstituted {
            placed,
            lines,
            policy,
            ..
        } => {
            let named = lines.iter().map(|(from, into, quantity)| {
                let sku = |no| placed.line(no).map_or("?", |line| line.sku.as_str());
                format!("{quantity} × {} instead of {}", sku(*into), sku(*from))
            });
            let named: Vec<String> = named.collect();
            format!("substituted {}, as {policy} says", named.join(", "))
        }
        Record::LinesCancelled {
            lines,
            reason,
            whole_order: true,
        } => {
            format!("cancelled the order ({}): {reason}", units_of(found, lines))
        }
        Record::LinesCancelled { lines, reason, .. } => {
            format!("cancelled {}: {reason}", units_of(found, lines))
        }
        Record::OrderHeld { hold } => {
            let lines: Vec<&str> = hold.lines.iter().map(|line| found.sku(*line)).collect();
            let what = if lines.is_empty() {
                "the order".to_owned()
            } else {
                lines.join(", ")
            };
            format!(
                "put {what} on hold ({}): {}",
                hold.kind.as_str(),
                hold.reason
            )
        }
        Record::HoldReleased { hold } => {
            let known = before
                .and_then(|order| order.progress.holds.iter().find(|known| known.no == *hold));
            format!(
                "released the {} hold",
                known.map_or("", |hold| hold.kind.as_str())
            )
        }
        Record::ApprovalDecided {
            verdict, reason, ..
        } => {
            let what = match verdict {
                Verdict::Granted => "approved it",
                Verdict::Rejected => "did not approve it",
                Verdict::Expired => "let the approval run out",
            };
            format!("{what}{}", because(reason.as_deref()))
        }
        Record::ApprovalEscalated { role, .. } => format!("asked {role} for the approval too"),
        Record::FraudScored { score, kept, .. } => {
            let reasons = match score.reasons.is_empty() {
                true => String::new(),
                false => format!(": {}", score.reasons.join("; ")),
            };
            let reference = score.reference.as_deref();
            let reference = reference.map_or_else(String::new, |text| format!(" ({text})"));
            let score = score.score;
            format!(
                "was told the score {score} by the fraud scorer{reference}{reasons}{}",
                kept_because(kept.as_deref())
            )
        }
        Record::ScorerSilent { kept, .. } => format!(
            "waited for the fraud scorer in vain{}",
            kept_because(kept.as_deref())
        ),
        Record::TakenOnAccount { terms_days } => {
            format!("took it on account, to be paid within {terms_days} days")
        }
        Record::NoteAdded { note } => {
            let text = found
                .contact(*note)
                .and_then(|contact| contact.text.as_deref());
            format!("noted: {}", text.unwrap_or("(erased)"))
        }
        Record::TagsChanged { tags } if tags.is_empty() => "took all tags off".to_owned(),
        Record::TagsChanged { tags } => format!("tagged it {}", tags.join(", ")),
        Record::PriorityChanged { priority } => format!("set the priority to {priority}"),
        Record::LinesSourced {
            allotments,
            backordered,
            awaited,
            productions,
        } => {
            let named: i64 = awaited.iter().map(|units| units.quantity).sum();
            let promised = if named > 0 {
                format!("; {named} promised from supply that is expected")
            } else {
                String::new()
            };
            let made: Vec<String> = productions
                .iter()
                .map(|made| asked_to_make(found, made))
                .collect();
            let made: String = made.iter().map(|text| format!("; {text}")).collect();
            sourced(found, allotments, backordered) + &promised + &made
        }
        Record::PromiseChanged { reason, .. } => {
            format!("promised anew: {}", reason.in_words())
        }
        Record::ChoiceOffered { choice } => {
            let options: Vec<&str> = choice.options.iter().map(|one| one.in_words()).collect();
            format!(
                "asked the customer, because {}: {}; else {} from {}",
                choice.reason.in_words(),
                options.join(", or "),
                choice.default.in_words(),
                moment(choice.deadline)
            )
        }
        Record::ChoiceLinkIssued { .. } => "made a link for the customer to choose at".to_owned(),
        Record::ChoiceDefaultRefused {
            default, reason, ..
        } => format!(
            "could not do {} when nobody had chosen: {reason}",
            default.as_str()
        ),
        Record::ChoiceMade { chosen, by, .. } => match by {
            By::Customer => format!("chose {}", chosen.in_words()),
            By::Staff => format!("chose for the customer {}", chosen.in_words()),
            By::Deadline => format!("took it that the customer chooses {}", chosen.in_words()),
            By::Recovery => {
                "asks the customer no more: it comes in time, or nothing is left".to_owned()
            }
        },
        Record::UnitsReleased {
            units,
            reason,
            excluded,
            ..
        } => {
            let again = excluded.map_or(String::new(), |location| {
                format!("; {} is not asked again", found.location(location))
            });
            format!(
                "took back {}: {}{again}",
                released(found, units),
                release_reason(*reason)
            )
        }
        Record::FulfilmentRejected { fulfilment, reason } => {
            format!("{} said no: {reason}", found.fulfilment(*fulfilment))
        }
        Record::UnitsRejected {
            fulfilment,
            lines,
            reason,
        } => format!(
            "{} said no to {}: {reason}",
            found.fulfilment(*fulfilment),
            units_of(found, lines)
        ),
        Record::PaymentRecorded { change } => paid(found, before, change),
        Record::ReturnRegistered { registered } => announced(found, registered),
        Record::ReturnReceived {
            no,
            location,
            lines,
            ..
        } => {
            let place = location.map_or(String::new(), |location| {
                format!(" at {}", found.location(location))
            });
            let returned =
                before.and_then(|order| order.progress.returns.iter().find(|one| one.no == *no));
            format!("{}{place}", received(found, returned, lines))
        }
        Record::FulfilmentsScheduled {
            fulfilments,
            schedule,
        } => format!("{}: {}", places(found, fulfilments), later(*schedule)),
        Record::FulfilmentsReleased {
            fulfilments,
            because,
            ..
        } => format!(
            "{} may begin: {}",
            places(found, fulfilments),
            begun_because(*because)
        ),
        Record::VisitBooked { visit } => visit_at("booked", found, &visit.time),
        Record::VisitMoved { time, reason, .. } => {
            let why = match reason {
                VisitReason::Asked => "as somebody asked",
                _ => "because the goods come later",
            };
            format!("{}, {why}", visit_at("moved", found, time))
        }
        Record::VisitCompleted { .. } => "did the service".to_owned(),
        Record::VisitMissed { reason, .. } => format!("the visit was missed: {reason}"),
        Record::VisitCancelled { reason, .. } => match reason {
            VisitReason::NoSlot => {
                "gave the visit up: no slot is free after the goods are there".to_owned()
            }
            _ => "gave the visit up: it is not wanted any more".to_owned(),
        },
        Record::ProductionAccepted { .. }
        | Record::ProductionStarted { .. }
        | Record::ProductionCompleted { .. }
        | Record::ProductionRejected { .. } => made(found, before, record),
        Record::FulfilmentAccepted { .. }
        | Record::PickingStarted { .. }
        | Record::UnitsPicked { .. }
        | Record::UnitsPacked { .. }
        | Record::FulfilmentSplit { .. }
        | Record::FulfilmentsMerged { .. }
        | Record::FulfilmentShipped { .. }
        | Record::ReadyForPickup { .. }
        | Record::PickedUp { .. }
        | Record::OutcomeRecorded { .. } => at_location(found, before, record),
    }
}

fn places(found: &Found, fulfilments: &[FulfilmentNo]) -> String {
    let places: Vec<String> = fulfilments.iter().map(|no| found.fulfilment(*no)).collect();
    places.join(", ")
}

/// Until when nobody begins, and why.
fn later(schedule: Schedule) -> String {
    let told = [
        schedule
            .remorse_until
            .map(|at| format!("the customer may change it until {}", at.timestamp())),
        schedule
            .together_until
            .map(|at| format!("waits for the rest until {} at most", at.timestamp())),
        schedule
            .complete
            .then(|| "waits until all of the order is allocated".to_owned()),
    ];
    told.into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", and ")
}

fn begun_because(because: BegunBecause) -> &'static str {
    match because {
        BegunBecause::RemorseOver => "the time to change it is over",
        BegunBecause::Complete => "nothing else is waited for",
        BegunBecause::WaitedEnough => "the rest did not come in time",
        BegunBecause::ByHand => "released by hand",
    }
}

fn visit_at(what: &str, found: &Found, time: &VisitTime) -> String {
    let (place, name) = (found.location(time.location), &time.name);
    format!("{what} a visit of {place} on {}, {name}", time.date)
}

/// What a maker said or did.
fn made(found: &Found, before: Option<&Order>, record: &Record) -> String {
    let maker = |no: &ProductionNo| {
        let known = before.and_then(|order| order.progress.production(*no));
        known.map_or_else(String::new, |one| found.location(one.location).to_string())
    };
    let until = |due: &Option<Date>| due.map_or_else(String::new, |day| format!(", by {day}"));
    match record {
        Record::ProductionAccepted {
            production, due, ..
        } => format!("{} will make it{}", maker(production), until(due)),
        Record::ProductionStarted { production, due } => {
            format!("{} began to make it{}", maker(production), until(due))
        }
        Record::ProductionCompleted {
            production,
            quantity,
            ..
        } => format!("{} made {quantity}", maker(production)),
        Record::ProductionRejected { production, reason } => {
            format!("{} does not make it: {reason}", maker(production))
        }
        _ => record.kind().replace('_', " "),
    }
}

/// What a location or a carrier did.
fn at_location(found: &Found, before: Option<&Order>, record: &Record) -> String {
    let place = |no: &FulfilmentNo| found.fulfilment(*no);
    match record {
        Record::FulfilmentAccepted {
            fulfilment,
            reference,
            ships_on,
        } => {
            let name = reference.as_ref().map(|name| format!(", as {name}"));
            let day = ships_on.map(|day| format!(", to be shipped on {day}"));
            let more = [name, day].into_iter().flatten().collect::<String>();
            format!("{} said yes{more}", place(fulfilment))
        }
        Record::PickingStarted { fulfilment } => format!("{} began to pick", place(fulfilment)),
        Record::UnitsPicked {
            fulfilment,
            lines,
            lots,
            serials,
        } => {
            let serials: Vec<&str> = serials.iter().map(|unit| unit.serial.as_str()).collect();
            let numbered = match serials.is_empty() {
                true => String::new(),
                false => format!(" with the serial numbers {}", serials.join(", ")),
            };
            let lots: Vec<&str> = lots.iter().map(|lot| lot.lot.code.as_str()).collect();
            let of_lots = match lots.len() {
                0 => String::new(),
                1 => format!(" of lot {}", lots[0]),
                _ => format!(" of lots {}", lots.join(", ")),
            };
            let units = units_of(found, lines);
            format!("{} picked {units}{of_lots}{numbered}", place(fulfilment))
        }
        Record::UnitsPacked {
            fulfilment,
            packages,
        } => {
            let units: i64 = packages
                .iter()
                .flat_map(|package| &package.lines)
                .map(|line| line.quantity)
                .sum();
            let packages = counted(packages.len() as u64, "package", "packages");
            format!(
                "{} packed {} into {packages}",
                place(fulfilment),
                units_word(units)
            )
        }
        Record::FulfilmentSplit {
            from, into, units, ..
        } => {
            let units: i64 = units.iter().map(FulfilmentUnits::total).sum();
            format!(
                "{} stay behind at {}, now {}",
                units_word(units),
                place(from),
                place(into)
            )
        }
        Record::FulfilmentsMerged { from, into } => {
            let units = total(before, *from).unshipped();
            let (from, into) = (place(from), place(into));
            format!("{} of {from} joined {into}", units_word(units))
        }
        Record::FulfilmentShipped {
            fulfilment,
            shipment,
            ..
        } => {
            let units = total(before, *fulfilment).packed;
            let service = shipment
                .service
                .as_ref()
                .map_or(String::new(), |service| format!(" {service}"));
            let number = shipment
                .tracking_number
                .as_ref()
                .map_or(String::new(), |number| format!(", {number}"));
            let (place, units) = (place(fulfilment), units_word(units));
            format!(
                "{place} shipped {units} with {}{service}{number}",
                shipment.carrier
            )
        }
        Record::ReadyForPickup { fulfilment } => {
            let known = before.and_then(|order| order.progress.fulfilment(*fulfilment));
            match known.and_then(|known| known.collect_at) {
                None => format!("ready to be collected at {}", place(fulfilment)),
                Some(store) => format!(
                    "what {} sent has arrived at {}, ready to be collected",
                    place(fulfilment),
                    found.location(store)
                ),
            }
        }
        Record::PickedUp { fulfilment } => {
            let known = before.and_then(|order| order.progress.fulfilment(*fulfilment));
            let units = total(before, *fulfilment);
            let (units, at) = match known.and_then(|known| known.collect_at) {
                None => (units.picked + units.packed, place(fulfilment)),
                Some(store) => (units.shipped, found.location(store).to_owned()),
            };
            format!("the customer collected {} at {at}", units_word(units))
        }
        Record::OutcomeRecorded {
            fulfilment,
            outcome,
            lines,
            outcome_at,
            ..
        } => {
            let from = place(fulfilment);
            format!(
                "{} from {from} {} {}",
                units_of(found, lines),
                outcome_word(*outcome),
                moment(*outcome_at)
            )
        }
        _ => record.kind().replace('_', " "),
    }
}

fn sourced(found: &Found, allotments: &[Allotment], backordered: &[LineUnits]) -> String {
    let mut parts: Vec<String> = allotments
        .iter()
        .map(|allotment| allotted(found, allotment))
        .collect();
    if !backordered.is_empty() {
        parts.push(format!("{} wait for stock", units_of(found, backordered)));
    }
    if parts.is_empty() {
        return "sourced nothing".to_owned();
    }
    parts.join("; ")
}

fn asked_to_make(found: &Found, made: &Production) -> String {
    let units = LineUnits {
        line: made.line,
        quantity: made.quantity,
    };
    format!(
        "{} to be made by {} until {}",
        units_of(found, &[units]),
        found.location(made.location),
        made.day
    )
}

fn allotted(found: &Found, allotment: &Allotment) -> String {
    let units = units_of(found, &allotment.lines);
    let Some(location) = allotment.location else {
        return match allotment.method {
            Method::Digital => format!("{units} to be sent electronically"),
            Method::Service => format!("{units} to be done"),
            Method::Ship | Method::Pickup => format!("{units} without a location"),
        };
    };
    let how = match allotment.collect_at {
        Some(store) => format!(
            ", to be sent to {} and collected there",
            found.location(store)
        ),
        None if allotment.method == Method::Pickup => ", to be collected there".to_owned(),
        None => String::new(),
    };
    let ask = match allotment.request {
        RequestStatus::Submitted if allotment.bought => ", a supplier, who is asked for it",
        RequestStatus::Submitted => ", which is asked",
        _ => "",
    };
    format!(
        "{units} allocated at {}{how}{ask}",
        found.location(location)
    )
}

fn released(found: &Found, units: &[FulfilmentUnits]) -> String {
    let lines: Vec<LineUnits> = units
        .iter()
        .map(|units| LineUnits {
            line: units.line,
            quantity: units.total(),
        })
        .collect();
    let mut places: Vec<String> = units
        .iter()
        .map(|units| found.fulfilment(units.fulfilment))
        .collect();
    places.dedup();
    format!("{} from {}", units_of(found, &lines), places.join(", "))
}

fn release_reason(reason: ReleaseReason) -> &'static str {
    match reason {
        ReleaseReason::Cancelled => "they are cancelled",
        ReleaseReason::Amended => "the order was changed",
        ReleaseReason::Rejected => "the location said no",
        ReleaseReason::ShortPick => "the picker did not find them",
        ReleaseReason::Damaged => "they were found damaged",
        ReleaseReason::Quarantined => "they have to be looked at",
        ReleaseReason::StockShort => "a count found less than was promised",
        ReleaseReason::Moved => "somebody has them done elsewhere",
        ReleaseReason::Resourced => "locations are chosen anew",
    }
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "were delivered",
        Outcome::Refused => "were refused by the recipient",
        Outcome::Lost => "were lost",
        Outcome::ReturnedToSender => "were returned to sender",
    }
}

fn paid(found: &Found, before: Option<&Order>, change: &PaymentChange) -> String {
    let amount = money(found.order.placed.currency, change.amount_minor);
    let known = before.and_then(|order| {
        order
            .progress
            .payments
            .iter()
            .find(|known| known.no == change.payment)
    });
    let method = change
        .method
        .as_deref()
        .or(known.map(|known| known.method.as_str()))
        .unwrap_or_default();
    let by = if method.is_empty() {
        String::new()
    } else {
        format!(" by {method}")
    };
    let what = match change.state {
        PaymentState::Pending => format!("expects a payment{by}"),
        PaymentState::Authorized => format!("{amount} authorised{by}"),
        PaymentState::Captured => format!("{amount} captured{by}"),
        PaymentState::Refunded => format!("{amount} given back{by}"),
        PaymentState::Voided => format!("gave up the authorisation{by}"),
        PaymentState::Failed => format!("the payment{by} failed"),
        PaymentState::Expired => format!("the authorisation{by} ran out"),
    };
    format!("{what}{}", because(change.reason.as_deref()))
}

fn announced(found: &Found, registered: &Return) -> String {
    let lines: Vec<LineUnits> = registered
        .lines
        .iter()
        .map(|line| LineUnits {
            line: line.line,
            quantity: line.quantity,
        })
        .collect();
    let reason = registered.lines.first().map(|line| line.reason.as_str());
    format!(
        "{} to come back{}",
        units_of(found, &lines),
        because(reason)
    )
}

fn received(found: &Found, returned: Option<&Return>, lines: &[(u16, i64, Disposition)]) -> String {
    let line_of = |number: u16| {
        let line = returned.and_then(|one| one.lines.iter().find(|line| line.no == number));
        line.map_or(LineNo(0), |line| line.line)
    };
    let mut parts = Vec::new();
    for (disposition, word) in [
        (Disposition::Restock, "came back, fit to sell"),
        (Disposition::Refurbish, "came back, to be repaired"),
        (Disposition::Quarantine, "came back, to be looked at"),
        (Disposition::Scrap, "came back, to be thrown away"),
        (Disposition::Missing, "did not come back"),
    ] {
        let units: Vec<LineUnits> = lines
            .iter()
            .filter(|(_, _, known)| *known == disposition)
            .map(|(number, quantity, _)| LineUnits {
                line: line_of(*number),
                quantity: *quantity,
            })
            .collect();
        if !units.is_empty() {
            parts.push(format!("{} {word}", units_of(found, &units)));
        }
    }
    parts.join("; ")
}
