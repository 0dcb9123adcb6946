//! Promise against actual, by location, service, channel and month.

use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize};
use throughline_core::network::Network;
use throughline_core::promise::{Against, Month};
use throughline_store::views;
use throughline_store::views::promises::PromiseScore;
use utoipa::{IntoParams, ToSchema};

use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::list::Page;
use crate::http::problem::Problem;
use crate::http::query::{Limit, Params};
use crate::wiring::clock;

/// Months of one report at most.
const MONTHS_MAX: i32 = 24;
/// Months of a report that names no first one.
const MONTHS: i32 = 12;

/// Which promises.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PromiseFilter {
    /// The first month of delivery, such as `2026-01`; eleven months before the last one unless given.
    #[serde(default, deserialize_with = "month")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    from: Option<Month>,
    /// The last month of delivery; this month unless given.
    #[serde(default, deserialize_with = "month")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    to: Option<Month>,
    /// Code of one location.
    location: Option<String>,
    /// One service, as the report names it.
    service: Option<String>,
    /// Code of one channel.
    channel: Option<String>,
    /// By which promise: the one in force when the parcel left (`last`), or the `first` one; the last unless given.
    #[param(value_type = Option<String>, pattern = "^(first|last)$")]
    against: Option<Against>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Where the page begins, as `next_cursor` gave it.
    cursor: Option<String>,
}

/// Promises of one location, service and channel whose parcels were delivered in one month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseScore)]
pub struct PromiseScoreView<'a> {
    /// The month of delivery.
    #[schema(example = "2026-01")]
    month: String,
    /// Code of the location that shipped.
    location: &'a str,
    /// Carrier and service, in small letters.
    service: &'a str,
    /// Code of the channel.
    channel: &'a str,
    /// Promises whose end is known.
    promised: u64,
    /// Those that were kept.
    kept: u64,
    /// The share that was kept, in hundredths of a percent.
    #[schema(minimum = 0, maximum = 10_000)]
    kept_basis_points: Option<u16>,
    /// How many were late, by calendar days.
    late: Vec<LateView>,
}

/// How many promises were so many days late.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LatePromises)]
struct LateView {
    /// Calendar days after the promised one; 31 stands for all that were later.
    days: u16,
    /// Promises.
    promises: u64,
}

/// Reports how many promises were kept, and how late the others were, by month, location, service and channel.
#[utoipa::path(
    get, path = "/v1/reports/promises", operation_id = "report_promises", tag = "reports", params(PromiseFilter),
    responses((status = 200, description = "A page of scores", body = Page<PromiseScoreView>))
)]
pub async fn report_promises(
    State(api): State<Shared>,
    Params(filter): Params<PromiseFilter>,
) -> Result<Rendered, Problem> {
    let (from, to) = months(&filter)?;
    let network = api.current_network().await?;
    let against = filter.against.unwrap_or_default();
    let scores = api
        .read(move |connection| views::promises::scores(connection, from, to, against))
        .await?;
    let wanted = |score: &&PromiseScore| filter.wants(score, &network);
    let wanted: Vec<&PromiseScore> = scores.iter().filter(wanted).collect();
    let page = Page::cut(&wanted, filter.cursor.as_deref(), filter.limit, |score| {
        PromiseScoreView::new(score, &network)
    })?;
    Ok(Rendered::ok(&page))
}

fn months(filter: &PromiseFilter) -> Result<(Month, Month), Problem> {
    let to = filter.to.unwrap_or(Month::at(clock::now()));
    let from = filter.from.unwrap_or(to.before(MONTHS - 1));
    if from > to {
        return Err(Problem::parameter("from", "must not lie after to"));
    }
    if from < to.before(MONTHS_MAX - 1) {
        let problem = format!("must lie at most {MONTHS_MAX} months before to");
        return Err(Problem::parameter("from", problem));
    }
    Ok((from, to))
}

fn month<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Month>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

impl PromiseFilter {
    fn wants(&self, score: &PromiseScore, network: &Network) -> bool {
        let fits = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        fits(&self.location, location(score, network))
            && fits(&self.service, &score.service)
            && fits(&self.channel, channel(score, network))
    }
}

fn location<'a>(score: &PromiseScore, network: &'a Network) -> &'a str {
    let known = network.location(score.location);
    known.map_or("", |location| location.code.as_str())
}

fn channel<'a>(score: &PromiseScore, network: &'a Network) -> &'a str {
    let known = network.channel(score.channel);
    known.map_or("", |channel| channel.code.as_str())
}

impl<'a> PromiseScoreView<'a> {
    fn new(score: &'a PromiseScore, network: &'a Network) -> Self {
        let late = score.score.late.iter();
        Self {
            month: score.month.to_string(),
            location: location(score, network),
            service: &score.service,
            channel: channel(score, network),
            promised: score.score.promised,
            kept: score.score.kept,
            kept_basis_points: score.score.kept_basis_points(),
            late: late
                .map(|(days, promises)| LateView {
                    days: *days,
                    promises: *promises,
                })
                .collect(),
        }
    }
}
