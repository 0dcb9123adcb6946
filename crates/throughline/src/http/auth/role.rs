//! Roles: what a key is for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::nearest;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything but keys.
    Operations,
    /// Orders, customers and reservations.
    CustomerService,
    /// Fulfilments and stock of its warehouses.
    Warehouse,
    /// Fulfilments and stock of its stores.
    Store,
    /// Items, and reading stock and locations.
    Buyer,
    /// Reading.
    Analyst,
    /// Fulfilments of its locations.
    Partner,
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles(u16);

impl Role {
    /// All roles.
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Operations,
        Self::CustomerService,
        Self::Warehouse,
        Self::Store,
        Self::Buyer,
        Self::Analyst,
        Self::Partner,
    ];

    /// The role as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Operations => "operations",
            Self::CustomerService => "customer_service",
            Self::Warehouse => "warehouse",
            Self::Store => "store",
            Self::Buyer => "buyer",
            Self::Analyst => "analyst",
            Self::Partner => "partner",
        }
    }

    /// Whether the role is limited to the locations of the key.
    #[must_use]
    pub fn is_bound_to_locations(self) -> bool {
        matches!(self, Self::Warehouse | Self::Store | Self::Partner)
    }
}

impl Roles {
    /// The set of these roles.
    #[must_use]
    pub const fn of(roles: &[Role]) -> Self {
        let (mut set, mut position) = (0, 0);
        while position < roles.len() {
            set |= 1 << roles[position] as u16;
            position += 1;
        }
        Self(set)
    }

    /// Whether the role is one of these.
    #[must_use]
    pub fn contains(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Role::ALL
            .into_iter()
            .filter(|role| self.contains(*role))
            .map(Role::as_str)
            .collect();
        f.write_str(&names.join(", "))
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::as_str);
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| {
                format!(
                    "{text:?} is no role{}; roles are {}",
                    nearest::hint(text, known),
                    known.join(", ")
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_read_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert!(
            "onwer"
                .parse::<Role>()
                .unwrap_err()
                .contains("did you mean \"owner\"?")
        );
    }
}
