//! The control group that this process is in: what a container or a service may use, in both versions that Linux has.

use std::fs;
use std::path::{Path, PathBuf};

use encargo_model::{Text, text};
use procfs_core::ProcessCGroups;

use super::Group;
use super::reading::{Files, Reading};

/// What version 1 says for "no limit" is the largest number of whole pages; nothing has so much memory.
const NO_LIMIT: f64 = (1_u64 << 60) as f64;

/// What the group and those around it may use, and what it uses.
pub(super) fn container(files: Files<'_>) -> Reading {
    let found = files.proc::<ProcessCGroups>("self/cgroup").and_then(|groups| {
        let (memory, cpu) = (Place::of(files, &groups, "memory"), Place::of(files, &groups, "cpu"));
        let time = Place::of(files, &groups, "cpuacct");
        let reading = of(memory.as_ref(), cpu.as_ref(), time.as_ref());
        if reading.measures.is_empty() { Err(no_group()) } else { Ok(reading) }
    });
    Reading::or_why(Group::Container, found)
}

fn no_group() -> Text {
    text!("this process is in no control group of its own", "este proceso no está en ningún grupo de control propio")
}

fn of(memory: Option<&Place>, cpu: Option<&Place>, time: Option<&Place>) -> Reading {
    let nanoseconds = |value: f64| value / 1_000.0;
    let throttled = cpu.and_then(|cpu| match cpu.is_unified {
        true => cpu.entry("cpu.stat", "throttled_usec"),
        false => cpu.entry("cpu.stat", "throttled_time").map(nanoseconds),
    });
    let used = match (cpu, time) {
        (Some(cpu), _) if cpu.is_unified => cpu.entry("cpu.stat", "usage_usec"),
        (_, Some(time)) => time.number("cpuacct.usage").map(nanoseconds),
        _ => None,
    };
    Reading::of(
        Group::Container,
        [
            ("memory", memory.and_then(working_set)),
            ("memory-limit", memory.and_then(memory_limit)),
            ("cpus", cpu.and_then(cpus)),
            ("cpu", used),
            ("periods", cpu.and_then(|cpu| cpu.entry("cpu.stat", "nr_periods"))),
            ("throttled-periods", cpu.and_then(|cpu| cpu.entry("cpu.stat", "nr_throttled"))),
            ("throttled", throttled),
            ("killed", memory.and_then(killed)),
        ],
    )
}

/// What is in use and cannot be given back at once, as container runtimes count it.
fn working_set(memory: &Place) -> Option<f64> {
    let (used, idle) = match memory.is_unified {
        true => (memory.number("memory.current")?, memory.entry("memory.stat", "inactive_file")),
        false => (memory.number("memory.usage_in_bytes")?, memory.entry("memory.stat", "total_inactive_file")),
    };
    Some((used - idle.unwrap_or(0.0)).max(0.0))
}

fn memory_limit(memory: &Place) -> Option<f64> {
    let file = if memory.is_unified { "memory.max" } else { "memory.limit_in_bytes" };
    memory
        .upwards()
        .filter_map(|folder| Files::number(&folder.join(file)))
        .filter(|limit| *limit < NO_LIMIT)
        .reduce(f64::min)
}

/// How many processors' time the group may use.
fn cpus(cpu: &Place) -> Option<f64> {
    let of = |folder: &Path| match cpu.is_unified {
        true => {
            let text = fs::read_to_string(folder.join("cpu.max")).ok()?;
            let (quota, period) = text.trim().split_once(' ')?;
            Some((quota.parse::<f64>().ok()?, period.parse::<f64>().ok()?))
        }
        false => {
            let number = |name| Files::number(&folder.join(name));
            Some((number("cpu.cfs_quota_us").filter(|quota| *quota > 0.0)?, number("cpu.cfs_period_us")?))
        }
    };
    let shares = cpu.upwards().filter_map(of).filter(|(_, period)| *period > 0.0);
    shares.map(|(quota, period)| quota / period).reduce(f64::min)
}

fn killed(memory: &Place) -> Option<f64> {
    memory.entry(if memory.is_unified { "memory.events" } else { "memory.oom_control" }, "oom_kill")
}

/// Where a controller's files of this process's group are.
struct Place {
    /// The controller's own folder, in which the group's lies.
    mount: PathBuf,
    folder: PathBuf,
    /// Whether it is version 2.
    is_unified: bool,
}

impl Place {
    fn of(files: Files<'_>, ProcessCGroups(groups): &ProcessCGroups, controller: &str) -> Option<Self> {
        let all = files.sys.join("fs/cgroup");
        let own = groups.iter().find(|group| group.controllers.iter().any(|known| known == controller));
        let (mount, group, is_unified) = match own {
            Some(group) => (all.join(controller), group, false),
            None => (all, groups.iter().find(|group| group.hierarchy == 0)?, true),
        };
        let folder = mount.join(group.pathname.trim_start_matches('/'));
        // A container is told its path outside, and sees its own group as the root.
        let folder = if folder.is_dir() { folder } else { mount.clone() };
        folder.is_dir().then_some(Self { mount, folder, is_unified })
    }

    /// The group's folder and those around it: a limit of any of them holds.
    fn upwards(&self) -> impl Iterator<Item = &Path> {
        self.folder.ancestors().take_while(|folder| folder.starts_with(&self.mount))
    }

    fn number(&self, file: &str) -> Option<f64> {
        Files::number(&self.folder.join(file))
    }

    /// The number of a line `name number`.
    fn entry(&self, file: &str, name: &str) -> Option<f64> {
        let text = fs::read_to_string(self.folder.join(file)).ok()?;
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
    }
}
