//! The numbered parts of an order being composed, and what is wrong with it.

use smallvec::SmallVec;

use super::Contacts;
use crate::id::ContactNo;
use crate::order::checks::CHILDREN_MAX;
use crate::order::progress::HoldKind;
use crate::party::{Address, Contact, Person};
use crate::refusal::Refusal;

/// A mistake of an order that is taken nevertheless.
#[derive(Debug)]
pub(in crate::order) struct Problem {
    pub(in crate::order) kind: HoldKind,
    pub(in crate::order) reason: String,
}

/// Numbers the parts of an order and keeps their contact rows.
pub(in crate::order) struct Parts {
    pub(in crate::order) next_child: u16,
    pub(in crate::order) contacts: Contacts,
    pub(in crate::order) problems: Vec<Problem>,
    /// Whether mistakes become problems instead of refusals.
    is_lenient: bool,
    /// Whether nobody has to find the addresses any more: they are kept as they are.
    pub(super) is_history: bool,
}

impl Parts {
    /// Parts of which every mistake is refused.
    pub(in crate::order) fn strict(next_child: u16) -> Self {
        Self {
            next_child,
            contacts: SmallVec::new(),
            problems: Vec::new(),
            is_lenient: false,
            is_history: false,
        }
    }

    /// Parts of an order that exists elsewhere, so that its mistakes are noted.
    pub(super) fn lenient(next_child: u16) -> Self {
        Self {
            is_lenient: true,
            ..Self::strict(next_child)
        }
    }

    /// The number of a new part.
    pub(super) fn number(&mut self) -> Result<u16, Refusal> {
        let number = self.next_child;
        if number > CHILDREN_MAX {
            return Err(Refusal::TooMany {
                what: "parts of one order",
                limit: u64::from(CHILDREN_MAX),
            });
        }
        self.next_child = number + 1;
        Ok(number)
    }

    fn contact(&mut self, contact: Contact) -> Result<ContactNo, Refusal> {
        let no = ContactNo(self.number()?);
        self.contacts.push((no, contact));
        Ok(no)
    }

    /// Keeps who ordered; what is wrong is refused, or noted where mistakes are taken.
    pub(super) fn person(&mut self, person: &Person) -> Result<ContactNo, Refusal> {
        let mut person = person.clone();
        if let Err(refusal) = person.check("/customer") {
            self.problem(HoldKind::Address, refusal)?;
            person = person.storable();
        }
        self.contact(Contact {
            person: Some(person),
            ..Contact::default()
        })
    }

    /// Keeps an address; what is wrong with it is refused, or noted where mistakes are taken.
    pub(in crate::order) fn address(
        &mut self,
        field: &str,
        address: &Address,
    ) -> Result<ContactNo, Refusal> {
        let mut address = address.clone();
        if let Err(refusal) = address.check(field) {
            self.problem(HoldKind::Address, refusal)?;
            address = address.storable();
        }
        let is_history = self.is_history;
        for problem in address.problems().filter(|_| !is_history) {
            let pointer = format!("{field}/{}", problem.field);
            let refusal = Refusal::invalid(pointer, problem.problem);
            self.problem(HoldKind::Address, refusal)?;
        }
        self.contact(Contact {
            address: Some(address),
            ..Contact::default()
        })
    }

    /// Refuses a mistake, or notes it where mistakes are taken.
    pub(super) fn problem(&mut self, kind: HoldKind, refusal: Refusal) -> Result<(), Refusal> {
        if !self.is_lenient {
            return Err(refusal);
        }
        self.problems.push(Problem {
            kind,
            reason: refusal.to_string(),
        });
        Ok(())
    }
}
