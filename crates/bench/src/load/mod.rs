//! The load generator: keep-alive connections in closed or open loops, and what they saw.

pub(crate) mod closed;
pub(crate) mod connection;
pub(crate) mod outcome;
pub(crate) mod paced;
pub(crate) mod response;
pub(crate) mod sequence;

use std::net::SocketAddr;
use std::time::Duration;

/// How hard and how long a load presses on a server.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// The servers; connections are dealt out to them in turn.
    pub(crate) targets: Vec<SocketAddr>,
    /// The status that every order has to be answered with.
    pub(crate) wanted: u16,
    /// How many connections are open at once.
    pub(crate) connections: usize,
    /// How long the load runs before anything is counted.
    pub(crate) warm_up: Duration,
    /// How long the load is counted.
    pub(crate) lasting: Duration,
}

impl Load {
    /// The server that the connection with this index talks to.
    pub(crate) fn target(&self, connection: usize) -> SocketAddr {
        self.targets[connection % self.targets.len()]
    }
}

/// A runtime for one load: one thread, because the server needs the other core more.
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};
    use std::sync::Arc;
    use std::thread;

    use axum::routing::post;

    use super::*;
    use crate::product::Access;
    use crate::product::bulk::{Manner, Until, place};
    use crate::workload::catalogue::Catalogue;
    use crate::workload::order::{Demand, orders};
    use crate::workload::request::Template;
    use crate::workload::stream::OrderStream;

    /// Serves until the test process ends.
    fn serve(router: axum::Router) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("non-blocking");
        thread::spawn(move || {
            let served = runtime().expect("a runtime").block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, router).await
            });
            served.expect("a server");
        });
        address
    }

    /// Answers every order with 201.
    fn router() -> axum::Router {
        axum::Router::new().route("/v1/orders", post(async || axum::http::StatusCode::CREATED))
    }

    fn load(target: SocketAddr) -> Load {
        Load {
            targets: vec![target],
            wanted: 201,
            connections: 4,
            warm_up: Duration::from_millis(20),
            lasting: Duration::from_millis(200),
        }
    }

    fn stream(key: &str) -> OrderStream {
        let orders = orders(&Catalogue::new(), Demand::Mix, 10, 10);
        let requests = orders.iter().map(|order| Template::request(order, key));
        OrderStream::new(&Arc::new(requests.collect()))
    }

    #[test]
    fn both_loops_place_orders_and_time_them() {
        let target = serve(router());
        let closed = closed::run(&load(target), stream("key")).expect("a closed loop");
        assert!(closed.latency.count() > 10);
        assert!(closed.latency.quantile(0.5) > Duration::ZERO);
        let paced = paced::run(&load(target), 500.0, stream("key")).expect("an open loop");
        assert!(paced.latency.count() > 10);
        assert!(paced.latency.count() <= 200, "more than were due");
    }

    #[test]
    fn an_answer_that_is_not_wanted_ends_the_load() {
        let target = serve(axum::Router::new());
        let error = closed::run(&load(target), stream("key")).expect_err("a refusal");
        assert!(error.to_string().contains("got 404"), "{error}");
    }

    #[test]
    fn bulk_rows_are_answered_one_by_one() {
        let answer = |rows: String| async move {
            let line = |row: &str| {
                let status = if row.contains("SKU") { 201 } else { 422 };
                format!("{{\"status\":{status}}}\n")
            };
            rows.lines().map(line).collect::<String>()
        };
        let bulk = axum::Router::new().route("/v1/orders/batch", post(answer));
        let target = serve(bulk);
        let orders = orders(&Catalogue::new(), Demand::Mix, 10, 10);
        let rows = Arc::new(orders.iter().map(Template::row).collect());
        let manner = Manner {
            connections: 3,
            rows: 40,
        };
        let access = Access {
            address: target,
            key: "key".to_owned(),
        };
        let placed = place(&access, &rows, 5, manner, Until::Placed(230)).expect("placed");
        assert_eq!(placed.last_reference, 5 + 229);
        let empty = Arc::new(vec![Template::row(&orders[0])]);
        let none = place(&access, &empty, 0, manner, Until::Placed(0)).expect("nothing");
        assert_eq!(none.last_reference, 0);
    }
}
