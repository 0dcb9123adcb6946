//! Stories: generated sequences of commands, and the checks of what must always be true after every step (I1 to I7).
//!
//! A [`Story`] is a list of [`Step`]s, each a few words such as `place shop 2×A 1×K:pickup@S to DE ref=1`. Steps name
//! things by position (`pick #3`), so that a step that is generated usually hits something that exists in a fitting state, and
//! a story still means something when steps are taken out of it to make it smaller. A [`Stage`] turns steps into requests, a
//! [`Subject`] executes them, and [`tell()`] checks the invariants and compares with simple models of its own.

mod again;
mod arrange;
pub mod cast;
pub mod check;
mod counting;
mod expect;
mod generate;
mod lots;
mod memory;
mod mistakes;
mod orders;
mod play;
mod serials;
mod settings;
mod snapshot;
mod stage;
mod step;
mod stock;
mod story;
mod subject;
mod supply;
mod tally;
mod tell;
mod text;
mod work;

pub use generate::{Flavour, stories, stories_with};
pub use memory::Memory;
pub use play::{play, replay};
pub use snapshot::{LedgerRow, Snapshot, Told, ToldSupply};
pub use stage::Stage;
pub use step::{
    Arrival, Change, Fate, Found, Mistake, NewLine, NewOrder, Packing, Part, Pick, Scope, Share,
    Shipping, Step, Version, What,
};
pub use story::Story;
pub use subject::Subject;
pub use tally::Tally;
pub use tell::{Broken, tell};
