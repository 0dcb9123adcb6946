//! Calendars.

use serde_json::{Value, json};
use throughline::http::auth::Role;

use super::support::Server;

fn office() -> Value {
    let day = json!([{"from": "08:00", "to": "12:00"}, {"from": "13:00", "to": "17:30"}]);
    json!({
        "code": "office", "name": "Office",
        "hours": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": [{"from": "20:00", "to": "24:00"}]},
        "holidays": {"country": "DE", "subdivision": "BY"},
        "exceptions": [
            {"date": "2027-12-24", "note": "half a day", "hours": [{"from": "08:00", "to": "12:00"}]},
            {"date": "2026-12-31"}
        ]
    })
}

#[test]
fn calendars_are_created_changed_and_listed() {
    let server = Server::start();
    let client = server.owner();
    let created = client.post("/v1/calendars", office()).expect(201);
    assert_eq!(created.header("location"), Some("/v1/calendars/office"));
    let body = &created.body;
    assert_eq!(
        body["hours"]["saturday"],
        json!([{"from": "20:00", "to": "24:00"}])
    );
    assert_eq!(body["hours"]["sunday"], json!([]));
    assert_eq!(body["exceptions"][0]["date"], "2026-12-31");
    assert_eq!(body["exceptions"][1]["note"], "half a day");
    assert_eq!(body["holidays_known_until"], "2028-12-31");
    assert_eq!(client.get("/v1/calendars/office").expect(200).body, *body);
    client
        .post("/v1/calendars", office())
        .expect_problem(409, "already_exists");
    let around_the_clock = json!([{"from": "00:00", "to": "24:00"}]);
    let robots = json!({"name": "Robots", "hours": {"sunday": around_the_clock}});
    let other = client
        .put("/v1/calendars/robots", robots.clone())
        .expect(201);
    assert_eq!(other.body["holidays_known_until"], Value::Null);
    assert_eq!(other.body["next_closed"], json!([]));
    client.put("/v1/calendars/robots", robots).expect(200);
    let mut shorter = office();
    shorter["exceptions"] = json!([]);
    let changed = client.put("/v1/calendars/office", shorter).expect(200);
    assert_eq!(changed.body["exceptions"], json!([]));
    let listed = client.get("/v1/calendars?limit=1").expect(200);
    assert_eq!(listed.body["data"], json!([changed.body]));
    assert_eq!(listed.body["has_more"], true);
    client
        .get("/v1/calendars/nobody")
        .expect_problem(404, "not_found");
}

#[test]
fn what_is_closed_next_is_told_by_name() {
    let server = Server::start();
    let client = server.owner();
    let created = client.post("/v1/calendars", office()).expect(201);
    let closed = created.body["next_closed"].as_array().unwrap();
    assert_eq!(closed.len(), 10);
    let holidays = closed.iter().filter(|one| one["reason"] == "holiday");
    assert!(holidays.count() > 5, "{closed:?}");
    let dates: Vec<&str> = closed
        .iter()
        .map(|one| one["date"].as_str().unwrap())
        .collect();
    assert!(dates.is_sorted());
}

#[test]
fn impossible_calendars_name_their_field() {
    let server = Server::start();
    let client = server.owner();
    let with = |pointer: &str, value: Value| {
        let mut body = office();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[field] = value;
        body
    };
    let span = |from: &str, to: &str| json!([{"from": from, "to": to}]);
    for (body, field) in [
        (json!({"code": "C", "name": "C"}), "/hours"),
        (
            with("/hours/monday", span("8 o'clock", "12:00")),
            "/hours/monday/0/from",
        ),
        (
            with("/hours/monday", span("08:00", "24:30")),
            "/hours/monday/0/to",
        ),
        (
            with("/hours/monday", span("12:00", "08:00")),
            "/hours/monday/0",
        ),
        (
            with("/hours/someday", span("08:00", "12:00")),
            "/hours/someday",
        ),
        (with("/holidays/country", json!("AT")), "/holidays/country"),
        (
            with("/holidays/subdivision", json!("HE")),
            "/holidays/subdivision",
        ),
        (
            with("/exceptions/0/date", json!("2026-12-31")),
            "/exceptions/1/date",
        ),
        (
            with("/exceptions/0/date", json!("31.12.2026")),
            "/exceptions/0/date",
        ),
        (
            with("/exceptions/0/hours", span("12:00", "12:00")),
            "/exceptions/0/hours/0",
        ),
        (with("/name", json!("")), "/name"),
    ] {
        let refused = client
            .post("/v1/calendars", body)
            .expect_problem(422, "invalid_field");
        assert_eq!(refused.body["field"], field, "{}", refused.text);
    }
    assert_eq!(
        client.get("/v1/calendars").expect(200).body["data"],
        json!([])
    );
}

#[test]
fn calendars_are_set_up_by_operations_and_read_by_warehouses() {
    let server = Server::start();
    server
        .client(Role::Operations, &[])
        .post("/v1/calendars", office())
        .expect(201);
    let warehouse = server.client(Role::Warehouse, &["LEEDS"]);
    warehouse.get("/v1/calendars/office").expect(200);
    warehouse
        .put("/v1/calendars/office", office())
        .expect_problem(403, "forbidden");
}
