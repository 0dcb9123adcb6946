//! Waits for what the product writes after its answers: the rows by which orders are searched.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Access;
use crate::load::sequence::Caller;
use crate::process::get;
use crate::workload::request::reference;

const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Deserialize)]
struct Page {
    data: Vec<IgnoredAny>,
}

/// Waits until a search finds the order with this reference and answers how long that took.
pub(crate) fn catch_up(access: &Access, number: u64) -> Result<Duration> {
    let path = format!("/v1/orders?limit=1&q={}", reference(number));
    let request = get(&path, &access.key);
    let mut caller = Caller::open(access.address)?;
    let started = Instant::now();
    loop {
        let body = caller.ask(&request, 200)?;
        let page: Page = serde_json::from_slice(&body).context("a list that is no page")?;
        if !page.data.is_empty() {
            return Ok(started.elapsed());
        }
        ensure!(
            started.elapsed() < PATIENCE,
            "the order {} is never found",
            reference(number)
        );
        thread::sleep(Duration::from_millis(20));
    }
}
