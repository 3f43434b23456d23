//! The command line: flags of the host taken out wherever they stand, then a name, then what belongs to it.

mod abbreviations;
mod command;
mod given;
mod help;
mod host_flags;
mod partition;
mod paths;
mod refusal;
#[cfg(test)]
pub(crate) mod samples;

pub(crate) use abbreviations::in_full;
pub(crate) use command::{parse, with_arguments};
pub(crate) use given::{General, Given, RunFlags};
pub(crate) use help::{command_help, render, spelled_out, verb_help};
pub(crate) use host_flags::{bare, general_flags, run_flags};
pub(crate) use partition::{Parts, partition};
pub(crate) use paths::{absolute_paths, first_line, password_of, writes_to_stdout};
pub(crate) use refusal::refusal;
