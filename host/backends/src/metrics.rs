//! Figures of the machine, of this process and of the platform's files, as the system tells them.
//!
//! Linux tells them in files below `/proc` and `/sys`. What a system does not tell is said, and is never 0.

mod container;
mod disk;
mod machine;
mod memory;
mod network;
mod pressure;
mod process;
mod processes;
mod reading;
mod schedule;
mod storage;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use encargo_model::Text;

pub use process::cpu_time;
pub use processes::{Process, processes};
pub use reading::Reading;
pub use schedule::{Due, Schedule};
pub use storage::storage;

use reading::Files;

/// What figures are read of; each is a word of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The time of the processors.
    Cpu,
    /// How many processes run or wait.
    Load,
    /// Memory, swap and page faults.
    Memory,
    /// The disk of the data directory.
    Disk,
    /// The network interfaces.
    Network,
    /// How long processes waited for what.
    Pressure,
    /// The control group of this process.
    Container,
    /// This process.
    Process,
    /// The platform's files.
    Storage,
    /// The runs, which the engine store knows.
    Runs,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Cpu,
        Self::Load,
        Self::Memory,
        Self::Disk,
        Self::Network,
        Self::Pressure,
        Self::Container,
        Self::Process,
        Self::Storage,
        Self::Runs,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Load => "load",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Network => "network",
            Self::Pressure => "pressure",
            Self::Container => "container",
            Self::Process => "process",
            Self::Storage => "storage",
            Self::Runs => "runs",
        }
    }

    /// The group of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.word() == word)
    }

    /// What has to be granted for it, as in `check:NAME`.
    pub const fn inspection(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Storage => "space",
            Self::Runs => "runs",
            _ => "machine",
        }
    }
}

/// Where the system tells its figures.
#[derive(Debug, Clone)]
pub struct Machine {
    proc: PathBuf,
    sys: PathBuf,
    /// The folder whose disk is looked at.
    data: PathBuf,
}

impl Machine {
    /// This machine, and the disk of a folder.
    pub fn of(data: &Path) -> Self {
        Self { proc: PathBuf::from("/proc"), sys: PathBuf::from("/sys"), data: data.to_owned() }
    }

    /// Reads a group of what the machine tells; none for what it does not know of.
    pub fn read(&self, group: Group) -> Vec<Reading> {
        let files = Files { proc: &self.proc, sys: &self.sys };
        match group {
            Group::Cpu => vec![machine::cpu(files)],
            Group::Load => vec![machine::load(files)],
            Group::Memory => vec![memory::memory(files)],
            Group::Disk => vec![disk::disk(files, &self.data)],
            Group::Network => network::network(files),
            Group::Pressure => pressure::pressure(files),
            Group::Container => vec![container::container(files)],
            Group::Process => vec![process::process(files)],
            Group::Storage | Group::Runs => Vec::new(),
        }
    }
}

/// Why something is not there: the system has no such file.
fn not_told(what: &str) -> Text {
    encargo_model::text!(
        "this system does not tell it: there is no `{what}`",
        "este sistema no lo dice: no hay `{what}`"
    )
}
