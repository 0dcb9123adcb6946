//! The command line: the real program, started as people start it.

mod files;
mod import;
mod interrupted;
mod live;
mod refused;
mod support;
