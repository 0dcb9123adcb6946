//! A scorer outside: asked over HTTP by a job, answered at once, later, twice, wrongly, or not at all.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use throughline::http::auth::Role;
use throughline::signing;
use throughline::wiring::clock;
use throughline_core::order::screening::Secret;

use super::support::{Answer, Client, Server, furnish, order};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What a scorer is asked: headers in lower case, and the body.
#[derive(Debug, Clone)]
struct Asked {
    headers: Vec<(String, String)>,
    body: String,
}

impl Asked {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// A scorer that gives one answer after the other, and the last one again and again.
struct Scorer {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Scorer {
    /// An answer is a status and a body; the status 0 answers nothing.
    fn start(answers: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/score?v=1", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let known = Arc::clone(&asked);
        let answers: Vec<(u16, String)> = answers
            .iter()
            .map(|(status, body)| (*status, (*body).to_owned()))
            .collect();
        std::thread::spawn(move || {
            // Connections that are never answered stay open.
            let mut silent = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(question) = read(&stream) else {
                    continue;
                };
                let mut known = known.lock().unwrap();
                let (status, body) = &answers[known.len().min(answers.len() - 1)];
                known.push(question);
                drop(known);
                if *status == 0 {
                    silent.push(stream);
                    continue;
                }
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                stream
                    .write_all(format!("{head}{body}").as_bytes())
                    .unwrap();
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    assert_eq!(line.trim_end(), "POST /score?v=1 HTTP/1.1");
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut asked = Asked {
        headers,
        body: String::new(),
    };
    let mut body = vec![0; asked.header("content-length").parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    asked.body = String::from_utf8(body).unwrap();
    Some(asked)
}

/// Rules that ask the scorer, with what is special about them.
fn rules(scorer: &Scorer, more: Value) -> Value {
    let mut rules =
        json!({"url": scorer.url, "secret": SECRET, "hold_at": 50, "timeout_ms": 2_000});
    for (field, value) in more.as_object().unwrap() {
        rules[field] = value.clone();
    }
    json!({"channels": ["web"], "scorer": rules})
}

fn put(client: &Client, rules: Value) -> Answer {
    client.put("/v1/screening-rules/standard", rules)
}

fn placed(client: &Client) -> Value {
    let mut body = order(&[("A", 2)]);
    body["ship_to"]["postal_code"] = json!("LS1 4AP");
    let order = client.post("/v1/orders", body).expect(201);
    assert_eq!(order.body["status"], "on_hold");
    assert_eq!(order.body["holds"][0]["found"]["check"], "scorer");
    order.body
}

/// The order once its first hold is as asked for.
fn once(client: &Client, order: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    for _ in 0..600 {
        let order = client.get(&path).expect(200).body;
        if is_so(&order["holds"][0]) {
            return order;
        }
        std::thread::park_timeout(Duration::from_millis(25));
    }
    panic!("it did not come: {}", client.get(&path).text);
}

fn is_answered(hold: &Value) -> bool {
    hold["scoring"]["state"] == "answered"
}

#[test]
fn a_low_score_lets_the_order_go_and_the_question_is_signed_and_names_nobody() {
    Server::on_each_engine(|server| {
        let client = server.owner();
        furnish(&client);
        let scorer = Scorer::start(&[(
            200,
            r#"{"score": 12, "reasons": ["known device"], "reference": "r-1", "more": 1}"#,
        )]);
        put(&client, rules(&scorer, json!({}))).expect(201);
        let order = placed(&client);
        let order = once(&client, &order, is_answered);
        assert_eq!(order["status"], "open");
        assert_eq!(order["fulfilments"].as_array().unwrap().len(), 1);
        let hold = &order["holds"][0];
        assert_eq!(hold["active"], false);
        assert_eq!(hold["reason"], "the fraud scorer says 12: known device");
        assert_eq!(hold["scoring"]["score"], 12);
        assert_eq!(hold["scoring"]["reference"], "r-1");
        let id = order["id"].as_str().unwrap();
        let journal = client
            .get(&format!("/v1/orders/{id}/journal"))
            .expect(200)
            .body;
        let entries = journal["data"].as_array().unwrap();
        let scored = entries
            .iter()
            .find(|entry| entry["kind"] == "fraud_scored")
            .unwrap();
        assert_eq!(scored["actor"], "system");
        assert_eq!(scored["body"]["score"]["reasons"], json!(["known device"]));
        assert_eq!(scored["body"]["hold"], hold["id"]);

        let asked = scorer.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        let message = format!("score_{}", hold["id"].as_str().unwrap());
        assert_eq!(asked[0].header("webhook-id"), message);
        assert_eq!(asked[0].header("idempotency-key"), message);
        let sent_s = asked[0].header("webhook-timestamp").parse().unwrap();
        let signature = signing::sign(
            &Secret::new(SECRET),
            &message,
            sent_s,
            asked[0].body.as_bytes(),
        );
        assert_eq!(asked[0].header("webhook-signature"), signature);
        let body: Value = serde_json::from_str(&asked[0].body).unwrap();
        assert_eq!(body["type"], "order.score_requested");
        let fields: Vec<&String> = body["data"].as_object().unwrap().keys().collect();
        let documented = include_str!("../../../../docs/checks.md");
        for field in fields {
            assert!(documented.contains(&format!("`{field}`")), "{field}");
        }
        assert_eq!(body["data"]["order_id"], order["id"]);
        assert_eq!(body["data"]["total_minor"], 1_000);
        assert_eq!(body["data"]["lines"][0]["sku"], "A");
        assert_eq!(body["data"]["ship_to"]["country"], "GB");
        for personal in ["Customer", "example.com", "1 Street", "4AP", "Leeds"] {
            assert!(
                !asked[0].body.contains(personal),
                "{personal}: {}",
                asked[0].body
            );
        }
    });
}

#[test]
fn a_high_score_leaves_the_order_held() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let scorer = Scorer::start(&[(200, r#"{"score": 50, "reasons": ["new card", "far away"]}"#)]);
    put(&client, rules(&scorer, json!({}))).expect(201);
    let order = once(&client, &placed(&client), is_answered);
    assert_eq!(order["status"], "on_hold");
    assert_eq!(order["holds"][0]["active"], true);
    assert_eq!(
        order["holds"][0]["reason"],
        "the fraud scorer says 50: new card; far away"
    );
    assert_eq!(order["holds"][0]["found"]["score"], 50);
    let (id, hold) = (
        order["id"].as_str().unwrap(),
        order["holds"][0]["id"].as_str().unwrap(),
    );
    let path = format!("/v1/orders/{id}/holds/{hold}/release");
    let released = client.post(&path, json!({})).expect(200);
    assert_eq!(released.body["status"], "open");
}

#[test]
fn a_scorer_that_is_slow_is_waited_for_until_the_deadline() {
    for (unanswered, status, active) in [("hold", "on_hold", true), ("release", "open", false)] {
        let server = Server::start();
        let client = server.owner();
        furnish(&client);
        let scorer = Scorer::start(&[(0, "")]);
        let more = json!({"timeout_ms": 300, "deadline_seconds": 2, "unanswered": unanswered});
        put(&client, rules(&scorer, more)).expect(201);
        let order = once(&client, &placed(&client), |hold| {
            hold["scoring"]["state"] == "unanswered"
        });
        assert_eq!(order["status"], status);
        assert_eq!(order["holds"][0]["active"], active);
        assert_eq!(
            order["holds"][0]["reason"],
            "the fraud scorer did not answer in time"
        );
        assert!(!scorer.asked().is_empty());
    }
}

#[test]
fn mistakes_of_the_scorer_are_asked_again_under_the_same_id() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let scorer = Scorer::start(&[
        (500, "{}"),
        (200, "<html>"),
        (200, r#"{"score": 1, "reasons": [""]}"#),
        (200, r#"{"score": 1}"#),
    ]);
    put(&client, rules(&scorer, json!({}))).expect(201);
    let order = once(&client, &placed(&client), is_answered);
    assert_eq!(order["status"], "open");
    let asked = scorer.asked();
    assert_eq!(asked.len(), 4);
    assert!(
        asked
            .iter()
            .all(|one| one.header("webhook-id") == asked[0].header("webhook-id"))
    );
    assert!(asked.iter().all(|one| one.body == asked[0].body));
}

/// Posts an answer as a scorer does, signed under a secret, so many seconds ago.
fn answer(server: &Server, hold: &str, body: &Value, (secret, age_s): (&str, i64)) -> Answer {
    let sent_s = clock::now().0 / 1_000 - age_s;
    let text = body.to_string();
    let signature = signing::sign(&Secret::new(secret), "answer-1", sent_s, text.as_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", "answer-1"),
        ("webhook-timestamp", &sent_s.to_string()),
        ("webhook-signature", &signature),
    ];
    server.stranger().send(
        "POST",
        &format!("/scores/{hold}"),
        &headers,
        text.as_bytes(),
    )
}

#[test]
fn an_answer_may_come_later_signed_and_twice() {
    Server::on_each_engine(|server| {
        let client = server.owner();
        furnish(&client);
        let scorer = Scorer::start(&[(202, "")]);
        put(&client, rules(&scorer, json!({}))).expect(201);
        let order = placed(&client);
        let hold = order["holds"][0]["id"].as_str().unwrap();
        // Whoever said that it answers later is not asked again.
        while scorer.asked().is_empty() {
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let body = json!({"score": 7, "reference": "late"});
        let good = (SECRET, 0);
        let other = format!("whsec_{}", "A".repeat(32));
        let unsigned = server
            .stranger()
            .post(&format!("/scores/{hold}"), body.clone());
        unsigned.expect_problem(401, "bad_signature");
        for refused in [
            answer(server, hold, &body, (&other, 0)),
            answer(server, hold, &body, (SECRET, 400)),
            answer(server, "x", &body, good),
            answer(server, "01912d68-783e-7a03-8467-000000000401", &body, good),
            answer(server, order["id"].as_str().unwrap(), &body, good),
        ] {
            refused.expect_problem(401, "bad_signature");
        }
        let wrong = answer(server, hold, &json!({"score": 2_000_000}), good);
        assert_eq!(
            wrong.expect_problem(422, "invalid_field").body["field"],
            "/score"
        );
        answer(server, hold, &json!({"score": "high"}), good).expect(422);
        let taken = answer(server, hold, &body, good).expect(200);
        assert_eq!(taken.body, json!({"hold_id": hold, "active": false}));
        let read = once(&client, &order, is_answered);
        assert_eq!(read["status"], "open");
        let version = read["version"].clone();
        answer(server, hold, &body, good).expect(200);
        assert_eq!(once(&client, &order, is_answered)["version"], version);
        let clash = answer(server, hold, &json!({"score": 99}), good);
        clash.expect_problem(409, "illegal_transition");
        assert_eq!(scorer.asked().len(), 1);
    });
}

#[test]
fn the_secret_is_never_shown_and_kept_where_it_is_not_given_again() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let scorer = Scorer::start(&[(200, r#"{"score": 1}"#)]);
    let made = put(
        &client,
        rules(&scorer, json!({"when": "total_minor > 500"})),
    )
    .expect(201);
    assert_eq!(made.body["scorer"]["has_secret"], true);
    assert!(!made.text.contains("whsec_"), "{}", made.text);
    let mut again = rules(&scorer, json!({"when": "total_minor > 500"}));
    again["scorer"].as_object_mut().unwrap().remove("secret");
    assert_eq!(put(&client, again).expect(200).body["version"], 1);
    for path in ["/v1/screening-rules", "/v1/screening-rules/standard"] {
        let read = client.get(path).expect(200);
        assert!(!read.text.contains("whsec_"), "{}", read.text);
    }
    client.post("/v1/orders", order(&[("A", 1)])).expect(201);
    let order = once(&client, &placed(&client), is_answered);
    let sent = &scorer.asked()[0];
    let sent_s = sent.header("webhook-timestamp").parse().unwrap();
    let signature = signing::sign(
        &Secret::new(SECRET),
        sent.header("webhook-id"),
        sent_s,
        sent.body.as_bytes(),
    );
    assert_eq!(sent.header("webhook-signature"), signature);
    assert_eq!(order["status"], "open");
    for (rules, field) in [
        (
            json!({"scorer": {"url": scorer.url, "hold_at": 1}, "channels": []}),
            "/scorer/secret",
        ),
        (rules(&scorer, json!({"url": "ftp://x"})), "/scorer/url"),
        (
            rules(&scorer, json!({"timeout_ms": 99})),
            "/scorer/timeout_ms",
        ),
        (
            rules(&scorer, json!({"deadline_seconds": 0})),
            "/scorer/deadline_seconds",
        ),
        (rules(&scorer, json!({"when": "total >"})), "/scorer/when"),
    ] {
        let refused = client.put("/v1/screening-rules/other", rules);
        assert_eq!(
            refused.expect_problem(422, "invalid_field").body["field"],
            field
        );
    }
    let buyer = server.client(Role::Buyer, &[]);
    buyer
        .get("/v1/screening-rules")
        .expect_problem(403, "forbidden");
}
