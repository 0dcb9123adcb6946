//! Stock: levels, movements, reservations, and the orders that wait.

mod adjust;
mod count;
mod level;
mod queue;
mod receive;
mod reservation;
mod safety;
mod serve_waiting;
mod shortage;
mod transfer;

pub use adjust::{AdjustStock, adjust_stock};
pub use count::{CountStock, count_stock};
pub use level::{Level, LevelChange, MoveReason, Reference, StockMove, Waiting};
pub use queue::set_aside;
pub use receive::{ReceiveStock, UNITS_MAX, receive_stock};
pub use reservation::{
    CreateReservation, EndReservation, RESERVED_LINES_MAX, Reservation, ReservationLine,
    ReservationState, TTL_MAX_MS, create_reservation, end_reservation, expire, release_expired,
    usable_reservation, use_reservation,
};
pub use safety::{SetSafetyStock, set_safety_stock};
pub use serve_waiting::{SERVED_PER_COMMIT, ServeWaiting, serve, serve_waiting};
pub use transfer::{TransferStock, transfer_stock};
