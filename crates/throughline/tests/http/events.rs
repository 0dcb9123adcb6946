//! The stream of events.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Client, Server, furnish, place};

/// A stream that is being read.
struct Stream(BufReader<TcpStream>);

#[derive(Debug, PartialEq)]
struct Event {
    id: String,
    event: String,
    data: Value,
}

fn listen(server: &Server, client: &Client, query: &str, last: Option<&str>) -> Stream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let last = last
        .map(|id| format!("Last-Event-ID: {id}\r\n"))
        .unwrap_or_default();
    let key = client.key.as_deref().unwrap();
    let request = format!(
        "GET /v1/events{query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{last}\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = Stream(BufReader::new(stream));
    assert_eq!(lines.line().as_deref(), Some("HTTP/1.1 200 OK"));
    while lines.line().is_some_and(|line| !line.is_empty()) {}
    lines
}

impl Stream {
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }

    fn next(&mut self) -> Option<Event> {
        let mut event = Event {
            id: String::new(),
            event: String::new(),
            data: Value::Null,
        };
        loop {
            let line = self.line()?;
            match line.split_once(": ") {
                Some(("id", id)) => event.id = id.to_owned(),
                Some(("event", kind)) => event.event = kind.to_owned(),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                _ if line.is_empty() && !event.id.is_empty() => return Some(event),
                _ => {}
            }
        }
    }
}

#[test]
fn events_arrive_as_they_happen_and_resume_where_they_were_left() {
    let server = Server::start();
    let client = server.owner();
    furnish(&client);
    let mut stream = listen(&server, &client, "", None);
    let placed = place(&client, &[("A", 1)]);
    let (first, second) = (stream.next().unwrap(), stream.next().unwrap());
    assert_eq!(
        (
            first.event.as_str(),
            &first.data["order_id"],
            &first.data["seq"]
        ),
        ("order_placed", &placed.body["id"], &json!(1))
    );
    assert_eq!(
        (second.event.as_str(), &second.data["seq"]),
        ("lines_sourced", &json!(2))
    );
    client
        .post("/v1/orders/1001/notes", json!({"text": "x"}))
        .expect(200);
    assert_eq!(stream.next().unwrap().event, "note_added");
    drop(stream);

    let resumed = listen(&server, &client, "", Some(&first.id))
        .next()
        .unwrap();
    assert_eq!(resumed, second);
    let by_query = listen(&server, &client, &format!("?after={}", second.id), None)
        .next()
        .unwrap();
    assert_eq!(by_query.event, "note_added");
    let from_the_start = listen(&server, &client, "?after=0", None).next().unwrap();
    assert_eq!(
        (from_the_start.event, from_the_start.data),
        (first.event, first.data)
    );
}

#[test]
fn a_stream_ends_when_the_server_stops() {
    let mut server = Server::start();
    let client = server.owner();
    let mut stream = listen(&server, &client, "", None);
    server.stop();
    assert_eq!(stream.next(), None);
}
