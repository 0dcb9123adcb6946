//! Making an API key.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use throughline_core::Refusal;
use throughline_core::time::Millis;
use throughline_store::ApiKey;
use utoipa::ToSchema;

use super::view::KeyView;
use crate::http::api::Shared;
use crate::http::api::answer::Rendered;
use crate::http::api::shapes::Instant;
use crate::http::auth::{NewKey, Role};
use crate::http::body::RequestBody;
use crate::http::problem::Problem;
use crate::http::write::Write;
use crate::wiring::{clock, ids, random};

/// Longest name of a key, in bytes.
const NAME_MAX: usize = 255;
/// Most locations of a key.
const LOCATIONS_MAX: usize = 1000;

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewApiKey)]
#[serde(deny_unknown_fields)]
pub struct KeyBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Codes of the only locations it is for; needed by warehouse, store and partner, and not for other roles.
    #[schema(max_items = 1000)]
    pub locations: Option<Vec<String>>,
    /// When it ends by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Instant>,
}

impl RequestBody for KeyBody {}

/// Makes an API key. The key is shown this once; an Idempotency-Key is not kept for it, because nothing of it is stored.
#[utoipa::path(
    post, path = "/v1/keys", operation_id = "create_key", tag = "keys", request_body = KeyBody,
    responses((status = 201, description = "The key", body = KeyView))
)]
pub async fn create_key(
    State(api): State<Shared>,
    write: Write<KeyBody>,
) -> Result<Rendered, Problem> {
    let (key, text) = make(write.body)?;
    api.check_locations(&key.locations).await?;
    let stored = key.clone();
    api.write(move |store| store.insert_api_key(&stored))
        .await?;
    Ok(Rendered::new(
        StatusCode::CREATED,
        &KeyView::new(&key, Some(&text)),
    ))
}

/// Makes a key and its text; nothing is stored yet.
///
/// # Errors
/// Refuses an impossible name, an end that has passed, and locations that do not go with the role.
pub fn make(body: KeyBody) -> Result<(ApiKey, String), Refusal> {
    let (now, locations) = (clock::now(), body.locations.unwrap_or_default());
    throughline_core::text::required("/name", &body.name, NAME_MAX)?;
    check(body.role, &locations, body.expires_at.map(|at| at.0), now)?;
    let new = NewKey::new(&random::bytes());
    let key = ApiKey {
        id: ids::key(),
        name: body.name,
        role: body.role.as_str().to_owned(),
        locations,
        prefix: new.prefix,
        hash: new.hash.to_vec(),
        created_at: now,
        expires_at: body.expires_at.map(|at| at.0),
        revoked_at: None,
    };
    Ok((key, new.text))
}

fn check(
    role: Role,
    locations: &[String],
    expires_at: Option<Millis>,
    now: Millis,
) -> Result<(), Refusal> {
    if expires_at.is_some_and(|end| end <= now || !end.is_valid()) {
        return Err(Refusal::invalid("/expires_at", "must lie in the future"));
    }
    if locations.len() > LOCATIONS_MAX {
        return Err(Refusal::TooMany {
            what: "locations",
            limit: LOCATIONS_MAX as u64,
        });
    }
    match (role.is_bound_to_locations(), locations.is_empty()) {
        (true, true) => Err(Refusal::invalid(
            "/locations",
            format!("must name the locations of a key with the role {role}"),
        )),
        (false, false) => Err(Refusal::invalid(
            "/locations",
            format!("must be absent: the role {role} is for all locations"),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(role: Role, locations: &[&str]) -> KeyBody {
        let locations = locations.iter().map(|code| (*code).to_owned()).collect();
        KeyBody {
            name: "test".to_owned(),
            role,
            locations: Some(locations),
            expires_at: None,
        }
    }

    #[test]
    fn a_key_holds_only_the_hash_of_its_text() {
        let (key, text) = make(body(Role::Warehouse, &["LEEDS"])).unwrap();
        assert_eq!(key.hash, crate::http::auth::hash(&text));
        assert!(!format!("{key:?}").contains(&text[12..]));
    }

    #[test]
    fn locations_go_with_the_roles_that_are_bound_to_them() {
        assert_eq!(
            make(body(Role::Warehouse, &[])).unwrap_err().field(),
            Some("/locations")
        );
        assert_eq!(
            make(body(Role::Owner, &["LEEDS"])).unwrap_err().field(),
            Some("/locations")
        );
        let past = KeyBody {
            expires_at: Some(Instant(Millis(1))),
            ..body(Role::Owner, &[])
        };
        assert_eq!(make(past).unwrap_err().field(), Some("/expires_at"));
    }
}
