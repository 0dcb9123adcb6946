//! Who is calling, and what they may do.

mod caller;
mod key;
mod permissions;
mod role;
mod sessions;

pub use caller::Caller;
pub use key::{NewKey, hash, prefix};
pub use permissions::{PUBLIC, allowed, may};
pub use role::{Role, Roles};
pub use sessions::KnownKeys;
