//! Promises: how long parcels take on each lane, how sure that is, and whether what was promised was kept.

mod backtest;
mod dates;
mod days;
mod lane;
mod observe;
mod score;
mod transit;

pub use backtest::{Backtest, JUDGED_MIN, walk_forward};
pub use dates::{Dates, dates};
pub use days::{Month, working_days};
pub use lane::{
    Lane, LaneBook, LaneCount, Level, OBSERVATIONS_MIN, TableDays, TransitTime, WINDOW_MONTHS,
};
pub use observe::{Observation, lane_of, scored, service_of, transit};
pub use score::{Score, Scored, late_days};
pub use transit::{DAYS_MAX, Transit};
