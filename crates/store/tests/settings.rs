//! Settings of the network that orders of these tests do not need: calendars, carrier services, closures.

use std::sync::Arc;

use throughline_core::carrier::{
    ClosedFor, Closure, Effect, EndClosure, PutClosure, PutService, Service,
};
use throughline_core::command::{Command, PutMode};
use throughline_core::network::{Calendar, Network, PutCalendar};
use throughline_store::views;

use crate::support::{Shop, on_every_engine};

const CALENDAR: &str = r#"{"id": 0, "code": "deliveries", "name": "Deliveries",
    "hours": [[{"from_minute": 480, "to_minute": 1440}], [], [], [], [], [], []],
    "holidays": {"country": "DE", "subdivision": "BY"},
    "exceptions": [{"date": "2026-12-24", "hours": [{"from_minute": 480, "to_minute": 720}], "note": "half a day"}, {"date": "2026-12-31"}]}"#;
const SERVICE: &str = r#"{"id": 0, "code": "ground", "name": "Ground", "carrier": "Royal", "currency": "EUR",
    "zoning": {"areas": [{"from": {"country": "DE"}, "to": {"country": "DE", "postal": [{"first": "80", "last": "81"}]}, "zone": "1"}]},
    "zones": [{"code": "1", "tariff": {"brackets": [{"up_to_g": 1000, "price_minor": 300}], "parcel_max_g": 1000}, "transit_days": 1}],
    "surcharge_bp": 1250, "dimensional_divisor": 5000}"#;

fn write(shop: &mut Shop) {
    let calendar: Calendar = serde_json::from_str(CALENDAR).unwrap();
    let service: Service = serde_json::from_str(SERVICE).unwrap();
    let mode = PutMode::Create;
    shop.run(Command::PutCalendar(PutCalendar { calendar, mode }))
        .unwrap();
    let service = PutService {
        service,
        pickup_calendar: None,
        delivery_calendar: Some("deliveries".to_owned()),
        mode,
    };
    shop.run(Command::PutService(Box::new(service))).unwrap();
    for code in ["storm", "strike"] {
        let closure = PutClosure {
            code: code.to_owned(),
            scope: ClosedFor::Service("ground".to_owned()),
            area: None,
            zones: vec!["1".to_owned()],
            from: "2026-02-02".parse().unwrap(),
            to: "2026-12-24".parse().unwrap(),
            effect: Effect::Delay { days: 2 },
            reason: code.to_owned(),
            mode,
        };
        shop.run(Command::PutClosure(Box::new(closure))).unwrap();
    }
    let code = "storm".to_owned();
    shop.run(Command::EndClosure(EndClosure { code })).unwrap();
}

fn network(shop: &Shop) -> Arc<Network> {
    shop.store.read(views::network::current).unwrap()
}

#[test]
fn calendars_services_and_closures_are_read_as_they_were_written() {
    on_every_engine(|_, database| {
        let mut shop = Shop::furnished(database.open(), 1);
        write(&mut shop);
        let network = network(&shop);
        let expected: Calendar = serde_json::from_str(CALENDAR).unwrap();
        assert_eq!(*network.calendars[0], expected);
        let expected = Service {
            delivery_calendar: Some(expected.id),
            ..serde_json::from_str(SERVICE).unwrap()
        };
        assert_eq!(*network.services[0], expected);
        let ended: Vec<(&str, bool)> = network
            .closures
            .iter()
            .map(|closure| (closure.code.as_str(), closure.ended_at.is_some()))
            .collect();
        assert_eq!(ended, [("storm", true), ("strike", false)]);
        let strike: &Closure = &network.closures[1];
        assert_eq!(strike.effect, Effect::Delay { days: 2 });
        assert!(strike.concerns(&network.services[0]));
        assert_eq!(shop.violations(), Vec::<String>::new());
    });
}
