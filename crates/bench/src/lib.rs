//! Placeholder caption, replaced as the crate grows.
