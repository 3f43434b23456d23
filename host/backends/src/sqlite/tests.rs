//! Tests of a command's SQL, on real files.

mod bombs;
mod connection;
mod denials;
mod errors;
mod limits;
mod reading;
mod support;
mod transactions;
mod walls;
mod writing;
