//! Payments: tenders and their lives, recorded by a manual gateway for now.

mod record;
mod tender;

pub use record::{RecordPayment, record_payment};
pub use tender::{NewPayment, Payment, PaymentState};
