//! The caller of a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use throughline_core::command::Actor;
use throughline_core::id::KeyId;
use throughline_core::network::{LocationId, Network};
use throughline_core::order::Verb;

use super::permissions;
use super::role::Role;
use crate::http::problem::Problem;

/// Who is calling: a key that was found, is not revoked and has not expired.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The key.
    pub key: KeyId,
    /// What it is for.
    pub role: Role,
    /// Codes of the only locations it is for; `None`: all.
    pub locations: Option<Arc<[String]>>,
}

impl Caller {
    /// The caller as the journal names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Key(self.key)
    }

    /// Whether the caller may use a verb that a resource offers.
    #[must_use]
    pub fn may(&self, verb: Verb) -> bool {
        permissions::may(self.role, verb)
    }

    /// Refuses a location that the key is not for.
    ///
    /// # Errors
    /// 403 that names the location.
    pub fn at(&self, code: &str) -> Result<(), Problem> {
        match &self.locations {
            Some(codes) if !codes.iter().any(|known| known == code) => Err(Problem::forbidden(
                format!("this key is not for the location {code:?}; use a key that is"),
            )),
            _ => Ok(()),
        }
    }

    /// Refuses where the key is for neither of two locations, the second of which there may not be.
    ///
    /// # Errors
    /// 403 that names the first location.
    pub fn at_either(
        &self,
        network: &Network,
        location: LocationId,
        other: Option<LocationId>,
    ) -> Result<(), Problem> {
        let refused = self.at_number(network, Some(location));
        match other {
            Some(other) if self.at_number(network, Some(other)).is_ok() => Ok(()),
            _ => refused,
        }
    }

    /// Refuses a location that the key is not for, by its number. Work without a location is nobody's in particular.
    ///
    /// # Errors
    /// 403 that names the location.
    pub fn at_number(
        &self,
        network: &Network,
        location: Option<LocationId>,
    ) -> Result<(), Problem> {
        let code = location
            .and_then(|id| network.location(id))
            .map(|location| location.code.as_str());
        match (&self.locations, code) {
            (None, _) => Ok(()),
            (Some(_), Some(code)) => self.at(code),
            (Some(_), None) => Err(Problem::forbidden(
                "this key is only for work at its locations; use another key",
            )),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;
    /// The caller that the gate has let in.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::unauthenticated("send Authorization: Bearer KEY"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_key_works_at_its_locations_only() {
        let key: KeyId = "01912d68-783e-7a03-8467-000000000001".parse().unwrap();
        let bound = Caller {
            key,
            role: Role::Warehouse,
            locations: Some(Arc::from(["LEEDS".to_owned()])),
        };
        assert!(bound.at("LEEDS").is_ok());
        assert_eq!(bound.at("PARIS").unwrap_err().status().as_u16(), 403);
        assert!(bound.at_number(&Network::default(), None).is_err());
        assert!(
            Caller {
                locations: None,
                ..bound
            }
            .at("PARIS")
            .is_ok()
        );
    }
}
