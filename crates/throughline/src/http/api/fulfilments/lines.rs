//! Lines and packages of a fulfilment, as callers name them.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use throughline_core::Refusal;
use throughline_core::id::{OrderId, PackageNo};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::api::units::part;
use crate::http::wording::NO_ID;

/// A package that is named by its id alone, or with something about it.
#[derive(Debug, ToSchema)]
#[schema(as = PackageName)]
#[serde(untagged)]
pub enum PackageNameBody {
    /// Its id.
    Id(Uuid),
    /// Its id and its own tracking number.
    Tracked(TrackedPackage),
}

/// A package with its own tracking number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackedPackage {
    /// The package's id.
    pub id: Uuid,
    /// Its own tracking number.
    #[schema(max_length = 255)]
    pub tracking_number: Option<String>,
}

impl<'de> Deserialize<'de> for PackageNameBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EitherName)
    }
}

/// Reads either form, and says of a third what the two are.
struct EitherName;

impl<'de> Visitor<'de> for EitherName {
    type Value = PackageNameBody;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a package's id, or an object with its id and tracking_number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<PackageNameBody, E> {
        text.parse()
            .map(PackageNameBody::Id)
            .map_err(|_| E::custom(NO_ID))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<PackageNameBody, A::Error> {
        TrackedPackage::deserialize(MapAccessDeserializer::new(fields))
            .map(PackageNameBody::Tracked)
    }
}

impl PackageNameBody {
    /// The package of the order, and its tracking number if one was given.
    ///
    /// # Errors
    /// Refuses an id that is no part of this order.
    pub fn resolve(
        self,
        order: OrderId,
        position: usize,
    ) -> Result<(PackageNo, Option<String>), Refusal> {
        let (id, tracking) = match self {
            Self::Id(id) => (id, None),
            Self::Tracked(package) => (package.id, package.tracking_number),
        };
        Ok((package(order, position, id)?, tracking))
    }
}

/// The package of the order that a position in `packages` names.
///
/// # Errors
/// Refuses an id that is no part of this order.
pub fn package(order: OrderId, position: usize, id: Uuid) -> Result<PackageNo, Refusal> {
    part(order, format!("/packages/{position}"), "package", id).map(PackageNo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_an_id_or_an_object_and_anything_else_is_told_so() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let read = |text: &str| serde_json::from_str::<PackageNameBody>(text);
        assert!(matches!(
            read(&format!("\"{id}\"")),
            Ok(PackageNameBody::Id(_))
        ));
        let tracked = read(&format!(r#"{{"id":"{id}","tracking_number":"T1"}}"#));
        assert!(matches!(tracked, Ok(PackageNameBody::Tracked(_))));
        for (wrong, said) in [
            ("5", "expected a package's id, or an object"),
            (r#"{"tracking_number":"T1"}"#, "missing field `id`"),
            (r#"{"lines":[]}"#, "unknown field `lines`"),
            (r#""P1""#, "is no id"),
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
