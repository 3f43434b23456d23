//! What was read of one thing, and the files that it is read from.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use encargo_model::{Text, text};
use procfs_core::ExplicitSystemInfo;
use procfs_core::prelude::{FromRead, FromReadSI};

use super::{Group, not_told};

/// What was read of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it belongs to.
    pub group: Group,
    /// Which one of several it is; else empty.
    pub subject: String,
    /// The figures, each by its word of the contract.
    pub measures: Vec<(&'static str, f64)>,
    /// Why nothing of it can be read.
    pub unavailable: Option<Text>,
}

impl Reading {
    /// Figures of a group; those that are not known are left out.
    pub fn of<const N: usize>(group: Group, measures: [(&'static str, Option<f64>); N]) -> Self {
        let known = measures.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Self { group, subject: String::new(), measures: known.collect(), unavailable: None }
    }

    /// Nothing of a group, and why.
    pub fn unavailable(group: Group, why: Text) -> Self {
        Self { group, subject: String::new(), measures: Vec::new(), unavailable: Some(why) }
    }

    /// The same of one of several.
    #[must_use]
    pub(super) fn about(self, subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), ..self }
    }

    /// What was read, else why not.
    pub fn or_why(group: Group, read: Result<Self, Text>) -> Self {
        read.unwrap_or_else(|why| Self::unavailable(group, why))
    }

    /// A figure, in tests.
    #[cfg(test)]
    pub(super) fn get(&self, name: &str) -> Option<f64> {
        self.measures.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// Where files of the system are: `/proc` and `/sys`, and made-up ones in tests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) proc: &'a Path,
    pub(super) sys: &'a Path,
}

/// What the kernel's files are read with. It tells every process 100 ticks a second, whatever its own number is.
pub(super) const SYSTEM: ExplicitSystemInfo =
    ExplicitSystemInfo { boot_time_secs: 0, ticks_per_second: 100, page_size: 4096, is_little_endian: true };

/// Microseconds of a tick.
pub(super) const TICK: f64 = 10_000.0;

impl Files<'_> {
    /// A file of `/proc`, as it is understood.
    pub(super) fn proc<T: FromRead>(&self, name: &str) -> Result<T, Text> {
        let path = self.proc.join(name);
        T::from_read(open(&path)?).map_err(|_| not_understood(&path))
    }

    /// The same of one whose numbers need the system's sizes.
    pub(super) fn proc_with_sizes<T: FromReadSI>(&self, name: &str) -> Result<T, Text> {
        let path = self.proc.join(name);
        T::from_read(open(&path)?, &SYSTEM).map_err(|_| not_understood(&path))
    }

    /// A file of `/sys` that is one number.
    pub(super) fn number(path: &Path) -> Option<f64> {
        std::fs::read_to_string(path).ok()?.trim().parse().ok()
    }
}

fn open(path: &Path) -> Result<BufReader<File>, Text> {
    File::open(path).map(BufReader::new).map_err(|_| not_told(&path.display().to_string()))
}

fn not_understood(path: &Path) -> Text {
    text!(
        "what this system tells in `{path}` is not understood",
        "no se entiende lo que este sistema dice en `{path}`",
        path = Text::quoted(path.display().to_string())
    )
}

/// As a figure; counters beyond 2^53 have no meaning that a float could lose.
pub(super) fn figure(number: u64) -> Option<f64> {
    Some(number as f64)
}
