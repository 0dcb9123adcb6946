//! Stock: levels, movements, reservations, supply that will come, and the orders that wait.

mod adjust;
mod atp;
mod availability;
mod count;
mod crossing;
mod cycle_count;
mod exclusion;
mod fair_share;
mod level;
mod lot;
mod lot_rule;
mod queue;
mod recalled_lots;
mod receive;
mod reservation;
mod ring_fence;
mod safety;
mod serial;
mod serve_waiting;
mod share_out;
mod shortage;
mod supply;
mod transfer;
mod waited;

pub use adjust::{AdjustStock, adjust_stock};
pub use atp::{Atp, Curve, Dated, Position, atp, counted_supply};
pub use availability::{Asked, Availability, Known, availability};
pub use count::{CountStock, count_stock};
pub use crossing::Crossing;
pub(crate) use crossing::crossings;
pub use cycle_count::{
    CountDecision, CountReview, CountRound, CountState, CountTask, CountVerdict, CreateCountTask,
    DecideCount, ROUNDS_MAX, RecordCount, Tolerance, create_count_task, decide_count, record_count,
};
pub use exclusion::{
    Cause, EXCLUDE_DAYS_MAX, ExcludeItem, Exclusion, RevisedExclusion, check_days, exclude,
    exclude_item,
};
pub use fair_share::{Claim, shares};
pub use level::{Level, LevelChange, MoveReason, Reference, StockMove, Waiting};
pub use lot::{ItemLots, KnownLot, LOT_CODE_MAX, LOTS_MAX, Lot, LotCode, LotLevel, NamedLot};
pub use lot_rule::{LotRule, Unfit};
pub use queue::set_aside;
pub use receive::{ReceiveStock, UNITS_MAX, receive_stock};
pub use reservation::{
    CreateReservation, EndReservation, RESERVED_LINES_MAX, Reservation, ReservationLine,
    ReservationState, TTL_MAX_MS, create_reservation, end_reservation, expire, release_expired,
    usable_reservation, use_reservation,
};
pub use ring_fence::{FENCES_MAX, RevisedFence, RingFence, SetRingFence, set_ring_fence};
pub use safety::{SetSafetyStock, set_safety_stock};
pub(crate) use serial::parse as parse_serials;
pub use serial::{SERIAL_MAX, SERIALS_MAX, SerialEntry, SerialEvent, SerialNumber, SerialState};
pub use serve_waiting::{SERVED_PER_COMMIT, ServeWaiting, serve, serve_waiting};
pub(crate) use supply::supply_moves;
pub use supply::{
    CancelSupply, Change, ChangeSupply, CreateSupply, NewSource, ReceiveSupply, ShipTransfer,
    Supply, SupplyEntry, SupplyRecord, SupplySource, SupplyStatus, cancel_supply, change_supply,
    create_supply, evolve_supply, fold_supply, receive_supply, ship_transfer,
};
pub use transfer::{TransferStock, transfer_stock};
pub use waited::{Waited, waited_changes};
