//! Tests of a run's files.

mod inputs;
mod outputs;
mod roots;
mod support;
