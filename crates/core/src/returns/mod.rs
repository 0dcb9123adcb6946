//! Returns: announced, received, and put back to use. The full process comes later.

mod disposition;
mod lots;
mod receive;
mod register;

pub use disposition::Disposition;
pub use receive::{ReceiveReturn, ReceivedLine, receive_return};
pub use register::{RegisterReturn, ReturnedLine, register_return};
