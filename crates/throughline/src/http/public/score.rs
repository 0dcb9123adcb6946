//! Answers of scorers that come later. They need no key of ours: the scorer signs with the secret that its questions are
//! signed with.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use throughline_core::command::{Actor, Command, OnOrder};
use throughline_core::id::{HoldNo, OrderId, parse_part};
use throughline_core::order::screening::{RecordScore, Score, Secret};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::Shared;
use crate::http::body::{self, RequestBody};
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::signing;
use crate::wiring::{clock, ids};

/// Bytes of an answer at most.
const ANSWER_MAX: usize = 65_536;

/// What a scorer says of an order.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ScoreAnswer)]
#[serde(deny_unknown_fields)]
pub struct ScoreBody {
    /// How suspicious it is, on the scorer's scale.
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    score: i64,
    /// Why; without names of people.
    #[serde(default)]
    #[schema(max_items = 20)]
    reasons: Vec<String>,
    /// The scorer's own name for its answer.
    #[schema(min_length = 1, max_length = 255)]
    reference: Option<String>,
}

impl RequestBody for ScoreBody {}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreReceived)]
pub struct ScoreReceived {
    /// The hold.
    hold_id: Uuid,
    /// Whether it still holds the order.
    active: bool,
}

/// Takes the answer of a scorer that was asked before and said that it answers later (202), or that was too slow. The
/// headers `webhook-id`, `webhook-timestamp` and `webhook-signature` sign it under the secret of the screening rules, as the
/// Standard Webhooks specification has it. The same answer again changes nothing; another one is refused.
#[utoipa::path(
    post, path = "/scores/{hold_id}", operation_id = "receive_score", tag = "screening", security(()),
    request_body = ScoreBody,
    params(
        ("hold_id" = Uuid, Path, description = "The hold, as the question named it"),
        ("webhook-id" = String, Header, description = "The message's id"),
        ("webhook-timestamp" = String, Header, description = "Seconds since 1970 when it was sent; five minutes ago at most"),
        ("webhook-signature" = String, Header, description = "`v1,` and the signature in base64")
    ),
    responses((status = 200, description = "It was recorded", body = ScoreReceived))
)]
pub async fn receive_score(
    State(api): State<Shared>,
    hold: Result<Named<Code>, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let hold = hold.ok().and_then(|Named(Code(id))| parse_part(&id).ok());
    let bytes = body::read(&parts.headers, Body::new(body), ANSWER_MAX).await?;
    let (order, hold) = hold
        .map(|(order, no)| (order, HoldNo(no)))
        .ok_or_else(not_signed)?;
    let secret = secret(&api, order, hold).await?.ok_or_else(not_signed)?;
    if !is_signed(&secret, &parts.headers, &bytes) {
        return Err(not_signed());
    }
    let answer: ScoreBody = body::parse(&parts.headers, &bytes)?;
    let score = Score {
        score: answer.score,
        reasons: answer.reasons,
        reference: answer.reference,
    };
    let request = throughline_core::Request {
        id: ids::request(),
        actor: Actor::System,
        key: None,
        command: Command::RecordScore(OnOrder {
            order,
            expected_version: None,
            what: RecordScore { hold, score },
        }),
    };
    let done = api.execute(request).await?;
    let known = done.order.as_ref();
    let mut active = known
        .into_iter()
        .flat_map(|order| order.progress.active_holds());
    let received = ScoreReceived {
        hold_id: hold.of(order),
        active: active.any(|one| one.no == hold),
    };
    Ok((StatusCode::OK, Json(received)).into_response())
}

/// The secret under which answers about a hold are signed.
async fn secret(api: &Shared, order: OrderId, hold: HoldNo) -> Result<Option<Secret>, Problem> {
    let stored = match api.order(order).await {
        Ok((stored, _)) => stored,
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let network = api.current_network().await?;
    let mut holds = stored.order.progress.holds.iter();
    let hold = holds.find(|one| one.no == hold && one.scoring.is_some());
    let Some(found) = hold.and_then(|hold| hold.found.as_ref()) else {
        return Ok(None);
    };
    let mut known = network.screening.iter();
    let rules = known.find(|rules| rules.code == found.rules.0);
    let scorer = rules.and_then(|rules| rules.scorer.as_ref());
    Ok(scorer.map(|scorer| scorer.secret.clone()))
}

fn is_signed(secret: &Secret, headers: &HeaderMap, bytes: &[u8]) -> bool {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(id), Some(timestamp), Some(signature)) = (
        header(signing::ID),
        header(signing::TIMESTAMP),
        header(signing::SIGNATURE),
    ) else {
        return false;
    };
    signing::fits(secret, (id, timestamp, signature), bytes, clock::now())
}

/// All that does not fit looks the same.
fn not_signed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "bad_signature",
        "the message is not signed as it has to be; sign webhook-id, webhook-timestamp and the body with the secret of the \
         screening rules, and name a hold that the scorer was asked about",
    )
}
