//! Promises: how long parcels take on each lane, how sure that is, and whether what was promised was kept.

mod backtest;
mod closed;
mod dates;
mod days;
mod lane;
mod making;
mod observe;
mod promised;
mod renew;
mod score;
mod slip;
#[cfg(test)]
mod tests;
mod transit;
mod watch;

pub use backtest::{Backtest, JUDGED_MIN, walk_forward};
pub use closed::{days_later, touched};
pub use dates::{Dates, assured, dates};
pub use days::{Month, working_days};
pub use lane::{
    Lane, LaneBook, LaneCount, Level, OBSERVATIONS_MIN, TableDays, TransitTime, WINDOW_MONTHS,
};
pub(crate) use making::made_otherwise;
pub use observe::{Observation, due_of_part, lane_of, scored, service_of, transit};
pub use promised::{LinePromise, Promised, awaited_by, line_promises, promises};
pub use renew::{RenewPromise, is_worse, renew_promise};
pub use score::{Against, Score, Scored, late_days};
pub use slip::Slip;
pub use transit::{DAYS_MAX, Transit};
pub use watch::watch_at;
pub(crate) use watch::watch_changed;
