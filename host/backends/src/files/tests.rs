//! Tests of a run's files.

mod inputs;
mod moving;
mod outputs;
mod replacing;
mod roots;
mod streams;
mod support;
