//! Writing a carrier service; one that is impossible is refused.

use std::sync::Arc;

use super::check::check_service;
use super::service::{Service, ServiceId};
use super::zoning::Zoning;
use crate::command::PutMode;
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::network::{CalendarId, Member, Network, number_up_to};
use crate::refusal::Refusal;

/// Most services.
pub const SERVICES_MAX: usize = 200;

/// Creates a service, or replaces the one with the same code.
#[derive(Debug, Clone)]
pub struct PutService {
    /// All fields; the id and the calendars are given by the decision.
    pub service: Service,
    /// Code of the calendar of its pickups.
    pub pickup_calendar: Option<String>,
    /// Code of the calendar of its deliveries.
    pub delivery_calendar: Option<String>,
    /// Refuse if the code is taken (create) or unknown (change).
    pub mode: PutMode,
}

/// Creates or replaces a service. One that is the same already makes no new version of the network.
///
/// # Errors
/// Refuses invalid fields, unknown calendars, a taken code on create, an unknown code on change, and more than
/// [`SERVICES_MAX`] services.
pub fn put_service(attempt: &mut Attempt<'_>, command: &PutService) -> Result<Answer, Stop> {
    check_service(&command.service)?;
    let network = attempt.network();
    check_groups(network, &command.service.zoning)?;
    let code = command.service.code.as_str();
    let known = network.services.iter().position(|one| one.code == code);
    command
        .mode
        .check("carrier service", code, known.is_some())?;
    let count = network.services.len();
    let id = ServiceId(number_up_to(
        SERVICES_MAX,
        "carrier services",
        known,
        count,
    )?);
    let pickup = command.pickup_calendar.as_deref();
    let delivery = command.delivery_calendar.as_deref();
    let service = Service {
        id,
        pickup_calendar: calendar(network, "/pickup_calendar", pickup)?,
        delivery_calendar: calendar(network, "/delivery_calendar", delivery)?,
        ..command.service.clone()
    };
    if known.is_none_or(|position| *network.services[position] != service) {
        attempt.put_member(Member::Service(Arc::new(service)));
    }
    Ok(match known {
        Some(_) => Answer::ok(Resource::Service(id)),
        None => Answer::created(Resource::Service(id)),
    })
}

/// Groups of locations that rules begin with must be there.
fn check_groups(network: &Network, zoning: &Zoning) -> Result<(), Refusal> {
    let Zoning::Areas(rules) = zoning else {
        return Ok(());
    };
    for (position, rule) in rules.iter().enumerate() {
        if let Some(code) = &rule.from.group
            && network.group_by_code(code).is_none()
        {
            let field = format!("/zoning/areas/{position}/from/group");
            return Err(Refusal::unknown(field, "location group", code));
        }
    }
    Ok(())
}

fn calendar(
    network: &Network,
    field: &str,
    code: Option<&str>,
) -> Result<Option<CalendarId>, Refusal> {
    let Some(code) = code else { return Ok(None) };
    match network.calendar_by_code(code) {
        Some(calendar) => Ok(Some(calendar.id)),
        None => Err(Refusal::unknown(field, "calendar", code)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::service;
    use super::*;
    use crate::Command;
    use crate::fixture::Settings;
    use crate::network::calendar::calendar;
    use crate::network::{PutCalendar, PutLocationGroup};

    fn put(service: Service, delivery_calendar: Option<&str>) -> Command {
        Command::PutService(Box::new(PutService {
            service,
            pickup_calendar: None,
            delivery_calendar: delivery_calendar.map(str::to_owned),
            mode: PutMode::Ensure,
        }))
    }

    #[test]
    fn a_service_is_made_once_and_changed_by_its_code() {
        let mut settings = Settings::default();
        let ground = service("to DE: 1");
        let created = settings.put(put(ground.clone(), None)).unwrap();
        assert_eq!(created, Answer::created(Resource::Service(ServiceId(0))));
        let version = settings.network().version;
        settings.put(put(ground.clone(), None)).unwrap();
        assert_eq!(settings.network().version, version);
        let dearer = Service {
            surcharge_bp: 100,
            ..ground.clone()
        };
        let changed = settings.put(put(dearer, None)).unwrap();
        assert_eq!(changed, Answer::ok(Resource::Service(ServiceId(0))));
        let other = Service {
            code: "T".to_owned(),
            ..ground
        };
        settings.put(put(other, None)).unwrap();
        let network = settings.network();
        assert_eq!(network.service_by_code("S").unwrap().surcharge_bp, 100);
        assert_eq!(network.service_by_code("T").unwrap().id, ServiceId(1));
        assert_eq!(network.version, version + 2);
    }

    #[test]
    fn calendars_are_known_by_their_codes() {
        let mut settings = Settings::default();
        let refused = settings.put(put(service("to DE: 1"), Some("C")));
        assert_eq!(refused.unwrap_err().field(), Some("/delivery_calendar"));
        let calendar = PutCalendar {
            calendar: calendar("mon-sat 08:00-20:00"),
            mode: PutMode::Create,
        };
        settings.put(Command::PutCalendar(calendar)).unwrap();
        settings.put(put(service("to DE: 1"), Some("C"))).unwrap();
        let kept = settings.network().service(ServiceId(0)).unwrap();
        assert_eq!(
            (kept.pickup_calendar, kept.delivery_calendar),
            (None, Some(CalendarId(0)))
        );
    }

    #[test]
    fn groups_of_locations_are_known_by_their_codes() {
        let mut settings = Settings::default();
        let from_group = || put(service("to DE: 1\nin EAST to CA: 2"), None);
        let refused = settings.put(from_group()).unwrap_err();
        assert_eq!(refused.field(), Some("/zoning/areas/1/from/group"));
        let group = PutLocationGroup {
            code: "EAST".to_owned(),
            name: "East".to_owned(),
            locations: Vec::new(),
            mode: PutMode::Create,
        };
        settings.put(Command::PutLocationGroup(group)).unwrap();
        assert!(settings.put(from_group()).is_ok());
    }

    #[test]
    fn there_are_at_most_two_hundred_services() {
        let mut settings = Settings::default();
        let numbered = |number: usize| Service {
            code: format!("S{number}"),
            ..service("to DE: 1")
        };
        for number in 0..SERVICES_MAX {
            settings.put(put(numbered(number), None)).unwrap();
        }
        let refused = settings.put(put(numbered(SERVICES_MAX), None)).unwrap_err();
        assert_eq!(refused.code(), "limit_reached");
        assert!(settings.put(put(numbered(7), None)).is_ok());
    }
}
