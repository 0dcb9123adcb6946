//! Customers, recognised by their email address.

use serde::{Deserialize, Serialize};

use super::{Contact, Person};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::facts::{ClaimKey, Facts};
use crate::id::CustomerId;
use crate::order::place::NewOrder;
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
/// Refuses an invalid person, one that nothing recognises (neither email nor external reference), and one that is
/// recognised as two customers.
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
    refuse_two_customers(attempt, &command.person, external_ref)?;
    let (id, known) = recognise(attempt, command.id, &command.person, external_ref)?;
    let customer = Customer {
        id,
        external_ref: external_ref
            .filter(|reference| !reference.trim().is_empty())
            .map(str::to_owned),
        person: command.person.clone(),
    };
    attempt.put_customer(customer);
    Ok(if known {
        Answer::ok(Resource::Customer(id))
    } else {
        Answer::created(Resource::Customer(id))
    })
}

/// Refuses an email address of one customer with the reference of another one.
fn refuse_two_customers(
    attempt: &Attempt<'_>,
    person: &Person,
    external_ref: Option<&str>,
) -> Result<(), Stop> {
    let mut found = None;
    for key in claim_keys(person, external_ref) {
        let Some(customer) = attempt.claim(&key)?.and_then(|claim| claim.customer()) else {
            continue;
        };
        if *found.get_or_insert(customer) != customer {
            let problem = "is that of another customer than the one with this email address";
            return Err(Refusal::invalid("/external_ref", problem).into());
        }
    }
    Ok(())
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

/// The customer that an order comes from, if it is known by now.
pub(crate) fn known_customer(facts: &Facts, order: &NewOrder) -> Option<CustomerId> {
    let nobody = Person::default();
    let person = order.customer.as_ref().unwrap_or(&nobody);
    let mut keys = claim_keys(person, order.customer_ref.as_deref());
    keys.find_map(|key| facts.claims.get(&key).copied().flatten()?.customer())
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

#[cfg(test)]
mod tests {
    use crate::fixture::story;

    #[test]
    fn a_customer_is_made_once_and_recognised_by_email_or_reference() {
        story(
            "
                customer email=ann@example.org ref=C-1 name=Ann
                answer                                          > created, network 6
                contacts                                        > ann@example.org Ann
                customer email=ANN@EXAMPLE.ORG name=Ann_B
                answer                                          > ok, network 6
                customer ref=C-1
                answer                                          > ok, network 6
                customer email=bob@example.org ref=C-2
                answer                                          > created, network 6
                customer email=ann@example.org ref=C-2          > invalid_field: /external_ref is that of another customer than the one with this email address
                customer email=ann@example.org ref=C-3
                answer                                          > ok, network 6
                customer ref=C-3
                answer                                          > ok, network 6
            ",
        );
    }

    #[test]
    fn nobody_is_recognised_by_nothing() {
        story(
            "
                customer name=Ann                        > invalid_field: /email or an external_ref is needed to recognise the customer
                customer ref=none                        > invalid_field: /email or an external_ref is needed to recognise the customer
                customer email=none                      > invalid_field: /email is not an email address such as name@example.com
                customer email=ann                       > invalid_field: /email is not an email address such as name@example.com
                customer email=LONG                      > invalid_field: /email is 10001 bytes long; at most 254 are allowed
                customer email=ann@example.org name=LONG > invalid_field: /name is 10001 bytes long; at most 255 are allowed
                customer ref=LONG                        > invalid_field: /external_ref is 10001 bytes long; at most 255 are allowed
                customer email=ann@example.org ref=none
                answer                                   > created, network 6
                customer email=bob@example.org ref=none
                answer                                   > created, network 6
            ",
        );
    }
}
