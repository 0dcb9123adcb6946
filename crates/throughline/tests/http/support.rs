//! A server of its own for each test, and a client that keeps whole answers.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tempfile::TempDir;
use throughline::app::{App, Parts};
use throughline::http::api::keys::create::{KeyBody, make};
use throughline::http::auth::Role;
use throughline::wiring::{clock, random};
use throughline_store::{Options, Store};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A server on a fresh database, stopped when it is dropped.
pub(crate) struct Server {
    runtime: Runtime,
    app: Option<App>,
    pub(crate) store: Store,
    pub(crate) address: SocketAddr,
    _folder: TempDir,
    _database: Option<PostgresDatabase>,
}

/// Speaks to a server with one key.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) agent: ureq::Agent,
    pub(crate) base: String,
    pub(crate) key: Option<String>,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(|_| ())
    }

    /// A server on a database that somebody has prepared.
    pub(crate) fn start_with(prepare: impl FnOnce(&Store)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self::start_on(&url, folder, None, prepare)
    }

    /// A server on each engine: the embedded one, and PostgreSQL where a server is named for tests.
    pub(crate) fn on_each_engine(test: impl Fn(&Self)) {
        test(&Self::start());
        if let Some(database) = PostgresDatabase::create() {
            let folder = tempfile::tempdir().unwrap();
            let url = database.url.clone();
            test(&Self::start_on(&url, folder, Some(database), |_| ()));
        }
    }

    fn start_on(
        url: &str,
        folder: TempDir,
        database: Option<PostgresDatabase>,
        prepare: impl FnOnce(&Store),
    ) -> Self {
        let options = Options {
            now: clock::now(),
            random: random::bits(),
            partitions: None,
        };
        let store = Store::open(url, options).unwrap();
        prepare(&store);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let app = {
            let _within = runtime.enter();
            App::start(
                &store,
                Parts {
                    listener: Some(listener),
                    worker: true,
                    max_connections: 100,
                },
            )
            .unwrap()
        };
        let address = app.address().unwrap();
        Self {
            runtime,
            app: Some(app),
            store,
            address,
            _folder: folder,
            _database: database,
        }
    }

    /// A client with a new key of this role.
    pub(crate) fn client(&self, role: Role, locations: &[&str]) -> Client {
        let locations = locations.iter().map(|code| (*code).to_owned()).collect();
        let body = KeyBody {
            name: "test".to_owned(),
            role,
            locations: Some(locations),
            expires_at: None,
        };
        let (key, text) = make(body).unwrap();
        self.store.insert_api_key(&key).unwrap();
        Client {
            key: Some(text),
            ..self.stranger()
        }
    }

    pub(crate) fn owner(&self) -> Client {
        self.client(Role::Owner, &[])
    }

    /// A client without a key.
    pub(crate) fn stranger(&self) -> Client {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build();
        Client {
            agent: config.into(),
            base: format!("http://{}", self.address),
            key: None,
        }
    }

    /// Stops the server and says how long that took.
    pub(crate) fn stop(&mut self) {
        if let Some(app) = self.app.take() {
            self.runtime.block_on(app.stop());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A database on the PostgreSQL server for tests, which goes away with the server that uses it.
pub(crate) struct PostgresDatabase {
    url: String,
    server: String,
    name: String,
}

impl PostgresDatabase {
    /// `None` where no server is named for tests.
    fn create() -> Option<Self> {
        let server = std::env::var("THROUGHLINE_TEST_POSTGRES").ok()?;
        let name = format!("http_{}_{:x}", std::process::id(), random::bits() >> 96);
        execute(&server, &format!("CREATE DATABASE {name}"));
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        Some(Self { url, server, name })
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        execute(&self.server, &statement);
    }
}

fn execute(server: &str, statement: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls)
            .await
            .unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(statement).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
    });
}

impl Client {
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], &[])
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.json("POST", path, &[], body)
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Answer {
        self.json("PUT", path, &[], body)
    }

    pub(crate) fn json(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, body.to_string().as_bytes())
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = match method {
            "POST" | "PUT" | "PATCH" => self.agent.run(request.body(body.to_vec()).unwrap()),
            _ => self.agent.run(request.body(()).unwrap()),
        };
        let mut response = sent.unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text,
            body,
        }
    }
}

impl Answer {
    /// The answer, after a look at its status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// A problem with this status and code, which names its field if it has one.
    #[track_caller]
    pub(crate) fn expect_problem(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.text
        );
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(self.body["status"], status);
        assert!(
            self.body["detail"]
                .as_str()
                .is_some_and(|detail| detail.len() > 10),
            "{}",
            self.text
        );
        self
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A text somewhere in the body, such as `/lines/0/id`.
    #[track_caller]
    pub(crate) fn text_at(&self, pointer: &str) -> String {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found
            .unwrap_or_else(|| panic!("no text at {pointer} of {}", self.text))
            .to_owned()
    }
}

/// A channel `web` in EUR, the locations `LEEDS` and `PARIS`, and the SKUs `A` and `B` with ten units of each at each.
pub(crate) fn furnish(client: &Client) {
    client
        .post(
            "/v1/channels",
            json!({"code": "web", "name": "Web", "currency": "EUR"}),
        )
        .expect(201);
    for (code, country, priority) in [("LEEDS", "GB", 1), ("PARIS", "FR", 2)] {
        let address = json!({"name": code, "line1": "1 Street", "city": code, "postal_code": "1", "country": country});
        let location = json!({"code": code, "name": code, "kind": "warehouse", "priority": priority, "address": address});
        client.post("/v1/locations", location).expect(201);
    }
    for sku in ["A", "B"] {
        client
            .post(
                "/v1/items",
                json!({"sku": sku, "title": format!("Thing {sku}")}),
            )
            .expect(201);
        for code in ["LEEDS", "PARIS"] {
            let received =
                json!({"sku": sku, "location": code, "quantity": 10, "reference": "first"});
            client.post("/v1/stock/receive", received).expect(200);
        }
    }
}

/// An order of these SKUs and quantities, to be shipped to Leeds.
pub(crate) fn order(lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity, "unit_price_minor": 500}))
        .collect();
    json!({
        "channel": "web", "currency": "EUR", "lines": lines,
        "customer": {"email": "customer@example.com", "name": "C. Customer"},
        "ship_to": {"name": "C. Customer", "line1": "1 Street", "city": "Leeds", "postal_code": "LS1", "country": "GB"}
    })
}

/// Places an order and answers it.
#[track_caller]
pub(crate) fn place(client: &Client, lines: &[(&str, i64)]) -> Answer {
    client.post("/v1/orders", order(lines)).expect(201)
}

/// The levels of one SKU, as (location, on hand, allocated).
pub(crate) fn levels(client: &Client, sku: &str) -> Vec<(String, i64, i64)> {
    let stock = client.get(&format!("/v1/stock?sku={sku}")).expect(200);
    let rows = stock.body["data"].as_array().unwrap();
    let number = |row: &Value, field: &str| row[field].as_i64().unwrap();
    rows.iter()
        .map(|row| {
            (
                row["location"].as_str().unwrap().to_owned(),
                number(row, "on_hand"),
                number(row, "allocated"),
            )
        })
        .collect()
}
