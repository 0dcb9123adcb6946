//! Payments: tenders and their lives, recorded by a manual gateway for now.

mod record;
mod tender;
mod with_order;

pub use record::{RecordPayment, record_payment};
pub use tender::{NewPayment, Payment, PaymentState};
pub use with_order::{check_new_payments, record_new_payments};
