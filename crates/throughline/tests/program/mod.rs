//! The program as people run it: commands, exit codes, signals.

mod commands;
mod process;
mod serving;
