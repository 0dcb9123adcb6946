//! Payments: tenders and their lives, recorded by a manual gateway for now.

mod record;
mod tender;

pub use record::{
    RecordPayment, check_new_payment, check_new_payments, record_new_payments, record_payment,
};
pub use tender::{NewPayment, Payment, PaymentState};
