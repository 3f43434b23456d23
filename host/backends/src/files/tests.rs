//! Tests of a run's files.

mod inputs;
mod outputs;
mod replacing;
mod roots;
mod streams;
mod support;
