//! An API key as the API shows it: never its secret.

use serde::Serialize;
use throughline_core::id::KeyId;
use throughline_store::ApiKey;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// An API key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct KeyView<'a> {
    /// Identity.
    #[schema(value_type = Uuid)]
    pub id: KeyId,
    /// What people call it.
    name: &'a str,
    /// What it is for.
    #[schema(value_type = crate::http::auth::Role)]
    role: &'a str,
    /// Codes of the only locations it is for.
    locations: &'a [String],
    /// The part of it that is no secret.
    prefix: &'a str,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// When it ends by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Instant>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Instant>,
    /// The key itself; shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    key: Option<&'a str>,
}

impl<'a> KeyView<'a> {
    /// Shows a key; `text` only when it was just made.
    #[must_use]
    pub fn new(key: &'a ApiKey, text: Option<&'a str>) -> Self {
        Self {
            id: key.id,
            name: &key.name,
            role: &key.role,
            locations: &key.locations,
            prefix: &key.prefix,
            created_at: Instant(key.created_at),
            expires_at: key.expires_at.map(Instant),
            revoked_at: key.revoked_at.map(Instant),
            key: text,
        }
    }
}
