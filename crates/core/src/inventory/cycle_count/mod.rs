//! Cycle counts: somebody counts an item at a location without being told what is expected there, and what differs by more
//! than a tolerance changes the stock only when somebody else has agreed.

mod create;
mod decide;
mod record;
mod task;

pub use create::{CreateCountTask, create_count_task};
pub use decide::{CountDecision, DecideCount, decide_count};
pub use record::{RecordCount, record_count};
pub use task::{
    CountReview, CountRound, CountState, CountTask, ROUNDS_MAX, Tolerance, Verdict as CountVerdict,
};
