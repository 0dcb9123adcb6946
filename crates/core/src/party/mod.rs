//! People: the personal values that live only in contact rows, and customers.

mod area;
mod contact;
mod customer;

pub use area::{area, area_max, has_outward_codes};
pub use contact::{Address, Contact, Destination, Person, ProblemWithAddress};
pub use customer::{Customer, PutCustomer, claim_keys, put_customer, recognise};
