//! The program as people run it: commands, exit codes, signals.

mod commands;
mod outside;
mod process;
mod serving;
