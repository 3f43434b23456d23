//! The files of the tenants' rows: how many, how large, and how many are being written to.

use std::fs;
use std::path::PathBuf;

use super::Group;
use super::reading::{Reading, figure};
use crate::platform::head::log_of;

/// What the system tells of these files without opening them, and how many are being written to, where that is known.
pub fn storage(databases: &[PathBuf], writers: Option<usize>) -> Reading {
    let size = |path: &PathBuf| fs::metadata(path).ok().map(|found| found.len());
    let found: Vec<(u64, u64)> =
        databases.iter().filter_map(|path| Some((size(path)?, size(&log_of(path)).unwrap_or(0)))).collect();
    Reading::of(
        Group::Storage,
        [
            ("files", figure(found.len() as u64)),
            ("bytes", figure(found.iter().map(|(bytes, _)| bytes).sum())),
            ("log-bytes", figure(found.iter().map(|(_, bytes)| bytes).sum())),
            ("writers", writers.and_then(|writers| figure(writers as u64))),
        ],
    )
}
