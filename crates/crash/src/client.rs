//! One client: it asks, and either gets an answer or does not know what became of its request.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer, in bytes; the largest are pages of 200 rows.
const ANSWER_MAX: u64 = 16 * 1024 * 1024;

/// Methods that are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Reads.
    Get,
    /// Does.
    Post,
    /// Ends.
    Delete,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was answered.
    Answered(Answer),
    /// The connection was cut before the whole answer was there: it may have happened or not.
    Cut(String),
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body; null where it was no JSON.
    pub(crate) body: Value,
}

impl fmt::Display for Answer {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} {}", self.status, self.body)
    }
}

/// A client with its connections.
pub(crate) struct Client {
    agent: Agent,
    authorization: String,
}

impl Client {
    /// A client with a key of the API.
    pub(crate) fn new(key: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(PATIENCE));
        Self {
            agent: config.build().into(),
            authorization: format!("Bearer {key}"),
        }
    }

    /// Asks, and waits for the answer.
    pub(crate) fn ask(&self, method: Method, url: &str, key: Option<&str>, body: &str) -> Outcome {
        self.ask_with_patience(method, url, key, body, PATIENCE)
    }

    /// Asks, and hangs up when there is no answer in time.
    pub(crate) fn ask_with_patience(
        &self,
        method: Method,
        url: &str,
        key: Option<&str>,
        body: &str,
        patience: Duration,
    ) -> Outcome {
        match self.exchange(method, url, key, body, patience) {
            Ok(answer) => Outcome::Answered(answer),
            Err(error) => Outcome::Cut(error.to_string()),
        }
    }

    /// Reads; the problem in words when there is nothing.
    pub(crate) fn read(&self, url: &str) -> Result<Value, String> {
        match self.ask(Method::Get, url, None, "") {
            Outcome::Answered(answer) if answer.status == 200 => Ok(answer.body),
            Outcome::Answered(answer) => Err(answer.to_string()),
            Outcome::Cut(why) => Err(why),
        }
    }

    fn exchange(
        &self,
        method: Method,
        url: &str,
        key: Option<&str>,
        body: &str,
        patience: Duration,
    ) -> Result<Answer, ureq::Error> {
        let mut request = ureq::http::Request::builder()
            .method(match method {
                Method::Get => "GET",
                Method::Post => "POST",
                Method::Delete => "DELETE",
            })
            .uri(url)
            .header("authorization", &self.authorization);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let mut response = if method == Method::Post {
            let request = request
                .header("content-type", "application/json")
                .body(body)?;
            let configured = self.agent.configure_request(request);
            self.agent
                .run(configured.timeout_global(Some(patience)).build())?
        } else {
            let configured = self.agent.configure_request(request.body(())?);
            self.agent
                .run(configured.timeout_global(Some(patience)).build())?
        };
        let status = response.status().as_u16();
        let text = response
            .body_mut()
            .with_config()
            .limit(ANSWER_MAX)
            .read_to_vec()?;
        let body = serde_json::from_slice(&text).unwrap_or(Value::Null);
        Ok(Answer { status, body })
    }
}
