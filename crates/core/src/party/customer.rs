//! Customers, recognised by their email address.

use serde::{Deserialize, Serialize};

use super::{Contact, Person};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::ClaimKey;
use crate::id::CustomerId;
use crate::refusal::Refusal;

/// A customer. Personal values are in the contact row that has the customer's id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Identity.
    pub id: CustomerId,
    /// The merchant's own number for the customer, if any.
    pub external_ref: Option<String>,
    /// Personal values, written to the contact row.
    pub person: Person,
}

/// Creates a customer, or changes the one with the same email address or external reference.
#[derive(Debug, Clone)]
pub struct PutCustomer {
    /// Used when the customer is new.
    pub id: CustomerId,
    /// The merchant's own number for the customer.
    pub external_ref: Option<String>,
    /// Who it is.
    pub person: Person,
}

/// Creates or changes a customer.
///
/// # Errors
/// Refuses an invalid person, and one that nothing recognises (neither email nor external reference).
pub fn put_customer(attempt: &mut Attempt<'_>, command: &PutCustomer) -> Result<Answer, Stop> {
    command.person.check("")?;
    crate::text::optional(
        "/external_ref",
        command.external_ref.as_deref(),
        crate::text::REFERENCE_MAX,
    )?;
    let external_ref = command.external_ref.as_deref();
    if claim_keys(&command.person, external_ref).next().is_none() {
        return Err(Refusal::invalid(
            "/email",
            "or an external_ref is needed to recognise the customer",
        )
        .into());
    }
    let (id, known) = recognise(
        attempt,
        command.id,
        &command.person,
        command.external_ref.as_deref(),
    )?;
    let customer = Customer {
        id,
        external_ref: command.external_ref.clone(),
        person: command.person.clone(),
    };
    attempt.put_customer(customer);
    Ok(if known {
        Answer::ok(Resource::Customer(id))
    } else {
        Answer::created(Resource::Customer(id))
    })
}

/// Finds the customer by email address, then by external reference; claims both for `new` when
/// neither is known. Also says whether the customer was known.
///
/// # Errors
/// Stops when the claims are not loaded yet.
pub fn recognise(
    attempt: &mut Attempt<'_>,
    new: CustomerId,
    person: &Person,
    external_ref: Option<&str>,
) -> Result<(CustomerId, bool), Stop> {
    let keys: Vec<ClaimKey> = claim_keys(person, external_ref).collect();
    let mut found = None;
    for key in &keys {
        if let Some(claim) = attempt.claim(key)? {
            found = found.or(claim.customer());
        }
    }
    let id = found.unwrap_or(new);
    for key in keys {
        if attempt.claim(&key)?.is_none() {
            attempt.claim_for_customer(key, id);
        }
    }
    Ok((id, found.is_some()))
}

/// The claims that recognise a customer. An empty reference recognises nobody.
pub fn claim_keys<'a>(
    person: &'a Person,
    external_ref: Option<&'a str>,
) -> impl Iterator<Item = ClaimKey> + 'a {
    let email = person.email_key().map(|email| ClaimKey::email(&email));
    email.into_iter().chain(
        external_ref
            .filter(|reference| !reference.trim().is_empty())
            .map(ClaimKey::customer_ref),
    )
}

impl Customer {
    /// The contact row of this customer.
    #[must_use]
    pub fn contact(&self) -> Contact {
        Contact {
            person: Some(self.person.clone()),
            ..Contact::default()
        }
    }
}
