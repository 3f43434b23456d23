//! Memory, swap, and the page faults that went to the disk.

use procfs_core::{Meminfo, VmStat};

use super::Group;
use super::reading::{Files, Reading, figure};

/// The kernel counts swapped pages; they have this size on the processors that are supported.
const PAGE: f64 = 4096.0;

/// What the machine has and what is free of it.
pub(super) fn memory(files: Files<'_>) -> Reading {
    let read = files.proc::<Meminfo>("meminfo").map(|memory| {
        let counted = files.proc::<VmStat>("vmstat").ok();
        let counter = |name: &str| counted.as_ref().and_then(|VmStat(all)| all.get(name)).map(|n| *n as f64);
        let swapped = |name: &str| counter(name).map(|pages| pages * PAGE);
        Reading::of(
            Group::Memory,
            [
                ("total", figure(memory.mem_total)),
                // Kernels before 3.14 do not tell it.
                ("available", memory.mem_available.and_then(figure)),
                ("swap-total", figure(memory.swap_total)),
                ("swap-free", figure(memory.swap_free)),
                ("major-faults", counter("pgmajfault")),
                ("swapped-in", swapped("pswpin")),
                ("swapped-out", swapped("pswpout")),
                ("killed", counter("oom_kill")),
            ],
        )
    });
    Reading::or_why(Group::Memory, read)
}
