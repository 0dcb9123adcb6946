//! People: the personal values that live only in contact rows, and customers.

mod area;

pub use area::{area, area_max, has_outward_codes};
mod account;
mod agreement;
mod contact;
mod customer;

pub(crate) use account::settle;
pub use account::{Account, Credit, PutAccount, Terms, exposure, owed_on, put_account};
pub use agreement::{
    AGREEMENT_LINES_MAX, Agreement, AgreementLine, Call, CloseAgreement, Closed, CreateAgreement,
    NewAgreementLine, calls_of, close_agreement, create_agreement,
};
pub(crate) use agreement::{check_calls, settle_calls};
pub use contact::{Address, Contact, Destination, Person, ProblemWithAddress};
pub(crate) use customer::known_customer;
pub use customer::{Customer, PutCustomer, claim_keys, put_customer, recognise};
