//! Which role may do what: the one table. What is not in it is denied.

use axum::http::Method;
use throughline_core::order::Verb;

use super::role::{Role, Roles};
use Role::{Analyst, Buyer, CustomerService, Operations, Owner, Partner, Store, Warehouse};

const OWNER: Roles = Roles::of(&[Owner]);
const SETUP: Roles = Roles::of(&[Owner, Operations]);
const ORDERS: Roles = Roles::of(&[Owner, Operations, CustomerService]);
/// Whoever may decide some approval; which one, the approval says.
const APPROVE: Roles = Roles::of(&[Owner, Operations, CustomerService, Buyer]);
const READ_ORDERS: Roles = Roles::of(&[Owner, Operations, CustomerService, Analyst]);
const FULFIL: Roles = Roles::of(&[Owner, Operations, Warehouse, Store, Partner]);
const READ_FULFILMENTS: Roles = Roles::of(&[
    Owner,
    Operations,
    CustomerService,
    Analyst,
    Warehouse,
    Store,
    Partner,
]);
const BOOK: Roles = Roles::of(&[
    Owner,
    Operations,
    CustomerService,
    Warehouse,
    Store,
    Partner,
]);
const RECEIVE_RETURNS: Roles = Roles::of(&[Owner, Operations, CustomerService, Warehouse, Store]);
const READ_RETURNS: Roles = Roles::of(&[
    Owner,
    Operations,
    CustomerService,
    Analyst,
    Warehouse,
    Store,
]);
const ITEMS: Roles = Roles::of(&[Owner, Operations, Buyer]);
const READ_CATALOGUE: Roles = Roles::of(&[
    Owner,
    Operations,
    CustomerService,
    Analyst,
    Buyer,
    Warehouse,
    Store,
]);
const RATES: Roles = Roles::of(&[Owner, Operations, CustomerService, Warehouse, Store]);
const REPORTS: Roles = Roles::of(&[Owner, Operations, Analyst]);
const STOCK: Roles = Roles::of(&[Owner, Operations, Warehouse, Store]);
const EXPECT_SUPPLY: Roles = Roles::of(&[Owner, Operations, Buyer]);
const CHANGE_SUPPLY: Roles = Roles::of(&[Owner, Operations, Buyer, Warehouse, Store]);

/// Paths that need no key.
pub const PUBLIC: &[&str] = &[
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/schemas/sourcing-policy.json",
    "/p/{token}",
    "/scores/{hold_id}",
];

/// The roles that may use a method of a path.
const TABLE: &[(Method, &str, Roles)] = &[
    (Method::POST, "/v1/orders", ORDERS),
    (Method::GET, "/v1/orders", READ_ORDERS),
    (Method::POST, "/v1/orders/batch", ORDERS),
    (Method::POST, "/v1/orders/bulk-actions", SETUP),
    (Method::GET, "/v1/orders/bulk-actions/{id}", READ_ORDERS),
    (Method::GET, "/v1/orders/{id}", READ_ORDERS),
    (Method::GET, "/v1/orders/{id}/journal", READ_ORDERS),
    (Method::GET, "/v1/orders/{id}/sourcing", READ_ORDERS),
    (Method::POST, "/v1/orders/{id}/amend", ORDERS),
    (Method::POST, "/v1/orders/{id}/cancel", ORDERS),
    (Method::POST, "/v1/orders/{id}/holds", ORDERS),
    (
        Method::POST,
        "/v1/orders/{id}/holds/{hold_id}/release",
        ORDERS,
    ),
    (
        Method::POST,
        "/v1/orders/{id}/holds/{hold_id}/approve",
        APPROVE,
    ),
    (
        Method::POST,
        "/v1/orders/{id}/holds/{hold_id}/disapprove",
        APPROVE,
    ),
    (
        Method::POST,
        "/v1/orders/{id}/choices/{choice_id}/choose",
        ORDERS,
    ),
    (
        Method::POST,
        "/v1/orders/{id}/choices/{choice_id}/link",
        ORDERS,
    ),
    (Method::POST, "/v1/orders/{id}/notes", ORDERS),
    (Method::POST, "/v1/orders/{id}/tags", ORDERS),
    (Method::POST, "/v1/orders/{id}/priority", ORDERS),
    (Method::POST, "/v1/orders/{id}/source", ORDERS),
    (Method::POST, "/v1/orders/{id}/release", ORDERS),
    (Method::POST, "/v1/orders/{id}/payments", ORDERS),
    (Method::POST, "/v1/orders/{id}/returns", ORDERS),
    (Method::POST, "/v1/drafts", ORDERS),
    (Method::PUT, "/v1/drafts/{id}", ORDERS),
    (Method::POST, "/v1/drafts/{id}/place", ORDERS),
    (Method::GET, "/v1/fulfilments/{id}", READ_FULFILMENTS),
    (Method::GET, "/v1/legs", READ_FULFILMENTS),
    (Method::POST, "/v1/orders/{id}/visits", ORDERS),
    (Method::GET, "/v1/visits", READ_FULFILMENTS),
    (Method::GET, "/v1/visits/{id}", READ_FULFILMENTS),
    (Method::POST, "/v1/visits/{id}/rebook", BOOK),
    (Method::POST, "/v1/visits/{id}/complete", FULFIL),
    (Method::POST, "/v1/visits/{id}/no-show", FULFIL),
    (Method::GET, "/v1/items/{sku}/slots", READ_CATALOGUE),
    (Method::GET, "/v1/production-orders", READ_FULFILMENTS),
    (Method::GET, "/v1/production-orders/{id}", READ_FULFILMENTS),
    (Method::POST, "/v1/production-orders/{id}/accept", FULFIL),
    (Method::POST, "/v1/production-orders/{id}/start", FULFIL),
    (Method::POST, "/v1/production-orders/{id}/complete", FULFIL),
    (Method::POST, "/v1/production-orders/{id}/reject", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/accept", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/reject", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/move", ORDERS),
    (Method::POST, "/v1/fulfilments/{id}/split", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/merge", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/pick", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/pack", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/ship", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/deliver", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/ready", FULFIL),
    (Method::POST, "/v1/fulfilments/{id}/pickup", FULFIL),
    (Method::GET, "/v1/returns/{id}", READ_RETURNS),
    (Method::POST, "/v1/returns/{id}/receive", RECEIVE_RETURNS),
    (Method::POST, "/v1/items", ITEMS),
    (Method::GET, "/v1/items", READ_CATALOGUE),
    (Method::GET, "/v1/items/{sku}", READ_CATALOGUE),
    (Method::PUT, "/v1/items/{sku}", ITEMS),
    (Method::PUT, "/v1/list-prices", ITEMS),
    (Method::GET, "/v1/items/{sku}/lots", READ_CATALOGUE),
    (Method::GET, "/v1/items/{sku}/lots/{lot}", READ_CATALOGUE),
    (
        Method::GET,
        "/v1/items/{sku}/lots/{lot}/movements",
        READ_CATALOGUE,
    ),
    (Method::GET, "/v1/items/{sku}/serials", READ_CATALOGUE),
    (Method::GET, "/v1/items/{sku}/serials/{serial}", READ_ORDERS),
    (
        Method::GET,
        "/v1/items/{sku}/serials/{serial}/history",
        READ_ORDERS,
    ),
    (Method::GET, "/v1/serials/{serial}", READ_CATALOGUE),
    (Method::POST, "/v1/locations", SETUP),
    (Method::GET, "/v1/locations", READ_CATALOGUE),
    (Method::GET, "/v1/locations/{code}", READ_CATALOGUE),
    (Method::PUT, "/v1/locations/{code}", SETUP),
    (Method::GET, "/v1/locations/{code}/days", READ_CATALOGUE),
    (Method::POST, "/v1/promises", RATES),
    (Method::POST, "/v1/sourcing/preview", RATES),
    (Method::POST, "/v1/sourcing/runs", SETUP),
    (Method::GET, "/v1/sourcing/runs", READ_ORDERS),
    (Method::GET, "/v1/sourcing/runs/{id}", READ_ORDERS),
    (Method::GET, "/v1/sourcing/runs/{id}/orders", READ_ORDERS),
    (Method::POST, "/v1/sourcing/replay", SETUP),
    (Method::GET, "/v1/sourcing/replays", READ_ORDERS),
    (Method::GET, "/v1/sourcing/replays/{id}", READ_ORDERS),
    (Method::GET, "/v1/sourcing/replays/{id}/orders", READ_ORDERS),
    (Method::GET, "/v1/sourcing-policies", READ_ORDERS),
    (Method::GET, "/v1/sourcing-policies/{code}", READ_ORDERS),
    (Method::PUT, "/v1/sourcing-policies/{code}", SETUP),
    (
        Method::GET,
        "/v1/sourcing-policies/{code}/versions",
        READ_ORDERS,
    ),
    (Method::POST, "/v1/location-groups", SETUP),
    (Method::GET, "/v1/location-groups", READ_CATALOGUE),
    (Method::GET, "/v1/location-groups/{code}", READ_CATALOGUE),
    (Method::PUT, "/v1/location-groups/{code}", SETUP),
    (Method::POST, "/v1/channels", SETUP),
    (Method::GET, "/v1/channels", READ_ORDERS),
    (Method::GET, "/v1/channels/{code}", READ_ORDERS),
    (Method::PUT, "/v1/channels/{code}", SETUP),
    (Method::POST, "/v1/calendars", SETUP),
    (Method::GET, "/v1/calendars", READ_CATALOGUE),
    (Method::GET, "/v1/calendars/{code}", READ_CATALOGUE),
    (Method::PUT, "/v1/calendars/{code}", SETUP),
    (Method::POST, "/v1/carrier-services", SETUP),
    (Method::GET, "/v1/carrier-services", READ_CATALOGUE),
    (Method::GET, "/v1/carrier-services/{code}", READ_CATALOGUE),
    (Method::PUT, "/v1/carrier-services/{code}", SETUP),
    (Method::POST, "/v1/carrier-closures", SETUP),
    (Method::GET, "/v1/carrier-closures", READ_CATALOGUE),
    (Method::GET, "/v1/carrier-closures/{code}", READ_CATALOGUE),
    (Method::PUT, "/v1/carrier-closures/{code}", SETUP),
    (Method::POST, "/v1/carrier-closures/{code}/end", SETUP),
    (
        Method::GET,
        "/v1/carrier-closures/{code}/report",
        READ_ORDERS,
    ),
    (Method::POST, "/v1/rates", RATES),
    (Method::POST, "/v1/recalls", SETUP),
    (Method::GET, "/v1/recalls", READ_CATALOGUE),
    (Method::DELETE, "/v1/recalls/{sku}", SETUP),
    (Method::GET, "/v1/recalls/{sku}/recipients", READ_ORDERS),
    (Method::GET, "/v1/screening-rules", SETUP),
    (Method::GET, "/v1/screening-rules/{code}", SETUP),
    (Method::PUT, "/v1/screening-rules/{code}", SETUP),
    (Method::GET, "/v1/customers/{id}/account", READ_ORDERS),
    (Method::PUT, "/v1/customers/{id}/account", SETUP),
    (Method::POST, "/v1/agreements", SETUP),
    (Method::GET, "/v1/agreements", READ_ORDERS),
    (Method::GET, "/v1/agreements/{id}", READ_ORDERS),
    (Method::GET, "/v1/agreements/{id}/call-offs", READ_ORDERS),
    (Method::POST, "/v1/agreements/{id}/close", SETUP),
    (Method::POST, "/v1/customers", ORDERS),
    (Method::GET, "/v1/customers", READ_ORDERS),
    (Method::GET, "/v1/customers/{id}", READ_ORDERS),
    (Method::GET, "/v1/stock", READ_CATALOGUE),
    (Method::GET, "/v1/stock/ledger", READ_CATALOGUE),
    (Method::POST, "/v1/stock/receive", STOCK),
    (Method::POST, "/v1/stock/adjust", STOCK),
    (Method::POST, "/v1/stock/count", STOCK),
    (Method::POST, "/v1/stock/transfer", STOCK),
    (Method::POST, "/v1/stock/safety", STOCK),
    (Method::POST, "/v1/stock/ring-fence", SETUP),
    (Method::POST, "/v1/stock/exclusions", STOCK),
    (Method::GET, "/v1/stock/exclusions", READ_CATALOGUE),
    (Method::POST, "/v1/count-tasks", SETUP),
    (Method::GET, "/v1/count-tasks", READ_CATALOGUE),
    (Method::GET, "/v1/count-tasks/{id}", READ_CATALOGUE),
    (Method::POST, "/v1/count-tasks/{id}/count", STOCK),
    (Method::POST, "/v1/count-tasks/{id}/approve", SETUP),
    (Method::POST, "/v1/count-tasks/{id}/reject", SETUP),
    (Method::POST, "/v1/count-tasks/{id}/cancel", SETUP),
    (Method::GET, "/v1/count-tasks/{id}/rounds", REPORTS),
    (Method::GET, "/v1/availability", READ_CATALOGUE),
    (Method::POST, "/v1/supply", EXPECT_SUPPLY),
    (Method::GET, "/v1/supply", READ_CATALOGUE),
    (Method::GET, "/v1/supply/{id}", READ_CATALOGUE),
    (Method::PATCH, "/v1/supply/{id}", CHANGE_SUPPLY),
    (Method::POST, "/v1/supply/{id}/receive", STOCK),
    (Method::POST, "/v1/supply/{id}/cancel", CHANGE_SUPPLY),
    (Method::POST, "/v1/transfers", STOCK),
    (Method::POST, "/v1/reservations", ORDERS),
    (Method::GET, "/v1/reservations/{id}", READ_ORDERS),
    (Method::DELETE, "/v1/reservations/{id}", ORDERS),
    (Method::POST, "/v1/keys", OWNER),
    (Method::GET, "/v1/keys", OWNER),
    (Method::DELETE, "/v1/keys/{id}", OWNER),
    (Method::GET, "/v1/events", READ_ORDERS),
    (Method::GET, "/v1/geo", READ_CATALOGUE),
    (Method::GET, "/v1/reports/promises", REPORTS),
];

/// The roles that may use a method of a path; `None` when nobody may, because the table does not name it.
#[must_use]
pub fn allowed(method: &Method, path: &str) -> Option<Roles> {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    TABLE
        .iter()
        .find(|(known, known_path, _)| known == method && *known_path == path)
        .map(|(.., roles)| *roles)
}

/// Whether a role may use a verb that a resource offers.
#[must_use]
pub fn may(role: Role, verb: Verb) -> bool {
    let roles = match verb {
        Verb::Place
        | Verb::Amend
        | Verb::Cancel
        | Verb::Hold
        | Verb::ReleaseHold
        | Verb::Release
        | Verb::Note
        | Verb::Tag
        | Verb::Priority
        | Verb::Source
        | Verb::Move
        | Verb::Pay
        | Verb::Return => ORDERS,
        Verb::Approve | Verb::Disapprove => APPROVE,
        // The scorer itself, with its secret.
        Verb::Score => Roles::of(&[]),
        Verb::ReceiveReturn => RECEIVE_RETURNS,
        Verb::Accept
        | Verb::Reject
        | Verb::Split
        | Verb::Merge
        | Verb::Pick
        | Verb::Pack
        | Verb::Ship
        | Verb::Deliver
        | Verb::Ready
        | Verb::Pickup
        | Verb::Start
        | Verb::Complete => FULFIL,
        Verb::Book => BOOK,
    };
    roles.contains(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_the_table_is_denied() {
        assert_eq!(allowed(&Method::PATCH, "/v1/orders"), None);
        assert_eq!(allowed(&Method::GET, "/v1/secrets"), None);
        assert_eq!(allowed(&Method::HEAD, "/v1/orders"), Some(READ_ORDERS));
    }

    #[test]
    fn the_owner_may_everything_and_keys_are_the_owners_alone() {
        for (method, path, roles) in TABLE {
            assert!(roles.contains(Owner), "{method} {path}");
            assert_eq!(
                roles.contains(Operations),
                !path.starts_with("/v1/keys"),
                "{method} {path}"
            );
        }
    }

    #[test]
    fn an_analyst_only_reads() {
        for (method, path, roles) in TABLE.iter().filter(|(.., roles)| roles.contains(Analyst)) {
            assert_eq!(method, Method::GET, "{path} {roles}");
        }
    }

    #[test]
    fn a_verb_is_offered_to_whoever_may_use_its_path() {
        assert!(
            may(Partner, Verb::Ship)
                && !may(Partner, Verb::Cancel)
                && !may(CustomerService, Verb::Pick)
        );
    }
}
