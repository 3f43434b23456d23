//! How long processes waited for the processor, for memory and for disks.

use procfs_core::{CpuPressure, FromRead, IoPressure, MemoryPressure, PressureRecord};

use super::Group;
use super::reading::{Files, Reading, figure};

/// The time that some of the processes waited, and the time that all did, since the machine began.
pub(super) fn pressure(files: Files<'_>) -> Vec<Reading> {
    vec![
        of(files, "cpu", |CpuPressure { some, full }| (some, full)),
        of(files, "memory", |MemoryPressure { some, full }| (some, full)),
        of(files, "io", |IoPressure { some, full }| (some, full)),
    ]
}

fn of<T: FromRead>(files: Files<'_>, name: &str, both: fn(T) -> (PressureRecord, PressureRecord)) -> Reading {
    let read = files.proc(&format!("pressure/{name}")).map(|found| {
        let (some, full) = both(found);
        Reading::of(Group::Pressure, [("some", figure(some.total)), ("full", figure(full.total))])
    });
    Reading::or_why(Group::Pressure, read).about(name)
}
