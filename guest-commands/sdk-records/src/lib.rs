//! Reads records of CSV, JSON, JSON lines and XML in any encoding, in constant memory, for any command.
//!
//! `encoding::Decoder` makes UTF-8 of a file's `chunks`, `format::open` tells what it is written in, and what it answers
//! hands over one `record` after the other: the cells of an item by field, with its line, and what is wrong with it.

pub mod bytes;
pub mod chunks;
pub mod columns;
pub mod encoding;
pub mod format;
#[cfg(test)]
mod plain_readers;
pub mod problem;
pub mod record;
pub mod shaping;
pub mod tags;
#[cfg(test)]
mod test_data;
