//! Transfers: stock on its way from one location to another. What is on its way is supply where it comes to.

pub mod ship;
