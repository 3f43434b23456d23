//! The processes of the machine, for whoever asks what uses most.

use std::fs;
use std::path::Path;

use procfs_core::prelude::FromRead as _;
use procfs_core::process::Stat;

use super::reading::TICK;

/// The kernel counts memory of a process in pages; they have this size on the processors that are supported.
const PAGE: u64 = 4096;

/// One process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub id: u32,
    /// The name of its program.
    pub name: String,
    /// The CPU time that it has used, in microseconds.
    pub cpu: u64,
    /// The memory that it has in use, in bytes.
    pub memory: u64,
}

/// Those that this process can see, in the order of their ids. One that ends meanwhile is left out.
pub fn processes() -> Vec<Process> {
    below(Path::new("/proc"))
}

fn below(proc: &Path) -> Vec<Process> {
    let Ok(entries) = fs::read_dir(proc) else { return Vec::new() };
    let one = |name: String| {
        let id = name.parse().ok()?;
        let stat = Stat::from_read(fs::File::open(proc.join(name).join("stat")).ok()?).ok()?;
        let cpu = (stat.utime + stat.stime) as f64 * TICK;
        Some(Process { id, name: stat.comm, cpu: cpu as u64, memory: stat.rss * PAGE })
    };
    let mut all: Vec<_> = entries.filter_map(|entry| one(entry.ok()?.file_name().into_string().ok()?)).collect();
    all.sort_by_key(|process| process.id);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_among_them_and_a_folder_that_is_none_has_no_part() {
        let own = std::process::id();
        let found = processes();
        let this = found.iter().find(|process| process.id == own).expect("it is there");
        assert!(!this.name.is_empty() && this.memory > 0);
        let made_up = tempfile::tempdir().unwrap();
        for (folder, stat) in [("12", None), ("self", Some("1 (x) S")), ("13", Some("13 (cut"))] {
            fs::create_dir(made_up.path().join(folder)).unwrap();
            if let Some(stat) = stat {
                fs::write(made_up.path().join(folder).join("stat"), stat).unwrap();
            }
        }
        assert_eq!(below(made_up.path()), []);
        assert_eq!(below(&made_up.path().join("nowhere")), []);
    }
}
