//! Reports over HTTP.

use serde_json::{Value, json};
use throughline_core::command::Actor;
use throughline_core::decision::Decision;
use throughline_core::network::{ChannelId, LocationId};
use throughline_core::promise::{Against, Month, Scored};
use throughline_core::time::Millis;
use throughline_store::{Batch, Store};

use super::support::{Server, furnish};

/// Commits promises of January and February 2026: location, month, days late.
fn score(store: &Store, scores: &[(u16, &str, u16)]) {
    let now = Millis(1_767_600_000_000);
    let scored = |(location, month, late_days): &(u16, &str, u16)| Scored {
        location: LocationId(*location),
        service: "dhl parcel".to_owned(),
        channel: ChannelId(0),
        month: month.parse::<Month>().unwrap(),
        late_days: *late_days,
        against: Against::Last,
    };
    let decision = Decision {
        scores: scores.iter().map(scored).collect(),
        ..Decision::default()
    };
    let mut writer = store.writer("test", now).unwrap();
    writer.begin().unwrap();
    let batch = Batch {
        decisions: &[(Actor::System, decision)],
        network_version: 0,
        items: &[],
        now,
    };
    writer.commit(&batch).unwrap();
}

#[test]
fn kept_and_late_promises_are_told_by_month_and_place() {
    let server = Server::start_with(|store| {
        let january = [(0, "2026-01", 0), (0, "2026-01", 0), (0, "2026-01", 4)];
        score(store, &january);
        score(
            store,
            &[(0, "2026-01", 0), (1, "2026-02", 40), (1, "2026-02", 0)],
        );
    });
    let client = server.owner();
    furnish(&client);
    let report = client
        .get("/v1/reports/promises?from=2026-01&to=2026-02")
        .expect(200);
    let leeds = json!({
        "month": "2026-01", "location": "LEEDS", "service": "dhl parcel", "channel": "web",
        "promised": 4, "kept": 3, "kept_basis_points": 7500, "late": [{"days": 4, "promises": 1}]
    });
    let paris = json!({
        "month": "2026-02", "location": "PARIS", "service": "dhl parcel", "channel": "web",
        "promised": 2, "kept": 1, "kept_basis_points": 5000, "late": [{"days": 31, "promises": 1}]
    });
    assert_eq!(report.body["data"], json!([leeds, paris]));
    for (query, found) in [
        ("from=2026-01&to=2026-01", 1),
        ("from=2026-01&to=2026-02&location=PARIS", 1),
        ("from=2026-01&to=2026-02&service=ups", 0),
        ("from=2026-01&to=2026-02&channel=web&limit=1", 1),
        ("from=2025-01&to=2025-12", 0),
        ("from=2026-01&to=2026-02&against=last", 2),
        ("from=2026-01&to=2026-02&against=first", 0),
    ] {
        let report = client
            .get(&format!("/v1/reports/promises?{query}"))
            .expect(200);
        let rows = report.body["data"].as_array().map(Vec::len);
        assert_eq!(rows, Some(found), "{query}");
    }
    let page = client
        .get("/v1/reports/promises?from=2026-01&to=2026-02&limit=1")
        .expect(200);
    let cursor = page.text_at("/next_cursor");
    let next = format!("/v1/reports/promises?from=2026-01&to=2026-02&cursor={cursor}");
    let next = client.get(&next).expect(200);
    assert_eq!(next.body["data"][0]["location"], "PARIS");
    assert_eq!(next.body["has_more"], Value::Bool(false));
}

#[test]
fn impossible_months_are_refused_with_their_field() {
    let server = Server::start();
    let client = server.owner();
    client.get("/v1/reports/promises").expect(200);
    for (query, field) in [
        ("from=yesterday", "from"),
        ("to=2026-13", "to"),
        ("from=2026-02&to=2026-01", "from"),
        ("from=2024-01&to=2026-01", "from"),
    ] {
        let refused = client.get(&format!("/v1/reports/promises?{query}"));
        assert_eq!(refused.status, 400, "{query}: {}", refused.text);
        assert_eq!(refused.body["field"], field, "{query}: {}", refused.text);
    }
}
