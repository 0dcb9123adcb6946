//! One client: it asks, and either gets an answer or does not know what became of its request.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer, in bytes; the largest are pages of 200 rows.
const ANSWER_MAX: u64 = 16 * 1024 * 1024;

/// The media type of a batch.
const LINES: &str = "application/x-ndjson";

/// Methods that are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Reads.
    Get,
    /// Does.
    Post,
    /// Does a thing a line, and gets an answer a line, as an array.
    PostLines,
    /// Ends.
    Delete,
}

/// A request on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// How.
    pub(crate) method: Method,
    /// Where.
    pub(crate) url: &'a str,
    /// Its idempotency key.
    pub(crate) key: Option<&'a str>,
    /// Its body.
    pub(crate) body: &'a str,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was answered.
    Answered(Answer),
    /// The connection was cut before the whole answer was there: it may have happened or not.
    Cut {
        /// Why.
        why: String,
        /// Lines of a batch that were answered before.
        lines: Vec<Value>,
    },
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body; null where it was no JSON.
    pub(crate) body: Value,
}

impl Answer {
    /// Whether the server had a fault, or has one in a row of a batch: it may have happened or not.
    pub(crate) fn is_fault(&self) -> bool {
        let rows = self.body.as_array().map(Vec::as_slice).unwrap_or_default();
        let in_rows = rows.iter().any(|row| row["status"].as_u64() >= Some(500));
        self.status >= 500 || in_rows
    }
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
    pub(crate) fn ask(&self, asked: Asked<'_>) -> Outcome {
        self.ask_with_patience(asked, PATIENCE)
    }

    /// Asks, and hangs up when there is no answer in time.
    pub(crate) fn ask_with_patience(&self, asked: Asked<'_>, patience: Duration) -> Outcome {
        let mut text = Vec::new();
        match self.exchange(asked, patience, &mut text) {
            Ok(status) => Outcome::Answered(Answer {
                status,
                body: match asked.method {
                    Method::PostLines if status == 200 => Value::Array(whole_lines(&text)),
                    _ => serde_json::from_slice(&text).unwrap_or(Value::Null),
                },
            }),
            Err(why) => Outcome::Cut {
                why,
                lines: whole_lines(&text),
            },
        }
    }

    /// Reads; the problem in words when there is nothing.
    pub(crate) fn read(&self, url: &str) -> Result<Value, String> {
        let asked = Asked {
            method: Method::Get,
            url,
            key: None,
            body: "",
        };
        match self.ask(asked) {
            Outcome::Answered(answer) if answer.status == 200 => Ok(answer.body),
            Outcome::Answered(answer) => Err(answer.to_string()),
            Outcome::Cut { why, .. } => Err(why),
        }
    }

    /// Sends, and reads the answer into `text` as far as it comes.
    fn exchange(
        &self,
        asked: Asked<'_>,
        patience: Duration,
        text: &mut Vec<u8>,
    ) -> Result<u16, String> {
        let mut response = self
            .send(asked, patience)
            .map_err(|error| error.to_string())?;
        let body = response.body_mut().with_config().limit(ANSWER_MAX);
        let read = body.reader().read_to_end(text);
        read.map_err(|error| error.to_string())?;
        Ok(response.status().as_u16())
    }

    fn send(
        &self,
        asked: Asked<'_>,
        patience: Duration,
    ) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let (method, media_type) = match asked.method {
            Method::Get => ("GET", None),
            Method::Post => ("POST", Some("application/json")),
            Method::PostLines => ("POST", Some(LINES)),
            Method::Delete => ("DELETE", None),
        };
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(asked.url)
            .header("authorization", &self.authorization);
        if let Some(key) = asked.key {
            request = request.header("idempotency-key", key);
        }
        let Some(media_type) = media_type else {
            let configured = self.agent.configure_request(request.body(())?);
            return self
                .agent
                .run(configured.timeout_global(Some(patience)).build());
        };
        let request = request
            .header("content-type", media_type)
            .body(asked.body)?;
        let configured = self.agent.configure_request(request);
        self.agent
            .run(configured.timeout_global(Some(patience)).build())
    }
}

/// The lines that arrived whole.
fn whole_lines(text: &[u8]) -> Vec<Value> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let whole = lines.filter(|line| line.ends_with(b"\n"));
    whole
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_off_is_no_answer() {
        let lines = whole_lines(b"{\"row\":1}\n{\"row\":2}\n{\"row\":3}");
        assert_eq!(lines.len(), 2);
    }
}
