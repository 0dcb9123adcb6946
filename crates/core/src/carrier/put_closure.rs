//! Closing a service, a carrier or all of them for some days.

use std::sync::Arc;

use jiff::civil::Date;

use super::area::Area;
use super::check::{ZONES_MAX, check_area};
use super::closure::{Closure, ClosureId, ClosureScope, Effect};
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::network::Member;
use crate::network::{Network, number_up_to};
use crate::refusal::Refusal;
use crate::text;

/// Most closures that have not ended.
pub const CLOSURES_MAX: usize = 1_000;
/// Most days of a closure.
pub const CLOSURE_DAYS_MAX: i32 = 366;
/// Most days of a delay.
pub const DELAY_DAYS_MAX: u16 = 90;
/// Most closures ever; past ones are kept.
const EVER_MAX: usize = 65_535;

/// Creates a closure, or replaces the one with the same code; one that had ended begins anew.
#[derive(Debug, Clone)]
pub struct PutClosure {
    /// The merchant's own code.
    pub code: String,
    /// Who is closed.
    pub scope: ClosedFor,
    /// Where; absent: everywhere.
    pub area: Option<Area>,
    /// Codes of the zones that it concerns; none: all. Only of a single service.
    pub zones: Vec<String>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// What is not done.
    pub effect: Effect,
    /// Why.
    pub reason: String,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Who is closed, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClosedFor {
    /// Every service.
    All,
    /// Every service of a carrier, by the carrier's name.
    Carrier(String),
    /// One service, by its code.
    Service(String),
}

/// Creates or replaces a closure. One that is the same already makes no new version of the network.
///
/// # Errors
/// Refuses invalid fields, dates that are reversed, too many or past, unknown services, carriers and zones, a taken code on
/// create, an unknown code on change, and more than [`CLOSURES_MAX`] closures that have not ended.
pub fn put_closure(attempt: &mut Attempt<'_>, command: &PutClosure) -> Result<Answer, Stop> {
    let (network, today) = (attempt.network(), attempt.now().utc_date());
    check(command, today)?;
    let code = command.code.as_str();
    let known = network.closures.iter().position(|one| one.code == code);
    command
        .mode
        .check("carrier closure", code, known.is_some())?;
    if known.is_none_or(|position| is_over(&network.closures[position], today)) {
        check_room(network, today)?;
    }
    let count = network.closures.len();
    let id = ClosureId(number_up_to(EVER_MAX, "carrier closures", known, count)?);
    let closure = closure(network, id, command)?;
    if known.is_none_or(|position| *network.closures[position] != closure) {
        attempt.put_member(Member::Closure(Arc::new(closure)));
    }
    Ok(match known {
        Some(_) => Answer::ok(Resource::Closure(id)),
        None => Answer::created(Resource::Closure(id)),
    })
}

/// The closure, with the service that it names.
fn closure(network: &Network, id: ClosureId, command: &PutClosure) -> Result<Closure, Refusal> {
    let scope = scope(network, &command.scope)?;
    check_zones(network, &scope, &command.zones)?;
    Ok(Closure {
        id,
        code: command.code.clone(),
        scope,
        area: command.area.clone(),
        zones: command.zones.clone(),
        from: command.from,
        to: command.to,
        effect: command.effect,
        reason: command.reason.clone(),
        ended_at: None,
    })
}

fn check(command: &PutClosure, today: Date) -> Result<(), Refusal> {
    text::name("/code", &command.code, text::CODE_MAX)?;
    text::required("/reason", &command.reason, text::REASON_MAX)?;
    if let Some(area) = &command.area {
        check_area("/area", area)?;
    }
    if let Effect::Delay { days } = command.effect
        && !(1..=DELAY_DAYS_MAX).contains(&days)
    {
        let problem = format!("must be 1 to {DELAY_DAYS_MAX}");
        return Err(Refusal::invalid("/delay_days", problem));
    }
    check_dates(command.from, command.to, today)
}

fn check_dates(from: Date, to: Date, today: Date) -> Result<(), Refusal> {
    let days = (to - from).get_days() + 1;
    // In no place of the world it is still earlier than yesterday's date in UTC.
    let yesterday = today.yesterday().unwrap_or(today);
    let problem = if to < from {
        "must not be before the first day; exchange them".to_owned()
    } else if days > CLOSURE_DAYS_MAX {
        format!(
            "a closure lasts at most {CLOSURE_DAYS_MAX} days; make the service inactive instead"
        )
    } else if to < yesterday {
        format!("is over: today is {today}")
    } else {
        return Ok(());
    };
    Err(Refusal::invalid("/to", problem))
}

fn is_over(closure: &Closure, today: Date) -> bool {
    closure.ended_at.is_some() || closure.to < today
}

fn check_room(network: &Network, today: Date) -> Result<(), Refusal> {
    let open = network.closures.iter().filter(|one| !is_over(one, today));
    if open.count() < CLOSURES_MAX {
        return Ok(());
    }
    Err(Refusal::TooMany {
        what: "carrier closures that have not ended",
        limit: CLOSURES_MAX as u64,
    })
}

fn scope(network: &Network, scope: &ClosedFor) -> Result<ClosureScope, Refusal> {
    match scope {
        ClosedFor::All => Ok(ClosureScope::All),
        ClosedFor::Carrier(carrier) => {
            if network.services.iter().any(|one| one.carrier == *carrier) {
                return Ok(ClosureScope::Carrier(carrier.clone()));
            }
            Err(Refusal::unknown("/carrier", "carrier", carrier))
        }
        ClosedFor::Service(code) => match network.service_by_code(code) {
            Some(service) => Ok(ClosureScope::Service(service.id)),
            None => Err(Refusal::unknown("/service", "carrier service", code)),
        },
    }
}

fn check_zones(network: &Network, scope: &ClosureScope, zones: &[String]) -> Result<(), Refusal> {
    if zones.is_empty() {
        return Ok(());
    }
    let ClosureScope::Service(id) = scope else {
        let problem = "zones are those of one service; name it, or leave the zones away";
        return Err(Refusal::invalid("/zones", problem));
    };
    if zones.len() > ZONES_MAX {
        let problem = format!("may hold at most {ZONES_MAX}");
        return Err(Refusal::invalid("/zones", problem));
    }
    let service = network.service(*id);
    let is_unknown = |code: &String| service.is_none_or(|one| one.zone_by_code(code).is_none());
    match zones.iter().position(is_unknown) {
        Some(at) => Err(Refusal::unknown(
            format!("/zones/{at}"),
            "zone",
            zones[at].as_str(),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::service;
    use super::super::{EndClosure, PutService, read_area};
    use super::*;
    use crate::Command;
    use crate::fixture::Settings;

    fn settings() -> Settings {
        let mut settings = Settings::default();
        let put = PutService {
            service: service("to DE: 1\nto US: 2"),
            pickup_calendar: None,
            delivery_calendar: None,
            mode: PutMode::Create,
        };
        settings.put(Command::PutService(Box::new(put))).unwrap();
        settings
    }

    fn strike() -> PutClosure {
        PutClosure {
            code: "strike".to_owned(),
            scope: ClosedFor::Carrier("Carrier".to_owned()),
            area: Some(read_area("DE 80-81")),
            zones: Vec::new(),
            from: "2026-02-02".parse().unwrap(),
            to: "2026-02-03".parse().unwrap(),
            effect: Effect::NoPickup,
            reason: "strike".to_owned(),
            mode: PutMode::Ensure,
        }
    }

    fn put(settings: &mut Settings, closure: PutClosure) -> Result<Answer, Refusal> {
        settings.put(Command::PutClosure(Box::new(closure)))
    }

    #[test]
    fn a_closure_is_made_changed_ended_and_begun_anew() {
        let mut settings = settings();
        let id = ClosureId(0);
        let created = put(&mut settings, strike()).unwrap();
        assert_eq!(created, Answer::created(Resource::Closure(id)));
        let version = settings.network().version;
        put(&mut settings, strike()).unwrap();
        assert_eq!(settings.network().version, version);
        let longer = PutClosure {
            to: "2026-02-05".parse().unwrap(),
            ..strike()
        };
        put(&mut settings, longer.clone()).unwrap();
        assert_eq!(settings.network().version, version + 1);
        let end = || {
            Command::EndClosure(EndClosure {
                code: "strike".to_owned(),
            })
        };
        assert_eq!(settings.put(end()), Ok(Answer::ok(Resource::Closure(id))));
        let ended = settings.network().closures[0].clone();
        assert!(ended.ended_at.is_some());
        settings.put(end()).unwrap();
        assert_eq!(settings.network().closures[0], ended);
        put(&mut settings, longer).unwrap();
        assert_eq!(settings.network().closures[0].ended_at, None);
        let unknown = settings.put(Command::EndClosure(EndClosure {
            code: "storm".to_owned(),
        }));
        assert_eq!(unknown.unwrap_err().code(), "not_found");
    }

    #[test]
    fn impossible_closures_are_refused_with_their_field() {
        let mut settings = settings();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let scope = |scope| PutClosure { scope, ..strike() };
        let zones = |scope: &ClosedFor, zones: &[&str]| PutClosure {
            scope: scope.clone(),
            zones: zones.iter().map(|code| (*code).to_owned()).collect(),
            ..strike()
        };
        let dates = |from, to| PutClosure {
            from: day(from),
            to: day(to),
            ..strike()
        };
        let this = ClosedFor::Service("S".to_owned());
        let delay = |days| PutClosure {
            effect: Effect::Delay { days },
            ..strike()
        };
        for (closure, field, said) in [
            (
                dates("2026-02-02", "2026-02-01"),
                "/to",
                "not be before the first day",
            ),
            (dates("2026-02-02", "2027-02-03"), "/to", "at most 366 days"),
            (
                dates("2026-01-01", "2026-01-03"),
                "/to",
                "today is 2026-01-05",
            ),
            (delay(0), "/delay_days", "1 to 90"),
            (delay(91), "/delay_days", "1 to 90"),
            (
                scope(ClosedFor::Service("T".to_owned())),
                "/service",
                "unknown carrier service",
            ),
            (
                scope(ClosedFor::Carrier("T".to_owned())),
                "/carrier",
                "unknown carrier",
            ),
            (zones(&this, &["1", "3"]), "/zones/1", "unknown zone"),
            (zones(&ClosedFor::All, &["1"]), "/zones", "one service"),
            (
                PutClosure {
                    reason: " ".to_owned(),
                    ..strike()
                },
                "/reason",
                "must not be empty",
            ),
            (
                PutClosure {
                    area: Some(read_area("DE 8-70")),
                    ..strike()
                },
                "/area/postal/0/last",
                "as long as",
            ),
            (
                PutClosure {
                    area: Some(read_area("EU")),
                    ..strike()
                },
                "/area/country",
                "ISO 3166-1",
            ),
        ] {
            let refusal = put(&mut settings, closure).unwrap_err();
            assert_eq!(refusal.field(), Some(field), "{refusal}");
            assert!(refusal.to_string().contains(said), "{refusal}");
        }
        assert_eq!(settings.network().closures.len(), 0);
        for possible in [
            zones(&this, &["1", "2"]),
            dates("2026-01-01", "2027-01-01"),
            dates("2026-01-04", "2026-01-04"),
            delay(90),
        ] {
            assert!(put(&mut settings, possible).is_ok());
        }
    }

    #[test]
    fn a_thousand_closures_may_be_open_at_a_time() {
        let mut settings = settings();
        let numbered = |number: usize| PutClosure {
            code: format!("C{number}"),
            ..strike()
        };
        for number in 0..CLOSURES_MAX {
            put(&mut settings, numbered(number)).unwrap();
        }
        let full = put(&mut settings, numbered(CLOSURES_MAX)).unwrap_err();
        assert_eq!(full.code(), "limit_reached");
        assert!(put(&mut settings, numbered(7)).is_ok());
        let code = "C7".to_owned();
        settings
            .put(Command::EndClosure(EndClosure { code }))
            .unwrap();
        assert!(put(&mut settings, numbered(CLOSURES_MAX)).is_ok());
        let again = put(&mut settings, numbered(7)).unwrap_err();
        assert_eq!(again.code(), "limit_reached");
    }
}
