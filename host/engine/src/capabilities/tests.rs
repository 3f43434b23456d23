//! What a guest's calls decide, without a guest.

mod database;
mod files;
mod run;
mod tenants;

use crate::bindings::encargo::types::types::Error;

/// What a call answered, or the code of its error.
fn of<T>(answer: wasmtime::Result<Result<T, Error>>) -> Result<T, String> {
    answer.expect("it does not trap").map_err(|error| error.code)
}

/// The code of a call's error.
fn refused<T>(answer: wasmtime::Result<Result<T, Error>>) -> String {
    of(answer).map(drop).expect_err("it is refused")
}

fn denied() -> String {
    "denied".to_owned()
}
