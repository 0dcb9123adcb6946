//! Incoming supply: goods that will come from a supplier, from another location, or from production.

mod cancel;
mod change;
mod create;
mod effects;
mod entry;
mod receive;
mod record;
mod ship_transfer;

pub use cancel::{CancelSupply, cancel_supply};
pub use change::{ChangeSupply, change_supply};
pub use create::{CreateSupply, NewSource, create_supply};
pub(crate) use effects::supply_moves;
pub use entry::{Change, SupplyEntry, SupplyRecord, evolve_supply, fold_supply};
pub use receive::{ReceiveSupply, receive_supply};
pub use record::{Supply, SupplySource, SupplyStatus};
pub use ship_transfer::{ShipTransfer, ship_transfer};
