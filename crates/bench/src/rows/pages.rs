//! Lists, filters and searches: the same page of a large database and of a small one.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::Findings;
use super::large::Stocked;
use crate::contest::result::Ratio;
use crate::load::outcome::{Latency, count_as_f64};
use crate::load::sequence::Caller;
use crate::process::get;
use crate::progress::say;
use crate::report::row::{Goal, Row, Score, thousands, time};
use crate::settings::Settings;
use crate::workload::catalogue::sku_code;
use crate::workload::request::{CHANNEL, email, reference};

/// How deep into the list the page lies that is asked for by cursor.
const PAGES_DEEP: usize = 20;
const LIMIT: usize = 50;

/// How many orders a page must hold; a page that finds nothing proves nothing.
#[derive(Clone, Copy)]
enum Expected {
    Full,
    One,
    None,
}

/// A page that people ask for.
struct Query {
    id: &'static str,
    name: &'static str,
    expected: Expected,
    path: fn(&Stocked, &mut fastrand::Rng) -> String,
}

const QUERIES: &[Query] = &[
    Query {
        id: "newest",
        name: "the newest orders",
        expected: Expected::Full,
        path: |_, _| String::new(),
    },
    Query {
        id: "channel",
        name: "one channel",
        expected: Expected::Full,
        path: |_, _| format!("&channel={CHANNEL}"),
    },
    Query {
        id: "customer",
        name: "one customer",
        expected: Expected::Full,
        path: |stocked, random| format!("&customer={}", email(customer(stocked, random))),
    },
    Query {
        id: "sku",
        name: "one SKU",
        expected: Expected::Full,
        path: |stocked, random| {
            let order = &stocked.orders[random.usize(..stocked.orders.len())];
            format!("&sku={}", sku_code(order.lines[0].sku))
        },
    },
    Query {
        id: "no-match",
        name: "a status that no order has",
        expected: Expected::None,
        path: |_, _| "&status=delivered".to_owned(),
    },
    Query {
        id: "placed-after",
        name: "placed since yesterday, one channel",
        expected: Expected::Full,
        path: |_, _| {
            let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
            let at = yesterday.strftime("%Y-%m-%dT%H:%M:%SZ");
            format!("&placed_after={at}&channel={CHANNEL}")
        },
    },
    Query {
        id: "search-reference",
        name: "search for a reference",
        expected: Expected::One,
        path: |stocked, random| {
            let number = stocked.first_reference + random.u64(..stocked.placed);
            format!("&q={}", reference(number))
        },
    },
    Query {
        id: "search-name",
        name: "search for a customer's name",
        expected: Expected::Full,
        path: |stocked, random| format!("&q={:07}", customer(stocked, random)),
    },
    Query {
        id: "search-common-word",
        name: "search for two words, one of which every order has",
        expected: Expected::Full,
        path: |stocked, random| format!("&q=Customer%20{:07}", customer(stocked, random)),
    },
];

fn customer(stocked: &Stocked, random: &mut fastrand::Rng) -> u32 {
    stocked.orders[random.usize(..stocked.orders.len())].customer
}

#[derive(Deserialize)]
struct Page {
    data: Vec<serde::de::IgnoredAny>,
    next_cursor: Option<String>,
}

/// Asks both databases for every page, in turn.
pub(crate) fn measure(
    many: &Stocked,
    few: &Stocked,
    settings: &Settings,
    findings: &mut Findings,
) -> Result<()> {
    for query in QUERIES {
        let row = compare(query, many, few, settings)?;
        say(&format!("{}: {}", row.what, row.score.text()));
        findings.rows.push(row);
    }
    let row = compare_deep(many, few, settings)?;
    say(&format!("{}: {}", row.what, row.score.text()));
    findings.rows.push(row);
    Ok(())
}

fn compare(query: &Query, many: &Stocked, few: &Stocked, settings: &Settings) -> Result<Row> {
    let mut random = fastrand::Rng::with_seed(11);
    let mut sides = [Side::open(many)?, Side::open(few)?];
    for side in &mut sides {
        side.prove(query, &mut random)?;
    }
    time_in_turn(query.id, query.name, &mut sides, settings, |stocked| {
        let filter = (query.path)(stocked, &mut random);
        format!("/v1/orders?limit={LIMIT}{filter}")
    })
}

/// The page behind many others.
fn compare_deep(many: &Stocked, few: &Stocked, settings: &Settings) -> Result<Row> {
    let mut sides = [Side::open(many)?, Side::open(few)?];
    let deep = [sides[0].walk()?, sides[1].walk()?];
    let many_address = many.running.server.address;
    time_in_turn(
        "cursor",
        "a page by cursor",
        &mut sides,
        settings,
        |stocked| {
            let of_many = stocked.running.server.address == many_address;
            deep[usize::from(!of_many)].clone()
        },
    )
}

fn time_in_turn(
    id: &str,
    name: &str,
    sides: &mut [Side<'_>; 2],
    settings: &Settings,
    mut path: impl FnMut(&Stocked) -> String,
) -> Result<Row> {
    let mut all = [Latency::new()?, Latency::new()?];
    let mut rounds = Vec::new();
    for _ in 0..settings.rounds {
        let mut medians = [0.0; 2];
        for (index, side) in sides.iter_mut().enumerate() {
            let mut latency = Latency::new()?;
            side.time(settings.calls, &mut latency, &mut path)?;
            medians[index] = latency.quantile(0.5).as_secs_f64();
            all[index].add(&latency)?;
        }
        rounds.push((medians[0], medians[1]));
    }
    let orders = |side: &Side<'_>| thousands(count_as_f64(side.stocked.placed));
    Ok(Row {
        id: format!("pages-{id}"),
        what: format!("{name}, {} orders: p50", orders(&sides[0])),
        measured: time(all[0].quantile(0.5)),
        against: format!(
            "{} orders: {}",
            orders(&sides[1]),
            time(all[1].quantile(0.5))
        ),
        score: Score::Ratio(Ratio::of(rounds.into_iter())?),
        goal: Goal::AtMost(2.0),
    })
}

/// One of the two databases with a connection to its server.
struct Side<'a> {
    stocked: &'a Stocked,
    caller: Caller,
}

impl<'a> Side<'a> {
    fn open(stocked: &'a Stocked) -> Result<Self> {
        let caller = Caller::open(stocked.running.server.address)?;
        Ok(Self { stocked, caller })
    }

    fn page(&mut self, path: &str) -> Result<Page> {
        let request = get(path, &self.stocked.running.access.key);
        let body = self.caller.ask(&request, 200)?;
        serde_json::from_slice(&body).with_context(|| format!("{path} answers no page"))
    }

    /// Fails unless the page holds what it should.
    fn prove(&mut self, query: &Query, random: &mut fastrand::Rng) -> Result<()> {
        let filter = (query.path)(self.stocked, random);
        let found = self.page(&format!("/v1/orders?limit={LIMIT}{filter}"))?;
        let wanted = match query.expected {
            Expected::Full => LIMIT,
            Expected::One => 1,
            Expected::None => 0,
        };
        let found = found.data.len();
        ensure!(found == wanted, "{filter}: {found} orders, not {wanted}");
        Ok(())
    }

    /// The path of the page that lies [`PAGES_DEEP`] pages behind the first.
    fn walk(&mut self) -> Result<String> {
        let mut path = format!("/v1/orders?limit={LIMIT}");
        for _ in 0..PAGES_DEEP.min(usize::try_from(self.stocked.placed)? / LIMIT / 2) {
            let cursor = self.page(&path)?.next_cursor;
            let cursor = cursor.context("a list that ends too early")?;
            path = format!("/v1/orders?limit={LIMIT}&cursor={cursor}");
        }
        Ok(path)
    }

    fn time(
        &mut self,
        count: usize,
        latency: &mut Latency,
        path: &mut impl FnMut(&Stocked) -> String,
    ) -> Result<()> {
        let stocked = self.stocked;
        self.caller.time(count, 200, latency, |buffer| {
            *buffer = get(&path(stocked), &stocked.running.access.key);
        })
    }
}
