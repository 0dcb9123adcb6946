//! The server itself.

use super::support::{Server, furnish, place};

#[test]
fn health_metrics_document_and_reference_need_no_key() {
    let server = Server::start();
    let owner = server.owner();
    furnish(&owner);
    place(&owner, &[("A", 1)]);
    let stranger = server.stranger();
    assert_eq!(stranger.get("/healthz").expect(200).body["status"], "ok");
    assert_eq!(stranger.get("/readyz").expect(200).body["status"], "ok");
    let document = stranger.get("/openapi.json").expect(200);
    assert_eq!(document.body["openapi"], "3.1.0");
    let docs = stranger.get("/docs").expect(200);
    assert!(
        docs.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    );
    assert!(docs.text.contains("/v1/orders/{id}/cancel"));
    let metrics = stranger.get("/metrics").expect(200).text;
    for expected in [
        "throughline_http_requests_total{method=\"POST\",route=\"/v1/orders\",status=\"201\"} 1",
        "throughline_http_request_duration_seconds_bucket",
        "throughline_execute_batches_total",
        "throughline_execute_queue 0",
    ] {
        assert!(metrics.contains(expected), "{expected}\n{metrics}");
    }
    assert!(!metrics.contains("1001"), "no ids in labels");
}

#[test]
fn what_is_in_flight_is_finished_when_the_server_stops() {
    let mut server = Server::start();
    let client = server.owner();
    furnish(&client);
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let place = || {
            client
                .post("/v1/orders", super::support::order(&[("A", 1)]))
                .status
        };
        let placing: Vec<_> = (0..8).map(|_| scope.spawn(place)).collect();
        let answers = placing.into_iter().map(|one| one.join().unwrap()).collect();
        server.stop();
        answers
    });
    assert_eq!(answers, [201; 8]);
    assert!(
        std::net::TcpStream::connect(server.address).is_err(),
        "nobody listens any more"
    );
}
