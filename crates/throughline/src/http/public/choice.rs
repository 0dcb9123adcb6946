//! The page at which a customer chooses what is done about a promise that slipped. It needs no key: whoever has the link
//! may choose. Looking changes nothing, so that programs that follow links in emails do no harm.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use throughline_core::command::{Actor, Command, OnOrder};
use throughline_core::id::ChoiceNo;
use throughline_core::order::Order;
use throughline_core::order::choice::{By, ChooseOption, Chosen};
use throughline_store::views;
use utoipa::ToSchema;

use super::page;
use super::token::ChoiceToken;
use crate::http::api::Shared;
use crate::http::body::{self, require_media_type};
use crate::http::path::{Code, Named};
use crate::http::problem::Problem;
use crate::wiring::{clock, ids};

/// Bytes of the form at most.
const FORM_MAX: usize = 1024;

/// Nothing but the page's own style and form; no address of it in other sites' logs, in caches or in search engines.
const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
];

/// What the form sends.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChoiceForm)]
pub struct ChoiceForm {
    /// `wait`, `split`, `substitute` or `refund`.
    #[schema(example = "wait")]
    option: String,
}

/// A choice that a link leads to.
struct Linked {
    token: ChoiceToken,
    order: Order,
    brand: String,
    /// Titles of what could come instead.
    titles: Vec<String>,
}

/// Shows a customer what has become of a promise, and what can be chosen. Needs no key but the link.
#[utoipa::path(
    get, path = "/p/{token}", operation_id = "show_choice", tag = "pages", security(()),
    params(("token" = String, Path, description = "The token of the link")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 404, description = "The link leads nowhere, or not any more", body = String, content_type = "text/html")
    )
)]
pub async fn show_choice(
    State(api): State<Shared>,
    token: Result<Named<Code>, Problem>,
) -> Result<Response, Problem> {
    let Some(linked) = linked(&api, token).await? else {
        return Ok(nowhere());
    };
    Ok(shown(&linked, StatusCode::OK, None))
}

/// Chooses. Needs no key but the link; choosing the same again changes nothing.
#[utoipa::path(
    post, path = "/p/{token}", operation_id = "make_choice", tag = "pages", security(()),
    request_body(content = ChoiceForm, content_type = "application/x-www-form-urlencoded"),
    params(("token" = String, Path, description = "The token of the link")),
    responses(
        (status = 303, description = "It was chosen; the page shows it", headers(("Location" = String))),
        (status = 404, description = "The link leads nowhere, or not any more", body = String, content_type = "text/html"),
        (status = 409, description = "It cannot be chosen any more", body = String, content_type = "text/html"),
        (status = 422, description = "Nothing that was offered was chosen", body = String, content_type = "text/html")
    )
)]
pub async fn make_choice(
    State(api): State<Shared>,
    token: Result<Named<Code>, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    let Some(linked) = linked(&api, token).await? else {
        return Ok(nowhere());
    };
    let Some(chosen) = chosen(request).await else {
        let problem = "Choose one of the possibilities below.";
        return Ok(shown(
            &linked,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(problem),
        ));
    };
    let what = ChooseOption {
        choice: linked.token.choice,
        chosen,
        by: By::Customer,
    };
    let command = Command::ChooseOption(OnOrder {
        order: linked.order.id,
        expected_version: None,
        what,
    });
    let request = throughline_core::Request {
        id: ids::request(),
        actor: Actor::System,
        key: None,
        command,
    };
    match api.execute(request).await {
        Ok(_) => Ok(see_other(&linked.token)),
        Err(problem) if problem.status().is_client_error() => refused(&api, linked, &problem).await,
        Err(problem) => Err(problem),
    }
}

/// The option that the form names; `None` for whatever else is sent.
async fn chosen(request: Request) -> Option<Chosen> {
    let (parts, body) = request.into_parts();
    require_media_type(&parts.headers, "application/x-www-form-urlencoded").ok()?;
    let bytes = body::read(&parts.headers, Body::new(body), FORM_MAX)
        .await
        .ok()?;
    let form: ChoiceForm = serde_urlencoded::from_bytes(&bytes).ok()?;
    Chosen::ALL
        .into_iter()
        .find(|one| one.as_str() == form.option)
}

/// What a link leads to. All that leads nowhere looks the same.
async fn linked(
    api: &Shared,
    token: Result<Named<Code>, Problem>,
) -> Result<Option<Linked>, Problem> {
    let token = token
        .ok()
        .and_then(|Named(Code(text))| ChoiceToken::read(&text));
    let Some(token) = token else {
        return Ok(None);
    };
    let stored = match api.order(token.order).await {
        Ok((stored, _)) => stored,
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let link = stored
        .order
        .choice(token.choice)
        .and_then(|choice| choice.link.as_deref());
    if !link.is_some_and(|link| token.fits(link)) {
        return Ok(None);
    }
    let titles = titles(api, &stored.order, token.choice).await?;
    let network = api.current_network().await?;
    let channel = network.channel(stored.order.placed.channel);
    Ok(Some(Linked {
        token,
        brand: channel.map_or_else(String::new, |channel| channel.name.clone()),
        order: stored.order,
        titles,
    }))
}

/// Titles of what could come instead, while it can still be chosen.
async fn titles(api: &Shared, order: &Order, no: ChoiceNo) -> Result<Vec<String>, Problem> {
    let choice = order.choice(no).filter(|choice| choice.made.is_none());
    let instead = choice.map_or(&[][..], |choice| choice.instead.as_slice());
    let skus: Vec<String> = instead.iter().map(|(_, sku)| sku.clone()).collect();
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let found = api
        .read(move |connection| {
            let names: Vec<&str> = skus.iter().map(String::as_str).collect();
            views::items::by_sku(connection, &names)
        })
        .await?;
    Ok(found.into_iter().map(|item| item.title.clone()).collect())
}

fn shown(linked: &Linked, status: StatusCode, problem: Option<&str>) -> Response {
    let Some(choice) = linked.order.choice(linked.token.choice) else {
        return nowhere();
    };
    let page = page::choice(
        (&linked.brand, &linked.titles),
        &linked.order,
        choice,
        clock::now(),
        problem,
    );
    (status, HEADERS, page).into_response()
}

/// What was refused is told beside what holds now.
async fn refused(api: &Shared, linked: Linked, problem: &Problem) -> Result<Response, Problem> {
    let (stored, _) = api.order(linked.order.id).await?;
    let now = Linked {
        order: stored.order,
        ..linked
    };
    let is_open = now
        .order
        .choice(now.token.choice)
        .is_some_and(|choice| choice.made.is_none());
    let why = if is_open && problem.status() == StatusCode::UNPROCESSABLE_ENTITY {
        "This is not possible. Choose one of the possibilities below."
    } else if is_open {
        "This is not possible any more. What holds now is shown below."
    } else {
        "Something was chosen before. What holds now is shown below."
    };
    Ok(shown(&now, problem.status(), Some(why)))
}

/// After a form was sent, the page is read: sending it again by accident is not possible.
fn see_other(token: &ChoiceToken) -> Response {
    let mut response = (StatusCode::SEE_OTHER, HEADERS).into_response();
    if let Ok(path) = HeaderValue::from_str(&format!("/p/{}", token.text())) {
        response.headers_mut().insert(LOCATION, path);
    }
    response
}

fn nowhere() -> Response {
    (StatusCode::NOT_FOUND, HEADERS, page::nowhere()).into_response()
}
