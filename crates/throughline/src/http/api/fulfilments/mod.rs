//! Fulfilments: what one location does for an order.

pub mod accept;
pub mod deliver;
pub mod get;
pub mod lines;
pub mod merge;
pub mod move_to;
pub mod pack;
pub mod pick;
pub mod pickup;
pub mod ready;
pub mod reject;
pub mod ship;
pub mod split;
pub mod verb;
pub mod view;
