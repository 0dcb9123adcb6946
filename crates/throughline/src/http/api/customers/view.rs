//! A customer as the API shows it.

use serde::Serialize;
use throughline_core::id::CustomerId;
use throughline_store::views::customers::StoredCustomer;
use utoipa::ToSchema;

use crate::http::api::shapes::Instant;

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerView<'a> {
    /// Identity.
    #[schema(value_type = Uuid)]
    id: CustomerId,
    /// The merchant's own number for the customer.
    external_ref: Option<&'a str>,
    /// Email address.
    email: Option<&'a str>,
    /// Full name.
    name: Option<&'a str>,
    /// Telephone number.
    phone: Option<&'a str>,
    /// When the customer was first known.
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
}

impl<'a> CustomerView<'a> {
    /// Shows a customer.
    #[must_use]
    pub fn new(stored: &'a StoredCustomer) -> Self {
        let customer = &stored.customer;
        Self {
            id: customer.id,
            external_ref: customer.external_ref.as_deref(),
            email: customer.person.email.as_deref(),
            name: customer.person.name.as_deref(),
            phone: customer.person.phone.as_deref(),
            created_at: Instant(stored.created_at),
        }
    }
}
